//! How lenient a directory is: one value, passed down, never global.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Result, ScimError};

/// The two ends of the scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Accepts what identity providers send and notes where that is not standard.
    #[default]
    Tolerant,
    /// Accepts what the RFCs allow.
    Strict,
}

/// What a POST gets whose `userName` or group name is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum OnDuplicate {
    /// 409 `uniqueness`, RFC 7644 §3.3.
    Refuse,
    /// 201 with the resource that is there, unchanged.
    Link,
    /// 201 with the resource that is there, replaced by the body.
    Overwrite,
}

/// What a PATCH that worked is answered with; both are allowed by RFC 7644 §3.5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum PatchAnswer {
    /// 200 and the whole resource.
    Resource,
    /// 204, unless the client asks for `attributes`.
    NoContent,
}

/// What becomes of a user who is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Deletion {
    /// Gone; one that is created later is another person.
    Hard,
    /// Out of sight; a POST with the same `userName` brings the same id back.
    Soft,
}

/// How serious a rule is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// Not checked.
    Off,
    /// Accepted with a note.
    Warn,
    /// 400 `invalidValue`.
    Refuse,
}

/// Defines [`Policy`], its readers and [`Policy::switches`] from one row for each switch: what it is about, its name in Rust and in JSON,
/// its type, and how the window words it. A new switch is a row and the code that obeys it.
macro_rules! switches {
    ($(
        $(#[$doc:meta])+
        $name:ident $key:literal: $kind:ty {
            label: $label:literal,
            choices: [$($value:expr => $words:literal),+ $(,)?],
            tolerant: $tolerant:expr,
            strict: $strict:expr,
        }
    )+) => {
        /// How lenient a directory is. Each switch is `None` as long as the mode decides.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase", default, deny_unknown_fields)]
        pub struct Policy {
            /// What the switches below are where they are not set.
            #[cfg_attr(feature = "openapi", schema(required))]
            pub mode: Mode,
            $(
                $(#[$doc])+
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$kind>,
            )+
        }

        impl Policy {
            $(
                $(#[$doc])+
                pub fn $name(&self) -> $kind {
                    self.$name.unwrap_or(match self.mode {
                        Mode::Tolerant => $tolerant,
                        Mode::Strict => $strict,
                    })
                }
            )+

            /// Every switch, in the order in which they are offered.
            pub fn switches() -> Vec<PolicySwitch> {
                vec![$({
                    let json = |value: $kind| json!(value);
                    PolicySwitch {
                        key: $key,
                        label: $label,
                        choices: vec![$(SwitchChoice { value: json($value), label: $words }),+],
                        tolerant: json($tolerant),
                        strict: json($strict),
                    }
                }),+]
            }
        }
    };
}

switches! {
    /// What a POST gets whose name is taken (both modes: refuse).
    on_duplicate "onDuplicate": OnDuplicate {
        label: "POST with an existing userName",
        choices: [
            OnDuplicate::Refuse => "Refuse with 409",
            OnDuplicate::Link => "Answer with what is there",
            OnDuplicate::Overwrite => "Overwrite what is there",
        ],
        tolerant: OnDuplicate::Refuse, strict: OnDuplicate::Refuse,
    }
    /// Two groups may have the same name (strict: the RFC allows it) or not (tolerant: Entra's validator demands 409).
    allow_duplicate_groups "allowDuplicateGroups": bool {
        label: "Two groups with one name",
        choices: [true => "Accept", false => "Refuse with 409"],
        tolerant: false, strict: true,
    }
    /// Two resources with the same `externalId` are refused, or not (both modes: RFC 7643 §3.1 leaves that to the client).
    refuse_duplicate_external_ids "refuseDuplicateExternalIds": bool {
        label: "externalId that is taken",
        choices: [true => "Refuse with 409", false => "Accept"],
        tolerant: false, strict: false,
    }
    /// Whether a `userName` has to be an email address (strict: off, as the RFCs ask for none; tolerant: warn).
    user_name_is_email "userNameIsEmail": Rule {
        label: "userName that is not an email address",
        choices: [Rule::Off => "Accept", Rule::Warn => "Accept with a note", Rule::Refuse => "Refuse"],
        tolerant: Rule::Warn, strict: Rule::Off,
    }
    /// Whether a `userName` has to be in one of the organization's email domains, if it has any (strict: off; tolerant: warn).
    email_domain "emailDomain": Rule {
        label: "userName outside the email domains",
        choices: [Rule::Off => "Accept", Rule::Warn => "Accept with a note", Rule::Refuse => "Refuse"],
        tolerant: Rule::Warn, strict: Rule::Off,
    }
    /// A body without `schemas` is refused (strict) or read all the same (tolerant).
    refuse_missing_schemas "refuseMissingSchemas": bool {
        label: "Body without schemas",
        choices: [true => "Refuse", false => "Accept with a note"],
        tolerant: false, strict: true,
    }
    /// A boolean as `"True"` or `1` is refused (strict) or read as the boolean (tolerant).
    refuse_string_booleans "refuseStringBooleans": bool {
        label: "Boolean as text, such as “True”",
        choices: [true => "Refuse", false => "Read as boolean"],
        tolerant: false, strict: true,
    }
    /// A PUT without `active` clears it (strict) or leaves it as it is (tolerant).
    put_without_active_clears "putWithoutActiveClears": bool {
        label: "PUT without active",
        choices: [true => "Clear it", false => "Keep it"],
        tolerant: false, strict: true,
    }
    /// A PUT without `members` empties the group (strict) or leaves it as it is (tolerant).
    put_without_members_clears "putWithoutMembersClears": bool {
        label: "PUT without members",
        choices: [true => "Empty the group", false => "Keep the members"],
        tolerant: false, strict: true,
    }
    /// What a PATCH is answered with (both modes: the whole resource).
    patch_answer "patchAnswer": PatchAnswer {
        label: "Answer to a PATCH",
        choices: [PatchAnswer::Resource => "200 and the resource", PatchAnswer::NoContent => "204 and no body"],
        tolerant: PatchAnswer::Resource, strict: PatchAnswer::Resource,
    }
    /// A PATCH `add` or `replace` whose value filter matches nothing is refused (strict) or creates the value (tolerant).
    refuse_unmatched_filters "refuseUnmatchedFilters": bool {
        label: "PATCH with a filter that matches nothing",
        choices: [true => "Refuse", false => "Create the value"],
        tolerant: false, strict: true,
    }
    /// A PATCH `remove` with a `value` is refused (strict) or removes what the value lists (tolerant).
    refuse_remove_with_value "refuseRemoveWithValue": bool {
        label: "PATCH remove with a value",
        choices: [true => "Refuse", false => "Remove what it lists"],
        tolerant: false, strict: true,
    }
    /// A member whose id is unknown is refused (strict) or kept with a note (tolerant).
    refuse_unknown_members "refuseUnknownMembers": bool {
        label: "Member whose id is unknown",
        choices: [true => "Refuse", false => "Keep with a note"],
        tolerant: false, strict: true,
    }
    /// A filter on an attribute that no schema has is refused (strict) or matches what happens to carry it (tolerant).
    refuse_unknown_filter_attributes "refuseUnknownFilterAttributes": bool {
        label: "Filter on an unknown attribute",
        choices: [true => "Refuse", false => "Search all the same"],
        tolerant: false, strict: true,
    }
    /// What becomes of a deleted user (both modes: hard).
    deletion "deletion": Deletion {
        label: "Deleted user",
        choices: [Deletion::Hard => "Delete for good", Deletion::Soft => "Hide; POST restores it"],
        tolerant: Deletion::Hard, strict: Deletion::Hard,
    }
    /// Resources in one answer at the most, 1 to [`MOST_RESULTS`] (both modes: [`MOST_RESULTS`]).
    page_size "pageSize": u32 {
        label: "Resources in one answer, at most",
        // Any number will do; these are enough to see a client turn pages.
        choices: [
            1 => "1", 2 => "2", 5 => "5", 10 => "10", 20 => "20", 50 => "50", 100 => "100", 200 => "200", 500 => "500",
            MOST_RESULTS => "1,000",
        ],
        tolerant: MOST_RESULTS, strict: MOST_RESULTS,
    }
}

/// A switch of a [`Policy`], as it is offered to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PolicySwitch {
    /// Its name in a policy: `onDuplicate`.
    pub key: &'static str,
    /// The case that it decides: "POST with an existing userName".
    pub label: &'static str,
    /// What it is usually set to.
    pub choices: Vec<SwitchChoice>,
    /// What it is in tolerant mode as long as it is not set.
    pub tolerant: Value,
    /// The same in strict mode.
    pub strict: Value,
}

/// A value of a [`PolicySwitch`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SwitchChoice {
    /// As it stands in a policy: `true`, `"link"`, `100`.
    pub value: Value,
    /// What happens then: "Answer with what is there".
    pub label: &'static str,
}

/// Resources in one answer, whatever the policy.
pub const MOST_RESULTS: u32 = 1_000;

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

    /// Lets pass what the RFCs do not allow.
    ///
    /// # Errors
    /// `refusal`, if the policy is strict.
    pub(crate) fn tolerate(&self, refusal: impl FnOnce() -> ScimError) -> Result<()> {
        if self.is_strict() { Err(refusal()) } else { Ok(()) }
    }

    /// Resources in one answer at the most, whatever has been stored.
    pub fn most_results(&self) -> u64 {
        self.page_size().clamp(1, MOST_RESULTS).into()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_mode_decides_what_is_not_set() {
        let strict: Policy = serde_json::from_value(json!({"mode": "strict"})).expect("a policy");
        assert_eq!(strict, Policy::strict());
        assert!(strict.refuse_string_booleans() && strict.allow_duplicate_groups());
        let mixed: Policy =
            serde_json::from_value(json!({"mode": "strict", "refuseStringBooleans": false})).expect("a policy");
        assert!(!mixed.refuse_string_booleans() && mixed.refuse_missing_schemas());
        assert_eq!(serde_json::to_value(Policy::tolerant()).expect("JSON"), json!({"mode": "tolerant"}));
        let default: Policy = serde_json::from_value(json!({})).expect("a policy");
        assert_eq!(default, Policy::tolerant());
        assert_eq!((strict.email_domain(), default.email_domain()), (Rule::Off, Rule::Warn));
    }

    #[test]
    fn every_switch_has_words_and_can_be_set_to_what_it_is_offered_with() {
        for switch in Policy::switches() {
            let PolicySwitch { key, label, choices, tolerant, strict } = &switch;
            let labels: BTreeSet<&str> = choices.iter().map(|choice| choice.label).collect();
            assert!(!label.is_empty() && !labels.contains(""), "{key} has words");
            assert_eq!(labels.len(), choices.len(), "{key}: what means something else says so");
            for value in [tolerant, strict] {
                assert!(choices.iter().any(|choice| choice.value == *value), "{key} is offered with {value}");
            }
            for value in choices.iter().map(|choice| &choice.value) {
                let policy = json!({"mode": "strict", *key: value});
                let read: Policy = serde_json::from_value(policy.clone()).expect("the name and the value are known");
                assert_eq!(serde_json::to_value(&read).expect("JSON"), policy);
            }
        }
    }
}
