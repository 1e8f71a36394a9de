//! What to do about a request that failed, in the names that the identity provider's pages have.

use idp::IdpId;

use super::Case;
use super::situation::Situation;
use crate::model::{AuthVerdict, Fix, FixAction, ResourceKind};

pub(super) fn of(case: &Case<'_>) -> Option<Fix> {
    let text = match case.situation {
        Situation::Fine => return None,
        Situation::Misaddressed | Situation::Visit => return address(case),
        Situation::Token(verdict) => return token(case, verdict),
        situation => FIXES.iter().find(|advice| advice.situation == situation)?.to(case.idp),
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

/// What to do in a situation: in the names of a provider's pages, where they are known, and for anybody else.
struct Advice {
    situation: Situation,
    okta: Option<&'static str>,
    entra: Option<&'static str>,
    anybody: &'static str,
}

const fn when(situation: Situation) -> Advice {
    Advice { situation, okta: None, entra: None, anybody: "" }
}

impl Advice {
    const fn okta(self, text: &'static str) -> Self {
        Self { okta: Some(text), ..self }
    }

    const fn entra(self, text: &'static str) -> Self {
        Self { entra: Some(text), ..self }
    }

    const fn anybody(self, text: &'static str) -> Self {
        Self { anybody: text, ..self }
    }

    fn to(&self, idp: Option<IdpId>) -> &'static str {
        let own = match idp {
            Some(IdpId::Okta) => self.okta,
            Some(IdpId::Entra) => self.entra,
            _ => None,
        };
        own.unwrap_or(self.anybody)
    }
}

const FIXES: &[Advice] = &[
    when(Situation::Gone(ResourceKind::User))
        // LabB §8: Retry repeats the GET; only a new assignment makes Okta look the person up again.
        .okta("In Okta: Assignments, remove the person, then assign them again. Okta then looks for them, creates them anew and remembers the new id.")
        .entra("In Entra ID: Provisioning, Restart provisioning, or Provision on demand for this person: Entra ID then matches them anew.")
        .anybody("Have the identity provider look the person up again instead of using the id that it remembers."),
    when(Situation::Gone(ResourceKind::Group))
        .okta("In Okta: Push Groups, unlink the pushed group and leave the group in the target app, then push it again.")
        .anybody("Have the identity provider look the group up again instead of using the id that it remembers."),
    when(Situation::TakenByOtherIdentifier)
        .okta("In Okta: Provisioning › Integration, Unique identifier field for users has to name what userName holds here. Or let userName be the e-mail address: Sign On › Application username format, Email.")
        .entra("In Entra ID: Provisioning › Attribute mapping, the attribute with matching precedence 1 has to hold what userName holds here.")
        .anybody("Let the identity provider look people up by what userName holds here."),
    when(Situation::Taken(ResourceKind::User))
        .okta("Okta stops here. Import the person (Import › Import Now) and confirm the match, or delete the user here and assign the person again.")
        .anybody("Link the person to the user that is here already, or delete that user. The policy can also answer with the user that is there."),
    when(Situation::Taken(ResourceKind::Group))
        .okta("In Okta: Push Groups, link the group that is here already (Link Group) instead of creating another, or delete the group here.")
        .anybody("Link the group that is here already, or delete it. The policy can also allow two groups of one name."),
    when(Situation::NewNameTaken(ResourceKind::User))
        .okta("Two users cannot have one userName: give one of them another in Okta, or delete the other user here. Then Retry under Dashboard › Tasks.")
        .anybody("Two users cannot have one userName: give one of them another in the identity provider, or delete the other user here."),
    when(Situation::NewNameTaken(ResourceKind::Group))
        .anybody("Give one of the two groups another name, or delete the other group here. The policy can also allow two groups of one name."),
    when(Situation::Value)
        .okta("In Okta: Provisioning › To App › Attribute Mappings, map a value of the right type to the attribute that is named.")
        .entra("In Entra ID: Provisioning › Attribute mapping, map a value of the right type to the attribute that is named.")
        .anybody("Send a value of the right type for the attribute that is named."),
    when(Situation::Filter)
        .okta("In Okta: Provisioning › Integration, Unique identifier field for users: userName and email are what can be looked up.")
        .anybody("Correct the filter, or the attribute that people are matched by."),
    when(Situation::Target)
        .entra("In Entra ID: append ?aadOptscim062020 to the Tenant URL, then its paths follow the standard. Or check the target attribute in the mapping.")
        .anybody("Correct the path of the operation: it has to name an attribute, and a filter in it has to match a value."),
    when(Situation::Syntax)
        .anybody("The body has to be one JSON object of the form that the operation needs: look at Request for where it is not."),
    when(Situation::ReadOnly)
        .anybody("Leave this attribute out: the server sets it, or it cannot change once it is set."),
    when(Situation::Version).anybody("Read the resource again, and repeat the change on what it is now."),
    when(Situation::TooLarge)
        .anybody("Send less at a time: the members of a large group in several PATCH requests, or a bulk request in parts."),
    when(Situation::TooSlow)
        .anybody("Something on the way is slow or breaks off: check the tunnel, then let the identity provider try again."),
    when(Situation::MediaType).anybody("Send the body as application/scim+json."),
    when(Situation::Method).anybody("The answer\u{2019}s Allow header lists the methods that work here."),
    when(Situation::NotImplemented).anybody("Address the user by id: /Users and the id."),
    when(Situation::OwnFault)
        .anybody("This is a fault of SCIM Setup: its log says more. Nothing was changed; let the identity provider try again."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_advice_for_anybody() {
        for (at, Advice { situation, anybody, .. }) in FIXES.iter().enumerate() {
            assert!(!anybody.is_empty(), "{situation:?}");
            let is_hidden = FIXES[..at].iter().any(|earlier| earlier.situation == *situation);
            assert!(!is_hidden, "{situation:?} is never reached");
        }
    }
}
