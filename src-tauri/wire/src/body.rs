//! Bodies that are sent as they come.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;

/// Why the rest of a body does not come.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body that is sent as it comes.
pub type PassedBody = UnsyncBoxBody<Bytes, BodyError>;
