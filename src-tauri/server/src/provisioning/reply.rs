//! Answers: SCIM JSON with the headers that go with it.

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use scim::ScimError;

/// What every body is. Entra's validator refuses `application/json`.
pub(super) const MEDIA_TYPE: &str = "application/scim+json; charset=utf-8";

/// Seconds after which it is worth coming again (RFC 9110 §10.2.3).
const COME_AGAIN_S: u8 = 5;

/// An answer before it is bytes.
#[derive(Debug, Default)]
pub(super) struct Reply {
    status: u16,
    /// JSON; empty: none.
    body: String,
    headers: Vec<(HeaderName, String)>,
}

/// An answer as bytes, for the client and for the record.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// What is kept of it, if it is another server's.
    pub(super) body: Bytes,
    /// Bytes of the body.
    pub(super) length: u64,
}

impl Reply {
    /// 200 with a body: JSON.
    pub(super) fn ok(body: String) -> Self {
        Self { status: 200, body, headers: Vec::new() }
    }

    /// 204.
    pub(super) fn no_content() -> Self {
        Self { status: 204, ..Self::default() }
    }

    /// The JSON text of a resource (empty: no body) with `ETag` and `Location`.
    pub(super) fn resource(status: u16, body: String, version: i64, location: String) -> Self {
        let headers = vec![(ETAG, crate::directory::render::etag(version)), (LOCATION, location)];
        Self { status, body, headers }
    }

    /// A SCIM error; a 401 says how to authenticate, a 415 what is read, and what passes by itself when to come again.
    pub(super) fn error(error: &ScimError) -> Self {
        let headers = match error.status {
            401 => vec![(WWW_AUTHENTICATE, "Bearer realm=\"SCIM Setup\"".to_owned())],
            // RFC 9110 §15.5.16
            415 => vec![
                (ACCEPT, "application/scim+json, application/json".to_owned()),
                (ACCEPT_ENCODING, "identity".to_owned()),
            ],
            429 | 503 => vec![(RETRY_AFTER, COME_AGAIN_S.to_string())],
            _ => Vec::new(),
        };
        Self { status: error.status, body: error.to_json().to_string(), headers }
    }

    /// 405 with the methods that work.
    pub(super) fn method_not_allowed(error: &ScimError, allowed: &str) -> Self {
        Self { headers: vec![(ALLOW, allowed.to_owned())], ..Self::error(error) }
    }

    /// The same with a header more.
    pub(super) fn with_header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// The first value of a header.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The bytes to send. A HEAD gets no body.
    pub(super) fn into_parts(self, head: &Parts) -> Sent {
        let mut headers = HeaderMap::new();
        let mut body = Bytes::new();
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
            if head.method != Method::HEAD {
                body = self.body.into();
            }
        }
        // Users and groups are nobody's business on the way, a tunnel's cache included.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            match HeaderValue::from_str(&value) {
                Ok(value) => drop(headers.insert(name, value)),
                Err(_) => tracing::warn!(header = %name, "a header value cannot be sent"),
            }
        }
        // Every status comes from `ScimError` or from this module.
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Sent { status, headers, length: body.len() as u64, body }
    }
}

impl Sent {
    /// The answer for the connection.
    pub(super) fn into_http(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
