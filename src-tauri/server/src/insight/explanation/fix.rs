//! What to do about a request that failed, in the names that the identity provider's pages have.

use super::situation::Situation;
use super::{Case, Provider};
use crate::model::{AuthVerdict, Fix, FixAction, ResourceKind};

pub(super) fn of(case: &Case<'_>) -> Option<Fix> {
    let text = match case.situation {
        Situation::Fine => return None,
        Situation::Misaddressed | Situation::Visit => return address(case),
        Situation::Token(verdict) => return token(case, verdict),
        situation => FIXES
            .iter()
            .find(|(known, provider, _)| {
                *known == situation && provider.is_none_or(|provider| provider == case.provider)
            })
            .map(|(_, _, text)| *text)?,
    };
    let is_for_tolerance = matches!(
        case.situation,
        Situation::Syntax | Situation::Value | Situation::Filter | Situation::Target | Situation::ReadOnly
    ) && case.recorded.policy.is_strict();
    Some(if is_for_tolerance {
        let text = format!("{text} This directory is strict; a tolerant one may accept it.");
        Fix { text, base_url: None, action: Some(FixAction::Policy) }
    } else {
        Fix { text: text.to_owned(), base_url: None, action: None }
    })
}

fn address(case: &Case<'_>) -> Option<Fix> {
    let misaddressed = case.recorded.misaddressed?;
    Some(Fix { text: misaddressed.advice.clone(), base_url: misaddressed.base_url.clone(), action: None })
}

fn token(case: &Case<'_>, verdict: AuthVerdict) -> Option<Fix> {
    let needs_token = matches!(verdict, AuthVerdict::Unknown | AuthVerdict::Retired | AuthVerdict::NoTokenYet);
    Some(Fix {
        text: case.recorded.authorization.advice.clone()?,
        base_url: None,
        action: needs_token.then_some(FixAction::Token),
    })
}

/// Situation, whose pages are named (`None`: nobody's), what to do. The first that fits is taken.
const FIXES: &[(Situation, Option<Provider>, &str)] = &[
    (
        Situation::Gone(ResourceKind::User),
        Some(Provider::Okta),
        // LabB §8: Retry repeats the GET; only a new assignment makes Okta look the person up again.
        "In Okta: Assignments, remove the person, then assign them again. Okta then looks for them, creates them anew and remembers the new id.",
    ),
    (
        Situation::Gone(ResourceKind::User),
        Some(Provider::Entra),
        "In Entra ID: Provisioning, Restart provisioning, or Provision on demand for this person: Entra ID then matches them anew.",
    ),
    (
        Situation::Gone(ResourceKind::User),
        None,
        "Have the identity provider look the person up again instead of using the id that it remembers.",
    ),
    (
        Situation::Gone(ResourceKind::Group),
        Some(Provider::Okta),
        "In Okta: Push Groups, unlink the pushed group and leave the group in the target app, then push it again.",
    ),
    (
        Situation::Gone(ResourceKind::Group),
        None,
        "Have the identity provider look the group up again instead of using the id that it remembers.",
    ),
    (
        Situation::TakenByOtherIdentifier,
        Some(Provider::Okta),
        "In Okta: Provisioning › Integration, Unique identifier field for users has to name what userName holds here. Or let userName be the e-mail address: Sign On › Application username format, Email.",
    ),
    (
        Situation::TakenByOtherIdentifier,
        Some(Provider::Entra),
        "In Entra ID: Provisioning › Attribute mapping, the attribute with matching precedence 1 has to hold what userName holds here.",
    ),
    (Situation::TakenByOtherIdentifier, None, "Let the identity provider look people up by what userName holds here."),
    (
        Situation::Taken(ResourceKind::User),
        Some(Provider::Okta),
        "Okta stops here. Import the person (Import › Import Now) and confirm the match, or delete the user here and assign the person again.",
    ),
    (
        Situation::Taken(ResourceKind::User),
        None,
        "Link the person to the user that is here already, or delete that user. The policy can also answer with the user that is there.",
    ),
    (
        Situation::Taken(ResourceKind::Group),
        Some(Provider::Okta),
        "In Okta: Push Groups, link the group that is here already (Link Group) instead of creating another, or delete the group here.",
    ),
    (
        Situation::Taken(ResourceKind::Group),
        None,
        "Link the group that is here already, or delete it. The policy can also allow two groups of one name.",
    ),
    (
        Situation::NewNameTaken(ResourceKind::User),
        Some(Provider::Okta),
        "Two users cannot have one userName: give one of them another in Okta, or delete the other user here. Then Retry under Dashboard › Tasks.",
    ),
    (
        Situation::NewNameTaken(ResourceKind::User),
        None,
        "Two users cannot have one userName: give one of them another in the identity provider, or delete the other user here.",
    ),
    (
        Situation::NewNameTaken(ResourceKind::Group),
        None,
        "Give one of the two groups another name, or delete the other group here. The policy can also allow two groups of one name.",
    ),
    (
        Situation::Value,
        Some(Provider::Okta),
        "In Okta: Provisioning › To App › Attribute Mappings, map a value of the right type to the attribute that is named.",
    ),
    (
        Situation::Value,
        Some(Provider::Entra),
        "In Entra ID: Provisioning › Attribute mapping, map a value of the right type to the attribute that is named.",
    ),
    (Situation::Value, None, "Send a value of the right type for the attribute that is named."),
    (
        Situation::Filter,
        Some(Provider::Okta),
        "In Okta: Provisioning › Integration, Unique identifier field for users: userName and email are what can be looked up.",
    ),
    (Situation::Filter, None, "Correct the filter, or the attribute that people are matched by."),
    (
        Situation::Target,
        Some(Provider::Entra),
        "In Entra ID: append ?aadOptscim062020 to the Tenant URL, then its paths follow the standard. Or check the target attribute in the mapping.",
    ),
    (
        Situation::Target,
        None,
        "Correct the path of the operation: it has to name an attribute, and a filter in it has to match a value.",
    ),
    (
        Situation::Syntax,
        None,
        "The body has to be one JSON object of the form that the operation needs: look at Request for where it is not.",
    ),
    (Situation::ReadOnly, None, "Leave this attribute out: the server sets it, or it cannot change once it is set."),
    (Situation::Version, None, "Read the resource again, and repeat the change on what it is now."),
    (
        Situation::TooLarge,
        None,
        "Send less at a time: the members of a large group in several PATCH requests, or a bulk request in parts.",
    ),
    (
        Situation::TooSlow,
        None,
        "Something on the way is slow or breaks off: check the tunnel, then let the identity provider try again.",
    ),
    (Situation::MediaType, None, "Send the body as application/scim+json."),
    (Situation::Method, None, "The answer\u{2019}s Allow header lists the methods that work here."),
    (Situation::NotImplemented, None, "Address the user by id: /Users and the id."),
    (
        Situation::OwnFault,
        None,
        "This is a fault of SCIM Setup: its log says more. Nothing was changed; let the identity provider try again.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_advice_for_anybody() {
        for (situation, provider, _) in FIXES {
            let general = FIXES.iter().filter(|(other, whose, _)| other == situation && whose.is_none()).count();
            assert_eq!(general, 1, "{situation:?} {provider:?}");
        }
        for (at, (situation, provider, _)) in FIXES.iter().enumerate() {
            let is_hidden = FIXES[..at]
                .iter()
                .any(|(earlier, whose, _)| earlier == situation && (whose.is_none() || whose == provider));
            assert!(!is_hidden, "{situation:?} {provider:?} is never reached");
        }
    }
}
