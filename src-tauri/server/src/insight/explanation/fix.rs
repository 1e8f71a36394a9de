//! What to do about a request that failed, in the names that the identity provider's pages have.

use idp::{IdpId, Situation};

use super::Case;
use crate::model::{AuthVerdict, Fix, FixAction, ResourceKind, TakenBy};

pub(super) fn of(case: &Case<'_>) -> Option<Fix> {
    let text = match case.situation {
        Situation::Fine => return None,
        Situation::Misaddressed | Situation::Visit => return address(case),
        Situation::Token => return token(case),
        Situation::OwnFault if case.facts.forwarded.is_some() => forwarded(case),
        situation => case.idp.unwrap_or(IdpId::Generic).advice(situation)?,
    };
    let is_for_tolerance = matches!(
        case.situation,
        Situation::Syntax
            | Situation::WrongType
            | Situation::Value
            | Situation::Filter
            | Situation::Target
            | Situation::ReadOnly
    ) && case.recorded.policy.is_strict();
    Some(if is_for_tolerance {
        let text = format!("{text} This directory is strict; a tolerant one may accept it.");
        Fix { text, base_url: None, action: Some(FixAction::Policy), taken_by: None }
    } else {
        Fix { text: text.to_owned(), base_url: None, action: None, taken_by: taken_by(case) }
    })
}

/// What to do about a server that failed, or could not be asked.
fn forwarded(case: &Case<'_>) -> &'static str {
    match (case.facts.is_their_answer(), case.status()) {
        (true, _) => "Look into the log of your server for this request: the fault is there, or behind it.",
        (false, 504) => "Find out why your server took so long: identity providers give up after about a minute.",
        (false, 508) => "In this directory’s settings, enter the base URL of your own SCIM server.",
        (false, _) => {
            "Start your server, or correct its address or token in this directory’s settings. Identity providers try again by themselves, or can be told to."
        }
    }
}

fn taken_by(case: &Case<'_>) -> Option<TakenBy> {
    let kind = match case.situation {
        Situation::Taken(kind) | Situation::NewNameTaken(kind) => kind,
        Situation::TakenByOtherIdentifier => ResourceKind::User,
        _ => return None,
    };
    let id = case.recorded.facts.refusal.as_ref()?.taken_by.clone()?;
    Some(TakenBy { kind, id })
}

fn address(case: &Case<'_>) -> Option<Fix> {
    let misaddressed = case.recorded.misaddressed?;
    Some(Fix {
        text: misaddressed.advice.clone(),
        base_url: misaddressed.base_url.clone(),
        action: None,
        taken_by: None,
    })
}

fn token(case: &Case<'_>) -> Option<Fix> {
    let verdict = case.recorded.authorization.verdict;
    // Of a token that is known, there is a right one already: another would have to be pasted just as well.
    let needs_token =
        matches!(verdict, AuthVerdict::Unknown | AuthVerdict::NoTokenYet) && !case.facts.is_their_answer();
    Some(Fix {
        text: case.recorded.authorization.advice.clone()?,
        base_url: None,
        action: needs_token.then_some(FixAction::Token),
        taken_by: None,
    })
}
