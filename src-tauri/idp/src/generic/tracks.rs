//! The setup of anything that speaks SCIM 2.0.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, FIRST_GROUP, FIRST_USER, Field, FieldValue, GuideTrackId, Outcome,
    REFUSED_USER, Rule, Step, TEST, TRACK, Track, WHOLE_BASE_URL, When,
};

const READ: &[Rule] = &[Rule { methods: &["GET"], targets: &[], outcome: Outcome::Done }];

/// Anything that speaks SCIM 2.0.
pub(crate) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Other,
    steps: &[
        Step {
            title: "Fill in the connection",
            hint: "The names differ: look for SCIM 2.0, bearer token, HTTP header or API token. Every request has to carry Authorization: Bearer and the token.",
            fields: &[
                Field::new("Base URL or tenant URL", FieldValue::BaseUrl),
                Field::new("Bearer token, API token or secret", FieldValue::Token(BearerWord::Added)),
                Field::new("Content type", FieldValue::Text("application/scim+json")),
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was the connection tested or saved?")
                    .remedy("Most providers send nothing before."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test the connection",
            hint: "If there is no such button, switch provisioning on. Any read of the server counts.",
            seen_by: READ,
            expects: Some("GET /Users"),
            ..TEST
        },
        Step {
            title: "Send a user",
            hint: "Usually: assign a person or a group to the app.",
            causes: &[
                REFUSED_USER,
                Cause::new("create-off", When::Always, "May the provider create users?")
                    .remedy("Look for boxes such as Create users, Update users and Deactivate users, and for a Sync now button."),
            ],
            ..FIRST_USER
        },
        Step {
            title: "Send a group",
            hint: "Not every provider sends groups.",
            ..FIRST_GROUP
        },
    ],
    ..TRACK
}];
