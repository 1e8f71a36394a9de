//! People who open an address in a browser, to see whether it is there. It says nothing of an identity provider, and no token is missed.

use axum::http::Method;
use axum::http::header::{ACCEPT, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, ORIGIN};
use axum::http::request::Parts;
use scim::ScimError;

use super::call::Response;

/// Whether a request expects a page and brings no credentials.
pub(super) fn is_visit(head: &Parts) -> bool {
    let wants_page = head
        .headers
        .get(ACCEPT)
        .is_some_and(|accept| String::from_utf8_lossy(accept.as_bytes()).to_ascii_lowercase().contains("text/html"));
    wants_page && !head.headers.contains_key(AUTHORIZATION) && [Method::GET, Method::HEAD].contains(&head.method)
}

/// Whether a browser asks on behalf of a web page whether it may send a request: the preflight of CORS.
pub(super) fn is_preflight(head: &Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight, with the methods that work in general. Without headers that allow it the browser does not send the request.
pub(super) fn refuse_preflight() -> Response {
    let error = ScimError::method_not_allowed(
        "A browser asked on behalf of a web page whether the page may send requests here (CORS). It may not: SCIM is spoken between servers.",
    );
    Response::not_allowed_because(error, "GET, HEAD, POST, PUT, PATCH, DELETE")
}

/// The answer to a visit of a directory: like every refusal a SCIM error, and one that a person can read.
pub(super) fn refusal(rest: &[&str]) -> ScimError {
    let what = if rest.is_empty() { "the base URL of a SCIM directory" } else { "an endpoint of a SCIM directory" };
    ScimError::unauthorized(format!(
        "This is {what}, and it can be reached. There is nothing to see for a browser: identity providers send a bearer token."
    ))
}
