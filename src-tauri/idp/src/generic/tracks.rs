//! The setup of anything that speaks SCIM 2.0.

use crate::track::{
    ANYTHING, AUTHORIZED, BearerWord, Cause, Field, FieldValue, GROUP, GuideTrackId, Outcome, REFUSED_GROUP,
    REFUSED_USER, Rule, STEP, Step, TRACK, Track, USER, WHOLE_BASE_URL, When,
};

const READ: &[Rule] = &[Rule { methods: &["GET"], targets: &[], outcome: Outcome::Done }];

/// Anything that speaks SCIM 2.0.
pub(crate) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Other,
    steps: &[
        Step {
            id: "connect",
            title: "Fill in the connection",
            outcome: "Connection filled in",
            hint: "The names differ: look for SCIM 2.0, bearer token, HTTP header or API token. Every request has to carry Authorization: Bearer and the token.",
            fields: &[
                Field { name: "Base URL or tenant URL", value: FieldValue::BaseUrl },
                Field { name: "Bearer token, API token or secret", value: FieldValue::Token(BearerWord::Added) },
                Field { name: "Content type", value: FieldValue::Text("application/scim+json") },
            ],
            seen_by: AUTHORIZED,
            expects: Some("any request with the token"),
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was the connection tested or saved?")
                    .remedy("Most providers send nothing before."),
                WHOLE_BASE_URL,
            ],
            ..STEP
        },
        Step {
            id: "test",
            title: "Test the connection",
            outcome: "Connection tested",
            hint: "If there is no such button, switch provisioning on. Any read of the server counts.",
            seen_by: READ,
            expects: Some("GET /Users"),
            ..STEP
        },
        Step {
            id: "assign",
            title: "Send a user",
            outcome: "First user arrived",
            hint: "Usually: assign a person or a group to the app.",
            seen_by: USER,
            expects: Some("POST /Users"),
            causes: &[
                REFUSED_USER,
                Cause::new("create-off", When::Always, "May the provider create users?")
                    .remedy("Look for boxes such as Create users, Update users and Deactivate users, and for a Sync now button."),
            ],
            ..STEP
        },
        Step {
            id: "groups",
            title: "Send a group",
            outcome: "First group arrived",
            hint: "Not every provider sends groups.",
            seen_by: GROUP,
            expects: Some("POST /Groups"),
            is_optional: true,
            causes: &[REFUSED_GROUP],
            ..STEP
        },
    ],
    ..TRACK
}];
