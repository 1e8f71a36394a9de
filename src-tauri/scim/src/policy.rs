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
    /// Two resources with the same `externalId` are refused, or not (both modes: RFC 7643 §3.1 leaves that to the client).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_duplicate_external_ids: Option<bool>,
    /// A PATCH `add` or `replace` whose value filter matches nothing is refused (strict) or creates the value (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_unmatched_filters: Option<bool>,
    /// A PATCH `remove` with a `value` is refused (strict) or removes what the value lists (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_remove_with_value: Option<bool>,
    /// A filter on an attribute that no schema has is refused (strict) or matches what happens to carry it (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_unknown_filter_attributes: Option<bool>,
    /// A boolean as `"True"` or `1` is refused (strict) or read as the boolean (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_string_booleans: Option<bool>,
    /// A body without `schemas` is refused (strict) or read all the same (tolerant).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refuse_missing_schemas: Option<bool>,
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

    /// Whether two resources may not have the same `externalId`.
    pub fn refuses_duplicate_external_ids(&self) -> bool {
        self.refuse_duplicate_external_ids.unwrap_or(false)
    }

    /// Whether an `add` or `replace` whose value filter matches nothing is refused.
    pub fn refuses_unmatched_filters(&self) -> bool {
        self.refuse_unmatched_filters.unwrap_or(self.is_strict())
    }

    /// Whether a `remove` with a `value` is refused.
    pub fn refuses_remove_with_value(&self) -> bool {
        self.refuse_remove_with_value.unwrap_or(self.is_strict())
    }

    /// Whether a filter may name only attributes that a schema has.
    pub fn refuses_unknown_filter_attributes(&self) -> bool {
        self.refuse_unknown_filter_attributes.unwrap_or(self.is_strict())
    }

    /// Whether a boolean has to be a JSON boolean.
    pub fn refuses_string_booleans(&self) -> bool {
        self.refuse_string_booleans.unwrap_or(self.is_strict())
    }

    /// Whether every body has to name its schemas.
    pub fn refuses_missing_schemas(&self) -> bool {
        self.refuse_missing_schemas.unwrap_or(self.is_strict())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mode_decides_what_is_not_set() {
        let strict: Policy = serde_json::from_value(json!({"mode": "strict"})).expect("a policy");
        assert_eq!(strict, Policy::strict());
        assert!(strict.refuses_string_booleans() && strict.allows_duplicate_groups());
        let mixed: Policy =
            serde_json::from_value(json!({"mode": "strict", "refuseStringBooleans": false})).expect("a policy");
        assert!(!mixed.refuses_string_booleans() && mixed.refuses_missing_schemas());
        assert_eq!(serde_json::to_value(Policy::tolerant()).expect("JSON"), json!({"mode": "tolerant"}));
        let default: Policy = serde_json::from_value(json!({})).expect("a policy");
        assert_eq!(default, Policy::tolerant());
    }
}
