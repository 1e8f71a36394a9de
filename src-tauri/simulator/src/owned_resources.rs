//! What a run made on the server, so that it can be removed, and what it may change.

use std::collections::HashSet;

use scim::ResourceKind;
use serde_json::Value;
use wire::NoAnswer;

use crate::exchange::Request;
use crate::progress::Leftover;
use crate::response::Response;

/// What a run made and found.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedResources {
    prefix: String,
    made: Vec<(ResourceKind, Leftover)>,
    found: HashSet<String>,
}

impl OwnedResources {
    /// Nothing made yet. What is found counts as the simulator's own only if its name begins with `prefix`.
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_lowercase(), ..Self::default() }
    }

    /// Notes what came of a request, if it succeeded.
    pub(crate) fn note(&mut self, request: &Request, response: &Response) {
        let Some((kind, id)) = addressed(request).filter(|_| (200..300).contains(&response.status())) else { return };
        match (request.method, id) {
            ("POST", None) => self.made.push((kind, created(request, response, kind))),
            ("DELETE", Some(id)) => {
                self.made.retain(|(_, made)| made.id != id);
                // It may be deleted once more.
                self.adopt(id);
            }
            ("GET", None) => self.find(response, kind),
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
        if let (true, "POST", Some((kind, None))) = (may_have_arrived, request.method, addressed(request)) {
            // An id that the client chose is not the server's.
            self.made.push((kind, Leftover { id: String::new(), ..left(&request.json(), kind) }));
        }
    }

    fn find(&mut self, response: &Response, kind: ResourceKind) {
        let is_own = |resource: &&Value| {
            let name = resource[kind.name_attribute()].as_str();
            name.is_some_and(|name| name.to_lowercase().starts_with(&self.prefix))
        };
        let ids = response.resources().iter().filter(is_own).filter_map(|resource| resource["id"].as_str());
        self.found.extend(ids.map(str::to_owned));
    }

    /// The id of what a request would change although it is not among these; `None`: the request may be sent.
    pub(crate) fn forbidden<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let is_write = matches!(request.method, "PUT" | "PATCH" | "DELETE");
        let id = request.target.split(['/', '?']).nth(2).unwrap_or_default();
        let is_own = !id.is_empty() && (self.found.contains(id) || self.made.iter().any(|(_, made)| made.id == id));
        (is_write && !is_own).then_some(id)
    }

    /// Lets what an earlier run of the same identity provider made be changed.
    pub(crate) fn adopt(&mut self, id: &str) {
        self.found.insert(id.to_owned());
    }

    /// Notes something that was made in another way than by a POST of its own.
    pub(crate) fn add(&mut self, kind: ResourceKind, made: Leftover) {
        self.made.push((kind, made));
    }

    /// Forgets something that is gone.
    pub(crate) fn forget(&mut self, gone: &Leftover) {
        self.made.retain(|(_, made)| made != gone);
    }

    /// Those of a kind that were made and not deleted.
    pub(crate) fn of(&self, kind: ResourceKind) -> Vec<Leftover> {
        self.made.iter().filter(|(other, _)| *other == kind).map(|(_, made)| made.clone()).collect()
    }

    /// All of them in the order in which they can be removed: groups first, because they refer to users.
    pub(crate) fn to_remove(&self) -> Vec<(ResourceKind, Leftover)> {
        let mut all = self.made.clone();
        all.sort_by_key(|(kind, _)| *kind == ResourceKind::User);
        all
    }
}

/// The endpoint that a request goes to, and the id behind it.
fn addressed(request: &Request) -> Option<(ResourceKind, Option<&str>)> {
    let mut segments = request.target.split('?').next()?.split('/').skip(1);
    Some((ResourceKind::of_endpoint(segments.next()?)?, segments.next()))
}

/// What a request made. An answer that does not say what it is called leaves the name that was sent.
fn created(request: &Request, response: &Response, kind: ResourceKind) -> Leftover {
    let made = left(&response.json, kind);
    if made.name.is_empty() { Leftover { name: left(&request.json(), kind).name, ..made } } else { made }
}

fn left(resource: &Value, kind: ResourceKind) -> Leftover {
    // An id that is a number is wrong, but it is what the resource can be removed by.
    let text = |name: &str| match &resource[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    Leftover { id: text("id"), name: text(kind.name_attribute()) }
}
