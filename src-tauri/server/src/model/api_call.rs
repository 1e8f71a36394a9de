//! What the software under test asked the integration API for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiCallId, ApiKeyId, EnvironmentId, Timestamp};

/// A request to the integration API, as a row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiCall {
    /// It grows in the order of arrival.
    pub id: ApiCallId,
    /// The environment of its key; `None`: nobody knows the key.
    pub environment_id: Option<EnvironmentId>,
    /// The key, which may be revoked; `None`: there is none, or nobody knows it.
    pub api_key_id: Option<ApiKeyId>,
    /// Whether it had a key, whoever knows it.
    pub has_key: bool,
    /// When it arrived.
    pub at: Timestamp,
    /// `GET`
    pub method: String,
    /// Path and query: `/v1/scim/users?organizationExternalId=acme`. Secrets are masked.
    pub target: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// From the first byte of the request to the answer, in microseconds.
    pub duration_micros: u64,
    /// The name and version of the client, as it says.
    pub client: Option<String>,
    /// Of a refusal, the sentence that was answered.
    pub error: Option<String>,
}

/// A request to the integration API with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiCallDetail {
    /// As in the list.
    pub call: ApiCall,
    /// Names in lower case, and values; secrets are masked.
    pub request_headers: Vec<(String, String)>,
    /// Names in lower case, and values.
    pub response_headers: Vec<(String, String)>,
    /// The beginning of what was answered.
    pub response_body: String,
    /// How many bytes the answer had; 0 of a stream.
    pub response_bytes: u64,
}

/// Requests to the integration API, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiCallPage {
    /// The rows.
    pub items: Vec<ApiCall>,
    /// Whether there are older ones.
    pub has_more: bool,
}
