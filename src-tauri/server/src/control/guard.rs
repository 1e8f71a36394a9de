//! Who may use the control listener: a client on this machine that has the key.
//!
//! `Host` is checked against DNS rebinding, `Origin` and `Sec-Fetch-Site` against other sites, the key against everybody else. A browser has
//! a session instead of the key: cookies know no ports (RFC 6265 §8.5), so whatever else listens on 127.0.0.1 is sent it, too. A browser
//! that has neither gets the interface, which asks for the key.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower::ServiceExt;

use super::error::ApiError;
use super::interface;
use super::router::router;
use super::state::ControlState;
use crate::listener::{is_for_own_host, is_own_host};

/// What every browser says of where a request comes from (W3C Fetch Metadata).
const SEC_FETCH_SITE: &str = "sec-fetch-site";

struct Guard {
    key: String,
    /// What the cookie of a browser says, and nothing else is let in by.
    session: String,
    port: u16,
}

/// The control API and the interface behind a key. `session` is what a browser gets for it; `url` is where the listener is: `http://127.0.0.1:7247`.
pub(crate) fn guarded(state: ControlState, key: &str, session: &str, url: &str) -> Router {
    let port = url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
    let guard = Arc::new(Guard { key: key.to_owned(), session: session.to_owned(), port });
    let api = router(state);
    // The interface's files are not secret, but what they show is.
    Router::new()
        .fallback(move |request: Request| {
            let api = api.clone();
            async move {
                if is_api(&request) {
                    let Ok(response) = api.oneshot(request).await;
                    response
                } else {
                    interface::file(request.uri().path())
                }
            }
        })
        .layer(from_fn_with_state(guard, check))
        .layer(map_response(private))
}

/// What the API says is kept by nobody, and read as what it is.
async fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !is_for_own_host(headers, guard.port) {
        return ApiError::forbidden_host("This address is not for that host name. Use http://127.0.0.1 and the port.")
            .into_response();
    }
    // A read, too: it would come with the cookie, and what an image or a stream costs is felt though no script may read it.
    if text(headers, SEC_FETCH_SITE).is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return ApiError::forbidden_host(
            "Another web site must not use this address. To open it yourself, paste it into the address bar.",
        )
        .into_response();
    }
    let is_write = ![Method::GET, Method::HEAD].contains(request.method());
    if is_write && text(headers, ORIGIN.as_str()).is_some_and(|origin| !guard.is_own_origin(origin)) {
        return ApiError::forbidden_host("Another web site must not use this API.").into_response();
    }
    let key = key_in_address(&request);
    if key.as_deref().is_some_and(|key| guard.opens(key)) {
        return guard.let_in();
    }
    if key.is_none() && guard.has_key(headers) {
        return next.run(request).await;
    }
    if is_api(&request) {
        return ApiError::unauthorized().into_response();
    }
    sign_in(next.run(request).await)
}

fn is_api(request: &Request) -> bool {
    let path = request.uri().path();
    path == "/api" || path.starts_with("/api/")
}

/// The page of the interface for who is not let in: it asks for the key, and keeps the place that was asked for.
fn sign_in(mut page: Response) -> Response {
    if page.headers().get(CONTENT_TYPE).is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html")) {
        *page.status_mut() = StatusCode::UNAUTHORIZED;
        page.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    page
}

impl Guard {
    fn is_own_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| is_own_host(host, self.port))
    }

    /// Whether a client shows the key, or a browser its session.
    fn has_key(&self, headers: &HeaderMap) -> bool {
        match text(headers, AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer ")) {
            Some(key) => self.opens(key),
            None => self.session(headers).is_some_and(|session| is_same(session, &self.session)),
        }
    }

    fn session<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.cookie_name();
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies.flat_map(|cookies| cookies.split(';')).find_map(|cookie| {
            let (found, value) = cookie.trim().split_once('=')?;
            (found == name).then_some(value)
        })
    }

    fn opens(&self, key: &str) -> bool {
        is_same(key, &self.key)
    }

    /// Of this port: two of us share a browser's cookies.
    fn cookie_name(&self) -> String {
        format!("scim_setup_session_{}", self.port)
    }

    /// Takes the key out of the address bar and gives the browser a session in a cookie that no script can read.
    fn let_in(&self) -> Response {
        let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie_name(), self.session);
        (StatusCode::SEE_OTHER, [(LOCATION, "/".to_owned()), (SET_COOKIE, cookie)]).into_response()
    }
}

/// In a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn key_in_address(request: &Request) -> Option<String> {
    if request.uri().path() != "/" || request.method() != Method::GET {
        return None;
    }
    let query = form_urlencoded::parse(request.uri().query()?.as_bytes());
    query.into_owned().find(|(name, _)| name == "key").map(|(_, value)| value)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
