//! What to do in Okta about a request that was refused, in the names that its pages have.

use scim::ResourceKind::{Group, User};

use crate::Situation;

pub(super) const ADVICE: &[(Situation, &str)] = &[
    // okta-41-header-auth-raw-token, okta-42-header-auth-double-bearer
    (Situation::BearerMissing, "In Okta\u{2019}s (Header Auth) test app, type Bearer and a space before the token."),
    (Situation::BearerTwice, "Okta adds the word Bearer itself: paste the token alone."),
    // LabB §8: Retry repeats the GET; only a new assignment makes Okta look the person up again.
    (
        Situation::Gone(User),
        "In Okta: Assignments, remove the person, then assign them again. Okta then looks for them, creates them anew and remembers the new id.",
    ),
    (
        Situation::Gone(Group),
        "In Okta: Push Groups, unlink the pushed group and leave the group in the target app, then push it again.",
    ),
    (
        Situation::NothingToRemove(User),
        "In Okta: Dashboard › Tasks, mark the task as complete. If the person is here with another id, deactivate that user by hand.",
    ),
    (
        Situation::TakenByOtherIdentifier,
        "In Okta: Provisioning › Integration, Unique identifier field for users has to name what userName holds here. Or let userName be the email address: Sign On › Application username format, Email.",
    ),
    (
        Situation::Taken(User),
        "Okta stops here. Import the person (Import › Import Now) and confirm the match, or delete the user here and assign the person again.",
    ),
    (
        Situation::Taken(Group),
        "In Okta: Push Groups, link the group that is here already (Link Group) instead of creating another, or delete the group here.",
    ),
    (
        Situation::NewNameTaken(User),
        "Two users cannot have one userName: give one of them another in Okta, or delete the other user here. Then Retry under Dashboard › Tasks.",
    ),
    (
        Situation::WrongType,
        "In Okta: Provisioning › To App › Attribute Mappings, map a value of the right type to the attribute that is named.",
    ),
    (
        Situation::Value,
        "In Okta: Provisioning › To App › Attribute Mappings, map a value that fits to the attribute that is named.",
    ),
    (
        Situation::Filter,
        "In Okta: Provisioning › Integration, Unique identifier field for users: userName and email are what can be looked up.",
    ),
];
