//! Input that is out to do harm: properties over random input, and bombs of a fixed kind.
//!
//! A few hundred cases of each property run with the other tests; `script/fuzz` runs as many as there is time for. What it finds is kept
//! here as a case of `what_was_found_once_stays_mended`, so that no file of random seeds is needed.

use std::collections::HashMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};
use scim::{
    BulkRequest, ENTERPRISE_USER, Filter, Notes, PATCH_OP, PatchPath, PatchRequest, Patching, Policy, Projection,
    Resource, ScimError, USER, group_steps,
};
use serde_json::{Value, json};

use crate::support::{BADGE, badged_user, both, kind, object, parse_text};

/// Cases of each property if `PROPTEST_CASES` does not say how many.
const CASES: u32 = 300;

/// 2 MiB: what the server reads of a body at the most.
const BODY: usize = 2 << 20;

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    Config { cases, failure_persistence: Some(Box::new(FileFailurePersistence::Off)), ..Config::default() }
}

fn pick(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

/// Names that mean something, names that nearly do, and others.
fn name() -> impl Strategy<Value = String> {
    let urn = |name: &str| format!("{BADGE}:{name}");
    prop_oneof![
        4 => pick(&[
            "userName", "TITLE", "name", "name.givenName", "emails", "emails.value", "email", "emails.type", "active", "id",
            "meta", "meta.created", "schemas", "groups", "password", "manager", "department", "x509Certificates.value",
            "nothing", "name.nothing", "not", "and", "or", "pr", "$ref", "members", "displayName", "externalId",
            "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:core:2.0:User:userName",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "urn:example:x:2.0:User:hat", "a:b:c",
        ]),
        1 => Just(ENTERPRISE_USER.to_owned()),
        1 => Just(BADGE.to_owned()),
        2 => pick(&["level", "weight", "valid", "issued", "chip", "tags", "color", "pin", "doors.open", "desk.seat", "doors"])
            .prop_map(move |name| urn(&name)),
        1 => "[a-zA-Z0-9_$.:-]{1,8}",
    ]
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| Value::from(text).to_string()),
        pick(&[
            "true",
            "false",
            "null",
            "True",
            "1",
            "-0",
            "0.5",
            "25e-1",
            "18446744073709551615",
            "1e999",
            "007",
            "ada",
            "'x'",
            r#""work""#,
            r#""2020-02-29T12:00:00Z""#,
            r#""2020-02-29T13:00:00.5+01:00""#,
            r#""""#,
            r#""\ud83d""#,
            r#""\u00e9""#,
            r#""QUJD""#,
            r#""True""#,
        ]),
        any::<i64>().prop_map(|number| number.to_string()),
    ]
}

/// Text that the grammar of filters has, or nearly: tolerated forms are among it.
fn filter_text() -> impl Strategy<Value = String> {
    let op = pick(&["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "EQ", "Co", "xx"]);
    let term = prop_oneof![
        3 => (name(), op, literal()).prop_map(|(name, op, literal)| format!("{name} {op} {literal}")),
        1 => name().prop_map(|name| format!("{name} pr")),
    ];
    term.prop_recursive(5, 24, 2, |inner| {
        let pair = (inner.clone(), pick(&["and", "or", "OR"]), inner.clone());
        prop_oneof![
            3 => pair.prop_map(|(left, with, right)| format!("{left} {with} {right}")),
            1 => inner.clone().prop_map(|inner| format!("({inner})")),
            1 => inner.clone().prop_map(|inner| format!("not ({inner})")),
            1 => (name(), inner.clone()).prop_map(|(name, inner)| format!("{name}[{inner}]")),
            1 => (name(), inner, literal()).prop_map(|(name, inner, literal)| format!("{name}[{inner}].value eq {literal}")),
        ]
    })
}

/// A text of which some characters went, came, or changed places.
fn mutated(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (
        text,
        vec(
            (any::<prop::sample::Index>(), 0..4_u8, pick(&["(", ")", "[", "]", "\"", "\\", ".", " ", ":", "é", "\0"])),
            0..4,
        ),
    )
        .prop_map(|(text, edits)| {
            let mut letters: Vec<String> = text.chars().map(String::from).collect();
            for (at, edit, letter) in edits {
                if letters.is_empty() {
                    break;
                }
                let at = at.index(letters.len());
                match edit {
                    0 => drop(letters.remove(at)),
                    1 => letters.insert(at, letter),
                    2 => letters[at] = letter,
                    _ => letters.swap(at, 0),
                }
            }
            letters.concat()
        })
}

/// JSON as attribute values are, and as they are not.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        // Without its feature `float_roundtrip`, serde_json is exact up to 15 digits, and a mutation may make a fraction of a number.
        1 => any::<i32>().prop_map(Value::from),
        1 => (-1000_i32..1000).prop_map(|number| json!(f64::from(number) / 8.0)),
        3 => pick(&["", "work", "home", "True", "0", "x", "X", "ada@example.com", "7", "2020-02-29T12:00:00Z", "1", "bulkId:a"])
            .prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![
            3 => pick(&["value", "type", "primary", "display", "$ref", "Value", "open", "givenName", "seat"]),
            2 => name(),
        ];
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            2 => vec((key, inner), 0..5).prop_map(|parts| Value::Object(parts.into_iter().collect())),
        ]
    })
}

/// A body of a user, mostly one that can be read.
fn user_body() -> impl Strategy<Value = Value> {
    vec((name(), json_value()), 0..8).prop_map(|parts| {
        let mut body: Resource = parts.into_iter().collect();
        body.entry("schemas").or_insert_with(|| json!([USER]));
        body.entry("userName").or_insert_with(|| json!("ada"));
        Value::Object(body)
    })
}

fn path_text() -> impl Strategy<Value = String> {
    let filtered = (name(), filter_text(), pick(&["", ".value", ".type", ".primary", ".nothing"]));
    prop_oneof![
        2 => name(),
        2 => filtered.prop_map(|(name, filter, sub)| format!("{name}[{filter}]{sub}")),
        1 => mutated(filter_text()),
        1 => pick(&[
            r#"emails[type eq "work"].value"#, r#"emails[type eq "work"]"#, "emails[primary eq true].type", "tags",
            r#"members[value eq "a"]"#, "members", r#"roles[primary eq "True"].value"#,
        ]),
    ]
}

fn operation() -> impl Strategy<Value = Value> {
    let op = pick(&["add", "remove", "replace", "Add", "Replace", "move"]);
    (op, prop::option::of(path_text()), prop::option::of(json_value())).prop_map(|(op, path, value)| {
        let mut operation = object(json!({"op": op}));
        operation.extend(path.map(|path| ("path".to_owned(), path.into())));
        operation.extend(value.map(|value| ("value".to_owned(), value)));
        Value::Object(operation)
    })
}

fn patch_body() -> impl Strategy<Value = Value> {
    prop_oneof![
        9 => vec(operation(), 0..5).prop_map(|operations| json!({"schemas": [PATCH_OP], "Operations": operations})),
        1 => json_value(),
    ]
}

/// The resource of a body, whatever of it can be kept.
fn stored(body: &Value) -> Option<Resource> {
    parse_text(&body.to_string(), badged_user(), &Policy::tolerant()).ok().map(|(incoming, _)| incoming.resource)
}

/// What every failure has to be: a 400 with a sentence that a person can read to its end.
fn check_error(error: &ScimError) -> Result<(), TestCaseError> {
    prop_assert!(error.status == 400 && error.scim_type.is_some(), "{error:?}");
    prop_assert!(!error.detail.is_empty() && error.detail.len() < 2_000, "{error:?}");
    Ok(())
}

fn check_filter(text: &str, resource: &Resource) -> Result<(), TestCaseError> {
    for policy in both() {
        let mut notes = Notes::new();
        let filter = match Filter::parse(text, &policy, &mut notes) {
            Ok(filter) => filter,
            Err(error) => {
                check_error(&error)?;
                prop_assert_eq!(kind(&error), "invalidFilter");
                continue;
            }
        };
        let printed = filter.to_string();
        let again = Filter::parse(&printed, &policy, &mut notes);
        prop_assert_eq!(again.as_ref(), Ok(&filter), "{} was printed as {}", text, printed);
        match filter.check(badged_user(), &policy, &mut notes) {
            Ok(checked) => {
                checked.matches(resource, badged_user());
                checked.percent_decoded();
                let printed = checked.to_string();
                let again = Filter::parse(&printed, &Policy::strict(), &mut notes);
                prop_assert_eq!(again.as_ref(), Ok(&checked), "what was looked up is by the grammar: {}", printed);
            }
            Err(error) => check_error(&error)?,
        }
    }
    Ok(())
}

fn check_path(text: &str) -> Result<(), TestCaseError> {
    for policy in both() {
        let mut notes = Notes::new();
        match PatchPath::parse(text, &policy, &mut notes) {
            Ok(path) => {
                let printed = path.to_string();
                prop_assert_eq!(PatchPath::parse(&printed, &policy, &mut notes), Ok(path), "{}", printed);
            }
            Err(error) => {
                check_error(&error)?;
                prop_assert_eq!(kind(&error), "invalidPath");
            }
        }
    }
    Ok(())
}

/// Stored resources hold nothing that is unassigned (RFC 7643 §2.5).
fn has_nothing_empty(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty() && elements.iter().all(has_nothing_empty),
        Value::Object(object) => !object.is_empty() && object.values().all(has_nothing_empty),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn check_body(text: &str) -> Result<(), TestCaseError> {
    for policy in both() {
        match parse_text(text, badged_user(), &policy) {
            Ok((incoming, _)) => {
                let resource = incoming.resource;
                prop_assert!(resource.values().all(has_nothing_empty), "{:?}", resource);
                prop_assert!(!resource.contains_key("id") && !resource.contains_key("password"), "{:?}", resource);
                let stored = Value::Object(resource.clone());
                let again = parse_text(&stored.to_string(), badged_user(), &Policy::tolerant());
                let again = again.map(|(incoming, _)| Value::Object(incoming.resource));
                prop_assert_eq!(again.as_ref(), Ok(&stored), "what is stored is in its final form");
                let projection = Projection::parse(None, Some("emails.type,name"), badged_user());
                projection.expect("a projection").apply(resource, badged_user());
            }
            Err(error) => check_error(&error)?,
        }
    }
    Ok(())
}

fn check_patch(before: &Resource, body: &Value) -> Result<(), TestCaseError> {
    for policy in both() {
        let mut notes = Notes::new();
        let request = match PatchRequest::parse(body.to_string().as_bytes(), &policy, &mut notes) {
            Ok(request) => request,
            Err(error) => {
                check_error(&error)?;
                continue;
            }
        };
        if let Err(error) = group_steps(&request, "1", &policy, &mut notes) {
            check_error(&error)?;
        }
        let copy = before.clone();
        let result = scim::apply(before, "1", &request, badged_user(), &policy, &mut notes);
        prop_assert_eq!(before, &copy, "the resource itself is untouched");
        match result {
            Ok(patched) => {
                let after = patched.resource;
                prop_assert!(after.values().all(has_nothing_empty), "{:?}", after);
                prop_assert!(!after.contains_key("id") && !after.contains_key("password"), "{:?}", after);
                check_same(before, &after)?;
            }
            Err(error) => check_error(&error)?,
        }
    }
    Ok(())
}

fn check_same(before: &Resource, after: &Resource) -> Result<(), TestCaseError> {
    let changes = scim::diff(before, after, badged_user());
    prop_assert_eq!(scim::is_same(before, after), changes.is_empty(), "{:?}", changes);
    prop_assert!(scim::diff(before, before, badged_user()).is_empty());
    Ok(())
}

fn check_bulk(text: &str) -> Result<(), TestCaseError> {
    let ids = HashMap::from([("a".to_owned(), "7".to_owned())]);
    for policy in both() {
        match BulkRequest::parse(text.as_bytes(), 100, &policy, &mut Notes::new()) {
            Ok(request) => {
                for operation in request.operations {
                    let resolved = operation.resolved(&ids);
                    prop_assert!(!resolved.references().contains("a"), "{:?}", resolved);
                }
            }
            Err(error) => check_error(&error)?,
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_a_filter_or_an_error(text in any::<String>(), body in user_body()) {
        check_filter(&text, &stored(&body).unwrap_or_default())?;
    }

    #[test]
    fn nearly_a_filter_is_a_filter_or_an_error(text in mutated(filter_text()), body in user_body()) {
        check_filter(&text, &stored(&body).unwrap_or_default())?;
    }

    #[test]
    fn any_text_is_a_path_or_an_error(text in any::<String>(), near in mutated(path_text())) {
        check_path(&text)?;
        check_path(&near)?;
    }

    #[test]
    fn any_patch_works_or_leaves_the_resource_alone(body in user_body(), patch in patch_body()) {
        if let Some(before) = stored(&body) {
            check_patch(&before, &patch)?;
        }
    }

    #[test]
    fn any_body_is_a_resource_or_an_error(body in user_body(), other in json_value(), text in mutated(user_body().prop_map(|body| body.to_string()))) {
        check_body(&body.to_string())?;
        check_body(&other.to_string())?;
        check_body(&text)?;
    }

    #[test]
    fn a_difference_is_listed_or_there_is_none(before in vec((name(), json_value()), 0..4), after in vec((name(), json_value()), 0..4)) {
        let (before, after): (Resource, Resource) = (before.into_iter().collect(), after.into_iter().collect());
        check_same(&before, &after)?;
        let mut both = before.clone();
        both.extend(after);
        check_same(&before, &both)?;
    }

    #[test]
    fn any_bulk_body_is_a_request_or_an_error(
        operations in vec((pick(&["POST", "put", "DELETE", ""]), name(), json_value()), 0..4),
        other in json_value(),
    ) {
        let operation = |(method, path, data): &(String, String, Value)| json!({"method": method, "path": path, "data": data});
        let operations: Vec<_> = operations.iter().map(operation).collect();
        check_bulk(&json!({"schemas": [scim::BULK_REQUEST], "Operations": operations}).to_string())?;
        check_bulk(&json!({"Operations": other}).to_string())?;
    }
}

#[test]
fn what_was_found_once_stays_mended() {
    for (before, after) in
        [(json!({}), json!({"userName": []})), (json!({}), json!({"emails": [{}]})), (json!({}), json!({BADGE: {}}))]
    {
        check_same(&object(before), &object(after)).expect("the difference is listed");
    }
    for text in ["a eq -112.6979077223595200", "a eq 0.1234567890123456789", "a eq 2.2250738585072014e-308"] {
        check_filter(text, &Resource::new()).expect("numbers are printed as they were read");
    }
    for name in
        [format!("{USER}:serName"), format!("{}:hat", BADGE.to_uppercase()), format!("{}:hat.x", BADGE.to_uppercase())]
    {
        let body = json!({"schemas": [USER], "userName": "ada", name: false});
        check_body(&body.to_string()).expect("an unknown name with a known URN stands in its place");
    }
}

/// The answer to a PATCH on a user, or the kind of its error.
fn patch_outcome(before: &Resource, body: &str) -> Result<Resource, String> {
    let policy = Policy::tolerant();
    let mut notes = Notes::new();
    let request = PatchRequest::parse(body.as_bytes(), &policy, &mut notes).map_err(|error| kind(&error))?;
    let patched =
        scim::apply(before, "1", &request, badged_user(), &policy, &mut notes).map_err(|error| kind(&error))?;
    assert!(notes.as_slice().len() <= 50, "the notes of one request are few");
    Ok(patched.resource)
}

fn patch_of(operations: impl Iterator<Item = Value>) -> String {
    let body = json!({"schemas": [PATCH_OP], "Operations": operations.collect::<Vec<_>>()}).to_string();
    assert!(body.len() < BODY, "{} bytes would not reach the library", body.len());
    body
}

fn with_emails(count: usize) -> Resource {
    let emails: Vec<_> =
        (0..count).map(|index| json!({"value": format!("{index}@example.com"), "type": format!("t{index}")})).collect();
    object(json!({"schemas": [USER], "userName": "ada", "emails": emails}))
}

#[test]
fn deep_and_long_filters_are_refused() {
    for open in ["(", "[", "not (", "a[", "a pr and (", "\"", "a eq \"", "not ", "a pr and ", "[\\", "(é"] {
        for text in
            [open.repeat(100_000), open.repeat(60_000 / open.len()), format!("title eq {}", open.repeat(10_000))]
        {
            for policy in both() {
                let error = Filter::parse(&text, &policy, &mut Notes::new())
                    .and_then(|filter| filter.check(badged_user(), &Policy::strict(), &mut Notes::new()))
                    .expect_err(open);
                assert_eq!(kind(&error), "invalidFilter", "{open}");
                assert!(error.detail.len() < 1_000, "{open}: {} bytes", error.detail.len());
                let error = PatchPath::parse(&text, &policy, &mut Notes::new()).expect_err(open);
                assert_eq!(kind(&error), "invalidPath", "{open}");
                assert!(error.detail.len() < 1_000, "{open}: {} bytes", error.detail.len());
            }
        }
    }
    let long = format!("userName eq \"{}\"", "x".repeat(1 << 20));
    assert_eq!(
        kind(&Filter::parse(&long, &Policy::tolerant(), &mut Notes::new()).expect_err("1 MiB")),
        "invalidFilter"
    );
    let many = vec!["title pr"; 1 << 17].join(" or ");
    assert_eq!(
        kind(&Filter::parse(&many, &Policy::tolerant(), &mut Notes::new()).expect_err("1 MiB")),
        "invalidFilter"
    );
}

#[test]
fn deep_and_odd_bodies_are_refused_or_read() {
    let body = |parts: &str| format!(r#"{{"schemas":["{USER}"],"userName":"ada"{parts}}}"#);
    let digits = "9".repeat(400);
    for (text, expected) in [
        ("[".repeat(100_000), Some("invalidSyntax")),
        (r#"{"a":"#.repeat(100_000), Some("invalidSyntax")),
        (body(&format!(r#","x":{}1{}"#, "[".repeat(1_000), "]".repeat(1_000))), Some("invalidSyntax")),
        (body(r#","x":1e999"#), Some("invalidSyntax")),
        (body(&format!(r#","x":{digits}"#)), Some("invalidSyntax")),
        (body(&format!(r#","{BADGE}":{{"level":{}}}"#, "9".repeat(30))), Some("invalidValue")),
        (body(&format!(r#","{BADGE}":{{"level":"{digits}"}}"#)), Some("invalidValue")),
        (body(&format!(r#","{BADGE}":{{"weight":"1e999"}}"#)), Some("invalidValue")),
        (body(r#","title":"\ud800""#), Some("invalidSyntax")),
        (body(r#","title":"\udc00\ud800""#), Some("invalidSyntax")),
        (body(",\"title\":\"a\0b\""), Some("invalidSyntax")),
        (body(",\"title\":\"a\u{1}b\""), Some("invalidSyntax")),
        (body(r#","title":"a\u0000b""#), None),
        (body(",\"title\":\"\u{202e}\u{feff}\u{1f600}\""), None),
        (body(&format!(r#","title":"{}""#, "x".repeat(1 << 20))), None),
        (body(r#","":1,"\u0000":2,"[":3,"a.b.c":4,":":5,"a:":{"b":6}"#), None),
        (body(r#","__proto__":{"a":1},"constructor":{"b":2}"#), None),
        (body(&r#","title":"x""#.repeat(100_000)), None),
        (body(&format!(r#","schemas":[{}"x"]"#, r#""urn:x:y","#.repeat(100_000))), None),
        (body(&(0..60_000).map(|index| format!(r#","x{index}":{index}"#)).collect::<String>()), Some("invalidValue")),
        (
            body(&format!(
                r#","name":{{{}"a":1}}"#,
                (0..60_000).map(|index| format!(r#""x{index}":1,"#)).collect::<String>()
            )),
            Some("invalidValue"),
        ),
        (body(&format!(r#","emails":[{}""]"#, r#""a","#.repeat(100_000))), Some("invalidValue")),
        (body(&format!(r#","x":[{}1]"#, "1,".repeat(100_000))), Some("invalidValue")),
    ] {
        let found = parse_text(&text, badged_user(), &Policy::tolerant()).err();
        let start: String = text.chars().take(120).collect();
        assert_eq!(found.as_ref().map(kind).as_deref(), expected, "{start}: {found:?}");
        assert!(found.is_none_or(|error| error.detail.len() < 1_000), "{start}");
        let strict = parse_text(&text, badged_user(), &Policy::strict()).err();
        assert!(strict.is_none_or(|error| error.status == 400 && error.detail.len() < 1_000), "{start}");
    }
}

#[test]
fn ten_thousand_operations_end_in_an_answer() {
    let value = |index: usize| json!([{"value": format!("{index}@example.com"), "type": "x"}]);
    let at = |index: usize| format!("emails[value eq \"{}@example.com\"]", index % 1_000);
    let list = |prefix: &str| (0..1_000).map(|index| format!("{prefix}{index}@x.yz")).collect::<Vec<_>>();
    let too_long = || Err("413".to_owned());
    for (what, body, expected) in [
        (
            "additions beyond the limit",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": "emails", "value": value(index + 1_000)}))),
            Err("invalidValue".to_owned()),
        ),
        (
            "additions of what is there",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": "emails", "value": json!([{"value": format!("{}@example.com", index % 1_000)}])}))),
            too_long(),
        ),
        (
            "changes by filter",
            patch_of(
                (0..10_000)
                    .map(|index| json!({"op": "replace", "path": format!("{}.display", at(index)), "value": "d"})),
            ),
            too_long(),
        ),
        (
            "fewer changes by filter",
            patch_of(
                (0..500)
                    .map(|index| json!({"op": "replace", "path": format!("{}.display", at(index)), "value": "d"})),
            ),
            Ok(1_000),
        ),
        ("removals", patch_of((0..10_000).map(|index| json!({"op": "remove", "path": at(index)}))), Ok(0)),
        (
            "primaries that push each other out",
            patch_of((0..10_000).map(|_| json!({"op": "replace", "path": "emails[value pr].primary", "value": true}))),
            too_long(),
        ),
        (
            "a long text for everybody",
            patch_of(
                (0..1).map(
                    |_| json!({"op": "replace", "path": "emails[value pr].display", "value": "x".repeat(1 << 20)}),
                ),
            ),
            too_long(),
        ),
        (
            "unknown attributes without end",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": format!("x{index}"), "value": 1}))),
            Err("invalidValue".to_owned()),
        ),
        (
            "unknown parts without end",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": format!("name.x{index}"), "value": 1}))),
            Err("invalidValue".to_owned()),
        ),
        (
            "parts of something unknown without end",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": format!("x.y{index}"), "value": 1}))),
            Err("invalidValue".to_owned()),
        ),
        (
            "an undeclared extension without end",
            patch_of((0..10_000).map(|index| json!({"op": "add", "path": format!("urn:x:y:z{index}"), "value": 1}))),
            Err("invalidValue".to_owned()),
        ),
        (
            "lists of nothing new",
            patch_of((0..100).map(|_| json!({"op": "add", "path": "unknown", "value": list("")}))),
            Ok(1_000),
        ),
        (
            "lists that replace each other",
            patch_of((0..40).map(|_| json!({"op": "replace", "path": "emails", "value": list("")}))),
            Ok(1_000),
        ),
        (
            "removals of whole lists",
            patch_of((0..100).map(|_| json!({"op": "remove", "path": "emails", "value": list("n")}))),
            too_long(),
        ),
    ] {
        let before = with_emails(1_000);
        let after = patch_outcome(&before, &body);
        let count = after.as_ref().map(|after| after.get("emails").and_then(Value::as_array).map_or(0, Vec::len));
        assert_eq!(count.map_err(Clone::clone), expected, "{what}");
        if let Ok(after) = &after {
            check_same(&before, after).expect(what);
        }
    }
    // A text counts by its length, however few values there are.
    let long = "ü".repeat(25_000);
    let user = json!({"schemas": [USER], "userName": "ada", "emails": [{"value": "a@x.yz", "display": long}],
        "photos": [{"value": long}], "unknown": [{"value": long}]});
    let before = crate::support::user(&user);
    for operation in [
        json!({"op": "remove", "path": "emails[display co \"x\"]"}),
        json!({"op": "replace", "path": "emails[display ne \"x\"].type", "value": "work"}),
        json!({"op": "remove", "path": "unknown[value co \"x\"]"}),
        json!({"op": "add", "path": "unknown", "value": [1]}),
        json!({"op": "add", "path": "photos", "value": [{"value": "x"}]}),
        json!({"op": "remove", "path": "photos", "value": [{"value": "x"}]}),
    ] {
        let many = patch_of((0..1_000).map(|_| operation.clone()));
        assert_eq!(patch_outcome(&before, &many), Err("413".to_owned()), "{operation}");
        let few = patch_outcome(&before, &patch_of((0..10).map(|_| operation.clone())));
        assert!(few.is_ok(), "{operation}: {few:?}");
    }
    // An empty resource takes as many additions as it can hold.
    let body = patch_of((1..1_000).map(|index| json!({"op": "add", "path": "emails", "value": value(index)})));
    let after = patch_outcome(&with_emails(1), &body).expect("1,000 values");
    assert_eq!(after["emails"].as_array().map(Vec::len), Some(1_000));
}

#[test]
fn whoever_applies_a_patch_is_asked_before_each_operation_whether_to_go_on() {
    let (schema, policy) = (badged_user(), Policy::tolerant());
    let body = patch_of((0..10).map(|_| json!({"op": "add", "path": "title", "value": "x"}))).to_string();
    let request = PatchRequest::parse(body.as_bytes(), &policy, &mut Notes::new()).expect("a PATCH");
    let before = with_emails(1);
    let asked = std::cell::Cell::new(0);
    let may_go_on = || {
        asked.set(asked.get() + 1);
        if asked.get() > 3 { Err(ScimError::unavailable("enough")) } else { Ok(()) }
    };
    let mut patching = Patching::begin(&before);
    let stopped = patching.apply("id", &request, schema, &policy, &mut Notes::new(), may_go_on);
    assert_eq!((stopped.expect_err("it is enough").detail.as_str(), asked.get()), ("enough", 4));
}

#[test]
fn long_lists_are_compared_in_bounds() {
    let list = |from: usize, count: usize| {
        (from..from + count).map(|index| json!({"value": index, "a": [index, 1]})).collect::<Vec<_>>()
    };
    let urn = "urn:example:other:2.0:User";
    for (count, parts) in [(500, 1_000), (10_000, 1)] {
        let before = object(json!({"schemas": [USER], "userName": "a", urn: {"list": list(0, count)}}));
        let after = object(json!({"schemas": [USER], "userName": "a", urn: {"list": list(count, count)}}));
        assert!(!scim::is_same(&before, &after));
        assert_eq!(scim::diff(&before, &after, badged_user()).len(), parts, "{count}");
    }
}

#[test]
fn large_bulk_bodies_are_refused_or_read() {
    let policy = Policy::tolerant();
    let parse = |body: &Value| BulkRequest::parse(body.to_string().as_bytes(), 1_000, &policy, &mut Notes::new());
    let operation =
        json!({"method": "POST", "path": "/Users/bulkId:a/".repeat(1_000), "data": {"x": vec!["bulkId:a"; 1_000]}});
    let request = parse(&json!({"Operations": [operation]})).expect("a request");
    let ids = HashMap::from([("a".to_owned(), "bulkId:a".to_owned())]);
    assert_eq!(request.operations[0].references().len(), 1);
    assert_eq!(request.operations[0].resolved(&ids), request.operations[0], "what is put in is not looked at again");
    let many: Vec<_> = (0..1_001).map(|_| json!({"method": "DELETE", "path": "/Users/1"})).collect();
    assert_eq!(parse(&json!({"Operations": many})).expect_err("too many").status, 413);
    assert_eq!(
        BulkRequest::parse("[".repeat(100_000).as_bytes(), 1, &policy, &mut Notes::new()).expect_err("deep").status,
        400
    );
}
