use super::*;
use crate::model::ResourceKind;

/// What an earlier version kept, told in a few words.
fn earlier<'a>(method: &'a str, path: &'a str, status: u16, summary: &'a Sentence) -> Earlier<'a> {
    Earlier { summary, ..Earlier::of(method, path, status) }
}

fn sentence(subject: Option<&str>, outcome: Option<&str>) -> Sentence {
    Sentence { text: "…".into(), subject: subject.map(str::to_owned), outcome: outcome.map(str::to_owned) }
}

#[test]
fn a_query_is_read_out_of_its_address_and_its_sentence() {
    let nobody = sentence(None, Some("no match"));
    let path = "/Users?filter=userName eq \"Ada&Co@example.com\"&startIndex=1&count=100";
    let target = "/scim/v2/k3v9tq2mxa/Users?filter=userName+eq+%22Ada%26Co%40example.com%22&startIndex=1&count=100";
    let facts = facts(Earlier { target, ..earlier("GET", path, 200, &nobody) });
    assert_eq!(facts.operation, Operation::Query(Some(ResourceKind::User)));
    assert_eq!((facts.sought(), facts.total()), (Some("Ada&Co@example.com"), Some(0)));

    let page = sentence(None, Some("128"));
    let facts = super::facts(earlier("GET", "/Groups?startIndex=101&count=100", 200, &page));
    let query = facts.query.as_ref().expect("a query");
    assert_eq!(facts.operation, Operation::List(Some(ResourceKind::Group)));
    assert_eq!((query.start_index, query.count, query.total), (Some(101), Some(100), Some(128)));
    assert!(!query.is_filtered);

    let read = sentence(Some("no match"), None);
    let facts = super::facts(earlier("GET", "/Groups/1", 200, &read));
    assert_eq!((facts.total(), facts.resource.name.as_deref()), (None, Some("no match")), "a group of this name");
}

#[test]
fn what_the_version_before_noted_is_kept() {
    let summary = sentence(None, Some("1 match by userName"));
    let ada = NamedResource {
        kind: Some(ResourceKind::User),
        id: Some("2819c223".into()),
        name: Some("Ada Lovelace".into()),
        ..NamedResource::default()
    };
    let lookup = earlier("GET", "/Users?filter=userName eq \"ada\"", 200, &summary);
    let facts = facts(Earlier { resource: ada.clone(), found: Some(1), ..lookup });
    assert_eq!((facts.resource, facts.query.and_then(|query| query.total)), (ada, Some(1)));
}

#[test]
fn a_body_says_whether_it_deactivates() {
    let patch = |value: &str| format!(r#"{{"Operations": [ {{"op":"Replace","path":"active","value": {value} }} ]}}"#);
    let (disable, enable) = (patch("\"False\""), patch("true"));
    let summary = sentence(Some("Ada"), None);
    for (method, body, expected) in [
        ("PUT", r#"{"userName": "ada", "active" : false}"#, true),
        ("PUT", r#"{"userName": "ada", "title": "\"active\":false"}"#, false),
        ("PUT", r#"{"userName": "ada", "active": fal"#, false),
        ("PATCH", &*disable, true),
        ("PATCH", &*enable, false),
    ] {
        for status in [200, 503] {
            let facts = facts(Earlier { request_body: Some(body), ..earlier(method, "/Users/1", status, &summary) });
            assert_eq!(facts.deactivates, expected, "{method} {status} {body}");
            assert_eq!(facts.resource.name.as_deref(), Some("Ada"));
        }
    }
}

#[test]
fn a_refusal_is_read_out_of_its_answer() {
    let summary = Sentence::default();
    let answer = r#"{"schemas":[],"status":"409","scimType":"uniqueness","detail":"A user is there."}"#;
    let body = r#"{"userName":"ada@example.com","displayName":"Ada"}"#;
    let refused =
        Earlier { request_body: Some(body), response_body: Some(answer), ..earlier("POST", "/Users", 409, &summary) };
    let facts = facts(refused);
    let expected = Refusal {
        status: 409,
        scim_type: Some(scim::ScimType::Uniqueness),
        detail: Some("A user is there.".into()),
        taken_by: None,
    };
    assert_eq!(facts.refusal, Some(expected));
    let names = (facts.resource.name.as_deref(), facts.resource.user_name.as_deref());
    assert_eq!(names, (Some("Ada"), Some("ada@example.com")));
    let silent = super::facts(earlier("HEAD", "/Users/1", 404, &summary)).refusal;
    assert_eq!(silent, Some(Refusal { status: 404, scim_type: None, detail: None, taken_by: None }));
}

#[test]
fn an_address_that_leads_nowhere_is_known() {
    let summary = sentence(None, Some("/Users stands there twice"));
    for (path, has_directory, status, expected) in [
        ("/Users/Users", true, 404, true),
        ("/Users", false, 404, true),
        ("/wp-login.php", false, 404, true),
        ("/Users/2819c223", true, 404, false),
        ("/Users", true, 200, false),
    ] {
        let facts = facts(Earlier { has_directory, ..earlier("GET", path, status, &summary) });
        assert_eq!(facts.leads_nowhere, expected, "{path}");
        assert_eq!(facts.nearly_right.is_some(), expected, "{path}");
    }
}

#[test]
fn what_came_of_a_bulk_request_is_counted() {
    let summary = Sentence::default();
    let answer = r#"{"Operations":[{"status":"201"},{"status":"409"},{"status":"204"}]}"#;
    let bulk = Earlier { response_body: Some(answer), ..earlier("POST", "/Bulk", 200, &summary) };
    assert_eq!(facts(bulk).bulk, Some(BulkTally { worked: 2, failed: 1 }));
}

#[test]
fn a_time_in_a_text_becomes_a_part_of_its_own() {
    let at = "2026-06-07T12:02:00.000Z";
    let plain = format!("This token was replaced on {at}. Besides, there are quotes around it.");
    let expected =
        DatedText::from("This token was replaced ").at(at.into()).and(". Besides, there are quotes around it.");
    assert_eq!(dated(&DatedText::from(&*plain)), Some(expected.clone()));
    assert_eq!(expected.to_string(), plain);
    for other in ["Not checked.", "This token was replaced on Friday, and so were all the others."] {
        assert_eq!(dated(&DatedText::from(other)), None, "{other}");
    }
}
