//! What a version before this one kept of requests in sixteen columns, for the step that packs it.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error, Result};
use serde::de::DeserializeOwned;

use super::pack;
use crate::facts::ExchangeDetails;
use crate::model::Message;

/// Bytes of a body at the most, so that a damaged length asks for no memory.
const LONGEST_BODY: usize = 1 << 20;

/// Teaches a connection the function `packed_details`, which takes the columns of `exchange_details` in their order, without the first.
/// Of what cannot be read it makes NULL: one damaged request does not cost the others.
pub(in crate::store) fn add_function(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("packed_details", 15, flags, |columns| {
        let packed = read(columns).and_then(|details| pack(&details).map_err(unreadable));
        if let Err(error) = &packed {
            tracing::warn!(%error, "the details of a request of an earlier version cannot be read");
        }
        Ok(packed.ok())
    })
}

fn read(columns: &Context<'_>) -> Result<ExchangeDetails> {
    Ok(ExchangeDetails {
        target: columns.get(0)?,
        client: columns.get(1)?,
        came_through: columns.get(2)?,
        notes: json(columns, 3)?,
        authorization: json(columns, 4)?,
        request: message(columns, [5, 6, 7, 8, 13])?,
        response: message(columns, [9, 10, 11, 12, 14])?,
    })
}

/// Of the columns for headers, body, its bytes, whether it is cut, and the compressed body.
fn message(columns: &Context<'_>, [headers, body, bytes, is_cut, compressed]: [usize; 5]) -> Result<Message> {
    let compressed: Option<Vec<u8>> = columns.get(compressed)?;
    Ok(Message {
        headers: json(columns, headers)?,
        body: compressed.map_or_else(|| columns.get(body), |block| decompressed(&block).map(Some))?,
        body_bytes: columns.get(bytes)?,
        is_truncated: columns.get(is_cut)?,
    })
}

fn decompressed(stored: &[u8]) -> Result<String> {
    let (length, block) = lz4_flex::block::uncompressed_size(stored).map_err(unreadable)?;
    if length > LONGEST_BODY {
        return Err(Error::IntegralValueOutOfRange(0, i64::try_from(length).unwrap_or(i64::MAX)));
    }
    let text = lz4_flex::block::decompress(block, length).map_err(unreadable)?;
    String::from_utf8(text).map_err(unreadable)
}

fn json<T: DeserializeOwned>(columns: &Context<'_>, index: usize) -> Result<T> {
    serde_json::from_str(&columns.get::<String>(index)?).map_err(unreadable)
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::UserFunctionError(Box::new(error))
}
