//! How lenient a directory is: one value, passed down, never global.

use serde::{Deserialize, Serialize};

/// The two ends of the scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Accepts what identity providers send and notes where that is not standard.
    #[default]
    Tolerant,
    /// Accepts what the RFCs allow.
    Strict,
}

/// How lenient a directory is. Each switch is `None` as long as the mode decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// What the switches below are where they are not set.
    pub mode: Mode,
    /// A PUT without `members` empties the group (strict) or leaves it as it is (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub put_without_members_clears: Option<bool>,
    /// A PUT without `active` clears it (strict) or leaves it as it is (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub put_without_active_clears: Option<bool>,
    /// A member whose id is unknown is refused (strict) or kept with a note (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_unknown_members: Option<bool>,
    /// Two groups may have the same name (strict: the RFC allows it) or not (tolerant: Entra's validator demands 409).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_duplicate_groups: Option<bool>,
}

impl Policy {
    /// The default.
    pub fn tolerant() -> Self {
        Self::default()
    }

    /// By the letter of the RFCs.
    pub fn strict() -> Self {
        Self { mode: Mode::Strict, ..Self::default() }
    }

    /// Whether only what the RFCs allow is accepted.
    pub fn is_strict(&self) -> bool {
        self.mode == Mode::Strict
    }

    /// Whether a PUT without `members` empties the group.
    pub fn put_without_members_clears(&self) -> bool {
        self.put_without_members_clears.unwrap_or(self.is_strict())
    }

    /// Whether a PUT without `active` clears it.
    pub fn put_without_active_clears(&self) -> bool {
        self.put_without_active_clears.unwrap_or(self.is_strict())
    }

    /// Whether a member whose id is unknown is refused.
    pub fn refuses_unknown_members(&self) -> bool {
        self.refuse_unknown_members.unwrap_or(self.is_strict())
    }

    /// Whether two groups may have the same name.
    pub fn allows_duplicate_groups(&self) -> bool {
        self.allow_duplicate_groups.unwrap_or(self.is_strict())
    }
}
