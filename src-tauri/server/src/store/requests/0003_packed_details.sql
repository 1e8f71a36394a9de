-- The whole of a request stands packed in its own row: a list reads past it, and what is let go of is one row. Null: it could not be read.
ALTER TABLE exchanges ADD COLUMN details BLOB;
UPDATE exchanges SET details = packed_details(d.target, d.client, d.came_through, d.notes, d.auth, d.request_headers, d.request_body,
  d.request_bytes, d.request_is_cut, d.response_headers, d.response_body, d.response_bytes, d.response_is_cut, d.request_compressed,
  d.response_compressed) FROM exchange_details d WHERE d.id = exchanges.id;
DROP TABLE exchange_details;
