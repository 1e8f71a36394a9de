//! Why a recorded request came out as it did and what follows from it: a file for each question, and every answer a rule over what was
//! recorded.

mod admin_sees;
mod cause;
mod effect;
mod fix;
mod next;
mod situation;

use scim::Policy;
use serde_json::Value;

use self::situation::Situation;
use crate::clock::Millis;
use crate::insight::operation::{self, Operation};
use crate::insight::path_doctor::{self, Misaddressed};
use crate::insight::subject::Subject;
use crate::insight::{client, rfc};
use crate::model::{Authorization, Change, ExchangeRow, Explanation};

/// What was recorded of a request, and what is known beside it.
pub(crate) struct Recorded<'a> {
    pub(crate) row: &'a ExchangeRow,
    pub(crate) at: Millis,
    pub(crate) authorization: &'a Authorization,
    pub(crate) subject: &'a Subject,
    pub(crate) changes: &'a [Change],
    /// The body of the request, as far as it was kept.
    pub(crate) request_body: Option<&'a str>,
    /// The body of the answer, as far as it was kept.
    pub(crate) response_body: Option<&'a str>,
    /// Of its directory.
    pub(crate) policy: &'a Policy,
    /// What is wrong with its address, if it led nowhere.
    pub(crate) misaddressed: Option<&'a Misaddressed>,
    /// The newest change of the resource that it addressed.
    pub(crate) last_change: Option<&'a Change>,
    /// The requests that it belongs to, in order; empty: it stands alone.
    pub(crate) story: &'a [ExchangeRow],
    /// The time now.
    pub(crate) now: Millis,
}

/// What all the questions ask for.
struct Case<'a> {
    recorded: &'a Recorded<'a>,
    operation: Operation,
    provider: Provider,
    situation: Situation,
    /// Of the error that was answered.
    error: Error,
}

/// Who asked, as far as its ways are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Provider {
    Okta,
    Entra,
    /// An identity provider or a tool whose ways are not published, or nobody in particular.
    Other,
}

/// A SCIM error, RFC 7644 §3.12.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Error {
    scim_type: Option<String>,
    detail: Option<String>,
}

/// Answers every question about a request.
pub(crate) fn explain(recorded: &Recorded<'_>) -> Explanation {
    let operation = operation::of(&recorded.row.method, &recorded.row.path);
    let error = Error::read(recorded.response_body);
    let case = Case {
        operation,
        provider: Provider::of(&recorded.row.actor),
        situation: situation::of(recorded, operation, error.scim_type.as_deref()),
        error,
        recorded,
    };
    Explanation {
        cause: cause::of(&case),
        fix: fix::of(&case),
        effect: effect::describe(operation, recorded.changes, case.is_error(), recorded.subject),
        admin_sees: admin_sees::of(&case),
        next: next::of(&case),
        rfc: rfc::remark(
            if recorded.misaddressed.is_some() { Operation::Other } else { operation },
            recorded.row.status,
            case.error.scim_type.as_deref(),
            recorded.policy,
        ),
    }
}

/// What a request did, or would do.
pub(crate) fn effect(operation: Operation, changes: &[Change], is_error: bool, subject: &Subject) -> String {
    effect::describe(operation, changes, is_error, subject)
}

/// What is wrong with the address of a request that was answered 404; `None`: it led somewhere. `target` is as it arrived, `path` below the
/// base URL.
pub(crate) fn misaddressed(
    target: &str,
    status: u16,
    path: &str,
    known: &[path_doctor::Known],
) -> Option<Misaddressed> {
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let leads_nowhere = match segments.as_slice() {
        ["Users" | "Groups", id, ..] => path_doctor::is_endpoint(id),
        [first, ..] => !path_doctor::ENDPOINTS.contains(first),
        // The root of a directory is found; any other root is not.
        [] => true,
    };
    let names_nobody = || !known.iter().any(|known| path_doctor::names(target, known));
    (status == 404 && (leads_nowhere || names_nobody()))
        .then(|| path_doctor::diagnose(target.split('?').next().unwrap_or_default(), known))
}

impl Provider {
    fn of(actor: &str) -> Self {
        match actor {
            client::OKTA => Self::Okta,
            client::ENTRA => Self::Entra,
            _ => Self::Other,
        }
    }
}

impl Case<'_> {
    fn status(&self) -> u16 {
        self.recorded.row.status
    }

    fn is_error(&self) -> bool {
        self.status() >= 400
    }
}

impl Error {
    fn read(body: Option<&str>) -> Self {
        let body: Value = body.and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Self { scim_type: text("scimType"), detail: text("detail") }
    }
}

#[cfg(test)]
mod tests;
