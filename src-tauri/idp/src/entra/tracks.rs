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
    test_place: "Provisioning → New configuration → Test Connection",
    docs: "https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups",
    steps: &[
        Step {
            id: "create",
            title: "Create the app",
            outcome: "App created",
            place: &["Enterprise apps", "New application", "Create your own application"],
            hint: "Choose \u{201c}Integrate any other application you don\u{2019}t find in the gallery (Non-gallery)\u{201d}, then click Create.",
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Fill in the connection",
            place: &["your app", "Provisioning", "New configuration"],
            hint: "The earlier page has the same fields under Provisioning \u{2192} Get started \u{2192} Admin Credentials, after Provisioning Mode: Automatic.",
            fields: &[
                Field::new("Tenant URL", FieldValue::BaseUrl),
                Field::new("Secret Token", FieldValue::Token(BearerWord::Added)),
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
            place: &["Provisioning", "New configuration", "Test Connection"],
            hint: "Entra ID asks for a user who cannot exist and expects an empty list. Then click Create; on the earlier page, Save.",
            seen_by: TESTED_BY_ENTRA,
            expects: Some("GET /Users?filter=userName eq \"a GUID\""),
            causes: &[Cause::new("matched-by-other", When::Always, "Does it match people by another attribute?")
                .remedy("The test uses the matching attribute of the mapping, userName by default. Mark this step as done if Entra ID says that it worked.")],
            ..TEST
        },
        Step {
            id: "assign",
            title: "Assign people and groups",
            outcome: "People assigned",
            place: &["Users and groups", "Add user/group"],
            hint: "Only assigned users and groups are sent, unless the scope is \u{201c}Sync all users and groups\u{201d}. Click Assign.",
            seen_by: USER,
            ..STEP
        },
        Step {
            id: "start",
            title: "Start provisioning",
            place: &["Provisioning", "Overview", "Start provisioning"],
            hint: "On the earlier page: Provisioning Status, On, then Save. A cycle runs about every 40 minutes.",
            not_arriving: "Provision on demand sends one person at once and says why if it does not.",
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
            place: &["Provisioning", "Attribute mapping", "Provision Microsoft Entra ID Groups"],
            hint: "Enabled: Yes, then click Save; on the earlier page the list is called Mappings. Assign a group under Users and groups. Nested groups are not expanded.",
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
