//! What a run made on the server, so that it can be removed, and what it may change.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use scim::ResourceKind;
use serde_json::Value;
use wire::NoAnswer;

use crate::exchange::Request;
use crate::progress::Leftover;
use crate::response::{Response, id_of};

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
        if !(200..300).contains(&response.status()) {
            return;
        }
        let Some((kind, id)) = addressed(request) else { return self.note_stray(request, response) };
        match (request.method, id) {
            ("POST", None) => self.made.push((kind, created(request, response, kind))),
            ("DELETE", Some(id)) => {
                let id = decoded(id);
                self.made.retain(|(_, made)| made.id != id);
                // It may be deleted once more.
                self.found.insert(id);
            }
            ("GET", None) => self.find(response, kind),
            _ => self.note_stray(request, response),
        }
    }

    /// Notes what a request made that should make nothing: a search that was taken for a creation, the replacement of nobody. Only what was
    /// said to be created, or has a name of the simulator's own: a wrong answer may show somebody who was there before.
    fn note_stray(&mut self, request: &Request, response: &Response) {
        let kind = addressed(request).map(|(kind, _)| kind).or_else(|| kind_of(&response.json));
        let (Some(kind), Some(id)) = (kind, id_of(&response.json)) else { return };
        let name = response.json[kind.name_attribute()].as_str().unwrap_or_default().to_lowercase();
        let is_named = !self.prefix.is_empty() && name.starts_with(&self.prefix);
        let is_created = request.method == "POST" && response.status() == 201;
        let is_known = self.found.contains(id) || self.made.iter().any(|(_, made)| made.id == id);
        if request.method != "GET" && (is_created || is_named) && !is_known {
            self.made.push((kind, left(&response.json, kind)));
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
        let ids = response.resources().iter().filter(is_own).filter_map(id_of);
        self.found.extend(ids.map(str::to_owned));
    }

    /// The id of what a request would change although it is not among these; `None`: the request may be sent.
    pub(crate) fn forbidden(&self, request: &Request) -> Option<String> {
        let is_write = matches!(request.method, "PUT" | "PATCH" | "DELETE");
        // All behind the endpoint: what has a slash is not an id.
        let path = request.target.split('?').next().unwrap_or_default();
        let segment = path.splitn(3, '/').nth(2).unwrap_or_default();
        let id = decoded(segment);
        let is_id = !segment.contains('/') && !matches!(&*id, "" | "." | "..");
        let is_own = is_id && (self.found.contains(&id) || self.made.iter().any(|(_, made)| made.id == id));
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

    /// The same for what may be among them already.
    pub(crate) fn add_once(&mut self, kind: ResourceKind, made: Leftover) {
        if !self.made.iter().any(|(other, known)| *other == kind && known.id == made.id) {
            self.add(kind, made);
        }
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

/// What a resource says that it is.
fn kind_of(resource: &Value) -> Option<ResourceKind> {
    let says = resource["meta"]["resourceType"].as_str()?;
    [ResourceKind::User, ResourceKind::Group].into_iter().find(|kind| kind.type_name() == says)
}

/// A segment of a path as the id that it stands for.
fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// What a request made. An answer that does not say what it is called leaves the name that was sent.
fn created(request: &Request, response: &Response, kind: ResourceKind) -> Leftover {
    let made = left(&response.json, kind);
    if made.name.is_empty() { Leftover { name: left(&request.json(), kind).name, ..made } } else { made }
}

/// A resource as it is named when it stays.
pub(crate) fn left(resource: &Value, kind: ResourceKind) -> Leftover {
    // An id that is a number is wrong, but it is what the resource can be removed by.
    let id = match &resource["id"] {
        Value::Number(number) => number.to_string(),
        _ => id_of(resource).unwrap_or_default().to_owned(),
    };
    Leftover { id, name: resource[kind.name_attribute()].as_str().unwrap_or_default().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_may_be_changed_and_nothing_behind_it() {
        let mut owned = OwnedResources::new("sim-");
        for id in ["1", "../Groups/x", "a%2Fb", ".."] {
            owned.add(ResourceKind::User, Leftover { id: id.to_owned(), name: "sim-ada".into() });
        }
        for (target, is_allowed) in [
            ("/Users/1", true),
            ("/Users/1?attributes=userName", true),
            ("/Users/..%2FGroups%2Fx", true),
            ("/Users/a%252Fb", true),
            ("/Users/2", false),
            ("/Users/", false),
            ("/Users", false),
            ("/Users/1/", false),
            ("/Users/1/../2", false),
            ("/Users/../Groups/x", false),
            ("/Users/..", false),
            ("/Users/%2E%2e", false),
            ("/Users/a%2Fb", false),
        ] {
            assert_eq!(owned.forbidden(&Request::delete(target)).is_none(), is_allowed, "{target}");
        }
    }
}
