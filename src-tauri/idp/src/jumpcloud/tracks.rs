//! The setup of JumpCloud. Names of fields, boxes and buttons are its own.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, Field, FieldValue, GuideTrackId, Outcome, REFUSED_USER, Rule, STEP, Step,
    TEST, TRACK, Track, WHOLE_BASE_URL, When,
};

/// jumpcloud-02-test-user-delete: its connection test makes a user and deletes it again.
const TEST_USER_DELETED: &[Rule] =
    &[Rule { methods: &["DELETE"], targets: &["/Users/{id}", "/Groups/{id}"], outcome: Outcome::Done }];

/// JumpCloud, a custom app with identity management.
pub(super) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Jumpcloud,
    test_place: "Identity Management → Configuration Settings → Test Connection",
    steps: &[
        Step {
            id: "create",
            title: "Open identity management",
            outcome: "App created",
            place: &["SSO Applications", "your app", "Identity Management"],
            hint: "A custom application has this tab once its identity management is on.",
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Fill in the configuration",
            place: &["Identity Management", "Configuration Settings"],
            hint: "The test user\u{2019}s address has to belong to nobody: the test creates that user and deletes it again.",
            fields: &[
                Field { name: "API Type", value: FieldValue::Choice("SCIM API") },
                Field { name: "SCIM Version", value: FieldValue::Choice("SCIM 2.0") },
                Field { name: "Base URL", value: FieldValue::BaseUrl },
                Field { name: "Token Key", value: FieldValue::Token(BearerWord::Added) },
                Field { name: "Test User Email", value: FieldValue::Text("scim-test@example.com") },
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was Test Connection clicked?")
                    .remedy("JumpCloud sends nothing before."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test Connection, then Activate",
            place: &["Identity Management", "Configuration Settings"],
            hint: "JumpCloud creates a user and a group, changes them, and deletes both.",
            seen_by: TEST_USER_DELETED,
            expects: Some("DELETE /Users/{id}"),
            causes: &[
                REFUSED_USER,
                Cause::new("test-user-exists", When::Always, "Does the test user exist already?")
                    .remedy("Choose an address that nobody here has."),
            ],
            ..TEST
        },
        Step {
            id: "assign",
            title: "Give a user group the app",
            outcome: "First user arrived",
            place: &["your app", "User Groups"],
            hint: "Everybody in the group is sent. Tick this step when your first own user is on the Users tab.",
            // The test makes a user like any other: no rule can tell them apart.
            ..STEP
        },
    ],
    ..TRACK
}];
