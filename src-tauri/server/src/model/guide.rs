//! The setup guide of a directory, as the window shows it.

use idp::track::Step;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ExchangeId, GuideTrackId, Timestamp};

/// How far the setup of a directory has come.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guide {
    /// The track that `steps` belong to.
    pub track: GuideTrackId,
    /// Whether a person chose it; else it follows from the requests, or from the directory's name.
    pub is_chosen: bool,
    /// Whether it is the directory's; else it was asked for to look at.
    pub is_in_force: bool,
    /// The name of the provider in running text: "Okta".
    pub provider: String,
    /// The provider's own page about it; empty: none is known.
    pub docs: String,
    /// In order.
    pub steps: Vec<GuideStep>,
    /// The id of the one step to do now; `None`: all are done.
    pub current: Option<String>,
    /// The kind of Okta app that the requests come from.
    pub seen_app: Option<SeenApp>,
    /// Why the current step's request may not have come, at most three, the likeliest first.
    pub causes: Vec<GuideCause>,
    /// What the requests show besides, though nothing stands still for it.
    pub remarks: Vec<GuideRemark>,
    /// When the software under test read from the directory for the last time: what comes after the steps.
    pub read_by_app_at: Option<Timestamp>,
    /// When `causes` may be others although nothing happens: read the guide again then.
    pub look_again_at: Option<Timestamp>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GuideStep {
    /// What it is.
    #[serde(flatten)]
    pub step: &'static Step,
    /// How far it is.
    pub state: GuideStepState,
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum GuideStepState {
    /// A request showed that it is done.
    #[serde(rename_all = "camelCase")]
    Seen {
        /// The request, which may no longer be kept.
        exchange_id: ExchangeId,
        /// When it arrived.
        at: Timestamp,
        /// Its method.
        method: String,
        /// Path and query below the base URL, decoded for reading.
        path: String,
    },
    /// A person ticked it.
    #[serde(rename_all = "camelCase")]
    ByHand {
        /// When.
        at: Timestamp,
    },
    /// It was done, and requests have been refused since: it is to be done again.
    #[serde(rename_all = "camelCase")]
    Reopened {
        /// When it was seen to be done, or ticked.
        at: Timestamp,
        /// When the first of those requests arrived.
        since: Timestamp,
        /// The newest of them, which may no longer be kept.
        exchange_id: Option<ExchangeId>,
    },
    /// It is to be done now.
    Open,
    /// Others come first.
    NotYet,
}

/// The kind of Okta app that requests come from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeenApp {
    /// The track for it.
    pub track: GuideTrackId,
    /// PUT or PATCH.
    pub method: String,
    /// What it shows: "Okta sends PATCH: this is a template of its catalog."
    pub text: String,
    /// The first request that showed it.
    pub exchange_id: ExchangeId,
    /// When it arrived.
    pub at: Timestamp,
}

/// Why an expected request may not have come, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideCause {
    /// Stays the same from version to version.
    pub id: String,
    /// "Were people assigned before provisioning was on?"
    pub question: String,
    /// "On the Assignments tab, use Provision User."
    pub remedy: String,
    /// What can be done about it here.
    pub action: Option<GuideAction>,
    /// The newest request that points to it.
    pub exchange_id: Option<ExchangeId>,
}

/// What requests show of a setup that works.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideRemark {
    /// Stays the same from version to version.
    pub id: String,
    /// In a sentence or two.
    pub text: String,
    /// The newest request that shows it.
    pub exchange_id: ExchangeId,
    /// When that arrived.
    pub at: Timestamp,
}

/// What a person can do here about a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum GuideAction {
    /// Generate a bearer token, or replace the one in force.
    Token,
    /// Look at the tunnel URL in the settings.
    Tunnel,
    /// Look at `exchangeId`.
    Request,
}

/// Which guide to read.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct GuideQuery {
    /// The track to look at, which changes nothing; left out: the directory's.
    pub track: Option<GuideTrackId>,
}

/// A choice or ticks of a person.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GuidePatch {
    /// The track to follow.
    pub track: Option<GuideTrackId>,
    /// Steps of the track by id, and whether they are done: `{"enable": true}`. Unticking does not hide what a request showed.
    pub steps: std::collections::BTreeMap<String, bool>,
}
