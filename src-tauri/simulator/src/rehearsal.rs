//! A server that does everything right, in memory: what a run would send is found out by playing it against this one.

use std::collections::HashMap;
use std::time::Duration;

use scim::{ResourceKind, ScimError, comparison_key};
use serde_json::{Map, Value, json};
use wire::Answer;

use crate::exchange::Request;
use crate::progress::readable;
use crate::tenant::Tenant;

/// The ideal server. It knows what simulated identity providers ask, not all of SCIM.
#[derive(Clone, Debug)]
pub(crate) struct IdealServer {
    users: Kept,
    groups: Kept,
    next_id: u32,
}

#[derive(Clone, Debug)]
struct Kept {
    /// The attribute that names a resource.
    name: &'static str,
    /// In the order in which they were created.
    by_id: Map<String, Value>,
    /// In lower case.
    by_name: HashMap<String, String>,
}

impl IdealServer {
    /// A server that has what the tenant believes it has.
    pub(crate) fn of(tenant: &Tenant) -> Self {
        let (mut users, mut groups) = (Kept::new(ResourceKind::User), Kept::new(ResourceKind::Group));
        for account in &tenant.accounts {
            let Some(id) = &account.remote_id else { continue };
            let person = &account.person;
            let body = json!({ "userName": person.user_name, "externalId": person.uuid, "active": account.is_active });
            users.put(id.clone(), body);
        }
        for (position, group) in tenant.groups.iter().enumerate() {
            let Some(id) = &group.remote_id else { continue };
            let members: Vec<Value> =
                tenant.member_ids(position, |_| true).iter().map(|(id, _)| json!({ "value": id })).collect();
            groups.put(id.clone(), json!({ "displayName": group.name, "externalId": group.uuid, "members": members }));
        }
        Self { users, groups, next_id: 0 }
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        if request.credential != crate::exchange::Credential::Token {
            return refusal(&ScimError::unauthorized("No."));
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut segments = path.split('/').skip(1);
        let (kind, id) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        let body = request.json();
        let next = format!("00000000-0000-4000-8000-{:012}", self.next_id);
        let kept = match ResourceKind::of_endpoint(kind) {
            Some(ResourceKind::User) => &mut self.users,
            Some(ResourceKind::Group) => &mut self.groups,
            None => return answer(200, &json!({ "patch": { "supported": true }, "filter": { "supported": true } })),
        };
        match (request.method, id) {
            ("GET", "") => answer(200, &kept.list(query)),
            ("POST", "") if kept.named(&body).is_some() => refusal(&ScimError::uniqueness("Taken.")),
            ("POST", "") => {
                self.next_id += 1;
                kept.put(next.clone(), body);
                answer(201, &kept.shown(&next))
            }
            (_, id) if !kept.by_id.contains_key(id) => refusal(&ScimError::not_found("Not found.")),
            ("GET", id) => answer(200, &kept.shown(id)),
            ("PUT", id) => {
                kept.put(id.to_owned(), body);
                answer(200, &kept.shown(id))
            }
            ("PATCH", id) => {
                for operation in body["Operations"].as_array().into_iter().flatten() {
                    kept.patch(id, operation);
                }
                answer(204, &Value::Null)
            }
            (_, id) => {
                kept.remove(id);
                answer(204, &Value::Null)
            }
        }
    }
}

impl Kept {
    fn new(kind: ResourceKind) -> Self {
        Self { name: kind.name_attribute(), by_id: Map::new(), by_name: HashMap::new() }
    }

    /// The name of a resource as names are compared.
    fn name_of(&self, resource: &Value) -> Option<String> {
        resource[self.name].as_str().map(comparison_key)
    }

    /// The id of the one that has the same name.
    fn named(&self, resource: &Value) -> Option<&String> {
        self.by_name.get(&self.name_of(resource)?)
    }

    fn put(&mut self, id: String, resource: Value) {
        self.forget_name(&id);
        if let Some(name) = self.name_of(&resource) {
            self.by_name.insert(name, id.clone());
        }
        self.by_id.insert(id, resource);
    }

    fn remove(&mut self, id: &str) {
        self.forget_name(id);
        self.by_id.shift_remove(id);
    }

    fn forget_name(&mut self, id: &str) {
        if let Some(name) = self.by_id.get(id).and_then(|resource| self.name_of(resource)) {
            self.by_name.remove(&name);
        }
    }

    /// What decides what is sent next: names, activation, members. The rest of a PATCH is not read.
    fn patch(&mut self, id: &str, operation: &Value) {
        let Some(Value::Object(mut resource)) = self.by_id.get(id).cloned() else { return };
        match (operation["path"].as_str(), &operation["value"]) {
            (None, Value::Object(attributes)) => resource.extend(attributes.clone()),
            (Some("active"), value) => {
                let active = value.as_bool().unwrap_or_else(|| value == "True" || value == "true");
                resource.insert("active".into(), active.into());
            }
            (Some(path), value) if path.starts_with("members") => {
                let members = members_after(operation, path, value, resource.remove("members"));
                resource.insert("members".into(), members.into());
            }
            (Some(path), value) if !path.contains(['[', '.', ':']) => {
                resource.insert(path.to_owned(), value.clone());
            }
            _ => {}
        }
        self.put(id.to_owned(), resource.into());
    }

    fn list(&self, query: &str) -> Value {
        let filter = query.split('&').find_map(|pair| pair.strip_prefix("filter=")).map(readable);
        let sought = filter.as_deref().and_then(|filter| filter.split('"').nth(1));
        let number = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.parse::<usize>().ok());
        let found: Vec<Value> = match sought {
            Some(external_id) if filter.as_deref().is_some_and(|filter| filter.starts_with("externalId")) => {
                let found = self.by_id.iter().filter(|(_, resource)| resource["externalId"] == external_id);
                found.map(|(id, _)| self.shown(id)).collect()
            }
            Some(name) => self.by_name.get(&comparison_key(name)).map(|id| self.shown(id)).into_iter().collect(),
            None => {
                let (start, count) = (number("startIndex=").unwrap_or(1).max(1), number("count=").unwrap_or(100));
                self.by_id.keys().skip(start - 1).take(count).map(|id| self.shown(id)).collect()
            }
        };
        let total = if sought.is_some() { found.len() } else { self.by_id.len() };
        json!({ "schemas": [scim::LIST_RESPONSE], "totalResults": total, "startIndex": 1, "itemsPerPage": found.len(), "Resources": found })
    }

    fn shown(&self, id: &str) -> Value {
        let mut shown = Map::from_iter([("id".to_owned(), Value::from(id))]);
        for (name, value) in
            self.by_id.get(id).and_then(Value::as_object).into_iter().flatten().filter(|(name, _)| *name != "id")
        {
            shown.insert(name.clone(), value.clone());
        }
        shown.into()
    }
}

/// The members of a group after an operation on them.
fn members_after(operation: &Value, path: &str, value: &Value, before: Option<Value>) -> Vec<Value> {
    let mut members = before.and_then(|members| members.as_array().cloned()).unwrap_or_default();
    let named: Vec<Value> = value.as_array().cloned().unwrap_or_default();
    let is_named = |member: &Value| named.iter().any(|named| named["value"] == member["value"]);
    let op = operation["op"].as_str().unwrap_or_default().to_ascii_lowercase();
    match (op.as_str(), path.split('"').nth(1)) {
        ("add", None) => {
            members.retain(|member| !is_named(member));
            members.extend(named);
        }
        ("remove", Some(id)) => members.retain(|member| member["value"] != id),
        ("remove", None) if !named.is_empty() => members.retain(|member| !is_named(member)),
        _ => members = named,
    }
    members
}

fn refusal(error: &ScimError) -> Answer {
    answer(error.status, &error.to_json())
}

fn answer(status: u16, body: &Value) -> Answer {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Answer { status, reason: String::new(), headers: Vec::new(), body, duration: Duration::ZERO }
}
