//! Requests that belong together: a look-up and the creation that it led to, a read and the replacement of what was read.
//!
//! They come from the same client to the same directory, are about the same person or group, and follow each other within seconds.

use std::collections::HashMap;

use scim::comparison_key;

use crate::clock::Millis;
use crate::facts::{Facts, Operation};
use crate::model::{Actor, DirectoryKey, ExchangeId, ResourceKind};

/// Between two requests of a story at the most. Okta sends the next within 300 ms of the answer (LabA); tunnels take their time, too.
const GAP: Millis = 5_000;

/// Requests of a story at the most: who reads the same user over and over tells nothing.
const LONGEST: u32 = 20;

/// Names in a generation. Two are remembered: what is older than the one before is forgotten at once, however much comes.
const GENERATION: usize = 8_192;

/// A request, as far as it matters here.
pub(crate) struct StoryRequest<'a> {
    pub(crate) id: ExchangeId,
    pub(crate) at: Millis,
    pub(crate) directory: DirectoryKey,
    pub(crate) actor: &'a Actor,
    pub(crate) facts: &'a Facts,
}

/// The stories that may go on.
#[derive(Debug, Default)]
pub(crate) struct Stories {
    open: HashMap<Name, Open>,
    /// The generation before.
    older: HashMap<Name, Open>,
}

/// One of the names of whom a story is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    directory: DirectoryKey,
    actor: Actor,
    kind: ResourceKind,
    name: String,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    story: ExchangeId,
    last: Operation,
    last_at: Millis,
    length: u32,
}

impl Stories {
    /// The story that a request belongs to, named by its first request, which may be this one; `None`: it is about nobody in particular.
    /// To be asked in the order in which requests were answered.
    pub(crate) fn place(&mut self, request: &StoryRequest<'_>) -> Option<ExchangeId> {
        let names = names(request);
        if names.is_empty() {
            return None;
        }
        let goes_on = |open: &Open| {
            (request.at - open.last_at).abs() <= GAP && open.length < LONGEST && follows(open.last, request.facts)
        };
        let known = |name: &Name| self.open.get(name).or_else(|| self.older.get(name)).copied();
        let before = names.iter().filter_map(known).find(goes_on);
        let (story, length) = before.map_or((request.id, 1), |before| (before.story, before.length + 1));
        if self.open.len() >= GENERATION {
            self.older = std::mem::take(&mut self.open);
        }
        let open = Open { story, last: request.facts.operation, last_at: request.at, length };
        self.open.extend(names.into_iter().map(|name| (name, open)));
        Some(story)
    }
}

/// Whether a request continues what the one before began.
fn follows(before: Operation, facts: &Facts) -> bool {
    const USER: ResourceKind = ResourceKind::User;
    match (before, facts.operation) {
        // okta-import: page after page.
        (Operation::List(_), Operation::List(_)) => start_index(facts).is_some_and(|start| start > 1),
        // A look-up begins something.
        (_, Operation::Query(_) | Operation::List(_) | Operation::TestConnection | Operation::Search(_)) => false,
        (Operation::Query(_) | Operation::Read(_), Operation::Create(_)) => true,
        (_, Operation::Create(_)) => false,
        // Okta reads and replaces a group twice in one push; of a user each such pair is a change of its own.
        (Operation::Replace(USER) | Operation::Modify(USER), Operation::Read(_)) => false,
        (Operation::Replace(USER), Operation::Replace(_)) => false,
        (_, Operation::Read(_) | Operation::Replace(_) | Operation::Modify(_) | Operation::Delete(_)) => true,
        _ => false,
    }
}

fn names(request: &StoryRequest<'_>) -> Vec<Name> {
    let resource = &request.facts.resource;
    let Some(kind) = resource.kind else { return Vec::new() };
    let name = |name: &str| Name {
        directory: request.directory,
        actor: request.actor.clone(),
        kind,
        name: comparison_key(name),
    };
    if let Operation::List(_) = request.facts.operation {
        // Whoever reads a list from the start may go on to its next page.
        return start_index(request.facts).map(|_| name("\n")).into_iter().collect();
    }
    let own = [resource.id.as_deref(), request.facts.sought(), resource.user_name.as_deref()].into_iter().flatten();
    let group = resource.name.as_deref().filter(|_| kind == ResourceKind::Group);
    own.chain(group).chain(resource.aliases.iter().map(String::as_str)).map(name).collect()
}

fn start_index(facts: &Facts) -> Option<u64> {
    facts.query.as_ref()?.start_index
}

#[cfg(test)]
mod tests {
    use idp::IdpId;

    use super::*;
    use crate::facts::{NamedResource, earlier};

    const OKTA: Actor = Actor::Known(IdpId::Okta);

    /// Method, path, seconds, what it was about; and the number of the first request of its story, from 1.
    type Line<'a> = (&'a str, &'a str, f64, &'a [&'a str], Option<i64>);

    fn check(what: &str, lines: &[Line<'_>]) {
        let mut stories = Stories::default();
        for (at, (method, path, seconds, names, expected)) in lines.iter().enumerate() {
            let mut facts = earlier::asked(method, path);
            let kind = if path.starts_with("/Groups") { ResourceKind::Group } else { ResourceKind::User };
            facts.resource = NamedResource {
                kind: Some(kind),
                id: names.first().filter(|id| !id.is_empty()).map(|id| (*id).to_owned()),
                aliases: names.iter().skip(1).map(|name| (*name).to_owned()).collect(),
                ..NamedResource::default()
            };
            let request = StoryRequest {
                id: ExchangeId(at as i64 + 1),
                at: (seconds * 1_000.0) as Millis,
                directory: DirectoryKey(1),
                actor: &OKTA,
                facts: &facts,
            };
            assert_eq!(
                stories.place(&request).map(|id| id.0),
                *expected,
                "{what}, request {}: {method} {path}",
                at + 1
            );
        }
    }

    const LOOKUP: &str = "/Users?filter=userName eq \"ada@example.com\"&startIndex=1&count=100";
    const GROUP_LOOKUP: &str = "/Groups?filter=displayName eq \"Eng\"&startIndex=1&count=100";

    #[test]
    fn the_ways_of_identity_providers_are_stories() {
        check(
            "okta-aiw-assign-new",
            &[
                ("GET", LOOKUP, 0.0, &["", "ada@example.com"], Some(1)),
                ("POST", "/Users", 0.25, &["u1", "Ada@example.com"], Some(1)),
            ],
        );
        check(
            "okta-aiw-assign-existing",
            &[
                ("GET", LOOKUP, 0.0, &["u1", "ada@example.com"], Some(1)),
                ("GET", "/Users/u1", 0.2, &["u1"], Some(1)),
                ("PUT", "/Users/u1", 0.4, &["u1"], Some(1)),
            ],
        );
        check(
            "okta-aiw-update, twice",
            &[
                ("GET", "/Users/u1", 0.0, &["u1"], Some(1)),
                ("PUT", "/Users/u1", 0.2, &["u1"], Some(1)),
                ("GET", "/Users/u1", 0.5, &["u1"], Some(3)),
                ("PUT", "/Users/u1", 0.7, &["u1"], Some(3)),
                ("PUT", "/Users/u1", 0.9, &["u1"], Some(5)),
            ],
        );
        check(
            "okta-aiw-push-group",
            &[
                ("GET", GROUP_LOOKUP, 0.0, &["", "eng"], Some(1)),
                ("POST", "/Groups", 0.3, &["g1", "Eng"], Some(1)),
                ("GET", "/Groups/g1", 0.5, &["g1"], Some(1)),
                ("PUT", "/Groups/g1", 0.8, &["g1"], Some(1)),
                ("GET", "/Groups/g1", 1.0, &["g1"], Some(1)),
                ("PUT", "/Groups/g1", 1.2, &["g1"], Some(1)),
            ],
        );
        check(
            "two people at a time",
            &[
                ("GET", LOOKUP, 0.0, &["", "ada@example.com"], Some(1)),
                ("GET", "/Users?filter=userName eq \"grace@example.com\"", 0.1, &["", "grace@example.com"], Some(2)),
                ("POST", "/Users", 0.2, &["u1", "ada@example.com"], Some(1)),
                ("POST", "/Users", 0.3, &["u2", "grace@example.com"], Some(2)),
            ],
        );
        check(
            "okta-import",
            &[
                ("GET", "/Users?startIndex=1&count=100", 0.0, &[], Some(1)),
                ("GET", "/Users?startIndex=101&count=100", 0.5, &[], Some(1)),
                ("GET", "/Users?startIndex=201&count=100", 1.0, &[], Some(1)),
                ("GET", "/Groups?startIndex=1&count=100", 1.5, &[], Some(4)),
                ("GET", "/Users?startIndex=1&count=100", 2.0, &[], Some(5)),
            ],
        );
        check(
            "entra-initial-user",
            &[
                ("GET", "/Users?filter=userName eq \"ada@example.com\"", 0.0, &["", "ada@example.com"], Some(1)),
                ("POST", "/Users", 0.5, &["u1", "ada@example.com"], Some(1)),
                ("GET", "/Users/u1", 1.0, &["u1"], Some(1)),
                ("PATCH", "/Users/u1", 1.5, &["u1"], Some(1)),
            ],
        );
    }

    #[test]
    fn what_does_not_belong_together_stays_apart() {
        check(
            "minutes later",
            &[("GET", "/Users/u1", 0.0, &["u1"], Some(1)), ("PUT", "/Users/u1", 90.0, &["u1"], Some(2))],
        );
        check(
            "nobody",
            &[
                ("GET", "/ServiceProviderConfig", 0.0, &[], None),
                ("GET", "/Users?startIndex=1&count=2", 0.1, &[], None),
            ],
        );
        let endless: Vec<Line<'_>> = (0..45)
            .map(|at| ("GET", "/Users/u1", f64::from(at), &["u1"][..], Some(i64::from(at / 20 * 20 + 1))))
            .collect();
        check("the same again and again", &endless);
    }

    #[test]
    fn names_are_not_remembered_for_ever() {
        let mut stories = Stories::default();
        for id in 0..20_000 {
            let facts = Facts::of("GET", &["Users", &id.to_string()], &[]);
            let request =
                StoryRequest { id: ExchangeId(id), at: 0, directory: DirectoryKey(1), actor: &OKTA, facts: &facts };
            stories.place(&request);
            assert!(stories.open.len() + stories.older.len() <= 2 * GENERATION);
        }
        let mut again = |id: usize| {
            let facts = Facts::of("GET", &["Users", &id.to_string()], &[]);
            stories
                .place(&StoryRequest {
                    id: ExchangeId(-1),
                    at: 1,
                    directory: DirectoryKey(1),
                    actor: &OKTA,
                    facts: &facts,
                })
                .map(|id| id.0)
        };
        assert_eq!(again(0), Some(-1), "long ago");
        assert_eq!(again(20_000 - GENERATION), Some(20_000 - GENERATION as i64), "a generation ago");
    }
}
