//! What kind of trouble a request is in.

use super::Recorded;
use crate::insight::client;
use crate::insight::operation::Operation;
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

pub(super) fn of(recorded: &Recorded<'_>, operation: Operation, scim_type: Option<&str>) -> Situation {
    let status = recorded.row.status;
    if status < 400 {
        return Situation::Fine;
    }
    let is_visit = recorded.row.actor == client::BROWSER && recorded.authorization.verdict != AuthVerdict::Matched;
    match status {
        _ if is_visit => Situation::Visit,
        404 if recorded.misaddressed.is_some() => Situation::Misaddressed,
        401 => Situation::Token(recorded.authorization.verdict),
        404 => match operation {
            Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) | Operation::Delete(kind) => {
                Situation::Gone(kind)
            }
            _ => Situation::Other,
        },
        409 if recorded.story.iter().any(is_lookup_without_match)
            && operation == Operation::Create(ResourceKind::User) =>
        {
            Situation::TakenByOtherIdentifier
        }
        409 => match operation {
            Operation::Create(kind) => Situation::Taken(kind),
            Operation::Replace(kind) | Operation::Modify(kind) => Situation::NewNameTaken(kind),
            _ => Situation::Other,
        },
        400 => match scim_type {
            Some("invalidSyntax") => Situation::Syntax,
            Some("invalidFilter") => Situation::Filter,
            Some("invalidPath" | "noTarget") => Situation::Target,
            Some("mutability") => Situation::ReadOnly,
            Some("invalidValue") => Situation::Value,
            Some("uniqueness") => Situation::Taken(recorded.subject.kind.unwrap_or(ResourceKind::User)),
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
fn is_lookup_without_match(row: &crate::model::ExchangeRow) -> bool {
    row.method == "GET" && row.path.contains("filter=") && row.summary.outcome.as_deref() == Some("no match")
}
