//! The whole of a recorded request and its answer.

use scim::Note;
use serde::{Deserialize, Serialize};

use crate::model::{Authorization, Message};

/// A request and its answer as they were kept, for whoever shows, archives or repeats them. Rules read [`super::Facts`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeDetails {
    /// Path and query as they arrived.
    pub(crate) target: String,
    /// What the client calls itself: its `User-Agent`.
    pub(crate) client: Option<String>,
    /// The origin that it used, as the tunnel passed it on: `https://ada.example`.
    pub(crate) came_through: Option<String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) authorization: Authorization,
    pub(crate) request: Message,
    pub(crate) response: Message,
}
