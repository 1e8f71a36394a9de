//! The setup of JumpCloud. Names of fields, boxes and buttons are its own.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, Field, FieldValue, GuideTrackId, Outcome, REFUSED_USER, Rule, STEP, Step,
    TEST, TRACK, Track, WHOLE_BASE_URL, When, tick,
};

/// jumpcloud-02-test-user-delete: its connection test makes a user and deletes it again.
const TEST_USER_DELETED: &[Rule] =
    &[Rule { methods: &["DELETE"], targets: &["/Users/{id}", "/Groups/{id}"], outcome: Outcome::Done }];

/// JumpCloud, a custom app with identity management.
pub(super) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Jumpcloud,
    test_place: "Identity Management → Configuration Settings → Test Connection",
    docs: "https://jumpcloud.com/support/provision-and-manage-users-and-groups-in-apps-using-custom-scim-identity-management-integration",
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
            hint: "Use an address that belongs to no real user: the test creates that user and deletes it again.",
            fields: &[
                Field::new("API Type", FieldValue::Choice("SCIM API")),
                Field::new("SCIM Version", FieldValue::Choice("SCIM 2.0")),
                Field::new("Base URL", FieldValue::BaseUrl),
                Field::new("Token Key", FieldValue::Token(BearerWord::Added)),
                Field::new("Test User Email", FieldValue::Text("scim-test@example.com")),
                Field::new(
                    "Group Management",
                    FieldValue::Boxes(&[tick(
                        "Enable management of User Groups and Group Membership in this application",
                    )]),
                ),
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was Test Connection clicked?")
                    .remedy("JumpCloud sends nothing before."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test Connection, Activate, then Save",
            place: &["Identity Management", "Configuration Settings"],
            hint: "JumpCloud creates a user and a group, changes them, and deletes both. Then click Activate, and Save.",
            seen_by: TEST_USER_DELETED,
            expects: Some("DELETE /Users/{id}"),
            causes: &[
                REFUSED_USER,
                Cause::new("test-user-exists", When::Always, "Does the test user exist already?")
                    .remedy("Choose an address that nobody here uses."),
            ],
            ..TEST
        },
        Step {
            id: "assign",
            title: "Give a user group the app",
            outcome: "First user arrived",
            place: &["SSO Applications", "your app", "User Groups"],
            hint: "Select the groups, then click Save. Everybody in them is sent. Mark this done when your first real user appears under Users.",
            // The test makes a user like any other: no rule can tell them apart.
            ..STEP
        },
    ],
    ..TRACK
}];
