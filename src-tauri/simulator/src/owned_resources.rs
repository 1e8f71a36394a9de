//! What a run made on the server, so that it can be removed, and what it may change.

use std::collections::HashSet;

use serde_json::Value;
use wire::NoAnswer;

use crate::exchange::Request;
use crate::progress::Leftover;
use crate::response::Response;

/// What a run made and found.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedResources {
    prefix: String,
    users: Vec<Leftover>,
    groups: Vec<Leftover>,
    found: HashSet<String>,
}

impl OwnedResources {
    /// Nothing made yet. What is found counts as the simulator's own only if its name begins with `prefix`.
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), ..Self::default() }
    }

    /// Notes what came of a request, if it succeeded.
    pub(crate) fn note(&mut self, request: &Request, response: &Response) {
        if !(200..300).contains(&response.status()) {
            return;
        }
        let path = request.target.split('?').next().unwrap_or_default();
        let mut segments = path.split('/').skip(1);
        let (kind, id) = (segments.next().unwrap_or_default(), segments.next());
        match (request.method, kind, id) {
            ("POST", "Users", None) => self.users.push(created(request, response, "userName")),
            ("POST", "Groups", None) => self.groups.push(created(request, response, "displayName")),
            ("DELETE", "Users" | "Groups", Some(id)) => {
                self.users.retain(|user| user.id != id);
                self.groups.retain(|group| group.id != id);
                // It may be deleted once more.
                self.found.insert(id.to_owned());
            }
            ("GET", "Users", None) => self.find(response, "userName"),
            ("GET", "Groups", None) => self.find(response, "displayName"),
            _ => {}
        }
    }

    /// Notes that nobody knows what came of a request: what it would have made may be there.
    pub(crate) fn note_unanswered(&mut self, request: &Request, error: &NoAnswer) {
        let may_have_arrived = matches!(
            error,
            NoAnswer::TimedOut { .. }
                | NoAnswer::BrokeOff { .. }
                | NoAnswer::TooLarge { .. }
                | NoAnswer::TooManyValues { .. }
        );
        if !may_have_arrived || request.method != "POST" {
            return;
        }
        match request.target.split('?').next() {
            Some("/Users") => self.users.push(unanswered(request, "userName")),
            Some("/Groups") => self.groups.push(unanswered(request, "displayName")),
            _ => {}
        }
    }

    fn find(&mut self, response: &Response, attribute: &str) {
        let is_own = |resource: &&Value| {
            resource[attribute]
                .as_str()
                .is_some_and(|name| name.to_lowercase().starts_with(&self.prefix.to_lowercase()))
        };
        let ids = response.resources().iter().filter(is_own).filter_map(|resource| resource["id"].as_str());
        self.found.extend(ids.map(str::to_owned));
    }

    /// Whether a resource may be changed.
    pub(crate) fn may_change(&self, id: &str) -> bool {
        !id.is_empty() && (self.found.contains(id) || self.users.iter().chain(&self.groups).any(|made| made.id == id))
    }

    /// Lets what an earlier run of the same identity provider made be changed.
    pub(crate) fn adopt(&mut self, id: &str) {
        self.found.insert(id.to_owned());
    }

    /// Notes something that was made in another way than by a POST of its own.
    pub(crate) fn made(&mut self, kind: &str, left: Leftover) {
        match kind {
            "Users" => self.users.push(left),
            "Groups" => self.groups.push(left),
            _ => {}
        }
    }

    /// Forgets something that is gone.
    pub(crate) fn forget(&mut self, gone: &Leftover) {
        self.users.retain(|left| left != gone);
        self.groups.retain(|left| left != gone);
    }

    /// Users that were made and not deleted.
    pub(crate) fn users(&self) -> &[Leftover] {
        &self.users
    }

    /// Groups that were made and not deleted.
    pub(crate) fn groups(&self) -> &[Leftover] {
        &self.groups
    }
}

/// What a request made. An answer that does not say what it is called leaves the name that was sent.
fn created(request: &Request, response: &Response, name: &str) -> Leftover {
    let made = left(&response.json, name);
    if made.name.is_empty() { Leftover { name: left(&sent(request), name).name, ..made } } else { made }
}

/// What a request may have made; an id that the client chose is not the server's.
fn unanswered(request: &Request, name: &str) -> Leftover {
    Leftover { id: String::new(), ..left(&sent(request), name) }
}

fn sent(request: &Request) -> Value {
    request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default()
}

fn left(resource: &Value, name: &str) -> Leftover {
    // An id that is a number is wrong, but it is what the resource can be removed by.
    let text = |name: &str| match &resource[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    Leftover { id: text("id"), name: text(name) }
}
