//! What is wrong with a request.

use idp::{IdpId, Situation};
use scim::{ScimType, is_placeholder};

use super::Recorded;
use crate::facts::{Facts, Operation};
use crate::model::{AuthVerdict, ResourceKind};

pub(super) fn of(recorded: &Recorded<'_>) -> Situation {
    let Some(refusal) = &recorded.facts.refusal else { return Situation::Fine };
    let operation = recorded.facts.operation;
    let is_visit =
        recorded.row.actor.idp() == Some(IdpId::Browser) && recorded.authorization.verdict != AuthVerdict::Matched;
    match refusal.status {
        // A browser asks so for a page, whoever has opened it.
        405 if recorded.row.method == "OPTIONS" => Situation::Preflight,
        _ if is_visit => Situation::Visit,
        404 if recorded.misaddressed.is_some() => Situation::Misaddressed,
        401 => Situation::Token,
        404 if recorded.facts.resource.id.as_deref().is_some_and(is_placeholder) => Situation::Placeholder,
        404 => match operation {
            Operation::Replace(kind) | Operation::Modify(kind) if recorded.facts.deactivates => {
                Situation::NothingToRemove(kind)
            }
            Operation::Delete(kind) => Situation::NothingToRemove(kind),
            Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) => Situation::Gone(kind),
            _ => Situation::Other,
        },
        409 if recorded.story.iter().any(|(_, facts)| is_lookup_without_match(facts))
            && operation == Operation::Create(ResourceKind::User) =>
        {
            Situation::TakenByOtherIdentifier
        }
        409 => match operation {
            Operation::Create(kind) => Situation::Taken(kind),
            Operation::Replace(kind) | Operation::Modify(kind) => Situation::NewNameTaken(kind),
            _ => Situation::Other,
        },
        400 => match refusal.scim_type {
            Some(ScimType::InvalidSyntax) => Situation::Syntax,
            Some(ScimType::InvalidFilter) => Situation::Filter,
            Some(ScimType::InvalidPath | ScimType::NoTarget) => Situation::Target,
            Some(ScimType::Mutability) => Situation::ReadOnly,
            Some(ScimType::InvalidValue) if recorded.facts.has_wrong_type => Situation::WrongType,
            Some(ScimType::InvalidValue) => Situation::Value,
            Some(ScimType::Uniqueness) => Situation::Taken(recorded.facts.resource.kind.unwrap_or(ResourceKind::User)),
            _ => Situation::Other,
        },
        405 => Situation::Method,
        408 => Situation::TooSlow,
        412 => Situation::Version,
        413 | 431 => Situation::TooLarge,
        415 => Situation::MediaType,
        501 => Situation::NotImplemented,
        500.. => Situation::OwnFault,
        _ => Situation::Other,
    }
}

/// Whether somebody was looked for and not found, just before they turned out to be here.
fn is_lookup_without_match(facts: &Facts) -> bool {
    matches!(facts.operation, Operation::Query(_)) && facts.total() == Some(0)
}
