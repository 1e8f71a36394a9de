//! What is worth a notification on the desktop.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DirectoryId, Timestamp};

/// A notification: shown by the desktop while nobody looks at the window. It carries no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// When it became news.
    pub at: Timestamp,
    /// "3 requests were refused: Okta Preview".
    pub title: String,
    /// "Rejected: the bearer token does not match."
    pub text: String,
    /// Where the window shows more of it.
    pub place: NoticePlace,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum NoticeKind {
    /// The first user of a directory.
    FirstUser,
    /// A directory is connected, for the first time or again.
    Connected,
    /// Requests were refused.
    Refused,
    /// A tunnel stopped leading here, or leads here again.
    Tunnel,
    /// A webhook was disabled.
    Webhook,
}

/// A place in the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "screen")]
pub enum NoticePlace {
    /// A directory's page.
    Directory {
        /// The directory.
        id: DirectoryId,
        /// The tab of its page.
        tab: NoticeTab,
        /// The user or request to open there.
        #[schema(required)]
        open: Option<String>,
    },
    /// The settings.
    Settings,
}

/// A tab of a directory's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum NoticeTab {
    /// Its users.
    Users,
    /// Its requests.
    Requests,
    /// What the software under test uses.
    App,
}

/// Which notifications a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Notify {
    /// Any at all.
    #[schema(required)]
    pub enabled: bool,
    /// The first user of a directory.
    #[schema(required)]
    pub first_user: bool,
    /// A directory is connected.
    #[schema(required)]
    pub connected: bool,
    /// Requests were refused.
    #[schema(required)]
    pub refused: bool,
    /// A tunnel is lost or back.
    #[schema(required)]
    pub tunnel: bool,
    /// A webhook is disabled.
    #[schema(required)]
    pub webhook: bool,
}

impl Notify {
    /// Whether a person wants to hear of this kind.
    pub(crate) fn wants(self, kind: NoticeKind) -> bool {
        self.enabled
            && match kind {
                NoticeKind::FirstUser => self.first_user,
                NoticeKind::Connected => self.connected,
                NoticeKind::Refused => self.refused,
                NoticeKind::Tunnel => self.tunnel,
                NoticeKind::Webhook => self.webhook,
            }
    }
}

impl Default for Notify {
    fn default() -> Self {
        Self { enabled: true, first_user: true, connected: true, refused: true, tunnel: true, webhook: true }
    }
}
