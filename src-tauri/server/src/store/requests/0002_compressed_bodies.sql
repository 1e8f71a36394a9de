-- Long bodies are compressed: an LZ4 block behind its length, where the text is null.
ALTER TABLE exchange_details ADD COLUMN request_compressed BLOB;
ALTER TABLE exchange_details ADD COLUMN response_compressed BLOB;
