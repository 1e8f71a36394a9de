//! What a run made on the server, so that it can be removed, and what it may change.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

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
    /// Seconds since 1970: what was created earlier is not the run's.
    since: i64,
    made: Vec<(ResourceKind, Leftover)>,
    /// What the server says that it created, but may have had before: it is named, and not removed.
    doubtful: Vec<(ResourceKind, Leftover)>,
    found: HashSet<String>,
}

/// How many seconds the clock of a server may be behind.
const CLOCKS: i64 = 60;

impl OwnedResources {
    /// Nothing made yet. What is found counts as the simulator's own only if its name begins with `prefix`.
    pub(crate) fn new(prefix: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let since = i64::try_from(now).unwrap_or(i64::MAX) - CLOCKS;
        Self { prefix: prefix.to_lowercase(), since, ..Self::default() }
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
        let is_named = self.is_named(&response.json, kind.name_attribute());
        let is_created = request.method == "POST" && response.status() == 201;
        let is_known =
            self.found.contains(id) || self.made.iter().chain(&self.doubtful).any(|(_, known)| known.id == id);
        if request.method == "GET" || !(is_created || is_named) || is_known {
            return;
        }
        let is_own = is_named || self.is_of_run(request, &response.json, kind);
        let list = if is_own { &mut self.made } else { &mut self.doubtful };
        list.push((kind, left(&response.json, kind)));
    }

    /// Whether what a server says that it created was not there before: some find somebody, and answer as if they had made them.
    fn is_of_run(&self, request: &Request, resource: &Value, kind: ResourceKind) -> bool {
        let is_named = ["userName", "displayName", "externalId"].iter().any(|name| self.is_named(resource, name));
        let sent = request.json();
        let is_as_sent = [kind.name_attribute(), "externalId"].iter().any(|name| {
            let (sent, made) = (sent[name].as_str(), resource[name].as_str());
            sent.zip(made).is_some_and(|(sent, made)| !sent.is_empty() && scim::is_same_text(sent, made))
        });
        let created = resource["meta"]["created"].as_str().and_then(seconds);
        is_named || is_as_sent || created.is_some_and(|created| created >= self.since)
    }

    /// Whether an attribute begins as all names of the simulator do.
    fn is_named(&self, resource: &Value, attribute: &str) -> bool {
        let name = resource[attribute].as_str().unwrap_or_default().to_lowercase();
        !self.prefix.is_empty() && name.starts_with(&self.prefix)
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
        self.doubtful.retain(|(other, known)| *other != kind || known.id != made.id);
        self.made.push((kind, made));
    }

    /// Notes something that is named among what is left, and not removed.
    pub(crate) fn add_doubtful(&mut self, kind: ResourceKind, doubtful: Leftover) {
        self.doubtful.push((kind, doubtful));
    }

    /// What may have been there before.
    pub(crate) fn doubtful(&self) -> &[(ResourceKind, Leftover)] {
        &self.doubtful
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

    /// Those of a kind that were made, or may have been, and not deleted.
    pub(crate) fn of(&self, kind: ResourceKind) -> Vec<Leftover> {
        let all = self.made.iter().chain(&self.doubtful);
        all.filter(|(other, _)| *other == kind).map(|(_, made)| made.clone()).collect()
    }

    /// All that were made in the order in which they can be removed: groups first, because they refer to users.
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

/// Seconds since 1970 of an xsd:dateTime; one without an offset is taken as UTC. `None`: it is none.
fn seconds(text: &str) -> Option<i64> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok()).map(i64::from);
    let at = |from: usize, to: usize| number(text.get(from..to));
    let (year, month, day) = (at(0, 4)?, at(5, 7)?, at(8, 10)?);
    let (hour, minute, second) = (at(11, 13)?, at(14, 16)?, at(17, 19)?);
    let zone = text.get(19..)?.trim_start_matches(|it: char| it == '.' || it.is_ascii_digit());
    let offset = match zone.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => 0,
        Some((sign @ ("+" | "-"), zone)) => {
            let minutes = number(zone.get(..2))? * 60 + number(zone.get(3..))?;
            if sign == "-" { -minutes } else { minutes }
        }
        Some(_) => return None,
    };
    // Years that begin in March end with the day that is not always there.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = 365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469;
    Some(days * 86_400 + hour * 3_600 + (minute - offset) * 60 + second)
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
    use serde_json::json;
    use wire::Answer;

    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T13:00:00+01:00", Some(951_825_600)),
            ("2000-02-29T06:30:00.500-05:30", Some(951_825_600)),
            ("2000-03-01T00:00:00z", Some(951_868_800)),
            ("2011-05-13T04:42:34", Some(1_305_261_754)),
            ("9999-12-31T23:59:59.1234567Z", Some(253_402_300_799)),
            ("0000-01-01T00:00:00Z", Some(-62_167_219_200)),
            ("2011-05-13", None),
            ("2011-05-13T04:42:34+é", None),
            ("2011-05-13T04:42:34 CET", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    /// What is said to be created in answer to a search.
    fn found_as_created(found: Value) -> OwnedResources {
        let mut owned = OwnedResources::new("sim-");
        let sent = json!({ "filter": "userName sw \"a\"", "externalId": "77" });
        let request = Request::with_body("POST", "/Users/.search", &sent);
        let (body, reason) = (found.to_string().into_bytes(), String::new());
        let answer = Answer { status: 201, reason, headers: Vec::new(), body, duration: Default::default() };
        owned.note(&request, &Response::new(answer));
        owned
    }

    #[test]
    fn whoever_may_have_been_there_before_is_named_and_not_removed() {
        for (found, is_own) in [
            (json!({ "id": "1", "userName": "ada", "meta": { "created": "2020-01-01T00:00:00Z" } }), false),
            (json!({ "id": "1", "userName": "ada", "meta": { "created": "lately" } }), false),
            (json!({ "id": "1", "userName": "ada", "externalId": "" }), false),
            (json!({ "id": "1", "userName": "ada", "meta": { "created": "9999-01-01T00:00:00Z" } }), true),
            (json!({ "id": "1", "userName": "ada", "externalId": "77" }), true),
            (json!({ "id": "1", "userName": "ada", "displayName": "Sim-1" }), true),
            (json!({ "id": "1", "userName": "sim-1" }), true),
        ] {
            let owned = found_as_created(found.clone());
            assert_eq!(owned.of(ResourceKind::User).len(), 1, "{found} is named");
            assert_eq!(owned.to_remove().len(), usize::from(is_own), "{found}");
            assert_eq!(owned.forbidden(&Request::delete("/Users/1")).is_none(), is_own, "{found}");
        }
    }

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
