//! The app's question to itself through the tunnel: no token, no record, and an answer that only this process can give.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode};
use scim::ScimError;
use serde_json::{Value, json};

use super::reply::Reply;
use crate::core::Core;
use crate::insight::tunnel_check::{AUTHORIZATION_SENT, NONCE_HEADER, PATH, PRODUCT};

/// Characters of a nonce: too few can be guessed, more nobody needs.
const NONCE: std::ops::RangeInclusive<usize> = 16..=64;

/// Characters of an unexpected path that are told: the asker reads one KiB.
const PATH_TOLD: usize = 200;

/// The answer to a self-check, or `None` if the request is not one.
///
/// `GET /.well-known/scim-setup/{nonce}` → 200 `{"product":"SCIM Setup","proof":"…","authorization":true}`, the last saying whether the
/// question's `Authorization` arrived. A request that carries a nonce that was issued as a header but arrives at another path gets a 404 that
/// says the path: then something on the way changes paths. With any other nonce it is a request like all others, and recorded.
pub(super) fn answer(core: &Core, request: &Request<Body>) -> Option<Response<Body>> {
    if request.method() != Method::GET {
        return None;
    }
    let path = request.uri().path();
    let authorization = request.headers().get(AUTHORIZATION);
    let is_authorization_kept = authorization.is_some_and(|value| value == AUTHORIZATION_SENT);
    if let Some(nonce) = path.strip_prefix(PATH) {
        return Some(if is_nonce(nonce) {
            respond(
                StatusCode::OK,
                &json!({
                    "product": PRODUCT, "proof": core.proof.prove(nonce), "authorization": is_authorization_kept
                }),
            )
        } else {
            let error = ScimError::not_found("A self-check ends in a nonce of 16 to 64 letters, digits, - and _.");
            let (head, ()) = Request::new(()).into_parts();
            Reply::error(&error).into_parts(&head).into_http()
        });
    }
    let nonce = request.headers().get(NONCE_HEADER)?.to_str().ok().filter(|nonce| core.has_issued(nonce))?;
    // Whoever shows a token of their own asks for something else.
    if authorization.is_some() && !is_authorization_kept {
        return None;
    }
    let path: String = path.chars().take(PATH_TOLD).collect();
    Some(respond(StatusCode::NOT_FOUND, &json!({ "product": PRODUCT, "proof": core.proof.prove(nonce), "path": path })))
}

fn is_nonce(text: &str) -> bool {
    NONCE.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
