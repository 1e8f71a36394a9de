//! Whom or what a request was about, so that it can be named, found again, and told together with its neighbours.

use scim::Resource;
use serde_json::Value;

use crate::directory::search::{Found, Query};
use crate::model::{Change, ResourceKind, Sentence};

/// Characters of each text that searches look into: a group's change can name hundreds of people.
const FINDABLE: usize = 2_000;

/// Whom or what a request was about, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Subject {
    /// `None`: about both, or about something else.
    pub(crate) kind: Option<ResourceKind>,
    /// The SCIM `id` of the one resource.
    pub(crate) id: Option<String>,
    /// "Ada Lovelace".
    pub(crate) name: Option<String>,
    /// What else it is called: `userName`, e-mail addresses, `externalId`.
    pub(crate) aliases: Vec<String>,
    /// How many a query found.
    pub(crate) found: Option<u64>,
    /// What a query compared with, or what a refused POST would have named: `ada@example.com`.
    pub(crate) sought: Option<String>,
    /// How the one user that a query found was found.
    pub(crate) matched: Option<Match>,
    /// What came of a bulk request.
    pub(crate) tally: Option<Tally>,
}

/// How a user was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Match {
    /// `userName`, `emails[work].value`.
    pub(crate) attribute: String,
    /// Of the user.
    pub(crate) user_name: String,
}

/// How many operations of a bulk request worked and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) worked: u64,
    pub(crate) failed: u64,
}

/// What a search of the requests looks into, in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findable {
    /// The users that a request is about.
    pub(crate) users: String,
    /// The groups that it is about.
    pub(crate) groups: String,
    /// Everything else that is shown of it.
    pub(crate) text: String,
}

impl Subject {
    /// What the path of a request addresses: `["Users", "2819c223"]`.
    pub(crate) fn addressed(rest: &[&str]) -> Self {
        let kind = match rest.first() {
            Some(&"Users") => ResourceKind::User,
            Some(&"Groups") => ResourceKind::Group,
            _ => return Self::default(),
        };
        let id = rest.get(1).filter(|id| !id.starts_with('.')).map(|id| (*id).to_owned());
        Self { kind: Some(kind), id, ..Self::default() }
    }

    /// The resource that a request answered with.
    pub(crate) fn of(kind: ResourceKind, resource: &Resource) -> Self {
        let id = text(resource, "id");
        Self { kind: Some(kind), id, name: name(resource), aliases: aliases(resource), ..Self::default() }
    }

    /// The outcome of a query.
    pub(crate) fn found(query: &Query, found: &Found, matched: Option<Match>) -> Self {
        let sought = query.filter().and_then(scim::Filter::sought).map(str::to_owned);
        let kind = match query.parts.as_slice() {
            [part] => Some(part.kind),
            _ => None,
        };
        let outcome = Self { kind, found: Some(found.total), sought, matched, ..Self::default() };
        match (found.total, found.resources.as_slice()) {
            (1, [(kind, only)]) => Self { name: name(only), ..outcome.or(Self::of(*kind, only)) },
            _ => outcome,
        }
    }

    /// The outcome of a bulk request.
    pub(crate) fn bulk(tally: Tally) -> Self {
        Self { tally: Some(tally), ..Self::default() }
    }

    /// Takes over what a POST would have been called that was refused.
    pub(crate) fn with_refused_body(self, body: &[u8]) -> Self {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return self };
        let sought = text(&body, "userName").or_else(|| text(&body, "displayName"));
        self.or(Self { sought, name: name(&body), aliases: aliases(&body), ..Self::default() })
    }

    /// What is known from here, and from `other` where nothing is known here.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.or(other.kind),
            id: self.id.or(other.id),
            name: self.name.or(other.name),
            aliases: if self.aliases.is_empty() { other.aliases } else { self.aliases },
            found: self.found.or(other.found),
            sought: self.sought.or(other.sought),
            matched: self.matched.or(other.matched),
            tally: self.tally.or(other.tally),
        }
    }

    /// What searches find a request by. `shown` is what its row shows: method, path, status, who asked.
    pub(crate) fn findable(&self, shown: &str, sentence: &Sentence, changes: &[Change]) -> Findable {
        let own = [self.name.as_ref(), self.id.as_ref(), self.sought.as_ref()];
        let own: Vec<&str> = own.into_iter().flatten().chain(&self.aliases).map(String::as_str).collect();
        let (mut users, mut groups) = match self.kind {
            Some(ResourceKind::User) => (own, Vec::new()),
            Some(ResourceKind::Group) => (Vec::new(), own),
            None => (own.clone(), own),
        };
        for change in changes {
            let names = if change.resource_kind == ResourceKind::User { &mut users } else { &mut groups };
            names.extend([change.resource_name.as_str(), &change.resource_id]);
            let members = change.members.iter().flat_map(|members| members.added.iter().chain(&members.removed));
            for member in members {
                let names = if member.kind == Some(ResourceKind::Group) { &mut groups } else { &mut users };
                names.extend([member.name.as_str(), &member.id]);
            }
        }
        let (users, groups) = (folded(&users), folded(&groups));
        let outcome = sentence.outcome.as_deref().unwrap_or_default();
        let text = folded(&[shown, &sentence.text, outcome]);
        Findable { users, groups, text }
    }
}

fn name(resource: &Resource) -> Option<String> {
    text(resource, "displayName").or_else(|| text(resource, "userName"))
}

fn aliases(resource: &Resource) -> Vec<String> {
    let emails = resource.get("emails").and_then(Value::as_array).into_iter().flatten();
    let emails = emails.filter_map(|email| email.get("value")?.as_str().map(str::to_owned));
    let mut aliases: Vec<String> =
        [text(resource, "userName"), text(resource, "externalId")].into_iter().flatten().collect();
    for email in emails.take(10) {
        if !aliases.contains(&email) {
            aliases.push(email);
        }
    }
    aliases
}

fn text(resource: &Resource, name: &str) -> Option<String> {
    resource.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// One text of several, in lower case, each on a line of its own so that nothing is found across two.
fn folded(parts: &[&str]) -> String {
    let mut folded = String::new();
    for part in parts {
        let part = part.to_lowercase();
        if part.is_empty() || folded.split('\n').any(|line| line == part) {
            continue;
        }
        if !folded.is_empty() {
            folded.push('\n');
        }
        folded.push_str(&part);
        if folded.len() > FINDABLE {
            let end = (0..=FINDABLE).rev().find(|&end| folded.is_char_boundary(end)).unwrap_or(0);
            folded.truncate(end);
            break;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{ChangeKind, MembersChange, ResourceRef};

    fn resource(value: Value) -> Resource {
        value.as_object().cloned().expect("an object")
    }

    fn sentence(text: &str, outcome: Option<&str>) -> Sentence {
        Sentence { text: text.into(), subject: None, outcome: outcome.map(str::to_owned) }
    }

    #[test]
    fn a_user_is_found_by_each_of_its_names() {
        let user = json!({
            "id": "2819c223", "userName": "Ada@Example.com", "displayName": "Ada Lovelace", "externalId": "00u1",
            "emails": [{"value": "ada@home.example"}, {"value": 7}],
        });
        let subject = Subject::of(ResourceKind::User, &resource(user));
        let findable = subject.findable("GET /Users/2819c223 200", &sentence("Okta read Ada Lovelace", None), &[]);
        assert_eq!(findable.users, "ada lovelace\n2819c223\nada@example.com\n00u1\nada@home.example");
        assert_eq!(findable.groups, "");
        assert_eq!(findable.text, "get /users/2819c223 200\nokta read ada lovelace");
    }

    #[test]
    fn a_change_of_a_group_is_found_by_the_people_who_came() {
        let came = ResourceRef { id: "u1".into(), kind: Some(ResourceKind::User), name: "Ada".into() };
        let change = Change {
            seq: 1,
            at: String::new(),
            directory_id: String::new(),
            resource_kind: ResourceKind::Group,
            resource_id: "g1".into(),
            resource_name: "Engineering".into(),
            kind: ChangeKind::MembersChanged,
            field_count: 0,
            fields: Vec::new(),
            members: Some(MembersChange { added_count: 1, added: vec![came], ..MembersChange::default() }),
            actor: "Okta".into(),
            exchange_id: None,
        };
        let subject = Subject::addressed(&["Groups", "g1"]);
        let findable = subject.findable("PATCH", &sentence("", None), &[change]);
        assert_eq!((findable.users.as_str(), findable.groups.as_str()), ("ada\nu1", "g1\nengineering"));
    }

    #[test]
    fn a_refused_request_is_about_what_it_addressed_or_would_have_created() {
        let subject =
            Subject::addressed(&["Users"]).with_refused_body(br#"{"userName":"ada@example.com","emails":"x"}"#);
        assert_eq!((subject.kind, subject.sought.as_deref()), (Some(ResourceKind::User), Some("ada@example.com")));
        assert_eq!(Subject::addressed(&["Users", "1"]).id.as_deref(), Some("1"));
        assert_eq!(Subject::addressed(&["Users", ".search"]).id, None);
        assert_eq!(Subject::addressed(&["Schemas", "x"]), Subject::default());
        assert_eq!(Subject::default().with_refused_body(b"not json"), Subject::default());
    }

    #[test]
    fn texts_are_bounded_and_each_is_there_once() {
        assert_eq!(folded(&["A", "a", "", "B"]), "a\nb");
        assert_eq!(folded(&[&"ü".repeat(3_000)]).len(), FINDABLE);
    }
}
