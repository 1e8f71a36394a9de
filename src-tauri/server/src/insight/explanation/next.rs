//! What the identity provider does after a request. If it has done so already, the request in which it did is named.

use idp::next::{Answered, Next};

use super::Case;
use crate::clock::Millis;
use crate::facts::Query;
use crate::model::NextStep;

/// How long to wait for what has to follow before it is called missing. Okta creates within 300 ms of the look-up.
const PATIENCE: Millis = 10_000;

pub(super) fn of(case: &Case<'_>) -> Option<NextStep> {
    let query = case.facts.query.as_ref();
    let Next { text, follows, missing } = case.idp?.idp().next.value()?(&Answered {
        operation: case.operation,
        situation: case.situation,
        status: case.status(),
        deactivates: case.facts.deactivates,
        total: case.facts.total(),
        page: query.and_then(|query| query.start_index.zip(query.count)),
        is_for_guid: query.is_some_and(Query::is_for_guid),
    })?;
    let recorded = case.recorded;
    let mut later = recorded.story.iter().filter(|(row, _)| row.id > recorded.row.id);
    let exchange_id = later.find(|(_, facts)| follows.contains(&facts.operation)).map(|(row, _)| row.id);
    let is_missing = exchange_id.is_none() && !missing.is_empty() && recorded.now - recorded.at > PATIENCE;
    let text = if is_missing { format!("{text} {missing}") } else { text.into_owned() };
    Some(NextStep { text, exchange_id })
}
