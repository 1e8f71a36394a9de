//! Work on many users and groups at once: imports, sample people, and changes of all that are selected.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DirectoryId, ResourceKind, Timestamp};

/// A file to import.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewImport {
    /// The file: CSV with a header, or SCIM JSON: a resource, an array, a `ListResponse`, or one resource in each line.
    pub text: String,
    /// What becomes of users and groups that exist already.
    #[serde(default)]
    pub existing: OnExisting,
    /// Whether nothing is begun if a row cannot be imported, and the first one that fails ends the import.
    #[serde(default)]
    pub stop_on_error: bool,
}

/// What becomes of users and groups of an import that exist already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum OnExisting {
    /// They stay as they are.
    #[default]
    Skip,
    /// They get the values that the file has; what it does not mention stays. Members are added, none is removed.
    Update,
}

/// What importing a file would do, found out by trying each row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// What the file is.
    pub format: ImportFormat,
    /// The columns of a CSV file.
    pub columns: Vec<ImportColumn>,
    /// How many rows are created, updated, skipped and refused.
    pub counts: ImportCounts,
    /// Every user and group of the file, and the groups that its users are to be in.
    pub rows: Vec<ImportRow>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ImportFormat {
    /// RFC 4180, with commas, semicolons or tabs.
    Csv,
    /// SCIM resources.
    Json,
}

/// A column of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// As its header says.
    pub name: String,
    /// The SCIM attribute that it becomes; `None`: it is left out.
    pub attribute: Option<String>,
}

/// How many rows each of it happens to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    /// Created.
    pub create: u32,
    /// Changed.
    pub update: u32,
    /// Left as they are.
    pub skip: u32,
    /// Not imported.
    pub refuse: u32,
}

/// A user or group of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Its line in a CSV file; in a JSON file which resource it is, from 1. Of a group that only users name, the first of them.
    pub line: u64,
    /// User or group.
    pub kind: ResourceKind,
    /// Its `userName` or `displayName`.
    pub name: String,
    /// What happens to it.
    pub action: ImportAction,
    /// Why it is refused, or what of it is left out.
    pub remark: Option<String>,
}

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ImportAction {
    /// It is created.
    Create,
    /// It exists and is changed.
    Update,
    /// It exists and stays as it is.
    Skip,
    /// It cannot be imported.
    Refuse,
}

/// Sample people to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSamples {
    /// How many, from 1 to 1,000.
    #[schema(minimum = 1, maximum = 1000)]
    pub people: u32,
    /// The `displayName` of a group that they are put in; it is created if it is not there.
    #[serde(default)]
    pub group: Option<String>,
}

/// A change of many users or groups.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBatch {
    /// What is done.
    pub what: SelectionChange,
    /// With users or groups.
    pub resource: ResourceKind,
    /// With which of them.
    pub selection: Selection,
}

/// What can be done with a selection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum SelectionChange {
    /// Users: `active` becomes false.
    Deactivate,
    /// Users: `active` becomes true.
    Reactivate,
    /// They are deleted.
    Delete,
    /// They become members of a group.
    #[serde(rename_all = "camelCase")]
    AddToGroup {
        /// The group's id.
        group_id: String,
    },
}

/// Some users or some groups: those that are named, or all that a list finds.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Selection {
    /// Their ids.
    pub ids: Vec<String>,
    /// Whether it is all that the list finds, instead of `ids`.
    pub all: bool,
    /// Ids of those that are left out.
    pub except: Vec<String>,
    /// How many a person has been told that they are. If they are more or fewer by now, nothing is changed.
    pub count: Option<u32>,
    /// What the list is searched for.
    pub search: String,
    /// The list's filter.
    pub status: ListStatus,
    /// The beginning of what counts as changed, RFC 3339.
    pub since: Option<String>,
}

/// The filters of the lists of users and of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ListStatus {
    /// All that are there.
    #[default]
    All,
    /// Users with `active` true.
    Active,
    /// Users with `active` false.
    Deactivated,
    /// Those that changed since the time asked for.
    Changed,
    /// Users whose last push failed; groups with members that nobody here knows.
    OutOfStep,
    /// Groups with members.
    WithMembers,
    /// Groups without.
    Empty,
}

/// Work on many users and groups, under way or over.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// The directory.
    pub directory_id: DirectoryId,
    /// What is done.
    pub what: BatchWhat,
    /// Whether it goes on.
    pub state: BatchState,
    /// When it began.
    pub started_at: Timestamp,
    /// Users and groups in all.
    pub total: u32,
    /// How many of them are dealt with, whatever came of it.
    pub done: u32,
    /// Created.
    pub created: u32,
    /// Changed.
    pub updated: u32,
    /// Deleted.
    pub deleted: u32,
    /// Left as they were, because there was nothing to do.
    pub skipped: u32,
    /// Not done.
    pub failed: u32,
    /// What was not done, or only in part, and why; of very many the first 1,000.
    pub problems: Vec<BatchProblem>,
    /// Why it ended before all were dealt with.
    pub ended_early: Option<String>,
}

/// What a batch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum BatchWhat {
    /// Imports a file.
    Import,
    /// Adds sample people.
    Samples,
    /// Deactivates users.
    Deactivate,
    /// Reactivates users.
    Reactivate,
    /// Deletes users or groups.
    Delete,
    /// Makes them members of a group.
    AddToGroup,
}

/// Whether a batch goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum BatchState {
    /// It does.
    Running,
    /// The request under way is finished, and no other is sent.
    Stopping,
    /// It is over.
    Finished,
}

/// A user or group with which something did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchProblem {
    /// Of an import: where it is in the file, as the preview says.
    pub line: Option<u64>,
    /// User or group.
    pub kind: ResourceKind,
    /// Its name.
    pub name: String,
    /// Why.
    pub text: String,
}
