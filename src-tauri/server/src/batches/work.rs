//! Carries out a batch: as bulk requests of a person, which are recorded and go the way of every other.

use serde_json::{Value, json};

use super::plan::{Member, Plan, PlannedRow, members, patch};
use super::record::{Outcome, Record};
use crate::model::{BatchProblem, DirectoryId, ImportAction, ResourceKind, SelectionChange};
use crate::provisioning::Provisioning;
use crate::store::listing::ListingRow;

/// Operations of one request: few enough that whoever watches sees it go on, and that stopping is quick.
const OPERATIONS: usize = 100;

/// Bytes of one request, unless a single operation has more: what is recorded of a body has a bound.
const BYTES: usize = 512 << 10;

/// Members that one operation adds.
const MEMBERS: usize = 500;

/// Where requests go.
pub(super) struct Sender<'s> {
    pub(super) provisioning: &'s Provisioning,
    pub(super) directory: DirectoryId,
    pub(super) record: &'s Record,
    /// Told after each request.
    pub(super) tell: &'s (dyn Fn() + Send + Sync),
    pub(super) stop_on_error: bool,
}

/// Why no further requests are sent.
pub(super) struct Ended(pub(super) String);

/// Why an operation was not done.
struct Refusal {
    text: String,
    /// What it is about is not there.
    is_missing: bool,
}

/// One of a bulk request.
struct Operation(Value);

impl Operation {
    fn new(method: &str, path: &str, data: Option<Value>) -> Self {
        let mut operation = json!({"method": method, "path": path});
        if let Some(data) = data {
            operation["data"] = data;
        }
        Self(operation)
    }
}

impl Sender<'_> {
    /// Sends operations, in their order, and passes on what became of each: the id of what it is about, or why it was not done.
    async fn send(
        &self,
        operations: Vec<Operation>,
        mut hear: impl FnMut(usize, Result<Option<String>, Refusal>),
    ) -> Result<(), Ended> {
        let mut operations = operations.into_iter().enumerate().peekable();
        while operations.peek().is_some() {
            if self.record.is_stopped() {
                return Err(Ended("You stopped it.".into()));
            }
            let (mut some, mut indexes, mut bytes) = (Vec::new(), Vec::new(), 0);
            for (index, Operation(mut value)) in operations.by_ref() {
                // A strict directory wants one in each POST, and answers carry it.
                value["bulkId"] = format!("{index}").into();
                bytes += value.to_string().len();
                some.push(value);
                indexes.push(index);
                if some.len() == OPERATIONS || bytes >= BYTES {
                    break;
                }
            }
            let mut body = json!({"schemas": [scim::BULK_REQUEST], "Operations": some});
            if self.stop_on_error {
                body["failOnErrors"] = 1.into();
            }
            let sent = self.provisioning.send_bulk(self.directory.clone(), body.to_string()).await;
            let answer = sent.map_err(|error| Ended(error.to_string()))?;
            let mut has_failed = false;
            for result in answer["Operations"].as_array().into_iter().flatten() {
                let index = result["bulkId"].as_str().and_then(|id| id.parse().ok());
                let Some(index) = index.filter(|index| indexes.contains(index)) else { continue };
                let result = read(result);
                has_failed |= result.is_err();
                hear(index, result);
            }
            (self.tell)();
            if has_failed && self.stop_on_error {
                return Err(Ended("It ended at the first one that failed.".into()));
            }
        }
        Ok(())
    }
}

/// What became of an operation.
fn read(result: &Value) -> Result<Option<String>, Refusal> {
    // A server writes it as a text (RFC 7644 §3.7), and as a number in the days of drafts.
    let status = result["status"].as_str().and_then(|status| status.parse().ok()).or(result["status"].as_u64());
    if status.is_some_and(|status| status < 400) {
        let location = result["location"].as_str();
        return Ok(location.and_then(|location| location.rsplit('/').next()).map(str::to_owned));
    }
    let detail = result["response"]["detail"].as_str();
    let text = detail.unwrap_or("The directory refused it and does not say why.").to_owned();
    Err(Refusal { text, is_missing: status == Some(404) })
}

/// Carries out an import.
pub(super) async fn import(sender: &Sender<'_>, mut plan: Plan) -> Result<(), Ended> {
    let record = sender.record;
    for row in &plan.rows {
        match row.action {
            ImportAction::Skip => record.count(&Outcome::Skipped),
            ImportAction::Refuse => fail(record, row, row.remark.clone().unwrap_or_default()),
            _ => {}
        }
    }
    (sender.tell)();
    let of_kind = |plan: &Plan, kind| {
        let wanted = plan.rows.iter().enumerate().filter(|(_, row)| row.kind == kind && row.is_imported());
        wanted.map(|(index, _)| index).collect::<Vec<_>>()
    };
    let users = of_kind(&plan, ResourceKind::User);
    send_rows(sender, &mut plan, &users, |plan, index| {
        let (method, path, body) = plan.rows[index].request()?;
        Some(Operation::new(method, &path, Some(body)))
    })
    .await?;
    // What names others waits until these are there.
    let mut later = Vec::new();
    for index in users {
        let row = &plan.rows[index];
        let (Some(id), Some(manager)) = (&row.id, row.manager) else { continue };
        match &plan.rows[manager].id {
            Some(manager) => {
                let value = json!({"op": "replace", "value": {scim::ENTERPRISE_USER: {"manager": {"value": manager}}}});
                later.push((index, Operation::new("PATCH", &format!("/Users/{id}"), Some(patch(vec![value])))));
            }
            None => record.note(problem(row, "The manager could not be set: that user was not imported.".into())),
        }
    }
    let groups = of_kind(&plan, ResourceKind::Group);
    // Groups that are not there yet cannot be members: they come when all are.
    let mut of_groups = Vec::new();
    for index in &groups {
        let Found { ids, to_come, lost } = found(&plan, *index);
        of_groups.push((*index, to_come));
        if lost > 0 {
            let text = format!("{} could not be added: they were not imported.", members(lost));
            record.note(problem(&plan.rows[*index], text));
        }
        plan.rows[*index].members = ids.into_iter().map(Member::There).collect();
    }
    send_rows(sender, &mut plan, &groups, |plan, index| group_operation(&plan.rows[index])).await?;
    for (index, to_come) in of_groups {
        let row = &plan.rows[index];
        let ids: Vec<_> = to_come.into_iter().filter_map(|member| plan.rows[member].id.clone()).collect();
        if let Some(id) = row.id.as_ref().filter(|_| !ids.is_empty()) {
            later.push((index, Operation::new("PATCH", &format!("/Groups/{id}"), Some(patch(vec![addition(&ids)])))));
        }
    }
    let (indexes, operations): (Vec<_>, Vec<_>) = later.into_iter().unzip();
    sender
        .send(operations, |place, result| {
            if let Err(refusal) = result {
                record.note(problem(&plan.rows[indexes[place]], refusal.text));
            }
        })
        .await
}

/// Sends the requests of some rows, and takes in what became of each.
async fn send_rows(
    sender: &Sender<'_>,
    plan: &mut Plan,
    indexes: &[usize],
    operation: impl Fn(&Plan, usize) -> Option<Operation>,
) -> Result<(), Ended> {
    let (mut sent, mut operations) = (Vec::new(), Vec::new());
    for index in indexes {
        match operation(plan, *index) {
            Some(operation) => {
                sent.push(*index);
                operations.push(operation);
            }
            None => sender.record.count(&Outcome::Skipped),
        }
    }
    sender
        .send(operations, |place, result| {
            let row = &mut plan.rows[sent[place]];
            match result {
                Ok(id) => {
                    row.id = id.or(row.id.take());
                    let is_new = row.action == ImportAction::Create;
                    sender.record.count(if is_new { &Outcome::Created } else { &Outcome::Updated });
                    if let Some(remark) = row.remark.clone() {
                        sender.record.note(problem(row, remark));
                    }
                }
                Err(refusal) => fail(sender.record, row, refusal.text),
            }
        })
        .await
}

/// The members of a row: those that are there, the rows that are not there yet, and how many will not be.
struct Found {
    ids: Vec<String>,
    to_come: Vec<usize>,
    lost: usize,
}

fn found(plan: &Plan, index: usize) -> Found {
    let mut found = Found { ids: Vec::new(), to_come: Vec::new(), lost: 0 };
    for member in &plan.rows[index].members {
        match member {
            Member::There(id) => found.ids.push(id.clone()),
            Member::Row(row) => {
                let row_of = &plan.rows[*row];
                match &row_of.id {
                    Some(id) => found.ids.push(id.clone()),
                    None if row_of.kind == ResourceKind::Group && row_of.is_imported() => found.to_come.push(*row),
                    None => found.lost += 1,
                }
            }
        }
    }
    found
}

/// The request that creates or changes a group, with the members that are there; `None`: there is nothing to change.
fn group_operation(row: &PlannedRow) -> Option<Operation> {
    let ids: Vec<String> = row
        .members
        .iter()
        .filter_map(|member| match member {
            Member::There(id) => Some(id.clone()),
            Member::Row(_) => None,
        })
        .collect();
    match &row.id {
        Some(id) => {
            let mut operations = Vec::new();
            if !row.body.is_empty() {
                operations.push(json!({"op": "replace", "value": row.body}));
            }
            if !ids.is_empty() {
                operations.push(addition(&ids));
            }
            let is_some = !operations.is_empty();
            is_some.then(|| Operation::new("PATCH", &format!("/Groups/{id}"), Some(patch(operations))))
        }
        None => {
            let mut body = row.body.clone();
            if !ids.is_empty() {
                body.insert("members".into(), values(&ids));
            }
            Some(Operation::new("POST", "/Groups", Some(Value::Object(body))))
        }
    }
}

fn addition(ids: &[String]) -> Value {
    json!({"op": "add", "path": "members", "value": values(ids)})
}

fn values(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

/// Changes all rows of a selection.
pub(super) async fn change(
    sender: &Sender<'_>,
    kind: ResourceKind,
    rows: &[ListingRow],
    what: &SelectionChange,
) -> Result<(), Ended> {
    let endpoint = kind.endpoint();
    let path = |row: &ListingRow| format!("/{endpoint}/{}", row.id);
    let active = |is_active: bool| patch(vec![json!({"op": "replace", "path": "active", "value": is_active})]);
    let (each, outcome) = match what {
        SelectionChange::Deactivate | SelectionChange::Reactivate => (1, Outcome::Updated),
        SelectionChange::Delete => (1, Outcome::Deleted),
        SelectionChange::AddToGroup { .. } => (MEMBERS, Outcome::Updated),
    };
    // A group cannot be a member of itself.
    let is_itself = |row: &&ListingRow| matches!(what, SelectionChange::AddToGroup { group_id } if *group_id == row.id);
    let (itself, rows): (Vec<_>, Vec<_>) = rows.iter().partition(is_itself);
    itself.iter().for_each(|_| sender.record.count(&Outcome::Skipped));
    let operation = |part: &&[&ListingRow]| match what {
        SelectionChange::Deactivate => Operation::new("PATCH", &path(part[0]), Some(active(false))),
        SelectionChange::Reactivate => Operation::new("PATCH", &path(part[0]), Some(active(true))),
        SelectionChange::Delete => Operation::new("DELETE", &path(part[0]), None),
        SelectionChange::AddToGroup { group_id } => {
            let ids: Vec<String> = part.iter().map(|row| row.id.clone()).collect();
            Operation::new("PATCH", &format!("/Groups/{group_id}"), Some(patch(vec![addition(&ids)])))
        }
    };
    let mut parts: Vec<&[&ListingRow]> = rows.chunks(each).collect();
    while !parts.is_empty() {
        let mut halves = Vec::new();
        let hear = |place: usize, result: Result<_, Refusal>| match (parts[place], result) {
            (part, Ok(_)) => part.iter().for_each(|_| sender.record.count(&outcome)),
            // One that is refused is no reason for the others.
            (part, Err(Refusal { is_missing: false, .. })) if part.len() > 1 => {
                halves.extend(part.chunks(part.len().div_ceil(2)));
            }
            (part, Err(Refusal { text, .. })) => {
                for row in part {
                    sender.record.count(&Outcome::Failed);
                    let (name, text) = (row.name.clone(), text.clone());
                    sender.record.note(BatchProblem { line: None, kind, name, text });
                }
            }
        };
        sender.send(parts.iter().map(operation).collect(), hear).await?;
        parts = halves;
    }
    Ok(())
}

fn fail(record: &Record, row: &PlannedRow, text: String) {
    record.count(&Outcome::Failed);
    record.note(problem(row, text));
}

fn problem(row: &PlannedRow, text: String) -> BatchProblem {
    BatchProblem { line: Some(row.line), kind: row.kind, name: row.name.clone(), text }
}
