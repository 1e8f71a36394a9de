//! What kind of trouble a request is in.

use idp::IdpId;
use scim::ScimType;

use super::Recorded;
use crate::facts::{Facts, Operation};
use crate::model::{AuthVerdict, ResourceKind};

/// What kind of trouble a request is in. Each is answered alike, whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Situation {
    /// None.
    Fine,
    /// Somebody opened the address in a browser.
    Visit,
    /// The address leads nowhere.
    Misaddressed,
    /// The token was refused.
    Token(AuthVerdict),
    /// The resource that is named is not here.
    Gone(ResourceKind),
    /// The name is taken.
    Taken(ResourceKind),
    /// The new name of somebody or something that is here already is taken by another.
    NewNameTaken(ResourceKind),
    /// `userName` is not what the identity provider looks for.
    TakenByOtherIdentifier,
    /// The body cannot be read.
    Syntax,
    /// A value is missing or does not fit.
    Value,
    /// The filter cannot be used.
    Filter,
    /// A PATCH path names nothing.
    Target,
    /// What is to be changed cannot be changed.
    ReadOnly,
    /// The version is another one.
    Version,
    /// Too large.
    TooLarge,
    /// Too slow.
    TooSlow,
    /// Not JSON.
    MediaType,
    /// The endpoint does not have this method.
    Method,
    /// `/Me`, or something else that there is not.
    NotImplemented,
    /// This program failed.
    OwnFault,
    /// Anything else.
    Other,
}

pub(super) fn of(recorded: &Recorded<'_>) -> Situation {
    let Some(refusal) = &recorded.facts.refusal else { return Situation::Fine };
    let operation = recorded.facts.operation;
    let is_visit = IdpId::of_name(&recorded.row.actor) == Some(IdpId::Browser)
        && recorded.authorization.verdict != AuthVerdict::Matched;
    match refusal.status {
        _ if is_visit => Situation::Visit,
        404 if recorded.misaddressed.is_some() => Situation::Misaddressed,
        401 => Situation::Token(recorded.authorization.verdict),
        404 => match operation {
            Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) | Operation::Delete(kind) => {
                Situation::Gone(kind)
            }
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
