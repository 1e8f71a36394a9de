//! Recorded requests as an HTTP archive, HAR 1.2, which browsers' developer tools and many others read.

use http::StatusCode;
use serde_json::{Value, json};

use crate::model::{Exchange, Message};

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
pub(crate) fn entry(exchange: &Exchange, origin: &str) -> Value {
    let row = &exchange.row;
    let origin = exchange.came_through.as_deref().unwrap_or(origin);
    let query = exchange.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let query: Vec<Value> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut request = json!({
        "method": row.method,
        "url": format!("{origin}{}", exchange.target),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&exchange.request),
        "queryString": query,
        "headersSize": -1,
        "bodySize": exchange.request.body_bytes,
    });
    if let Some(text) = &exchange.request.body {
        request["postData"] = json!({ "mimeType": media_type(&exchange.request), "params": [], "text": text });
        if exchange.request.is_truncated {
            request["postData"]["comment"] = "Only the beginning was kept.".into();
        }
    }
    let mut content = json!({ "size": exchange.response.body_bytes, "mimeType": media_type(&exchange.response) });
    if let Some(text) = &exchange.response.body {
        content["text"] = text.as_str().into();
        if exchange.response.is_truncated {
            content["comment"] = "Only the beginning was kept.".into();
        }
    }
    let status = StatusCode::from_u16(row.status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let outcome = row.summary.outcome.as_ref().map(|outcome| format!(" → {outcome}")).unwrap_or_default();
    let mut entry = json!({
        "startedDateTime": row.at,
        "time": row.duration_ms,
        "request": request,
        "response": {
            "status": row.status,
            "statusText": status,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&exchange.response),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": exchange.response.body_bytes,
        },
        "cache": {},
        "timings": { "send": 0, "wait": row.duration_ms, "receive": 0 },
        "comment": format!("{}{outcome}", row.summary.text),
        // Names of one's own begin with an underscore.
        "_notes": exchange.notes,
    });
    if let Some(annotation) = &exchange.annotation {
        entry["_annotation"] = annotation.as_str().into();
    }
    entry
}

fn headers(message: &Message) -> Vec<Value> {
    message.headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn media_type(message: &Message) -> &str {
    message.headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, value)| value.as_str())
}
