//! A request that a person writes.

use serde::Deserialize;
use utoipa::ToSchema;

use super::ExchangeId;

/// A SCIM request to a directory, as a person in the window sends it: without a token, and otherwise like any other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestDraft {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// What follows the base URL: `/Users/2819c223?attributes=userName`.
    pub path: String,
    /// The body as text; it is sent as `application/scim+json` and need not be correct.
    #[serde(default)]
    pub body: Option<String>,
    /// The version that it may change, as `meta.version` has it: `W/"3"`. Another one is refused with 412.
    #[serde(default)]
    pub if_match: Option<String>,
    /// The recorded request that it was made from.
    #[serde(default)]
    pub replay_of: Option<ExchangeId>,
}
