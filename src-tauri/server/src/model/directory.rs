//! Directories.

use idp::PresetId;
use scim::Policy;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    Actor, AuthVerdict, DatedText, DirectoryId, ExchangeId, Forwarding, GuideTrackId, IdpId, OrganizationId,
    ResourceKind, ResourceRef, Timestamp, TokenInfo,
};

/// One SCIM service provider: a base URL, a bearer token, users and groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    /// Opaque, lower-case letters and digits; the last segment of the base URL.
    pub id: DirectoryId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Unique in its organization, whatever the letter case.
    pub name: String,
    /// At most one per organization.
    pub is_primary: bool,
    /// Whether it was made to look around, and has nothing that matters.
    pub is_demo: bool,
    /// How lenient it is.
    pub policy: Policy,
    /// Extensions of its users and groups that its schemas declare, the enterprise extension aside.
    pub schemas: Vec<DeclaredSchema>,
    /// Where its requests are passed on to; `None`: SCIM Setup answers them itself.
    #[serde(default)]
    #[schema(required)]
    pub forwarding: Option<Forwarding>,
    /// The identity provider that it is for, as far as it is known.
    pub provider: DirectoryProvider,
    /// What to paste into the identity provider; derived when read.
    pub base_url: String,
    /// Whether `base_url` works on this machine only, because the environment has no public URL.
    pub base_url_is_local: bool,
    /// What the identity provider still has after the base URL changed, until a request arrives at the new one.
    pub former_url: Option<FormerUrl>,
    /// The bearer token in force, without the token.
    pub token: Option<TokenInfo>,
    /// How many users, groups and recorded requests it has.
    pub counts: Counts,
    /// When it was created.
    pub created_at: Timestamp,
    /// The newest request, whatever its outcome.
    pub last_request: Option<LastRequest>,
    /// Requests that were refused for their token since the last accepted one. One of somebody who may be anybody is none.
    pub rejected: Option<Rejected>,
    /// Requests to an address that is nearly this directory's, since the last accepted one.
    pub misaddressed: Option<MisaddressedRequests>,
    /// Users, or groups, that an earlier version let have the same name, as long as they do.
    pub name_collisions: Vec<NameCollision>,
}

/// Users, or groups, with the same `userName` or `displayName`: an earlier version compared names by fewer rules (RFC 7644 §5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NameCollision {
    /// Two at least, the oldest first, each with that name as it is spelled.
    pub resources: Vec<ResourceRef>,
}

/// An identity provider as the window speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryProvider {
    /// Which one; `generic`: any other.
    pub id: IdpId,
    /// The guide that leads to it.
    pub track: GuideTrackId,
    /// In running text: "Okta", "your provider".
    pub name: String,
    /// The name of its field for the base URL: "SCIM connector base URL".
    pub base_url_field: Option<String>,
    /// Where its administrator pastes a bearer token: "In Okta, Provisioning › Integration › Authorization".
    pub token_place: String,
    /// Where its connection is tested, in its words: "Provisioning → Admin Credentials → Test Connection".
    pub test_place: String,
    /// How the first group gets here, as a sentence; `None`: nothing is known but that it is sent.
    pub groups_hint: Option<String>,
    /// The ready-made policy that it gets along with best; `None`: that is not known.
    pub preset: Option<PresetId>,
}

/// A ready-made policy.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreset {
    /// Which one.
    pub preset: PresetId,
    /// What it is called: "Strict RFC".
    pub label: &'static str,
    /// What it does: "Refuses what the RFCs do not allow."
    pub hint: &'static str,
    /// What to set on a directory: only the switches that the preset is about.
    pub policy: Policy,
}

/// An extension of users or groups that a directory declares, RFC 7643 §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclaredSchema {
    /// What it extends.
    pub resource_kind: ResourceKind,
    /// The schema in the form in which `/Schemas` serves it: `id`, `name`, `attributes`.
    pub schema: Value,
}

/// The base URL that an identity provider still has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormerUrl {
    /// The whole base URL.
    pub base_url: String,
    /// When the base URL changed.
    pub since: Timestamp,
}

/// How many resources and recorded requests a directory has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All users.
    pub users: u64,
    /// Users with `active` true.
    pub active_users: u64,
    /// All groups.
    pub groups: u64,
    /// Recorded requests still kept.
    pub exchanges: u64,
    /// Those of them with a status of 400 or more.
    pub errors: u64,
    /// Those of them that create, change or delete.
    pub writes: u64,
    /// Those of them with notes.
    pub notes: u64,
    /// Those of them that are pinned.
    pub pinned: u64,
    /// Older ones that went because of the limits in the settings.
    pub let_go: u64,
}

/// The newest request of a directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastRequest {
    /// When it arrived.
    pub at: Timestamp,
    /// Its HTTP status.
    pub status: u16,
}

/// A run of refused requests that no accepted one has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// When the first arrived.
    pub since: Timestamp,
    /// What the newest got wrong, as a sentence: "They sent a token ending …x7Kd."
    pub reason: DatedText,
    /// The same in a word; `None`: recorded by an earlier version.
    pub verdict: Option<AuthVerdict>,
    /// The newest of them, which may no longer be kept; `None`: recorded by an earlier version.
    pub exchange_id: Option<ExchangeId>,
    /// The last four characters of the token that it showed.
    pub last_four: Option<String>,
}

/// Requests to an address that is nearly that of a directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MisaddressedRequests {
    /// How many.
    pub count: u64,
    /// When the first arrived.
    pub since: Timestamp,
    /// Who sent the newest.
    pub actor: Actor,
    /// What is wrong with its address, in a few words: "a mistyped id".
    pub reason: String,
    /// The path that it asked for, and what belongs in it.
    pub path: Vec<PathPart>,
    /// The newest of them, which may no longer be kept.
    pub exchange_id: ExchangeId,
    /// Whether it is among the requests that match no directory.
    pub is_unmatched: bool,
}

/// A part of a path that is held against the one that would have been right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PathPart {
    /// As it is shown.
    pub text: String,
    /// How it compares.
    pub is: PathPartState,
}

/// How a part of a path compares with the one that would have been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PathPartState {
    /// It is right.
    Right,
    /// It came, and does not belong there.
    Wrong,
    /// It belongs there, and did not come.
    Missing,
}
