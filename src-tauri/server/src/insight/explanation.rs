//! Why a recorded request came out as it did and what follows from it: a file for each question, and every answer a rule over what was
//! recorded.

mod admin_sees;
mod cause;
mod effect;
mod fix;
mod next;
mod situation;

use idp::{IdpId, Situation};
use scim::Policy;

use crate::clock::Millis;
use crate::facts::{Facts, Operation, Refusal};
use crate::insight::path_doctor::{self, Misaddressed};
use crate::insight::rfc;
use crate::model::{Authorization, Change, ExchangeRow, Explanation};

/// What was recorded of a request, and what is known beside it.
pub(crate) struct Recorded<'a> {
    pub(crate) row: &'a ExchangeRow,
    pub(crate) at: Millis,
    pub(crate) authorization: &'a Authorization,
    pub(crate) facts: &'a Facts,
    /// The body of the answer, as far as it is kept.
    pub(crate) answer: Option<&'a str>,
    pub(crate) changes: &'a [Change],
    /// Whether what it changed is no longer kept.
    pub(crate) is_change_gone: bool,
    /// Of its directory.
    pub(crate) policy: &'a Policy,
    /// What is wrong with its address, if it led nowhere.
    pub(crate) misaddressed: Option<&'a Misaddressed>,
    /// The newest change of the resource that it addressed.
    pub(crate) last_change: Option<&'a Change>,
    /// The requests that it belongs to, in order, each with what is known of it; empty: it stands alone.
    pub(crate) story: &'a [(ExchangeRow, Facts)],
    /// The time now.
    pub(crate) now: Millis,
}

/// What all the questions ask for.
struct Case<'a> {
    recorded: &'a Recorded<'a>,
    facts: &'a Facts,
    operation: Operation,
    /// Who asked; `None`: nobody that is known.
    idp: Option<IdpId>,
    situation: Situation,
}

/// Answers every question about a request.
pub(crate) fn explain(recorded: &Recorded<'_>) -> Explanation {
    let facts = recorded.facts;
    let case = Case {
        recorded,
        facts,
        operation: facts.operation,
        idp: recorded.row.actor.idp(),
        situation: situation::of(recorded),
    };
    Explanation {
        cause: cause::of(&case),
        fix: fix::of(&case),
        path: recorded.misaddressed.map(|misaddressed| misaddressed.path.clone()).unwrap_or_default(),
        effect: match recorded.is_change_gone {
            true => effect::GONE.to_owned(),
            false => effect::describe(facts, recorded.changes),
        },
        admin_sees: admin_sees::of(&case),
        next: next::of(&case),
        rfc: rfc::remark(
            if recorded.misaddressed.is_some() { Operation::Other } else { facts.operation },
            recorded.row.status,
            facts.refusal.as_ref().and_then(|refusal| refusal.scim_type),
            recorded.policy,
        ),
    }
}

/// What a request did, or would do.
pub(crate) fn effect(facts: &Facts, changes: &[Change]) -> String {
    effect::describe(facts, changes)
}

/// What is wrong with the address of a request; `None`: it led somewhere. `target` is as it arrived.
pub(crate) fn misaddressed(target: &str, facts: &Facts, known: &[path_doctor::Known]) -> Option<Misaddressed> {
    facts.leads_nowhere.then(|| path_doctor::diagnose(target.split('?').next().unwrap_or_default(), known))
}

impl Case<'_> {
    fn status(&self) -> u16 {
        self.recorded.row.status
    }

    fn is_error(&self) -> bool {
        self.facts.refusal.is_some()
    }

    /// What the client was told of why it was refused.
    fn detail(&self) -> Option<&str> {
        self.facts.refusal.as_ref().and_then(|Refusal { detail, .. }| detail.as_deref())
    }
}

#[cfg(test)]
mod tests;
