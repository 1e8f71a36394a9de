//! Okta.

mod admin;
mod advice;
mod next;
mod tracks;

use std::time::Duration;

use crate::evidence::{Fact, documented, observed};
use scim::{OnDuplicate, PatchAnswer, Policy};

use crate::preset::{Preset, PresetId};
use crate::{ConnectionTest, Dialect, Idp, OwnSecret, RecognizedBy, Retry, SecretShape};

pub(crate) const IDP: Idp = Idp {
    recognized_by: Fact::Known(RecognizedBy::Agents(&["okta"]), observed("LabA; LabB; Firezone")),
    dialect: Fact::Known(&DIALECT, observed("LabA; LabB; Firezone")),
    retry: Fact::Known(RETRY, documented("OktaConcept")),
    // okta-01-test-connection
    connection_test: Fact::Known(ConnectionTest::TwoUsers, observed("LabA; LabB §4")),
    admin: Fact::Known(admin::shown, observed("LabA; LabB; OktaRef; OktaKB")),
    next: Fact::Known(next::next, observed("LabA; LabB; OktaRef")),
    advice: Fact::Known(advice::ADVICE, observed("LabB §8; OktaRef; OktaKB")),
    token_place: Fact::Known(
        "In Okta: Provisioning › Integration › Edit, Authentication Mode HTTP Header, field Authorization",
        documented("OktaRef"),
    ),
    own_secrets: Fact::Known(OWN_SECRETS, documented("OktaAPI")),
    accepts_underscore: Fact::Known(false, documented("OktaPrep")),
    // Seen with an app of the App Integration Wizard: one attempt, then a task that can only be marked as complete.
    after_absence: Fact::Known(
        "Okta does not retry a deactivation: whoever was deactivated or unassigned meanwhile is still active here. In Okta \
         open Dashboard \u{203a} Tasks and retry what failed; where an account needs deprovisioning, assign the person again and unassign them.",
        observed("LabB part 2"),
    ),
    retries_deactivation: Fact::Known(false, observed("LabB part 2")),
    preset: Fact::Known(PresetId::OktaFriendly, observed("LabA; LabB; OktaRef")),
    tracks: Fact::Known(tracks::TRACKS, documented("OktaRef; LabA; LabB")),
    ..Idp::unknown("Okta")
};

/// Okta never deletes people and stops at a 409 for somebody it did not know was there.
pub(crate) const PRESET: Preset = Preset {
    label: "Okta-friendly",
    hint: "Tolerant, and a POST for somebody who is there answers with them, not with 409.",
    policy: || Policy {
        on_duplicate: Some(OnDuplicate::Link),
        patch_answer: Some(PatchAnswer::Resource),
        put_without_active_clears: Some(false),
        put_without_members_clears: Some(false),
        ..Policy::tolerant()
    },
};

/// API tokens of Okta: after `SSWS`, and 42 characters that begin with `00`.
const OWN_SECRETS: &[OwnSecret] = &[
    OwnSecret {
        shape: SecretShape::Scheme("SSWS"),
        text: "The request carries an Okta API token (SSWS), which is for calling Okta itself.",
    },
    OwnSecret {
        shape: SecretShape::Length("00", 42),
        text: "They sent what looks like an Okta API token, which is for calling Okta itself.",
    },
];

/// Headers as LabA, LabB and Firezone captured them.
const DIALECT: Dialect = Dialect {
    read: &[
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Accept", "application/scim+json"),
        ("Accept-Charset", "utf-8"),
        ("Accept-Encoding", "gzip,deflate"),
    ],
    content_type: "application/scim+json; charset=utf-8",
    group_patch_content_type: "application/scim+json; charset=utf-8",
    blank: "%20",
    after_id: "",
};

/// As OktaConcept documents it: whole seconds of `Retry-After` exactly; without them five minutes, which double each time; ten attempts.
const RETRY: Retry = Retry { untold: Duration::from_secs(5 * 60), longest: Duration::MAX, most_attempts: 10 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_obeyed_and_its_own_double() {
        for (told, attempts, expected) in [
            (Some(7), 1, Some(7)),
            (Some(7), 9, Some(7)),
            (Some(0), 1, Some(0)),
            (None, 1, Some(300)),
            (None, 2, Some(600)),
            (None, 3, Some(1_200)),
            (None, 9, Some(76_800)),
            (Some(7), 10, None),
            (None, 10, None),
        ] {
            let wait = RETRY.wait(told.map(Duration::from_secs), attempts);
            assert_eq!(wait.map(|wait| wait.as_secs()), expected, "{told:?} after {attempts}");
        }
    }
}
