//! PATCH on groups, split so that membership can be rows of a table instead of a list of 10,000 elements.

use serde_json::{Map, Value};

use super::{Op, Operation, PatchPath, PatchRequest, pathless, unwrapped, within};
use crate::filter::check_element;
use crate::shape::prune;
use crate::target::note_dot;
use crate::{AttrPath, CompareOp, Filter, FilterValue, GROUP, Member, Notes, Policy, Result, ScimError};

/// One step of a PATCH on a group; steps are taken in order.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupStep {
    /// Operations on other attributes than `members`, for [`super::apply`].
    Attributes(PatchRequest),
    /// An operation on `members`.
    Members(MembersOp),
}

/// An operation on the members of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum MembersOp {
    /// These come in, if they are not in yet.
    Add(Vec<Member>),
    /// Those with these ids leave. Who is not in stays out without an error (RFC 7644 §3.5.2.2).
    Remove(Vec<String>),
    /// Those that meet a filter leave.
    RemoveMatching(Filter),
    /// These are the members from now on.
    Replace(Vec<Member>),
    /// All leave.
    RemoveAll,
    /// These take the places of those that meet a filter.
    ReplaceMatching {
        /// Who leaves.
        filter: Filter,
        /// Who comes in.
        members: Vec<Member>,
    },
}

/// Splits a PATCH on the group `id` into steps. Neighboring operations of the same kind become one step.
///
/// # Errors
/// As for [`super::apply`], for what concerns `members`.
pub fn group_steps(patch: &PatchRequest, id: &str, policy: &Policy, notes: &mut Notes) -> Result<Vec<GroupStep>> {
    let mut splitter = Splitter { policy, notes, steps: Vec::new() };
    for operation in &patch.operations {
        splitter.split(operation).map_err(|error| within(error, operation.number))?;
    }
    let joins_itself = |step: &GroupStep| match step {
        GroupStep::Members(MembersOp::Add(members) | MembersOp::Replace(members)) => {
            members.iter().any(|member| member.value == id)
        }
        _ => false,
    };
    if splitter.steps.iter().any(joins_itself) {
        return Err(ScimError::invalid_value("A group cannot be a member of itself."));
    }
    Ok(splitter.steps)
}

struct Splitter<'a> {
    policy: &'a Policy,
    notes: &'a mut Notes,
    steps: Vec<GroupStep>,
}

impl Splitter<'_> {
    fn split(&mut self, operation: &Operation) -> Result<()> {
        let Some(path) = &operation.path else { return self.split_pathless(operation) };
        match self.members_path(path)? {
            Some(path) => self.members(operation.op, &path, operation.value.clone()),
            None => {
                self.push_attributes(operation.clone());
                Ok(())
            }
        }
    }

    /// The path if it is about the members.
    fn members_path(&mut self, path: &PatchPath) -> Result<Option<PatchPath>> {
        if is_members(&path.path) {
            return Ok(Some(path.clone()));
        }
        let Some(meant) = path.path.with_colon().filter(is_members) else { return Ok(None) };
        note_dot(&path.path, &meant, self.policy, self.notes, ScimError::invalid_path)?;
        Ok(Some(PatchPath { path: meant, filter: path.filter.clone() }))
    }

    fn split_pathless(&mut self, operation: &Operation) -> Result<()> {
        let mut rest = Map::new();
        let mut members = Vec::new();
        for (key, value) in pathless(operation.value.as_ref(), self.policy, self.notes)? {
            match value {
                Value::Object(core) if key.eq_ignore_ascii_case(GROUP) => {
                    let (inner, others): (Vec<_>, Vec<_>) = core.into_iter().partition(|(key, _)| names_members(key));
                    members.extend(inner);
                    if !others.is_empty() {
                        rest.insert(key, Value::Object(others.into_iter().collect()));
                    }
                }
                value if names_members(&key) => members.push((key, value)),
                value => drop(rest.insert(key, value)),
            }
        }
        if !rest.is_empty() {
            self.push_attributes(Operation { value: Some(Value::Object(rest)), ..operation.clone() });
        }
        for (key, value) in members {
            let path = PatchPath::parse(&key, self.policy, self.notes)?;
            if let Some(path) = self.members_path(&path)? {
                self.members(operation.op, &path, Some(value))?;
            }
        }
        Ok(())
    }

    fn members(&mut self, op: Op, path: &PatchPath, value: Option<Value>) -> Result<()> {
        let filter = match (&path.filter, Member::schema()) {
            (Some(filter), Some(attribute)) => Some(check_element(filter, attribute, self.policy, self.notes)?),
            _ => None,
        };
        let step = match (op, filter, path.path.sub.as_deref()) {
            (op, None, None) => self.all(op, value)?,
            (Op::Add, Some(filter), None) => self.add_described(&filter, value)?,
            (Op::Replace, Some(filter), None) => self.replace_described(filter, value)?,
            (Op::Remove, Some(filter), None) => removal(filter),
            (op, None, Some(sub)) if sub.eq_ignore_ascii_case("value") && !self.policy.is_strict() => {
                let text = "`members.value` names a part of the members; it was read as `members`.";
                self.notes.add("path-without-filter", "RFC 7644 §3.5.2", text);
                self.all(op, value)?
            }
            (op, Some(filter), Some(sub)) if sub.eq_ignore_ascii_case("display") && !self.policy.is_strict() => {
                self.rename_described(op, filter, value)?
            }
            (_, _, Some(sub)) => {
                return Err(ScimError::mutability(format!(
                    "`members.{sub}` cannot be changed; remove the member and add another one."
                )));
            }
        };
        self.push(step);
        Ok(())
    }

    /// An operation on `members` as a whole.
    fn all(&mut self, op: Op, value: Option<Value>) -> Result<MembersOp> {
        let value = match (value, Member::schema()) {
            (Some(value), Some(attribute)) => Some(unwrapped(value, attribute, self.policy, self.notes)),
            (value, _) => value,
        };
        match op {
            Op::Add => self.list(value).map(MembersOp::Add),
            Op::Replace => self.list(value).map(MembersOp::Replace),
            Op::Remove => self.remove(value),
        }
    }

    fn list(&mut self, value: Option<Value>) -> Result<Vec<Member>> {
        Member::parse_list(value.unwrap_or(Value::Null), self.policy, self.notes)
    }

    /// Without a value all leave. With one, which the RFC does not provide for, those that it lists
    /// (`entra-35-group-remove-member-value-array`, `entra-38-group-remove-non-member`).
    fn remove(&mut self, value: Option<Value>) -> Result<MembersOp> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(MembersOp::RemoveAll) };
        if self.policy.refuse_remove_with_value() {
            return Err(ScimError::invalid_value(
                "A `remove` has no value; select members with a filter: members[value eq \"…\"].",
            ));
        }
        let text = "A `remove` has no value; only the members that it listed were removed.";
        self.notes.add("remove-with-value", "RFC 7644 §3.5.2.2", text);
        Ok(MembersOp::Remove(self.list(Some(value))?.into_iter().map(|member| member.value).collect()))
    }

    /// `add` with `members[value eq "x"]`: x comes in (`bitwarden-01-add-member-via-filter-no-value`).
    fn add_described(&mut self, filter: &Filter, value: Option<Value>) -> Result<MembersOp> {
        if self.policy.refuse_unmatched_filters() {
            return Err(ScimError::no_target(format!(
                "`members[{filter}]` selects members; a new one belongs into `value`."
            )));
        }
        let text = "The filter of an `add` named the members to add; they were taken from it.";
        self.notes.add("filter-without-match", "RFC 7644 §3.5.2.1", text);
        let described = self.complete(filter, value)?;
        Ok(MembersOp::Add(described))
    }

    fn replace_described(&mut self, filter: Filter, value: Option<Value>) -> Result<MembersOp> {
        if value.clone().and_then(prune).is_none() {
            return Ok(removal(filter));
        }
        let members = match &value {
            Some(Value::Object(_)) => self.complete(&filter, value)?,
            _ => self.list(value)?,
        };
        Ok(MembersOp::ReplaceMatching { filter, members })
    }

    /// `members[value eq "x"].display`: the only part of a member that is not its identity.
    fn rename_described(&mut self, op: Op, filter: Filter, value: Option<Value>) -> Result<MembersOp> {
        let text = "A member's `display` is immutable; it was changed all the same.";
        self.notes.add("member-display", "RFC 7643 §4.2", text);
        let display = value.filter(|_| op != Op::Remove).unwrap_or(Value::Null);
        let members = self.complete(&filter, Some(Value::Object(Map::from_iter([("display".to_owned(), display)]))))?;
        Ok(MembersOp::ReplaceMatching { filter, members })
    }

    /// The members that a filter and a value describe together.
    fn complete(&mut self, filter: &Filter, value: Option<Value>) -> Result<Vec<Member>> {
        let parts = match value {
            Some(Value::Array(mut elements)) if elements.len() == 1 => elements.remove(0),
            Some(value) => value,
            None => Value::Null,
        };
        let Value::Object(parts) = parts else {
            return match (parts, ids(filter)) {
                (Value::Null, Some(ids)) => {
                    Ok(ids.into_iter().map(|value| Member { value, display: None, kind: None }).collect())
                }
                (Value::Null, None) => {
                    Err(ScimError::no_target(format!("`members[{filter}]` does not say whom to add.")))
                }
                (value, _) => self.list(Some(value)),
            };
        };
        let mut described = filter.describes().unwrap_or_default();
        described.extend(parts);
        self.list(Some(Value::Array(vec![Value::Object(described)])))
    }

    fn push_attributes(&mut self, operation: Operation) {
        match self.steps.last_mut() {
            Some(GroupStep::Attributes(request)) => request.operations.push(operation),
            _ => self.steps.push(GroupStep::Attributes(PatchRequest { operations: vec![operation] })),
        }
    }

    fn push(&mut self, step: MembersOp) {
        match (self.steps.last_mut(), step) {
            (Some(GroupStep::Members(MembersOp::Add(members))), MembersOp::Add(more)) => members.extend(more),
            (Some(GroupStep::Members(MembersOp::Remove(ids))), MembersOp::Remove(more)) => ids.extend(more),
            (_, step) => self.steps.push(GroupStep::Members(step)),
        }
    }
}

/// Those who meet a filter leave.
fn removal(filter: Filter) -> MembersOp {
    ids(&filter).map_or_else(|| MembersOp::RemoveMatching(filter), MembersOp::Remove)
}

/// The ids of `value eq "a"` and of `value eq "a" or value eq "b"`; `None` if the filter says something else.
fn ids(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare { path, op: CompareOp::Eq, value: FilterValue::String(id) } if path.attribute == "value" => {
            Some(vec![id.clone()])
        }
        Filter::Or(left, right) => {
            let mut both = ids(left)?;
            both.extend(ids(right)?);
            Some(both)
        }
        _ => None,
    }
}

fn names_members(key: &str) -> bool {
    let path = &key[..key.find('[').unwrap_or(key.len())];
    let path = AttrPath::parse(path).or_else(|| AttrPath::parse_with_colon(path));
    path.is_some_and(|path| is_members(&path) || path.with_colon().is_some_and(|path| is_members(&path)))
}

fn is_members(path: &AttrPath) -> bool {
    path.attribute.eq_ignore_ascii_case("members")
        && path.schema.as_ref().is_none_or(|schema| schema.eq_ignore_ascii_case(GROUP))
}
