//! What the live feed tells.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiCall, Change, Counts, Delivery, Directory, DirectoryId, EnvironmentId, ExchangeRow, Notice};

/// What a client needs to redraw, in order. Each event can be applied twice without harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Event {
    /// A request was recorded.
    Exchange {
        /// Its row.
        exchange: ExchangeRow,
    },
    /// A person has pinned a request or written a note about it, or does so no more: its row changed.
    ExchangeMarked {
        /// Its row.
        exchange: ExchangeRow,
    },
    /// A resource changed.
    Change {
        /// What changed.
        change: Change,
    },
    /// Counts, last request, token or rejections of a directory changed: here it is.
    Directory {
        /// As it is now.
        directory: Box<Directory>,
    },
    /// Users came into step with the identity provider or fell out of it, or members of groups were recognized: their rows changed.
    #[serde(rename_all = "camelCase")]
    Drift {
        /// The directory they are in.
        directory_id: DirectoryId,
        /// The users and groups.
        ids: Vec<String>,
    },
    /// Counts of the requests that address no directory changed.
    Unattributed {
        /// As they are now.
        counts: Counts,
    },
    /// Recorded requests were deleted: read the list of them again.
    #[serde(rename_all = "camelCase")]
    ExchangesDeleted {
        /// Of this directory; `None`: of no directory.
        directory_id: Option<DirectoryId>,
    },
    /// Something came to a run of the simulator: read on from where you are.
    #[serde(rename_all = "camelCase")]
    Simulation {
        /// Which run.
        simulation_id: String,
        /// The directory that it belongs to, if it belongs to one.
        directory_id: Option<DirectoryId>,
    },
    /// Work on many users or groups went on: read it again.
    #[serde(rename_all = "camelCase")]
    Batch {
        /// Which.
        batch_id: String,
    },
    /// The software under test asked the integration API for something.
    #[serde(rename_all = "camelCase")]
    ApiCall {
        /// Its row.
        call: ApiCall,
    },
    /// API keys of an environment were created or revoked: read them again.
    #[serde(rename_all = "camelCase")]
    ApiKeys {
        /// Of this environment.
        environment_id: EnvironmentId,
    },
    /// Requests of the software under test were deleted: read them again.
    ApiCallsDeleted,
    /// Webhooks of an environment were added, changed, disabled or deleted: read them again.
    #[serde(rename_all = "camelCase")]
    Webhooks {
        /// Of this environment.
        environment_id: EnvironmentId,
    },
    /// A webhook sent something, or tried to.
    #[serde(rename_all = "camelCase")]
    Delivery {
        /// The environment of the webhook.
        environment_id: EnvironmentId,
        /// Its row.
        delivery: Delivery,
    },
    /// Environments, organizations or directories came, went or were renamed: read the tree again.
    Tree,
    /// Settings or the listener changed: read status and settings again.
    Status,
    /// Something is worth a notification on the desktop. Whoever reads everything again may have missed one.
    Notice {
        /// What to show.
        notice: Notice,
    },
    /// Too much happened to tell: read everything again.
    Resync,
}

impl Event {
    /// Tells of a directory.
    pub(crate) fn directory(directory: Directory) -> Self {
        Self::Directory { directory: Box::new(directory) }
    }
}
