//! How lenient a directory is: one value, passed down, never global.

use serde::{Deserialize, Serialize};

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

/// Ready-made policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Preset {
    /// The default: accepts what identity providers send.
    Tolerant,
    /// By the letter of the RFCs.
    StrictRfc,
    /// What Okta gets along with best.
    OktaFriendly,
    /// What Microsoft's validator and Entra ID expect.
    EntraFriendly,
    /// As SSOReady's SCIM server behaves.
    SsoreadyLike,
}

/// How lenient a directory is. Each switch is `None` as long as the mode decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Policy {
    /// What the switches below are where they are not set.
    #[cfg_attr(feature = "openapi", schema(required))]
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
    /// What a POST gets whose name is taken (both modes: refuse).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_duplicate: Option<OnDuplicate>,
    /// What a PATCH is answered with (both modes: the whole resource).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch_answer: Option<PatchAnswer>,
    /// What becomes of a deleted user (both modes: hard).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Deletion>,
    /// Whether a `userName` has to be an e-mail address (strict: off; tolerant: warn).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name_is_email: Option<Rule>,
    /// Whether a `userName` has to be in one of the organization's e-mail domains, if it has any (strict: off; tolerant: warn).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_domain: Option<Rule>,
    /// Resources in one answer at the most, 1 to [`MOST_RESULTS`] (both modes: [`MOST_RESULTS`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u32>,
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

    /// A ready-made policy.
    pub fn preset(preset: Preset) -> Self {
        match preset {
            Preset::Tolerant => Self::tolerant(),
            Preset::StrictRfc => Self::strict(),
            // Okta never deletes people and stops at a 409 for somebody it did not know was there.
            Preset::OktaFriendly => Self {
                on_duplicate: Some(OnDuplicate::Link),
                patch_answer: Some(PatchAnswer::Resource),
                put_without_active_clears: Some(false),
                put_without_members_clears: Some(false),
                ..Self::tolerant()
            },
            // entra-validator: 409 for a taken group name, 204 or 200 for a PATCH, values created by a filter that matches nothing.
            Preset::EntraFriendly => Self {
                patch_answer: Some(PatchAnswer::NoContent),
                allow_duplicate_groups: Some(false),
                refuse_unmatched_filters: Some(false),
                deletion: Some(Deletion::Soft),
                user_name_is_email: Some(Rule::Off),
                email_domain: Some(Rule::Off),
                ..Self::tolerant()
            },
            Preset::SsoreadyLike => Self {
                on_duplicate: Some(OnDuplicate::Overwrite),
                patch_answer: Some(PatchAnswer::NoContent),
                deletion: Some(Deletion::Soft),
                user_name_is_email: Some(Rule::Refuse),
                email_domain: Some(Rule::Refuse),
                ..Self::tolerant()
            },
        }
    }

    /// The same policy with every switch set to what it is, so that `mode` decides nothing any more.
    pub fn spelled_out(&self) -> Self {
        Self {
            mode: self.mode,
            put_without_members_clears: Some(self.put_without_members_clears()),
            put_without_active_clears: Some(self.put_without_active_clears()),
            refuse_unknown_members: Some(self.refuses_unknown_members()),
            allow_duplicate_groups: Some(self.allows_duplicate_groups()),
            refuse_duplicate_external_ids: Some(self.refuses_duplicate_external_ids()),
            refuse_unmatched_filters: Some(self.refuses_unmatched_filters()),
            refuse_remove_with_value: Some(self.refuses_remove_with_value()),
            refuse_unknown_filter_attributes: Some(self.refuses_unknown_filter_attributes()),
            refuse_string_booleans: Some(self.refuses_string_booleans()),
            refuse_missing_schemas: Some(self.refuses_missing_schemas()),
            on_duplicate: Some(self.on_duplicate()),
            patch_answer: Some(self.patch_answer()),
            deletion: Some(self.deletion()),
            user_name_is_email: Some(self.user_name_is_email()),
            email_domain: Some(self.email_domain()),
            page_size: Some(self.page_size.unwrap_or(MOST_RESULTS).clamp(1, MOST_RESULTS)),
        }
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

    /// What a POST gets whose name is taken.
    pub fn on_duplicate(&self) -> OnDuplicate {
        self.on_duplicate.unwrap_or(OnDuplicate::Refuse)
    }

    /// What a PATCH is answered with.
    pub fn patch_answer(&self) -> PatchAnswer {
        self.patch_answer.unwrap_or(PatchAnswer::Resource)
    }

    /// What becomes of a deleted user.
    pub fn deletion(&self) -> Deletion {
        self.deletion.unwrap_or(Deletion::Hard)
    }

    /// Whether a `userName` has to be an e-mail address.
    pub fn user_name_is_email(&self) -> Rule {
        self.user_name_is_email.unwrap_or(self.warning())
    }

    /// Whether a `userName` has to be in one of the organization's domains.
    pub fn email_domain(&self) -> Rule {
        self.email_domain.unwrap_or(self.warning())
    }

    /// Resources in one answer at the most.
    pub fn page_size(&self) -> u64 {
        self.page_size.unwrap_or(MOST_RESULTS).clamp(1, MOST_RESULTS).into()
    }

    /// The RFCs ask for no e-mail addresses, so strict has nothing to warn of.
    fn warning(&self) -> Rule {
        if self.is_strict() { Rule::Off } else { Rule::Warn }
    }
}

impl Preset {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Tolerant, Self::StrictRfc, Self::OktaFriendly, Self::EntraFriendly, Self::SsoreadyLike];
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
        assert_eq!((strict.email_domain(), default.email_domain()), (Rule::Off, Rule::Warn));
    }

    #[test]
    fn presets_differ_and_survive_being_stored() {
        let policies = Preset::ALL.map(Policy::preset);
        for (index, policy) in policies.iter().enumerate() {
            let stored = serde_json::to_string(policy).expect("JSON");
            assert_eq!(serde_json::from_str::<Policy>(&stored).expect("a policy"), *policy);
            assert!(!policies[..index].contains(policy), "{:?}", Preset::ALL[index]);
        }
    }

    #[test]
    fn a_policy_that_is_spelled_out_decides_the_same_in_either_mode() {
        for policy in Preset::ALL.map(Policy::preset) {
            for mode in [Mode::Tolerant, Mode::Strict] {
                let spelled_out = Policy { mode, ..policy.spelled_out() };
                assert_eq!(spelled_out.spelled_out(), spelled_out);
            }
        }
        assert_eq!(Policy::strict().spelled_out().refuse_missing_schemas, Some(true));
    }
}
