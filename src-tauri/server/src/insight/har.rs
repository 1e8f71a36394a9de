//! Recorded requests as an HTTP archive, HAR 1.2, which browsers' developer tools and many others read.

use http::StatusCode;
use serde_json::{Value, json};

use crate::facts::ExchangeDetails;
use crate::model::{ExchangeRow, Message};

/// An archive of these entries. `omitted` are older ones that had no place.
pub(crate) fn archive(entries: Vec<Value>, omitted: u64) -> Value {
    let mut log = json!({
        "version": "1.2",
        "creator": { "name": "SCIM Setup", "version": env!("CARGO_PKG_VERSION") },
        "entries": entries,
    });
    if omitted > 0 {
        log["comment"] = format!("{omitted} older requests are left out: the archive would be too large.").into();
    }
    json!({ "log": log })
}

/// One request with its answer. `origin` is where it was sent if the request itself does not say: `http://127.0.0.1:7246`.
pub(crate) fn entry(row: &ExchangeRow, details: &ExchangeDetails, origin: &str) -> Value {
    let origin = details.came_through.as_deref().unwrap_or(origin);
    let query = details.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let query: Vec<Value> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut request = json!({
        "method": row.method,
        "url": format!("{origin}{}", details.target),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&details.request),
        "queryString": query,
        "headersSize": -1,
        "bodySize": details.request.body_bytes,
    });
    if let Some(text) = &details.request.body {
        request["postData"] = json!({ "mimeType": media_type(&details.request), "params": [], "text": text });
        if details.request.is_truncated {
            request["postData"]["comment"] = "Only the beginning was kept.".into();
        }
    }
    let mut content = json!({ "size": details.response.body_bytes, "mimeType": media_type(&details.response) });
    if let Some(text) = &details.response.body {
        content["text"] = text.as_str().into();
        if details.response.is_truncated {
            content["comment"] = "Only the beginning was kept.".into();
        }
    }
    let status = StatusCode::from_u16(row.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let outcome = row.summary.outcome.as_ref().map(|outcome| format!(" → {outcome}")).unwrap_or_default();
    json!({
        "startedDateTime": row.at,
        "time": row.duration_ms,
        "request": request,
        "response": {
            "status": row.status,
            "statusText": status,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&details.response),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": details.response.body_bytes,
        },
        "cache": {},
        "timings": { "send": 0, "wait": row.duration_ms, "receive": 0 },
        "comment": format!("{}{outcome}", row.summary.text),
        // Names of one's own begin with an underscore.
        "_notes": details.notes,
    })
}

fn headers(message: &Message) -> Vec<Value> {
    message.headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn media_type(message: &Message) -> &str {
    message.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value.as_str())
}
