//! Who may use the control listener: a client on this machine that has the key.
//!
//! `Host` is checked against DNS rebinding, `Origin` against other sites, the key against everybody else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower::ServiceExt;

use super::error::ApiError;
use super::interface;
use super::router::router;
use super::state::ControlState;

/// The cookie that a browser gets for the key in the address.
const COOKIE_NAME: &str = "scim_setup_key";

struct Guard {
    key: String,
    port: String,
}

/// The control API and the interface behind a key. `url` is where the listener is: `http://127.0.0.1:7247`.
pub(crate) fn guarded(state: ControlState, key: &str, url: &str) -> Router {
    let port = url.rsplit(':').next().unwrap_or_default().to_owned();
    let guard = Arc::new(Guard { key: key.to_owned(), port });
    let api = router(state);
    // The interface's files are not secret, but what they show is.
    Router::new()
        .fallback(move |request: Request| {
            let api = api.clone();
            async move {
                let path = request.uri().path();
                if path == "/api" || path.starts_with("/api/") {
                    let Ok(response) = api.oneshot(request).await;
                    response
                } else {
                    interface::file(request.uri().path())
                }
            }
        })
        .layer(from_fn_with_state(guard, check))
}

async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !text(headers, HOST.as_str()).is_some_and(|host| guard.is_own_host(host)) {
        return ApiError::forbidden_host("This address is not for that host name. Use http://127.0.0.1 and the port.")
            .into_response();
    }
    let is_write = ![Method::GET, Method::HEAD].contains(request.method());
    if is_write && text(headers, ORIGIN.as_str()).is_some_and(|origin| !guard.is_own_origin(origin)) {
        return ApiError::forbidden_host("Another web site must not use this API.").into_response();
    }
    if let Some(key) = key_in_address(&request) {
        return if guard.opens(&key) { guard.let_in() } else { ApiError::unauthorized().into_response() };
    }
    if !guard.has_key(headers) {
        return ApiError::unauthorized().into_response();
    }
    next.run(request).await
}

impl Guard {
    fn is_own_host(&self, host: &str) -> bool {
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{}", self.port)))
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.is_own_host(host))
    }

    fn has_key(&self, headers: &HeaderMap) -> bool {
        let bearer = text(headers, AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        let cookie = text(headers, COOKIE.as_str()).and_then(|cookies| {
            cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
        });
        bearer.or(cookie).is_some_and(|key| self.opens(key))
    }

    fn opens(&self, key: &str) -> bool {
        key.as_bytes().ct_eq(self.key.as_bytes()).into()
    }

    /// Takes the key out of the address bar and keeps it as a cookie that no script can read.
    fn let_in(&self) -> Response {
        let cookie = format!("{COOKIE_NAME}={}; HttpOnly; SameSite=Strict; Path=/", self.key);
        (StatusCode::SEE_OTHER, [(LOCATION, "/".to_owned()), (SET_COOKIE, cookie)]).into_response()
    }
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
