//! Webhooks, by which the software under test is told what happens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AppEventType, DeliveryId, DirectoryId, EnvironmentId, ResourceRef, Timestamp, WebhookId};

/// An endpoint of the software under test that is told what happens in an environment. Its secret is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// `wh_` and lower-case letters and digits.
    pub id: WebhookId,
    /// What happens in this environment is told.
    pub environment_id: EnvironmentId,
    /// Where it is sent: `http://localhost:3000/webhooks`.
    pub url: String,
    /// Which types of event are sent; `null`: all.
    pub types: Option<Vec<AppEventType>>,
    /// Whether it is deleted when SCIM Setup ends, at the latest.
    pub is_temporary: bool,
    /// Whether a person has agreed to send there although it is on the internet; only then is it sent there.
    pub is_confirmed: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// Why nothing is sent; `null`: what happens is sent.
    pub disabled: Option<WebhookDisabled>,
    /// When something was last answered with 2xx.
    pub last_delivered_at: Option<Timestamp>,
    /// Since when nothing was answered with 2xx; `null`: the newest attempt worked, or there was none.
    pub failing_since: Option<Timestamp>,
    /// What went wrong with the newest attempt that failed, as a sentence; only while it is failing.
    pub error: Option<String>,
    /// How many events wait to be sent again, or for an earlier one about the same user or group.
    pub waiting: u64,
    /// When the first of them is sent again.
    pub next_try_at: Option<Timestamp>,
    /// When it was last found that events were not kept for long enough to be sent.
    pub missed_at: Option<Timestamp>,
}

/// Since when a webhook sends nothing, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDisabled {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub because: WebhookDisabledBecause,
}

/// Why a webhook sends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum WebhookDisabledBecause {
    /// A person wanted it.
    Person,
    /// It answered 410.
    Gone,
    /// For days nothing but failures.
    Failing,
}

/// The one answer that carries a webhook's secret.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookWithSecret {
    /// With which what is sent is signed: `whsec_` and 32 bytes in base64.
    pub secret: String,
    /// The webhook.
    pub webhook: Webhook,
}

/// How far an event is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryState {
    /// It will be sent again, or waits for an earlier one about the same user or group.
    Waiting,
    /// It was answered with 2xx.
    Delivered,
    /// It will not be sent again unless a person wants it.
    Failed,
}

/// An event that a webhook sent or is to send, as a row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// It grows in the order in which events were taken up.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The id of the event, which is its `webhook-id`: the same at each attempt.
    pub event_id: String,
    /// `user.created`; of a test, `webhook.test`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    /// Whom it is about; `null`: it is a test.
    pub resource: Option<ResourceRef>,
    /// The directory it happened in; `null`: it is a test.
    pub directory_id: Option<DirectoryId>,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was last sent.
    pub attempted_at: Option<Timestamp>,
    /// When it is sent again; `null`: never, or after an earlier one about the same user or group.
    pub next_try_at: Option<Timestamp>,
    /// The HTTP status of the newest answer; `null`: there was none.
    pub status: Option<u16>,
    /// From the first byte of the newest request to the answer, in microseconds.
    pub duration_micros: Option<u64>,
    /// What went wrong with the newest attempt, as a sentence.
    pub error: Option<String>,
}

/// One attempt to send an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryAttempt {
    /// When.
    pub at: Timestamp,
    /// Whether a person wanted it.
    pub is_manual: bool,
    /// Names in lower case, and values.
    pub request_headers: Vec<(String, String)>,
    /// The HTTP status of the answer; `null`: there was none.
    pub status: Option<u16>,
    /// From the first byte of the request to the answer, in microseconds.
    pub duration_micros: u64,
    /// Names in lower case, and values; secrets are masked.
    pub response_headers: Vec<(String, String)>,
    /// The first 4 KiB of the answer.
    pub response_body: String,
    /// Whether there was more.
    pub is_truncated: bool,
    /// What went wrong, as a sentence.
    pub error: Option<String>,
}

/// An event with all that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDetail {
    /// As in the list.
    pub delivery: Delivery,
    /// What is sent; `null`: what happened is not kept any more.
    pub body: Option<String>,
    /// Whether every attempt has sent exactly this body; if not, something in it, such as a name, has changed meanwhile.
    pub is_body_as_sent: bool,
    /// The newest attempts, in order.
    pub attempts: Vec<DeliveryAttempt>,
}

/// What a webhook sent or is to send, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryPage {
    /// The rows.
    pub items: Vec<Delivery>,
    /// Whether there are older ones.
    pub has_more: bool,
}
