//! What a search of the requests looks into.

use scim::search_key;

use super::Facts;
use crate::model::{Change, ResourceKind, Sentence};

/// Characters of each text that searches look into: a group's change can name hundreds of people.
const SEARCHED: usize = 2_000;

/// What a search of the requests looks into, as search keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SearchText {
    /// The users that a request is about.
    pub(crate) users: String,
    /// The groups that it is about.
    pub(crate) groups: String,
    /// Everything else that is shown of it.
    pub(crate) text: String,
}

impl SearchText {
    /// What searches find a request by. `shown` is what its row shows: method, path, status, who asked.
    pub(crate) fn of(facts: &Facts, shown: &str, sentence: &Sentence, changes: &[Change]) -> Self {
        let resource = &facts.resource;
        let own = [resource.name.as_deref(), resource.id.as_deref(), facts.sought(), resource.user_name.as_deref()];
        let own: Vec<&str> = own.into_iter().flatten().chain(resource.aliases.iter().map(String::as_str)).collect();
        let (mut users, mut groups) = match resource.kind {
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
        Self { users, groups, text }
    }
}

/// One text of several, as they are compared, each on a line of its own so that nothing is found across two.
fn folded(parts: &[&str]) -> String {
    let mut folded = String::new();
    for part in parts {
        let part = search_key(part);
        if part.is_empty() || folded.split('\n').any(|line| line == part) {
            continue;
        }
        if !folded.is_empty() {
            folded.push('\n');
        }
        folded.push_str(&part);
        if folded.len() > SEARCHED {
            folded.truncate(folded.floor_char_boundary(SEARCHED));
            break;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::NamedResource;
    use crate::model::{Actor, ChangeKind, ChangeSeq, MembersChange, ResourceRef};

    fn sentence(text: &str, outcome: Option<&str>) -> Sentence {
        Sentence { text: text.into(), subject: None, outcome: outcome.map(str::to_owned) }
    }

    #[test]
    fn a_user_is_found_by_each_of_its_names() {
        let user = json!({
            "id": "2819c223", "userName": "Ada@Example.com", "displayName": "Ada Lovelace", "externalId": "00u1",
            "emails": [{"value": "ada@home.example"}, {"value": 7}],
        });
        let resource = NamedResource::of(ResourceKind::User, "2819c223", user.as_object().expect("an object"));
        let facts = Facts { resource, ..Facts::default() };
        let sentence = sentence("Okta read Ada Lovelace", None);
        let search_text = SearchText::of(&facts, "GET /Users/2819c223 200", &sentence, &[]);
        assert_eq!(search_text.users, "ada lovelace\n2819c223\nada@example.com\n00u1\nada@home.example");
        assert_eq!(search_text.groups, "");
        assert_eq!(search_text.text, "get /users/2819c223 200\nokta read ada lovelace");
    }

    #[test]
    fn a_change_of_a_group_is_found_by_the_people_who_came() {
        let came = ResourceRef { id: "u1".into(), kind: Some(ResourceKind::User), name: "Ada".into() };
        let change = Change {
            seq: ChangeSeq(1),
            at: String::new(),
            directory_id: "".into(),
            resource_kind: ResourceKind::Group,
            resource_id: "g1".into(),
            resource_name: "Engineering".into(),
            kind: ChangeKind::MembersChanged,
            field_count: 0,
            fields: Vec::new(),
            members: Some(MembersChange { added_count: 1, added: vec![came], ..MembersChange::default() }),
            actor: Actor::Known(idp::IdpId::Okta),
            exchange_id: None,
        };
        let facts = Facts::of("PATCH", &["Groups", "g1"], &[]);
        let search_text = SearchText::of(&facts, "PATCH", &sentence("", None), &[change]);
        assert_eq!((search_text.users.as_str(), search_text.groups.as_str()), ("ada\nu1", "g1\nengineering"));
    }

    #[test]
    fn texts_are_bounded_and_each_is_there_once() {
        assert_eq!(folded(&["A", "a", "", "B"]), "a\nb");
        assert_eq!(folded(&[&"ü".repeat(3_000)]).len(), SEARCHED);
    }
}
