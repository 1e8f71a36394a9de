//! What happens at an identity provider: somebody presses a button, or a person's data change.

use serde::{Deserialize, Serialize};

/// Something that makes an identity provider send requests, or that people expect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Event {
    /// The connection is tested.
    TestConnection,
    /// The connection is saved.
    Save,
    /// Okta: *To App* is saved. Reads the groups if *Import Groups* is on.
    SaveToApp,
    /// *Import Groups* is turned on.
    TurnOnImportGroups,
    /// The server's users and groups are read.
    Import,
    /// So many people are assigned, one after the other.
    Assign(u32),
    /// Somebody is assigned before provisioning is on.
    AssignTooEarly,
    /// Somebody is provisioned by hand: at Okta whoever is not on the server, at Entra ID one person on demand.
    ProvisionByHand,
    /// Somebody's profile changes, and nothing is sent: the new mapping is not applied, or the next cycle is not yet due.
    LeaveUnsent,
    /// What changed since the last time is sent.
    ForceSync,
    /// Somebody's title and department change.
    ChangeProfile,
    /// Somebody's name, user name and address change.
    Rename,
    /// Somebody gets a manager.
    SetManager,
    /// Somebody's account is deactivated.
    Deactivate,
    /// It is activated again.
    Reactivate,
    /// Somebody is unassigned.
    Unassign,
    /// Somebody is deleted for good.
    Delete,
    /// The deletion is tried once more.
    DeleteAgain,
    /// Somebody's password is sent.
    SyncPassword,
    /// A group of everybody who is active is pushed.
    PushGroup,
    /// Somebody is assigned and joins the group.
    AddMember,
    /// Somebody leaves the group.
    RemoveMember,
    /// One leaves the group and another joins, in one change.
    SwapMembers,
    /// The group gets another name.
    RenameGroup,
    /// *Push now*: the whole group is sent again.
    PushNow,
    /// The group is unlinked and deleted.
    DeleteGroup,
    /// A group that the server has already is linked and then pushed.
    LinkGroup,
}
