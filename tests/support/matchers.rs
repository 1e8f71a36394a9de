//! The expectations of fixtures: JSON pointers with `*`, `{{variables}}`, and `$matchers`. The format is described in tests/data/fixtures/README.md.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::client::Answer;

/// Values by name: `userA`, `token`, `$` (the answer at hand), `$first` (the first answer).
pub(crate) type Scope = BTreeMap<String, Value>;

/// Fills in every `{{variable}}`. A string that is one variable keeps the value's type.
pub(crate) fn resolve(value: &Value, scope: &Scope) -> Result<Value, String> {
    Ok(match value {
        Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(name, value)| Ok((fill(name, scope, str::to_owned)?, resolve(value, scope)?)))
                .collect::<Result<Map<_, _>, String>>()?,
        ),
        Value::Array(items) => Value::Array(items.iter().map(|item| resolve(item, scope)).collect::<Result<_, _>>()?),
        Value::String(text) => match text.strip_prefix("{{").and_then(|text| text.strip_suffix("}}")) {
            Some(name) if !name.contains("{{") => lookup(name, scope)?.clone(),
            _ => Value::String(fill(text, scope, str::to_owned)?),
        },
        other => other.clone(),
    })
}

/// Fills in every `{{variable}}` of a text, each passed through `encode`.
pub(crate) fn fill(text: &str, scope: &Scope, encode: impl Fn(&str) -> String) -> Result<String, String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or_else(|| format!("unclosed variable in {text}"))?;
        let value = lookup(name, scope)?;
        filled.push_str(before);
        filled.push_str(&encode(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        rest = after;
    }
    Ok(filled + rest)
}

fn lookup<'a>(path: &str, scope: &'a Scope) -> Result<&'a Value, String> {
    let mut parts = path.trim().split('.');
    let first = parts.next().and_then(|name| scope.get(name));
    parts.fold(first, |value, part| value?.get(part)).ok_or_else(|| format!("{{{{{path}}}}} has no value"))
}

/// The value at a JSON pointer; with a `*` segment the array of the values found.
pub(crate) fn at(document: &Value, pointer: &str) -> Option<Value> {
    let (mut nodes, mut is_wild) = (vec![document.clone()], false);
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        nodes = nodes
            .into_iter()
            .flat_map(|node| match node {
                Value::Array(items) if segment == "*" => items,
                Value::Array(items) => {
                    segment.parse().ok().and_then(|index: usize| items.get(index).cloned()).into_iter().collect()
                }
                Value::Object(mut object) => object.remove(&segment).into_iter().collect(),
                _ => Vec::new(),
            })
            .collect();
        is_wild |= segment == "*";
    }
    if is_wild { Some(Value::Array(nodes)) } else { nodes.into_iter().next() }
}

/// What of an expectation an answer does not meet.
pub(crate) fn check(expect: &Value, answer: &Answer, scope: &Scope) -> Vec<String> {
    let status = Value::from(answer.status);
    let wanted = &expect["status"];
    if *wanted != status && !wanted.as_array().is_some_and(|statuses| statuses.contains(&status)) {
        return vec![format!("expected status {wanted}, came {} {}", answer.status, answer.body)];
    }
    let json: Option<Value> = serde_json::from_str(&answer.body).ok();
    let mut scope = scope.clone();
    scope.insert("$".into(), json.clone().unwrap_or_default());
    scope.entry("$first".into()).or_insert_with(|| json.clone().unwrap_or_default());
    let mut failures = Vec::new();
    let mut compare = |label: &str, expected: &Value, actual: Option<&Value>| match resolve(expected, &scope) {
        Ok(expected) if matches(&expected, actual, &scope) => {}
        Ok(expected) => failures.push(format!("expected {label} {expected}, came {actual:?}")),
        Err(error) => failures.push(format!("expected {label} {expected}, but {error}")),
    };
    for (name, expected) in expect["headers"].as_object().into_iter().flatten() {
        compare(name, expected, answer.header(name).map(Value::from).as_ref());
    }
    let pointers = expect["json"].as_object().into_iter().flatten();
    let pointers_if_200 = expect["ifStatus200"].as_object().filter(|_| answer.status == 200).into_iter().flatten();
    for (pointer, expected) in pointers.chain(pointers_if_200) {
        compare(pointer, expected, json.as_ref().and_then(|json| at(json, pointer)).as_ref());
    }
    if expect["body"] == "$empty" && !answer.body.is_empty() {
        failures.push(format!("expected an empty body, came {}", answer.body));
    }
    for pointer in expect["absent"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if let Some(found) = json.as_ref().and_then(|json| at(json, pointer)) {
            failures.push(format!("expected no {pointer}, came {found}"));
        }
    }
    failures
}

/// Does a value meet an expectation whose variables are filled in?
pub(crate) fn matches(expected: &Value, actual: Option<&Value>, scope: &Scope) -> bool {
    match expected.as_str().and_then(|text| text.strip_prefix('$')) {
        Some(matcher) => {
            let (name, argument) = matcher.split_once(':').unwrap_or((matcher, ""));
            meets(name, argument, actual, scope)
        }
        None => actual.is_some_and(|actual| same(expected, actual)),
    }
}

fn meets(name: &str, argument: &str, actual: Option<&Value>, scope: &Scope) -> bool {
    let text = actual.and_then(Value::as_str);
    let items = actual.and_then(Value::as_array);
    let holds = |items: &Vec<Value>, wanted: &str| {
        items.iter().any(|item| *item == literal(wanted) || item.as_str() == Some(wanted))
    };
    match name {
        "int" => actual.is_some_and(|value| value.is_i64() || value.is_u64()),
        "string" => text.is_some(),
        "array" => items.is_some(),
        "nonEmpty" => !is_empty(actual) && actual != Some(&Value::Null),
        "len" => items.is_some_and(|items| Some(items.len()) == argument.parse().ok()),
        "startsWith" => text.is_some_and(|text| text.starts_with(argument)),
        "endsWith" => text.is_some_and(|text| text.ends_with(argument)),
        "contains" => {
            text.is_some_and(|text| text.contains(argument)) || items.is_some_and(|items| holds(items, argument))
        }
        "containsAll" | "containsBoth" => {
            items.is_some_and(|items| argument.split(',').all(|wanted| holds(items, wanted)))
        }
        "memberIds" => items.is_some_and(|items| is_membership(items, argument)),
        "containsMember" => items.is_some_and(|items| items.iter().any(|member| member["value"] == argument)),
        "emptyOrAbsent" => is_empty(actual),
        "exactlyOnePrimary" => items.is_some_and(|items| {
            let primary: Vec<_> = items.iter().filter(|item| item["primary"] == true).collect();
            primary.len() == 1 && primary[0]["type"] == argument
        }),
        "integerSeconds" => text.is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())),
        "disjointFromFirst" => {
            let first = scope.get("$first").and_then(|first| at(first, argument)).unwrap_or_default();
            let first = first.as_array().cloned().unwrap_or_default();
            items.is_some_and(|items| items.iter().all(|item| !first.contains(item)))
        }
        "noNulls" => actual.is_some_and(has_no_nulls),
        other => panic!("the fixture uses the matcher ${other}, which these tests do not know"),
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(object)) => object.is_empty(),
        Some(_) => false,
    }
}

/// Exactly these ids, each once.
fn is_membership(items: &[Value], ids: &str) -> bool {
    let found: HashSet<&str> = items.iter().filter_map(|member| member["value"].as_str()).collect();
    let wanted: HashSet<&str> = ids.split(',').filter(|id| !id.is_empty()).collect();
    found.len() == items.len() && found == wanted
}

fn has_no_nulls(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().all(has_no_nulls),
        Value::Object(object) => object.values().all(has_no_nulls),
        _ => true,
    }
}

fn literal(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Equality of JSON values; `1` and `1.0` differ, two spellings of one instant are equal.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
        }
        (Value::String(left), Value::String(right)) => {
            left == right || instant(left).is_some_and(|at| Some(at) == instant(right))
        }
        (left, right) => left == right,
    }
}

fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.contains('T').then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn matchers_can_fail() {
        let scope = Scope::new();
        for (expected, actual, is_met) in [
            (json!("$int"), json!(1), true),
            (json!("$int"), json!("1"), false),
            (json!("$len:2"), json!([1]), false),
            (json!("$memberIds:a,b"), json!([{"value": "b"}, {"value": "a"}]), true),
            (json!("$memberIds:a"), json!([{"value": "a"}, {"value": "a"}]), false),
            (json!("$emptyOrAbsent"), json!(null), false),
            (json!("$contains:x"), json!(["y"]), false),
            (json!("$containsBoth:true,false"), json!([true, true]), false),
            (json!(1), json!(1.0), false),
            (json!("2019-01-01T00:00:00Z"), json!("2019-01-01T01:00:00+01:00"), true),
        ] {
            assert_eq!(matches(&expected, Some(&actual), &scope), is_met, "{expected} against {actual}");
        }
        assert!(matches(&json!("$emptyOrAbsent"), None, &scope));
        assert!(!matches(&json!("$nonEmpty"), None, &scope));
    }

    #[test]
    fn variables_and_pointers_are_resolved() {
        let scope = Scope::from([("userA".to_owned(), json!({"id": "1 2", "meta": {"n": 3}}))]);
        assert_eq!(resolve(&json!(["{{userA.meta.n}}", "x{{userA.id}}"]), &scope), Ok(json!([3, "x1 2"])));
        assert!(resolve(&json!("{{userB.id}}"), &scope).is_err());
        assert_eq!(at(&json!({"a": [{"b": 1}, {"b": 2}]}), "/a/*/b"), Some(json!([1, 2])));
        assert_eq!(at(&json!({"a/b": 1}), "/a~1b"), Some(json!(1)));
        assert_eq!(at(&json!({}), "/a"), None);
    }
}
