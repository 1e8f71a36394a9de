//! A server that does everything right, in memory: what a run would send is found out by playing it against this one.

use std::collections::HashMap;
use std::time::Duration;

use scim::ScimError;
use serde_json::{Map, Value, json};
use wire::Answer;

use crate::exchange::Request;
use crate::progress::readable;
use crate::tenant::Tenant;

/// The ideal server. It knows what simulated identity providers ask, not all of SCIM.
#[derive(Clone, Debug, Default)]
pub(crate) struct IdealServer {
    users: Kept,
    groups: Kept,
    next_id: u32,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    by_id: HashMap<String, Map<String, Value>>,
    /// In lower case.
    by_name: HashMap<String, String>,
    order: Vec<String>,
}

impl IdealServer {
    /// A server that has what the tenant believes it has.
    pub(crate) fn of(tenant: &Tenant) -> Self {
        let mut ideal = Self::default();
        for account in &tenant.accounts {
            let Some(id) = &account.remote_id else { continue };
            let person = &account.person;
            let body = json!({ "userName": person.user_name, "externalId": person.uuid, "active": account.is_active });
            ideal.users.put(id.clone(), object(body), "userName");
        }
        for (position, group) in tenant.groups.iter().enumerate() {
            let Some(id) = &group.remote_id else { continue };
            let members: Vec<Value> =
                tenant.member_ids(position, |_| true).iter().map(|(id, _)| json!({ "value": id })).collect();
            let body = json!({ "displayName": group.name, "externalId": group.uuid, "members": members });
            ideal.groups.put(id.clone(), object(body), "displayName");
        }
        ideal
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        if request.credential != crate::exchange::Credential::Token {
            return refusal(&ScimError::unauthorized("No."));
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut segments = path.split('/').skip(1);
        let (kind, id) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        let body: Value = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let next = format!("00000000-0000-4000-8000-{:012}", self.next_id);
        let (kept, name) = match kind {
            "Users" => (&mut self.users, "userName"),
            "Groups" => (&mut self.groups, "displayName"),
            _ => return answer(200, &json!({ "patch": { "supported": true }, "filter": { "supported": true } })),
        };
        match (request.method, id) {
            ("GET", "") => answer(200, &kept.list(query)),
            ("POST", "") if body[name].as_str().is_some_and(|name| kept.by_name.contains_key(&name.to_lowercase())) => {
                refusal(&ScimError::uniqueness("Taken."))
            }
            ("POST", "") => {
                self.next_id += 1;
                kept.put(next.clone(), object(body), name);
                answer(201, &kept.shown(&next))
            }
            (_, id) if !kept.by_id.contains_key(id) => refusal(&ScimError::not_found("Not found.")),
            ("GET", id) => answer(200, &kept.shown(id)),
            ("PUT", id) => {
                kept.put(id.to_owned(), object(body), name);
                answer(200, &kept.shown(id))
            }
            ("PATCH", id) => {
                for operation in body["Operations"].as_array().into_iter().flatten() {
                    kept.patch(id, operation, name);
                }
                answer(204, &Value::Null)
            }
            (_, id) => {
                kept.remove(id, name);
                answer(204, &Value::Null)
            }
        }
    }
}

impl Kept {
    fn put(&mut self, id: String, resource: Map<String, Value>, name: &str) {
        if self.by_id.contains_key(&id) {
            self.forget_name(&id, name);
        } else {
            self.order.push(id.clone());
        }
        if let Some(text) = resource.get(name).and_then(Value::as_str) {
            self.by_name.insert(text.to_lowercase(), id.clone());
        }
        self.by_id.insert(id, resource);
    }

    fn remove(&mut self, id: &str, name: &str) {
        self.forget_name(id, name);
        self.by_id.remove(id);
        self.order.retain(|other| other != id);
    }

    fn forget_name(&mut self, id: &str, name: &str) {
        if let Some(text) = self.by_id.get(id).and_then(|resource| resource.get(name)?.as_str()) {
            self.by_name.remove(&text.to_lowercase());
        }
    }

    /// What decides what is sent next: names, activation, members. The rest of a PATCH is not read.
    fn patch(&mut self, id: &str, operation: &Value, name: &str) {
        let Some(mut resource) = self.by_id.get(id).cloned() else { return };
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
        self.put(id.to_owned(), resource, name);
    }

    fn list(&self, query: &str) -> Value {
        let filter = query.split('&').find_map(|pair| pair.strip_prefix("filter=")).map(readable);
        let sought = filter.as_deref().and_then(|filter| filter.split('"').nth(1));
        let number = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.parse::<usize>().ok());
        let found: Vec<Value> = match sought {
            Some(external_id) if filter.as_deref().is_some_and(|filter| filter.starts_with("externalId")) => {
                let is_it = |id: &&String| self.by_id[*id].get("externalId").is_some_and(|value| value == external_id);
                self.order.iter().filter(is_it).map(|id| self.shown(id)).collect()
            }
            Some(name) => self.by_name.get(&name.to_lowercase()).map(|id| self.shown(id)).into_iter().collect(),
            None => {
                let (start, count) = (number("startIndex=").unwrap_or(1).max(1), number("count=").unwrap_or(100));
                self.order.iter().skip(start - 1).take(count).map(|id| self.shown(id)).collect()
            }
        };
        let total = if sought.is_some() { found.len() } else { self.order.len() };
        json!({ "schemas": [scim::LIST_RESPONSE], "totalResults": total, "startIndex": 1, "itemsPerPage": found.len(), "Resources": found })
    }

    fn shown(&self, id: &str) -> Value {
        let mut shown = Map::from_iter([("id".to_owned(), Value::from(id))]);
        for (name, value) in self.by_id.get(id).into_iter().flatten().filter(|(name, _)| *name != "id") {
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

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn refusal(error: &ScimError) -> Answer {
    answer(error.status, &error.to_json())
}

fn answer(status: u16, body: &Value) -> Answer {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Answer { status, reason: String::new(), headers: Vec::new(), body, duration: Duration::ZERO }
}
