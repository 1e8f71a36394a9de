//! Ready-made policies: what a server needs to be for an identity provider to get along with it best.

use scim::{Deletion, OnDuplicate, PatchAnswer, Policy, Rule};

use crate::preset::{Preset, PresetId};
use crate::{entra, okta};

const TOLERANT: Preset = Preset {
    label: "Tolerant",
    hint: "Accepts common non-standard requests and flags them.",
    policy: Policy::tolerant,
};

const STRICT_RFC: Preset =
    Preset { label: "Strict RFC", hint: "Refuses what the RFCs do not allow.", policy: Policy::strict };

const SSOREADY_LIKE: Preset = Preset {
    label: "SSOReady-like",
    hint: "Overwrites what is there, deletes softly, refuses userNames outside your domains.",
    policy: || Policy {
        on_duplicate: Some(OnDuplicate::Overwrite),
        patch_answer: Some(PatchAnswer::NoContent),
        deletion: Some(Deletion::Soft),
        user_name_is_email: Some(Rule::Refuse),
        email_domain: Some(Rule::Refuse),
        ..Policy::tolerant()
    },
};

impl PresetId {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] =
        [Self::Tolerant, Self::StrictRfc, Self::OktaFriendly, Self::EntraFriendly, Self::SsoreadyLike];

    /// What it is called, what it does, and what it sets.
    pub fn preset(self) -> &'static Preset {
        match self {
            Self::Tolerant => &TOLERANT,
            Self::StrictRfc => &STRICT_RFC,
            Self::OktaFriendly => &okta::PRESET,
            Self::EntraFriendly => &entra::PRESET,
            Self::SsoreadyLike => &SSOREADY_LIKE,
        }
    }

    /// The policy with nothing set but what it is about.
    pub fn policy(self) -> Policy {
        (self.preset().policy)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_differ_and_survive_being_stored() {
        let policies = PresetId::ALL.map(PresetId::policy);
        for (index, policy) in policies.iter().enumerate() {
            let stored = serde_json::to_string(policy).expect("JSON");
            assert_eq!(serde_json::from_str::<Policy>(&stored).expect("a policy"), *policy);
            assert!(!policies[..index].contains(policy), "{:?}", PresetId::ALL[index]);
        }
    }
}
