//! `/Bulk`, RFC 7644 §3.7: each operation goes through the same handlers as a request of its own.
//!
//! An operation that names another one's `bulkId` waits until that one has run. Where operations wait for each other in a circle, one of them
//! creates its resource without what it cannot name yet, and a PUT of the whole body completes it once all are there.

mod order;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use axum::http::Method;
use axum::http::header::{ETAG, LOCATION};
use scim::{BulkOperation, BulkRequest, BulkResult, Notes, ScimError};
use serde_json::{Map, Value};

use self::order::Order;
use super::call::{Call, Response};
use super::endpoints;
use super::limits::MOST_OPERATIONS;
use super::query::Parameters;
use super::reply::Reply;
use super::route;
use crate::directory::Failure;
use crate::directory::cause::Cause;
use crate::directory::conditions::Conditions;
use crate::facts::{BulkTally, Facts, Push, Refusal, read_refused_value};
use crate::model::Change;

/// How long operations of one request are begun: identity providers wait for a minute at the most.
const TIME: Duration = Duration::from_secs(30);

pub(super) async fn carry_out(call: &mut Call<'_>) -> Result<Response, Failure> {
    let body = call.json()?;
    let request = BulkRequest::parse(body, MOST_OPERATIONS, &call.scope.policy, &mut call.notes)?;
    let mut run = Run::new(call, &request.operations)?;
    run.all(request.fail_on_errors).await;
    let (tally, pushes, changes, results) = (run.tally, run.pushes, run.changes, run.results);
    (call.facts.bulk, call.facts.pushes, call.is_body_read) = (Some(tally), pushes, true);
    let results = results.into_iter().flatten().collect();
    Ok(Response::of(Reply::ok(scim::bulk_response(results).to_string()), changes))
}

/// The work on one bulk request.
struct Run<'r, 'c> {
    call: &'r mut Call<'c>,
    operations: &'r [BulkOperation],
    /// By `bulkId`: the ids of what was created.
    ids: HashMap<String, String>,
    /// By position; `None`: not run yet.
    results: Vec<Option<BulkResult>>,
    changes: Vec<Change>,
    /// What the operations did to users, or failed to do, in the order in which they ran.
    pushes: Vec<Push>,
    tally: BulkTally,
}

impl<'r, 'c> Run<'r, 'c> {
    fn new(call: &'r mut Call<'c>, operations: &'r [BulkOperation]) -> Result<Self, ScimError> {
        let mut seen = HashSet::new();
        if let Some(twice) =
            operations.iter().filter_map(|operation| operation.bulk_id.as_ref()).find(|id| !seen.insert(*id))
        {
            return Err(ScimError::invalid_value(format!("The bulkId {twice:?} appears twice.")));
        }
        let results = operations.iter().map(|_| None).collect();
        Ok(Self {
            call,
            operations,
            ids: HashMap::new(),
            results,
            changes: Vec::new(),
            pushes: Vec::new(),
            tally: BulkTally::default(),
        })
    }

    async fn all(&mut self, fail_on_errors: Option<u64>) {
        let until = Instant::now() + TIME;
        let mut order = Order::of(self.operations);
        let mut to_complete = Vec::new();
        while let Some(next) = order.next() {
            let result = if Instant::now() > until {
                too_late(&self.operations[next.index])
            } else {
                let operation = self.operations[next.index].resolved(&self.ids);
                if next.is_whole {
                    self.one(&operation).await
                } else {
                    to_complete.push(next.index);
                    self.one(&without_references(&operation)).await
                }
            };
            self.keep(next.index, result);
            if self.has_failed(fail_on_errors) {
                break;
            }
        }
        for index in to_complete {
            if self.has_failed(fail_on_errors) {
                self.leave_incomplete(index);
            } else {
                self.complete(index, until).await;
            }
        }
    }

    /// Whether there are as many errors as the client allows.
    fn has_failed(&self, fail_on_errors: Option<u64>) -> bool {
        fail_on_errors.is_some_and(|most| self.tally.failed >= most)
    }

    fn keep(&mut self, index: usize, result: BulkResult) {
        let operation = &self.operations[index];
        if result.status < 400 {
            self.tally.worked += 1;
            let id = result.location.as_deref().and_then(|location| location.rsplit('/').next());
            if let (Some(bulk_id), Some(id)) = (&operation.bulk_id, id) {
                self.ids.insert(bulk_id.clone(), id.to_owned());
            }
        } else {
            self.tally.failed += 1;
        }
        self.results[index] = Some(result);
    }

    /// Says of what was created without its references that it stays so.
    fn leave_incomplete(&mut self, index: usize) {
        let Some(created) = self.results[index].take_if(|result| result.status == 201) else { return };
        let error = ScimError::unavailable(
            "The resource was created, but without the other new resources that it names: there were as many errors before as \
             failOnErrors allows. Send the whole resource in a PUT.",
        );
        (self.tally.worked, self.tally.failed) = (self.tally.worked - 1, self.tally.failed + 1);
        self.results[index] = Some(BulkResult { status: error.status, response: Some(error.to_json()), ..created });
    }

    /// Gives what was created without its references the whole of its body.
    async fn complete(&mut self, index: usize, until: Instant) {
        let Some(created) = self.results[index].take() else { return };
        let operation = &self.operations[index];
        let id = operation.bulk_id.as_ref().and_then(|bulk_id| self.ids.get(bulk_id));
        let completed = match (created.status, id) {
            (201, Some(id)) => {
                let whole = operation.resolved(&self.ids);
                let path = format!("{}/{id}", whole.path.trim_end_matches('/'));
                let put = BulkOperation { method: "PUT".into(), path, version: None, ..whole };
                let result = if Instant::now() > until { too_late(&put) } else { self.one(&put).await };
                if result.status < 400 {
                    BulkResult { version: result.version.or(created.version.clone()), ..created }
                } else {
                    (self.tally.worked, self.tally.failed) = (self.tally.worked - 1, self.tally.failed + 1);
                    BulkResult { method: created.method, ..result }
                }
            }
            _ => created,
        };
        self.results[index] = Some(completed);
    }

    /// Runs an operation whose references are resolved as far as they can be.
    async fn one(&mut self, operation: &BulkOperation) -> BulkResult {
        let mut facts = facts_of(operation);
        let answered = self.answer(operation, &mut facts).await;
        let response = answered.unwrap_or_else(Response::refused);
        facts.refusal = response.error.as_ref().map(Refusal::from);
        self.changes.extend(response.changes);
        self.note_push(operation, facts);
        let header = |name| response.reply.header(name).map(str::to_owned);
        let addressed = || format!("{}/{}", self.call.scope.base_url, operation.path.trim_start_matches('/'));
        BulkResult {
            method: operation.method.clone(),
            bulk_id: operation.bulk_id.clone(),
            location: header(&LOCATION).or_else(|| (operation.method != "POST").then(addressed)),
            version: header(&ETAG),
            status: response.reply.status(),
            response: response.error.as_ref().map(ScimError::to_json),
        }
    }

    /// Takes in what an operation did to a user.
    fn note_push(&mut self, operation: &BulkOperation, mut facts: Facts) {
        if let Some(data) = operation.data.as_ref().filter(|_| facts.refusal.is_some()) {
            read_refused_value(&mut facts, &operation.method, data, false);
        }
        facts.note_push(&operation.method);
        self.pushes.append(&mut facts.pushes);
    }

    async fn answer(&mut self, operation: &BulkOperation, facts: &mut Facts) -> Result<Response, Failure> {
        if let Some(unknown) = operation.references().into_iter().next() {
            return Err(ScimError::invalid_value(format!(
                "No operation of this request created anything with the bulkId {unknown:?}."
            ))
            .into());
        }
        let method = match operation.method.as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            other => {
                return Err(ScimError::invalid_value(format!(
                    "A bulk operation is a POST, PUT, PATCH or DELETE, not {other:?} (RFC 7644 §3.7)."
                ))
                .into());
            }
        };
        if method == Method::POST && operation.bulk_id.is_none() && self.call.scope.policy.is_strict() {
            return Err(ScimError::invalid_value("A POST in a bulk request needs a bulkId (RFC 7644 §3.7).").into());
        }
        let (path, query) = match operation.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (operation.path.as_str(), None),
        };
        let segments = route::segments(path);
        let rest = route::as_strs(&segments);
        if !matches!(rest.as_slice(), ["Users" | "Groups", ..]) || rest.last() == Some(&".search") {
            return Err(ScimError::invalid_value(format!(
                "The path of a bulk operation is one such as /Users or /Groups/2819c223, not {path:?}."
            ))
            .into());
        }
        let body = operation.data.as_ref().map(ToString::to_string).unwrap_or_default();
        let conditions = Conditions::parse(operation.version.as_deref(), None);
        let mut call = Call {
            core: self.call.core,
            scope: self.call.scope.clone(),
            cause: Cause { conditions, ..self.call.cause.clone() },
            parameters: Parameters::parse(query),
            notes: std::mem::replace(&mut self.call.notes, Notes::new()),
            method,
            limits: self.call.limits,
            longest_read: self.call.longest_read,
            head: None,
            body: body.as_bytes(),
            facts: std::mem::take(facts),
            is_body_read: false,
        };
        let response = endpoints::carry_out(&mut call, &rest).await;
        (self.call.notes, *facts) = (call.notes, call.facts);
        response
    }
}

/// What becomes of an operation for which there was no time.
fn too_late(operation: &BulkOperation) -> BulkResult {
    let text = format!(
        "The operations before this one took {} seconds, which is the most for one request. It was not carried out; send fewer operations at a \
         time.",
        TIME.as_secs()
    );
    let error = ScimError::unavailable(text);
    BulkResult {
        method: operation.method.clone(),
        bulk_id: operation.bulk_id.clone(),
        location: None,
        version: None,
        status: error.status,
        response: Some(error.to_json()),
    }
}

/// What is known of an operation before it is carried out.
fn facts_of(operation: &BulkOperation) -> Facts {
    let segments = route::segments(operation.path.split('?').next().unwrap_or_default());
    Facts::of(&operation.method, &route::as_strs(&segments), &[])
}

/// The operation without the values that hold a reference.
fn without_references(operation: &BulkOperation) -> BulkOperation {
    BulkOperation { data: operation.data.clone().and_then(strip), ..operation.clone() }
}

fn strip(value: Value) -> Option<Value> {
    match value {
        Value::String(text) if text.starts_with("bulkId:") => None,
        Value::Array(elements) => Some(elements.into_iter().filter_map(strip).collect()),
        Value::Object(object) => {
            let names_other = object.get("value").and_then(Value::as_str).is_some_and(|id| id.starts_with("bulkId:"));
            let stripped = || object.into_iter().filter_map(|(name, value)| Some((name, strip(value)?)));
            (!names_other).then(|| Value::Object(stripped().collect::<Map<_, _>>()))
        }
        other => Some(other),
    }
}
