//! The setup of Entra ID. Names of fields, boxes and buttons are its own.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, FIRST_GROUP, FIRST_USER, Field, FieldValue, GuideTrackId, Outcome,
    REFUSED_GROUP, REFUSED_USER, Rule, STEP, Step, TEST, TRACK, Track, USER, WHOLE_BASE_URL, When,
};

/// entra-01-test-connection-guid
const TESTED_BY_ENTRA: &[Rule] =
    &[Rule { methods: &["GET"], targets: &["/Users?filter={guid}"], outcome: Outcome::Done }];

/// Microsoft Entra ID, an app that is not in the gallery.
pub(super) const TRACKS: &[Track] = &[Track {
    id: GuideTrackId::Entra,
    test_place: "Provisioning → Admin Credentials → Test Connection",
    steps: &[
        Step {
            id: "create",
            title: "Create the app",
            outcome: "App created",
            place: &["Enterprise apps", "New application", "Create your own application"],
            hint: "Choose \u{201c}Integrate any other application you don\u{2019}t find in the gallery (Non-gallery)\u{201d}.",
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Fill in the admin credentials",
            place: &["Provisioning", "Admin Credentials"],
            hint: "Entra ID adds the word Bearer itself.",
            fields: &[
                Field { name: "Provisioning Mode", value: FieldValue::Choice("Automatic") },
                Field { name: "Tenant URL", value: FieldValue::BaseUrl },
                Field { name: "Secret Token", value: FieldValue::Token(BearerWord::Added) },
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was Test Connection clicked?")
                    .remedy("Entra ID sends nothing before."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test Connection",
            place: &["Provisioning", "Admin Credentials"],
            hint: "Entra ID asks for a user who cannot exist and expects an empty list. Then Save.",
            seen_by: TESTED_BY_ENTRA,
            expects: Some("GET /Users?filter=userName eq \"a GUID\""),
            causes: &[Cause::new("matched-by-other", When::Always, "Does it match people by another attribute?")
                .remedy("The test uses the matching attribute of the mapping, userName by default. Tick this step by hand if Entra ID says that it worked.")],
            ..TEST
        },
        Step {
            id: "assign",
            title: "Assign people and groups",
            outcome: "People assigned",
            place: &["Users and groups", "Add user/group"],
            hint: "Only who is assigned is sent, unless the scope is \u{201c}Sync all users and groups\u{201d}.",
            seen_by: USER,
            ..STEP
        },
        Step {
            id: "start",
            title: "Start provisioning",
            place: &["Provisioning", "Overview", "Start provisioning"],
            hint: "A cycle runs about every 40 minutes. Provision on demand sends one person now.",
            // The first cycle may start some minutes later; from then on people wait for the next.
            patience: 15,
            causes: &[
                REFUSED_USER,
                Cause::new("cycle", When::Always, "In a hurry?")
                    .remedy("Entra ID waits for its next cycle. Provision on demand sends one person at once."),
                Cause::new("out-of-scope", When::Always, "Is the person in scope and enabled?")
                    .remedy("Disabled people are not created. The provisioning logs say who was skipped and why."),
            ],
            ..FIRST_USER
        },
        Step {
            title: "Provision a group",
            place: &["Provisioning", "Mappings", "Provision Microsoft Entra ID Groups"],
            hint: "Enabled: Yes. Then assign a group under Users and groups. Nested groups are not expanded.",
            patience: 60,
            causes: &[
                REFUSED_GROUP,
                Cause::new("cycle", When::Always, "In a hurry?")
                    .remedy("Groups come with the next cycle. Provision on demand sends one group and some of its members at once."),
            ],
            ..FIRST_GROUP
        },
    ],
    ..TRACK
}];
