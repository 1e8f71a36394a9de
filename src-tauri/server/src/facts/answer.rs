//! What another server's answer says of a request that was passed on to it: what our own handlers know without reading an answer.

use scim::{Filter, Notes, Policy, ScimType, is_same_text};
use serde_json::{Map, Value};

use super::active::member;
use super::refused_body::read_refused_value;
use super::{BulkTally, Facts, Match, NamedResource, Operation, Refusal, Sought, shown};
use crate::model::ResourceKind;

/// Bytes of an answer without a SCIM error that are taken for its detail.
const DETAIL: usize = 200;

/// An answer of another server.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// `None`: there is none, or the body is something else.
    pub(crate) json: Option<&'a Value>,
    /// The body as text, as far as it is known.
    pub(crate) text: &'a str,
}

/// Takes in what the bodies of a request and its answer say. `asked` is `None` where there is no JSON; `filter` is what the request filters
/// by.
pub(crate) fn read_answer(
    facts: &mut Facts,
    method: &str,
    filter: Option<&str>,
    asked: Option<&Value>,
    answer: &Answer<'_>,
) {
    facts.refusal = (answer.status >= 400).then(|| refusal(answer));
    if let Some(asked) = asked {
        read_refused_value(facts, method, asked, true);
    }
    note_sought(facts, filter);
    let Some(Value::Object(json)) = answer.json.filter(|_| (200..300).contains(&answer.status)) else { return };
    match facts.operation {
        Operation::Create(kind) | Operation::Read(kind) | Operation::Replace(kind) | Operation::Modify(kind) => {
            let id = text(json, "id").map(str::to_owned).or(facts.resource.id.take()).unwrap_or_default();
            let known = std::mem::take(&mut facts.resource);
            facts.resource = NamedResource::of(kind, &id, json).or(known);
        }
        Operation::Bulk => note_bulk(facts, json),
        operation if operation.is_query() => note_found(facts, json),
        _ => {}
    }
}

fn refusal(answer: &Answer<'_>) -> Refusal {
    let text = |name| answer.json.and_then(Value::as_object).and_then(|json| text(json, name));
    let scim_type = text("scimType").and_then(|word| serde_json::from_value::<ScimType>(word.into()).ok());
    let end = answer.text.floor_char_boundary(DETAIL);
    let beginning = answer.text[..end].trim();
    let detail = text("detail").or_else(|| Some(beginning).filter(|_| answer.json.is_none() && !beginning.is_empty()));
    Refusal { status: answer.status, scim_type, detail: detail.map(shown), taken_by: None }
}

fn note_sought(facts: &mut Facts, filter: Option<&str>) {
    let parsed = filter.and_then(|filter| Filter::parse(filter, &Policy::tolerant(), &mut Notes::new()).ok());
    if let (Some(query), Some(filter)) = (&mut facts.query, parsed) {
        query.sought = Sought::of(&filter);
    }
}

fn note_found(facts: &mut Facts, json: &Map<String, Value>) {
    let total = member(json, "totalResults");
    // A text is a fault of its own, and says how many there are all the same.
    let total = total.and_then(|total| total.as_u64().or_else(|| total.as_str()?.trim().parse().ok()));
    let resources = member(json, "Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let query = facts.query.get_or_insert_default();
    query.total = total;
    let ([Value::Object(only)], Some(1)) = (resources, total) else { return };
    let id = text(only, "id").unwrap_or_default();
    if let Some(kind) = facts.operation.kind() {
        if kind == ResourceKind::User {
            query.matched = query.sought.as_ref().and_then(|sought| matched(sought, only));
        }
        facts.resource = NamedResource::of(kind, id, only);
    }
}

/// How the one user was found.
fn matched(sought: &Sought, user: &Map<String, Value>) -> Option<Match> {
    let is_sought = |value: Option<&str>| value.is_some_and(|value| is_same_text(value, &sought.value));
    let attribute = ["userName", "externalId", "id"].into_iter().find(|name| is_sought(text(user, name)))?;
    Some(Match { attribute: attribute.to_owned(), user_name: text(user, "userName").unwrap_or_default().to_owned() })
}

/// Operations say in their own answers what came of them.
fn note_bulk(facts: &mut Facts, json: &Map<String, Value>) {
    let operations = member(json, "Operations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut tally = BulkTally::default();
    for operation in operations {
        let status = operation.get("status").or_else(|| operation.get("code"));
        let status = status.and_then(|status| status.as_u64().or_else(|| status.as_str()?.parse().ok()));
        match status {
            Some(status) if status < 400 => tally.worked += 1,
            _ => tally.failed += 1,
        }
    }
    if tally.failed > 0 {
        // Which of them they are about is not held against one another.
        facts.pushes.clear();
    }
    facts.bulk = Some(tally);
}

fn text<'a>(json: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    member(json, name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(method: &str, segments: &[&str], asked: Value, status: u16, answer: &str) -> Facts {
        let parameters = [("filter".to_owned(), "userName eq \"ada@example.com\"".to_owned())];
        let query = if method == "GET" && segments.len() == 1 { &parameters[..] } else { &[] };
        let mut facts = Facts::of(method, segments, query);
        let json = serde_json::from_str(answer).ok();
        let filter = query.first().map(|(_, filter)| filter.as_str());
        let answer = Answer { status, json: json.as_ref(), text: answer };
        read_answer(&mut facts, method, filter, Some(&asked), &answer);
        facts.note_push(method);
        facts
    }

    #[test]
    fn an_answer_tells_what_a_handler_would_have_known() {
        let ada = json!({"userName": "ada@example.com"});
        let made = read(
            "POST",
            &["Users"],
            ada.clone(),
            201,
            r#"{"id":"u1","userName":"ada@example.com","displayName":"Ada"}"#,
        );
        assert_eq!((made.resource.id.as_deref(), made.resource.name.as_deref()), (Some("u1"), Some("Ada")));
        assert!(made.pushes.iter().all(|push| push.failure.is_none()) && made.pushes.len() == 1);

        let found = read(
            "GET",
            &["Users"],
            Value::Null,
            200,
            r#"{"totalResults":"1","Resources":[{"id":"u1","userName":"ADA@example.com"}]}"#,
        );
        let query = found.query.expect("a query");
        assert_eq!((query.total, query.sought.map(|it| it.value)), (Some(1), Some("ada@example.com".into())));
        assert_eq!(query.matched.map(|it| it.attribute).as_deref(), Some("userName"));

        let gone = read(
            "PATCH",
            &["Users", "u1"],
            json!({"Operations": [{"op": "replace", "path": "active", "value": false}]}),
            204,
            "",
        );
        assert!(gone.deactivates && gone.refusal.is_none());
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_who_refused() {
        let ada = json!({"userName": "ada@example.com"});
        let taken = r#"{"detail":"Taken.","scimType":"uniqueness","status":"409"}"#;
        let refused = read("POST", &["Users"], ada.clone(), 409, taken);
        let refusal = refused.refusal.expect("a refusal");
        assert_eq!((refusal.scim_type, refusal.detail.as_deref()), (Some(ScimType::Uniqueness), Some("Taken.")));
        assert!(refused.pushes[0].failure.is_some());
        let page = read("POST", &["Users"], ada, 500, "<html>Whitelabel Error Page</html>");
        assert_eq!(page.refusal.and_then(|it| it.detail).as_deref(), Some("<html>Whitelabel Error Page</html>"));
    }
}
