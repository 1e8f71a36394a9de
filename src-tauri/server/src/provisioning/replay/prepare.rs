//! Making a request again out of what was kept of it.

use axum::http::Request;
use axum::http::request::Parts;
use scim::redact::{HIDDEN_START, MASK, names_secret};
use serde_json::Value;

use super::super::mask::TEXT_KEPT;
use super::super::{SentTarget, local_request::AGENT, route};
use crate::facts::ExchangeDetails;
use crate::model::{AuthVerdict, ExchangeRow};

/// A request that can be sent again.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) head: Parts,
    pub(super) body: Vec<u8>,
    /// How it differs from the first time, a sentence each.
    pub(super) differences: Vec<String>,
}

/// Headers that change what a request does. The others say who sent it and which way it came.
const KEPT: [&str; 5] = ["accept", "content-type", "if-match", "if-none-match", "prefer"];

/// Makes the request again, or says why it cannot be made.
pub(super) fn prepare(row: &ExchangeRow, details: &ExchangeDetails, has_directory: bool) -> Result<Prepared, String> {
    if !has_directory {
        return Err("It addressed no directory: there is nobody to send it to.".to_owned());
    }
    let path = details.target.split('?').next().unwrap_or_default();
    if route::parse(path).is_none_or(|route| route.directory.is_empty()) {
        return Err("Its address leads nowhere: correct the base URL in the identity provider.".to_owned());
    }
    if details.target.contains(MASK) || details.target.len() >= TEXT_KEPT {
        return Err("Its address was not kept whole: it had a secret in it, or was too long.".to_owned());
    }
    if details.request.is_truncated {
        return Err("Its body is too large: only the beginning was kept.".to_owned());
    }
    let body = details.request.body.as_deref().unwrap_or_default();
    if body.contains(HIDDEN_START) {
        return Err(
            "Its body was not JSON and mentioned a password or another secret, so the rest of it was not kept."
                .to_owned(),
        );
    }
    let mut differences = vec![match details.authorization.verdict {
        AuthVerdict::Matched | AuthVerdict::NotNeeded => {
            "You send it, from this machine: no token is needed.".to_owned()
        }
        _ => "You send it, from this machine: this time no token is needed, so it is not refused for it.".to_owned(),
    }];
    let body = without_masks(body, &mut differences)?;
    let mut request = Request::builder().method(row.method.as_str()).header("user-agent", AGENT);
    request = match SentTarget::encode(details.target.as_bytes()) {
        Some((target, sent)) => request.uri(target).extension(sent),
        None => request.uri(details.target.as_str()),
    };
    for (name, value) in details.request.headers.iter().filter(|(name, _)| KEPT.contains(&name.as_str())) {
        request = request.header(name, value);
    }
    let (head, ()) = request.body(()).map_err(|_| "What was recorded is not an HTTP request.".to_owned())?.into_parts();
    Ok(Prepared { head, body: body.into_bytes(), differences })
}

/// The body without the places of secrets that were not kept.
fn without_masks(body: &str, differences: &mut Vec<String>) -> Result<String, String> {
    if body.contains('\u{fffd}') {
        differences.push("Bytes of the body that were not UTF-8 are replaced by \u{fffd}.".to_owned());
    }
    if !body.contains(MASK) {
        return Ok(body.to_owned());
    }
    let Ok(mut value) = serde_json::from_str::<Value>(body) else {
        differences.push("A token in the body was not kept; its mask is sent.".to_owned());
        return Ok(body.to_owned());
    };
    if take_secrets_out(&mut value) > 0 {
        differences.push("A password or another secret is left out: it was not kept.".to_owned());
    }
    if value.get("Operations").or_else(|| value.get("operations")).and_then(Value::as_array).is_some_and(Vec::is_empty)
    {
        return Err("It set nothing but a password or another secret, which was not kept.".to_owned());
    }
    let text = value.to_string();
    if text.contains(MASK) {
        differences.push("A secret in the body was not kept; its mask is sent.".to_owned());
    }
    Ok(text)
}

/// Takes out members that are secrets, and operations that set one. Returns how many went.
fn take_secrets_out(value: &mut Value) -> usize {
    let is_mask = |value: &Value| value.as_str() == Some(MASK);
    match value {
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| {
                let path = item.get("path").and_then(Value::as_str);
                !(path.is_some_and(names_secret) && item.get("value").is_some_and(is_mask))
            });
            before - items.len() + items.iter_mut().map(take_secrets_out).sum::<usize>()
        }
        Value::Object(object) => {
            let before = object.len();
            object.retain(|name, value| !(names_secret(name) && is_mask(value)));
            before - object.len() + object.values_mut().map(take_secrets_out).sum::<usize>()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Actor, Authorization, ExchangeId, Message, Sentence};

    fn prepared(target: &str, body: Option<&str>, is_truncated: bool) -> Result<Prepared, String> {
        let row = ExchangeRow {
            id: ExchangeId(1),
            directory_id: Some("k3v9tq2mxa".into()),
            at: String::new(),
            method: "PUT".into(),
            path: String::new(),
            status: 200,
            duration_ms: 0.0,
            actor: Actor::Known(idp::IdpId::Okta),
            summary: Sentence::default(),
            note_count: 0,
            is_write: true,
            story: None,
            replay_of: None,
            is_simulated: false,
            ..ExchangeRow::default()
        };
        let headers =
            [("authorization", "Bearer ••••G4tQ"), ("content-type", "application/scim+json"), ("host", "ada.example")];
        let details = ExchangeDetails {
            request: Message {
                headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
                body: body.map(str::to_owned),
                body_bytes: 0,
                is_truncated,
            },
            target: target.into(),
            authorization: Authorization::new(AuthVerdict::Matched, ""),
            ..ExchangeDetails::default()
        };
        prepare(&row, &details, true)
    }

    const TARGET: &str = "/scim/v2/k3v9tq2mxa/Users/1?attributes=id";

    #[test]
    fn a_request_is_made_again_without_its_credentials() {
        let prepared = prepared(TARGET, Some(r#"{"a":1}"#), false).expect("a request");
        assert_eq!((prepared.head.method.as_str(), prepared.head.uri.to_string().as_str()), ("PUT", TARGET));
        let names: Vec<&str> = prepared.head.headers.keys().map(axum::http::HeaderName::as_str).collect();
        assert_eq!(names, ["user-agent", "content-type"]);
        assert_eq!(prepared.body, br#"{"a":1}"#);
        assert_eq!(prepared.differences.len(), 1, "{:?}", prepared.differences);
    }

    #[test]
    fn a_password_that_was_not_kept_is_left_out() {
        for (body, expected) in [
            (r#"{"userName":"ada","password":"••••"}"#, r#"{"userName":"ada"}"#),
            (
                r#"{"Operations":[{"op":"replace","path":"password","value":"••••"},{"op":"add","path":"title","value":"x"}]}"#,
                r#"{"Operations":[{"op":"add","path":"title","value":"x"}]}"#,
            ),
            (
                r#"{"Operations":[{"op":"replace","value":{"password":"••••","title":"x"}}]}"#,
                r#"{"Operations":[{"op":"replace","value":{"title":"x"}}]}"#,
            ),
        ] {
            let prepared = prepared(TARGET, Some(body), false).unwrap_or_else(|refusal| panic!("{body}: {refusal}"));
            assert_eq!(String::from_utf8_lossy(&prepared.body), expected);
            assert!(prepared.differences.iter().any(|text| text.contains("password")), "{:?}", prepared.differences);
        }
    }

    #[test]
    fn what_was_not_kept_cannot_be_repeated() {
        for (target, body, is_truncated, reason) in [
            (TARGET, Some("{"), true, "only the beginning"),
            (
                TARGET,
                Some("user=ada&… (hidden from here on: this is not JSON and mentions a password)"),
                false,
                "mentioned a password",
            ),
            ("/scim/v2/k3v9tq2mxa/Users?token=scimsetup-••••G4tQ", None, false, "secret"),
            ("/k3v9tq2mxa/Users", None, false, "leads nowhere"),
            (
                TARGET,
                Some(r#"{"Operations":[{"op":"replace","path":"password","value":"••••"}]}"#),
                false,
                "nothing but a password",
            ),
        ] {
            let refusal = prepared(target, body, is_truncated).err().unwrap_or_else(|| panic!("{target} {body:?}"));
            assert!(refusal.contains(reason), "{target}: {refusal}");
        }
    }
}
