//! The other identity providers. Names of fields, boxes and buttons are their own.

use idp::IdpId;

use super::track::{
    ANYTHING, AUTHORIZED, Cause, Field, From, GROUP, GROUP_REFUSED, Outcome, Rule, STEP, Step, Track, USER, Value,
    WHOLE_BASE_URL, When,
};
use crate::model::{BearerWord, GuideTrackId};

const READ: &[Rule] = &[Rule { methods: &["GET"], targets: &[], outcome: Outcome::Done }];
const USER_REFUSED: &[Rule] =
    &[Rule { methods: &["POST", "PUT", "PATCH"], targets: &["/Users", "/Users/{id}"], outcome: Outcome::Failed }];
/// jumpcloud-02-test-user-delete: its connection test makes a user and deletes it again.
const TEST_USER_DELETED: &[Rule] =
    &[Rule { methods: &["DELETE"], targets: &["/Users/{id}", "/Groups/{id}"], outcome: Outcome::Done }];

/// entra-01-test-connection-guid
const TESTED_BY_ENTRA: &[Rule] =
    &[Rule { methods: &["GET"], targets: &["/Users?filter={guid}"], outcome: Outcome::Done }];
const REFUSED_USER: Cause = Cause::new("user-refused", When::Seen(USER_REFUSED), "Was a user refused?")
    .remedy("A person was sent, and the answer was an error. The request says why.");
const REFUSED_GROUP: Cause = Cause::new("group-refused", When::Seen(GROUP_REFUSED), "Was the group refused?")
    .remedy("A group was sent, and the answer was an error. The request says why.");

/// Microsoft Entra ID, an app that is not in the gallery.
pub(super) const ENTRA: Track = Track {
    id: GuideTrackId::Entra,
    from: From::Provider(IdpId::Entra),
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
            id: "connect",
            title: "Fill in the admin credentials",
            outcome: "Connection filled in",
            place: &["Provisioning", "Admin Credentials"],
            hint: "Entra ID adds the word Bearer itself.",
            fields: &[
                Field { name: "Provisioning Mode", value: Value::Choice("Automatic") },
                Field { name: "Tenant URL", value: Value::BaseUrl },
                Field { name: "Secret Token", value: Value::Token(BearerWord::Added) },
            ],
            seen_by: AUTHORIZED,
            expects: Some("any request with the token"),
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was Test Connection clicked?")
                    .remedy("Entra ID sends nothing before."),
                WHOLE_BASE_URL,
            ],
            ..STEP
        },
        Step {
            id: "test",
            title: "Test Connection",
            outcome: "Connection tested",
            place: &["Provisioning", "Admin Credentials"],
            hint: "Entra ID asks for a user who cannot exist and expects an empty list. Then Save.",
            seen_by: TESTED_BY_ENTRA,
            expects: Some("GET /Users?filter=userName eq \"a GUID\""),
            causes: &[Cause::new("matched-by-other", When::Always, "Does it match people by another attribute?")
                .remedy("The test uses the matching attribute of the mapping, userName by default. Tick this step by hand if Entra ID says that it worked.")],
            ..STEP
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
            outcome: "First user arrived",
            place: &["Provisioning", "Overview", "Start provisioning"],
            hint: "A cycle runs about every 40 minutes. Provision on demand sends one person now.",
            seen_by: USER,
            expects: Some("POST /Users"),
            // The first cycle may start some minutes later; from then on people wait for the next.
            patience: 15,
            causes: &[
                REFUSED_USER,
                Cause::new("cycle", When::Always, "In a hurry?")
                    .remedy("Entra ID waits for its next cycle. Provision on demand sends one person at once."),
                Cause::new("out-of-scope", When::Always, "Is the person in scope and enabled?")
                    .remedy("Disabled people are not created. The provisioning logs say who was skipped and why."),
            ],
            ..STEP
        },
        Step {
            id: "groups",
            title: "Provision a group",
            outcome: "First group arrived",
            place: &["Provisioning", "Mappings", "Provision Microsoft Entra ID Groups"],
            hint: "Enabled: Yes. Then assign a group under Users and groups. Nested groups are not expanded.",
            seen_by: GROUP,
            expects: Some("POST /Groups"),
            is_optional: true,
            patience: 60,
            causes: &[
                REFUSED_GROUP,
                Cause::new("cycle", When::Always, "In a hurry?")
                    .remedy("Groups come with the next cycle. Provision on demand sends one group and some of its members at once."),
            ],
            ..STEP
        },
    ],
};

/// OneLogin's generic SCIM app.
pub(super) const ONELOGIN: Track = Track {
    id: GuideTrackId::Onelogin,
    from: From::Perhaps(IdpId::Onelogin),
    steps: &[
        Step {
            id: "add",
            title: "Add the SCIM app",
            outcome: "App added",
            place: &["Applications", "Add App"],
            hint: "Search for it by this name, then Save.",
            fields: &[Field { name: "App", value: Value::Text("SCIM Provisioner with SAML (SCIM v2 Enterprise)") }],
            seen_by: ANYTHING,
            ..STEP
        },
        Step {
            id: "connect",
            title: "Fill in the connection and enable it",
            outcome: "Connection enabled",
            place: &["Configuration", "API Connection"],
            hint: "Save, then Enable. OneLogin asks for a user who does not exist and expects an empty list.",
            fields: &[
                Field { name: "SCIM Base URL", value: Value::BaseUrl },
                Field { name: "SCIM Bearer Token", value: Value::Token(BearerWord::Added) },
            ],
            seen_by: AUTHORIZED,
            expects: Some("GET /Users?filter=…"),
            causes: &[
                Cause::new("not-enabled", When::NotSeen(ANYTHING), "Was Enable clicked?")
                    .remedy("Under API Connection, API Status has to say Enabled."),
                WHOLE_BASE_URL,
            ],
            ..STEP
        },
        Step {
            id: "workflow",
            title: "Turn on provisioning",
            outcome: "Provisioning turned on",
            place: &["Provisioning", "Workflow"],
            hint: "With the approval boxes ticked, each person waits for an administrator. Then Save.",
            fields: &[
                Field { name: "Workflow", value: Value::Boxes(&[("Enable provisioning", true)]) },
                Field {
                    name: "Require admin approval before this action is performed",
                    value: Value::Boxes(&[("Create user", false), ("Delete user", false), ("Update user", false)]),
                },
            ],
            seen_by: USER,
            ..STEP
        },
        Step {
            id: "assign",
            title: "Give people the app",
            outcome: "First user arrived",
            place: &["Users", "Applications", "+"],
            hint: "Directly or through a role on the app\u{2019}s Access tab.",
            seen_by: USER,
            expects: Some("POST /Users"),
            causes: &[
                REFUSED_USER,
                Cause::new("approval", When::Always, "Is the person pending?")
                    .remedy("The app\u{2019}s Users tab says Pending until an administrator approves. Untick the approval boxes to send people at once."),
                Cause::new("mapping", When::Always, "Has the person a SCIM username?")
                    .remedy("Parameters \u{2192} SCIM Username has to be mapped, usually to Email."),
            ],
            ..STEP
        },
        Step {
            id: "groups",
            title: "Provision a group",
            outcome: "First group arrived",
            place: &["Parameters", "Groups"],
            hint: "Tick Include in User Provisioning, then set the groups with a rule on the Rules tab.",
            seen_by: GROUP,
            expects: Some("POST /Groups"),
            is_optional: true,
            causes: &[REFUSED_GROUP],
            ..STEP
        },
    ],
};

/// JumpCloud, a custom app with identity management.
pub(super) const JUMPCLOUD: Track = Track {
    id: GuideTrackId::Jumpcloud,
    from: From::Perhaps(IdpId::Jumpcloud),
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
            id: "connect",
            title: "Fill in the configuration",
            outcome: "Connection filled in",
            place: &["Identity Management", "Configuration Settings"],
            hint: "The test user\u{2019}s address has to belong to nobody: the test creates that user and deletes it again.",
            fields: &[
                Field { name: "API Type", value: Value::Choice("SCIM API") },
                Field { name: "SCIM Version", value: Value::Choice("SCIM 2.0") },
                Field { name: "Base URL", value: Value::BaseUrl },
                Field { name: "Token Key", value: Value::Token(BearerWord::Added) },
                Field { name: "Test User Email", value: Value::Text("scim-test@example.com") },
            ],
            seen_by: AUTHORIZED,
            expects: Some("any request with the token"),
            causes: &[
                Cause::new("not-tested", When::NotSeen(ANYTHING), "Was Test Connection clicked?")
                    .remedy("JumpCloud sends nothing before."),
                WHOLE_BASE_URL,
            ],
            ..STEP
        },
        Step {
            id: "test",
            title: "Test Connection, then Activate",
            outcome: "Connection tested",
            place: &["Identity Management", "Configuration Settings"],
            hint: "JumpCloud creates a user and a group, changes them, and deletes both.",
            seen_by: TEST_USER_DELETED,
            expects: Some("DELETE /Users/{id}"),
            causes: &[
                REFUSED_USER,
                Cause::new("test-user-exists", When::Always, "Does the test user exist already?")
                    .remedy("Choose an address that nobody here has."),
            ],
            ..STEP
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
};

/// Anything that speaks SCIM 2.0.
pub(super) const OTHER: Track = Track {
    id: GuideTrackId::Other,
    from: From::Anyone,
    steps: &[
        Step {
            id: "connect",
            title: "Fill in the connection",
            outcome: "Connection filled in",
            hint: "The names differ: look for SCIM 2.0, bearer token, HTTP header or API token. Every request has to carry Authorization: Bearer and the token.",
            fields: &[
                Field { name: "Base URL or tenant URL", value: Value::BaseUrl },
                Field { name: "Bearer token, API token or secret", value: Value::Token(BearerWord::Added) },
                Field { name: "Content type", value: Value::Text("application/scim+json") },
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
};
