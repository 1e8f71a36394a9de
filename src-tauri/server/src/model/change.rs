//! What happened to users and groups.

use scim::FieldChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, ChangeSeq, DirectoryId, ExchangeId, ResourceKind, ResourceRef, Timestamp};

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// Attributes changed.
    Updated,
    /// `active` went from true to false.
    Deactivated,
    /// `active` went from false to true.
    Reactivated,
    /// Members came or went.
    MembersChanged,
    /// It is gone.
    Deleted,
}

/// One change of one resource, with what was before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Grows with each change of this data folder.
    pub seq: ChangeSeq,
    /// When it was committed.
    pub at: Timestamp,
    /// The directory it happened in.
    pub directory_id: DirectoryId,
    /// What changed.
    pub resource_kind: ResourceKind,
    /// The SCIM `id` of what changed.
    pub resource_id: String,
    /// Its name after the change.
    pub resource_name: String,
    /// What happened.
    pub kind: ChangeKind,
    /// How many attributes changed.
    pub field_count: u64,
    /// Attribute by attribute, long texts cut; in rows and events, of what was created or deleted none, else the first 20.
    pub fields: Vec<FieldChange>,
    /// Who came and went, for groups.
    pub members: Option<MembersChange>,
    /// Who did it: "Okta".
    pub actor: Actor,
    /// The request that caused it.
    pub exchange_id: Option<ExchangeId>,
}

/// Who came to a group and who left it; at most 100 of each are named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembersChange {
    /// How many came.
    pub added_count: u64,
    /// How many left.
    pub removed_count: u64,
    /// The first of those who came.
    pub added: Vec<ResourceRef>,
    /// The first of those who left.
    pub removed: Vec<ResourceRef>,
}
