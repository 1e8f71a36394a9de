//! Okta's two kinds of app. Names of fields, boxes and buttons are Okta's own.

use crate::track::{
    ANYTHING, BearerWord, CONNECT, Cause, FIRST_GROUP, FIRST_USER, Field, FieldValue, GROUP_REFUSED, GuideTrackId,
    Outcome, Remark, Rule, STEP, Step, TEST, TRACK, Track, WHOLE_BASE_URL, When, clear, tick,
};

pub(super) const TRACKS: &[Track] = &[AIW, TEMPLATE];

const DOCS: &str = "https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/";

/// okta-01-test-connection
const PROBE: &str = "/Users?startIndex=1&count=2";

const TESTED: &[Rule] = &[Rule { methods: &["GET"], targets: &[PROBE], outcome: Outcome::Done }];
/// okta-07-lookup-missing-pct20: Okta looks for a person only when it provisions.
const LOOKED_UP: &[Rule] = &[Rule { methods: &["GET"], targets: &["/Users?filter"], outcome: Outcome::Any }];
const PROVISIONS: &[Rule] = &[
    Rule { methods: &["GET"], targets: &["/Users?filter"], outcome: Outcome::Authorized },
    Rule { methods: &["POST"], targets: &["/Users"], outcome: Outcome::Authorized },
    Rule { methods: &["PUT", "PATCH"], targets: &["/Users/{id}"], outcome: Outcome::Authorized },
];
const USER_REFUSED: &[Rule] = &[
    Rule { methods: &["POST"], targets: &["/Users"], outcome: Outcome::Failed },
    Rule { methods: &["GET", "PUT", "PATCH"], targets: &["/Users/{id}"], outcome: Outcome::Failed },
];

// A custom app changes everything with PUT; only a template sends PATCH, but it, too, may send PUT for profiles (OktaRef), so
// PUT of a user says nothing against a template that a person chose.
const PATCHED: &[Rule] =
    &[Rule { methods: &["PATCH"], targets: &["/Users/{id}", "/Groups/{id}"], outcome: Outcome::Authorized }];
const PUT_GROUP: Rule = Rule { methods: &["PUT"], targets: &["/Groups/{id}"], outcome: Outcome::Authorized };
const PUT_USER: Rule = Rule { methods: &["PUT"], targets: &["/Users/{id}"], outcome: Outcome::Authorized };

const REMARKS: &[Remark] = &[Remark {
    id: "import-groups",
    // okta-03-save-to-app-groups-cache; Refresh App Groups sends the same (LabA).
    shown_by: Rule { methods: &["GET"], targets: &["/Groups"], outcome: Outcome::Done },
    text: "Okta listed the groups: Import Groups is ticked, or Refresh App Groups was clicked. It works here. If Okta shows an error, untick Import Groups under Supported provisioning actions.",
}];

const ASSIGNED_BEFORE: Cause =
    Cause::new("assigned-before", When::NotSeen(LOOKED_UP), "Were people assigned before provisioning was on?")
        .remedy("Okta does not send them on its own. On the Assignments tab, use Provision User. Force Sync sends only people who were provisioned once.");
const REFUSED_GROUP: Cause = Cause::new("group-refused", When::Seen(GROUP_REFUSED), "Was the group refused?")
    .remedy("Okta sent a group, and the answer was an error. The request says why.");
const PUSH_INACTIVE: Cause = Cause::new("push-inactive", When::Always, "Does the push status say Active?")
    .remedy("Set it to Active, or choose Push now from its menu.");

const TO_APP: Step = Step {
    id: "to-app",
    title: "Turn on provisioning to the app",
    outcome: "Provisioning to the app",
    place: &["Provisioning", "To App", "Edit"],
    hint: "Tick Enable for these, then click Save.",
    fields: &[Field::new("Provisioning to App", FieldValue::Boxes(&[
            tick("Create Users"),
            tick("Update User Attributes"),
            tick("Deactivate Users"),
            clear("Sync Password"),
        ]))],
    seen_by: PROVISIONS,
    expects: Some("GET /Users?filter=…"),
    causes: &[
        ASSIGNED_BEFORE,
        Cause::new("nobody-assigned", When::NotSeen(LOOKED_UP), "Is anybody assigned yet?")
            .remedy("Okta sends nothing until a person or a group is assigned to the app."),
        Cause::new("to-app-off", When::Always, "Was To App saved?")
            .remedy("The boxes count only after Save. If the tab has no To App, save the connection first and reload Okta\u{2019}s page."),
    ],
    ..STEP
};

const ASSIGN: Step = Step {
    title: "Assign people",
    place: &["Assignments", "Assign", "Assign to People or Assign to Groups"],
    hint: "Click Assign beside each person or group, Save and Go Back, then Done. People appear here within moments.",
    not_arriving: "Okta does not send people who were assigned before provisioning was on: use Provision User on the Assignments tab. Force Sync under To App sends only people who were provisioned once.",
    causes: &[
        Cause::new("user-refused", When::Seen(USER_REFUSED), "Was a user refused?")
            .remedy("Okta sent a person, and the answer was an error. The request says why."),
        ASSIGNED_BEFORE,
        Cause::new("create-off", When::Always, "Is Create Users ticked under To App?")
            .remedy("Without it, Okta assigns people but creates nobody. After selecting it, use Provision User for those who are already assigned."),
        Cause::new("looked-up-only", When::Seen(LOOKED_UP), "Does Okta show a task?")
            .remedy("Okta looked a person up and stopped. Dashboard \u{2192} Tasks says what it was waiting for; Retry runs the whole sequence again."),
    ],
    ..FIRST_USER
};

const GROUPS: Step = Step {
    title: "Push a group",
    place: &["Push Groups", "Push Groups", "Find groups by name"],
    hint: "Use a group that is not also used for assignment, then click Save. Only members who are assigned and provisioned are sent.",
    causes: &[
        REFUSED_GROUP,
        Cause::new("push-groups-off", When::Always, "No Push Groups tab?")
            .remedy("Tick Push Groups under Supported provisioning actions, save, then reload Okta\u{2019}s page."),
        PUSH_INACTIVE,
    ],
    ..FIRST_GROUP
};

const GROUPS_OF_TEMPLATE: Step = Step { causes: &[REFUSED_GROUP, PUSH_INACTIVE], ..GROUPS };

/// "Custom app with SCIM enabled": SAML or SWA, made with the App Integration Wizard.
const AIW: Track = Track {
    id: GuideTrackId::OktaAiw,
    app: "Custom app with SCIM enabled",
    seen_as: "it looks like a custom app",
    test_place: "Provisioning → Integration → Test Connector Configuration",
    docs: DOCS,
    groups_hint: "Push one from Okta: Push Groups → Find groups by name.",
    shown_by: &[PUT_GROUP],
    hinted_by: &[PUT_USER],
    remarks: REMARKS,
    steps: &[
        Step {
            id: "enable",
            title: "Turn on SCIM for your Okta app",
            outcome: "SCIM turned on",
            place: &["Applications", "your app", "General", "App Settings", "Edit"],
            hint: "It is off by default. Click Save: the Provisioning tab appears. If not, reload the page. No app yet? Applications \u{2192} Create App Integration, choose SAML 2.0 or SWA; no sign-in has to work for provisioning.",
            fields: &[Field::new("Provisioning", FieldValue::Boxes(&[tick("Enable SCIM provisioning")]))],
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Fill in the SCIM connection",
            place: &["Provisioning", "Integration", "Edit"],
            hint: "Field names are exactly as Okta shows them. Click Save when the test below has worked.",
            fields: &[
                Field::new("SCIM connector base URL", FieldValue::BaseUrl),
                Field::new("Unique identifier field for users", FieldValue::Text("email")),
                Field::new("Supported provisioning actions", FieldValue::Boxes(&[
                        tick("Import New Users and Profile Updates"),
                        tick("Push New Users"),
                        tick("Push Profile Updates"),
                        tick("Push Groups"),
                        clear("Import Groups"),
                    ])).note("Leave Import Groups clear: Okta then lists all groups when you save, and the connection fails if an app cannot. This server can."),
                Field::new("Authentication Mode", FieldValue::Choice("HTTP Header")).note("Change it from its default."),
                Field::new("Authorization", FieldValue::Token(BearerWord::Shown)),
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was it tested or saved?")
                    .remedy("Okta sends nothing until Test Connector Configuration or Save is clicked."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test Connector Configuration",
            place: &["Provisioning", "Integration"],
            hint: "Okta calls this server and lists what it detected. Close the result, then click Save.",
            seen_by: TESTED,
            expects: Some("GET /Users?startIndex=1&count=2"),
            causes: &[Cause::new("not-tested", When::Always, "Was Test Connector Configuration clicked?")
                .remedy("Save sends the same request.")],
            ..TEST
        },
        TO_APP,
        ASSIGN,
        GROUPS,
    ],
};

/// A template of Okta's catalog: "SCIM 2.0 Test App".
const TEMPLATE: Track = Track {
    id: GuideTrackId::OktaTemplate,
    app: "Test app from the catalog",
    seen_as: "this is a template of its catalog",
    test_place: "Provisioning → Integration → Test API Credentials",
    docs: DOCS,
    groups_hint: "Push one from Okta: Push Groups → Find groups by name.",
    shown_by: PATCHED,
    remarks: REMARKS,
    steps: &[
        Step {
            id: "add",
            title: "Add the test app from the catalog",
            outcome: "App added",
            place: &["Applications", "Browse App Catalog", "Add Integration"],
            hint: "Search for \u{201c}SCIM 2.0 Test App\u{201d} and take the one named (OAuth Bearer Token). The one named (Header Auth) works too; its token field differs. Click Next, then Done.",
            fields: &[Field::new("App", FieldValue::Text("SCIM 2.0 Test App (OAuth Bearer Token)"))],
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            title: "Configure the API integration",
            place: &["Provisioning", "Configure API Integration"],
            hint: "In the (Header Auth) app the two fields are called Base URL and API Token, and the API Token is the word Bearer, a space, then the token. Click Save when the test below has worked.",
            fields: &[
                Field::new("API Integration", FieldValue::Boxes(&[tick("Enable API integration")])),
                Field::new("SCIM 2.0 Base Url", FieldValue::BaseUrl),
                Field::new("OAuth Bearer Token", FieldValue::Token(BearerWord::Added)),
                Field::new("API Token (Header Auth)", FieldValue::Token(BearerWord::Typed)),
            ],
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was it tested or saved?")
                    .remedy("Okta sends nothing until Test API Credentials or Save is clicked."),
                WHOLE_BASE_URL,
            ],
            ..CONNECT
        },
        Step {
            title: "Test API Credentials",
            place: &["Provisioning", "Integration"],
            hint: "Okta says that the credentials were verified. Then click Save.",
            seen_by: TESTED,
            expects: Some("GET /Users?startIndex=1&count=2"),
            causes: &[Cause::new("not-tested", When::Always, "Was Test API Credentials clicked?")
                .remedy("Save sends the same request.")],
            ..TEST
        },
        TO_APP,
        ASSIGN,
        GROUPS_OF_TEMPLATE,
    ],
    ..TRACK
};
