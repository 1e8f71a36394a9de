//! Users and groups as people look at them: rows of lists, details, history, and what each was at any point.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Actor, Change, ExchangeRow, FieldChange, ResourceRef, Timestamp};
use super::{ChangeSeq, ExchangeId};

/// Whether a resource is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResourceState {
    /// It is.
    Active,
    /// A user with `active` false.
    Deactivated,
    /// It is gone; its history stays until the directory goes.
    Deleted,
}

/// How the change of a group touched one that is not that group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Moved {
    /// It came to the group.
    #[default]
    Came,
    /// It left the group.
    Left,
}

/// A row of the users table. Names are cut after 1,000 characters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// The SCIM `id`.
    pub id: String,
    /// The SCIM `userName`, as sent.
    pub user_name: String,
    /// `displayName`, or the name made of its parts, or `userName`.
    pub display_name: String,
    /// Active, deactivated or deleted.
    pub state: ResourceState,
    /// How many groups have it as a direct member.
    pub groups: u64,
    /// Who created it: "Okta".
    pub source: Actor,
    /// When it last changed, or came to a group or left one.
    pub modified_at: Timestamp,
    /// That change, at a glance.
    pub last_change: Option<Change>,
    /// How that change touched it; `None`: the change is its own.
    pub moved: Option<Moved>,
    /// Set while its last push has failed.
    pub drift: Option<Drift>,
}

/// A row of the groups table. Names are cut after 1,000 characters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupRow {
    /// The SCIM `id`.
    pub id: String,
    /// The SCIM `displayName`.
    pub display_name: String,
    /// Active or deleted.
    pub state: ResourceState,
    /// How many members it has.
    pub members: u64,
    /// How many of them nobody here knows.
    pub unknown_members: u64,
    /// The first three members.
    pub first_members: Vec<ResourceRef>,
    /// Who created it: "Okta".
    pub source: Actor,
    /// When it last changed, or came to a group or left one.
    pub modified_at: Timestamp,
    /// That change, at a glance.
    pub last_change: Option<Change>,
    /// How that change touched it; `None`: the change is its own.
    pub moved: Option<Moved>,
}

/// A push that failed, and that no later one has made good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// What it would have done.
    pub kind: DriftKind,
    /// When it arrived.
    pub at: Timestamp,
    /// The request.
    pub exchange_id: ExchangeId,
    /// Who pushed: "Okta".
    pub actor: Actor,
    /// Whether the identity provider tries a deactivation again by itself; `None`: that is not known.
    pub retries_deactivation: Option<bool>,
    /// Its HTTP method.
    pub method: String,
    /// The HTTP status that it was answered with.
    pub status: u16,
    /// The error's `detail`.
    pub reason: String,
}

/// What a failed push would have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DriftKind {
    /// Create the user: the identity provider does not know which user here is the person.
    NotLinked,
    /// Change the user.
    NotUpdated,
    /// Deactivate or delete the user.
    NotDeactivated,
}

/// A window of the users, and how many each filter leaves of those that match the search.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// How many match in all.
    pub total: u64,
    /// The rows asked for.
    pub items: Vec<UserRow>,
    /// How many each filter leaves.
    pub counts: UserCounts,
}

/// How many users each filter leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserCounts {
    /// All that are there.
    pub all: u64,
    /// With `active` true.
    pub active: u64,
    /// With `active` false.
    pub deactivated: u64,
    /// Those there that changed since the time asked for.
    pub changed: u64,
    /// Those there whose last push failed.
    pub out_of_step: u64,
    /// Those that are gone.
    pub deleted: u64,
}

/// A window of the groups, and how many each filter leaves of those that match the search.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupPage {
    /// How many match in all.
    pub total: u64,
    /// The rows asked for.
    pub items: Vec<GroupRow>,
    /// How many each filter leaves.
    pub counts: GroupCounts,
}

/// How many groups each filter leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupCounts {
    /// All that are there.
    pub all: u64,
    /// Those there with members.
    pub with_members: u64,
    /// Those there without.
    pub empty: u64,
    /// Those there with members that nobody here knows.
    pub out_of_step: u64,
    /// Those that are gone.
    pub deleted: u64,
}

/// An entry of the history of a user or group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// The change; of another group, if it is about a membership in it.
    pub change: Change,
    /// How that other group's change touched it; `None`: the change is its own.
    pub moved: Option<Moved>,
    /// The request that caused it; `None`: it is not kept any more, or not recorded yet.
    pub request: Option<ExchangeRow>,
}

/// A part of the history of a user or group, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// How many entries there are in all.
    pub total: u64,
    /// The entries asked for.
    pub items: Vec<HistoryEntry>,
    /// Whether there were earlier changes that are no longer kept.
    pub is_cut: bool,
}

/// A user with all that the drawer shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDetail {
    /// The row of the users table.
    pub row: UserRow,
    /// The resource as an identity provider gets it; of a deleted user, as it was at the end. `None`: that is not known.
    #[schema(required, value_type = Option<Value>)]
    pub resource: Option<Value>,
    /// The first 100 groups it is a direct member of, by name.
    pub groups: Vec<ResourceRef>,
    /// The newest 50 entries of its history, newest first.
    pub history: History,
    /// Of a deleted user: the one who came with the same `userName` later.
    pub created_again: Option<ResourceRef>,
}

/// A group with all that the drawer shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupDetail {
    /// The row of the groups table.
    pub row: GroupRow,
    /// The resource as an identity provider gets it, without `members`; of a deleted group, as it was at the end. `None`: that is not
    /// known.
    #[schema(required, value_type = Option<Value>)]
    pub resource: Option<Value>,
    /// The first 100 groups it is a direct member of, by name.
    pub groups: Vec<ResourceRef>,
    /// The newest 50 entries of its history, newest first.
    pub history: History,
}

/// What a user or group was after a change.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceAt {
    /// The number of the change.
    pub seq: ChangeSeq,
    /// When it was.
    pub at: Timestamp,
    /// The resource without `groups` and `members`; after its deletion, as it was before.
    #[schema(value_type = Value)]
    pub resource: Value,
    /// Whether it was deleted then.
    pub is_deleted: bool,
    /// What that change changed, attribute by attribute; empty if it came or went by it, or if it was one of a group that it came to or left.
    pub changed: Vec<FieldChange>,
    /// What has changed from then till now, or till its end.
    pub since: Vec<FieldChange>,
    /// The first 100 groups that it was a direct member of.
    pub groups: Vec<ResourceRef>,
    /// How many groups it was a direct member of.
    pub group_count: u64,
    /// How many members it had; 0 for a user.
    pub member_count: u64,
}
