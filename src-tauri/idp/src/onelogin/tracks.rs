//! The setup of OneLogin. Names of fields, boxes and buttons are its own.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, FIRST_GROUP, FIRST_USER, Field, FieldValue, GuideTrackId, REFUSED_USER, STEP,
    Step, TRACK, Track, USER, WHOLE_BASE_URL, When, clear, tick,
};

/// OneLogin's generic SCIM app.
pub(super) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Onelogin,
    test_place: "Configuration → API Connection → Enable",
    docs: "https://developers.onelogin.com/scim",
    steps: &[
        Step {
            id: "add",
            title: "Add the SCIM app",
            outcome: "App added",
            place: &["Applications", "Add App"],
            hint: "Search for it by this name, then click Save.",
            fields: &[Field::new("App", FieldValue::Text("SCIM Provisioner with SAML (SCIM v2 Enterprise)"))],
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Fill in the connection and enable it",
            outcome: "Connection enabled",
            place: &["Configuration", "API Connection"],
            hint: "Click Save, then Enable. OneLogin asks for a user who does not exist and expects an empty list.",
            fields: &[
                Field::new("SCIM Base URL", FieldValue::BaseUrl),
                Field::new("SCIM Bearer Token", FieldValue::Token(BearerWord::Added)),
            ],
            expects: Some("GET /Users?filter=…"),
            causes: &[
                Cause::new("not-enabled", When::NotSeen(ANYTHING), "Was Enable clicked?")
                    .remedy("Under API Connection, API Status has to say Enabled."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            id: "workflow",
            title: "Turn on provisioning",
            outcome: "Provisioning turned on",
            place: &["Provisioning", "Workflow"],
            hint: "With the approval boxes ticked, each person waits for an administrator. Then click Save.",
            fields: &[
                Field::new("Workflow", FieldValue::Boxes(&[tick("Enable provisioning")])),
                Field::new("Require admin approval before this action is performed", FieldValue::Boxes(&[clear("Create user"), clear("Delete user"), clear("Update user")])),
            ],
            seen_by: USER,
            ..STEP
        },
        Step {
            title: "Give people the app",
            place: &["Users", "a person", "Applications", "+"],
            hint: "Choose the app, then click Save. Or assign it through a role on the app\u{2019}s Access tab.",
            causes: &[
                REFUSED_USER,
                Cause::new("approval", When::Always, "Is the person pending?")
                    .remedy("The app\u{2019}s Users tab says Pending until an administrator approves. Untick the approval boxes to send people at once."),
                Cause::new("mapping", When::Always, "Does the person have a SCIM username?")
                    .remedy("Parameters \u{2192} SCIM Username has to be mapped, usually to Email."),
            ],
            ..FIRST_USER
        },
        Step {
            title: "Provision a group",
            place: &["Parameters", "Groups"],
            hint: "Tick Include in User Provisioning, click Save, then set the groups with a rule on the Rules tab.",
            ..FIRST_GROUP
        },
    ],
    ..TRACK
}];
