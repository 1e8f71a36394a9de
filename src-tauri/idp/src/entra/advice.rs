//! What to do in Entra ID about a request that was refused, in the names that its pages have.

use scim::ResourceKind::User;

use crate::Situation;

pub(super) const ADVICE: &[(Situation, &str)] = &[
    (Situation::BearerTwice, "Entra ID adds the word Bearer itself: paste the token alone."),
    (
        Situation::Gone(User),
        "In Entra ID: Provisioning, Restart provisioning, or Provision on demand for this person: Entra ID then matches them anew.",
    ),
    (
        Situation::NothingToRemove(User),
        "If the person is here with another id: Provision on demand for this person, and Entra ID matches them anew.",
    ),
    (
        Situation::TakenByOtherIdentifier,
        "In Entra ID: Provisioning › Attribute mapping, the attribute with matching precedence 1 has to hold what userName holds here.",
    ),
    (
        Situation::WrongType,
        "In Entra ID: Provisioning › Attribute mapping, map a value of the right type to the attribute that is named.",
    ),
    (
        Situation::Value,
        "In Entra ID: Provisioning › Attribute mapping, map a value that fits to the attribute that is named.",
    ),
    (
        Situation::Target,
        "In Entra ID: append ?aadOptscim062020 to the Tenant URL, then its paths follow the standard. Or check the target attribute in the mapping.",
    ),
];
