//! The control API under a scheme of its own, `control://localhost/api/…`: the page of the window asks it as it would ask a server, and
//! bytes go to the router and back as they are. Windows writes such an address `http://control.localhost/api/…`.

use server::Control;
use tauri::http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE, ORIGIN,
    },
};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry, async_runtime};

use crate::{core::Core, window};

/// The scheme; the content security policy in `tauri.conf.json` names it, and so does `ui/src/lib/platform/tauri.ts`.
pub(crate) const SCHEME: &str = "control";

/// The origin of the interface in the window.
const PAGE: HeaderValue = HeaderValue::from_static(match cfg!(any(windows, target_os = "android")) {
    true => "http://tauri.localhost",
    false => "tauri://localhost",
});

/// The one request that tries a failed start again: what "Try again" in the interface asks.
const STATUS_PATH: &str = "/api/status";

/// The live feed.
const LIVE_PATH: &str = "/api/live";

/// Answers a request of the page; whoever else asks is refused.
pub(crate) fn handle(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    if !is_from_page(context.webview_label(), request.headers()) {
        tracing::warn!(
            webview = context.webview_label(),
            "something other than the window's page asked for the control API"
        );
        return responder.respond(with_status(StatusCode::FORBIDDEN, Vec::new()));
    }
    let app = context.app_handle().clone();
    async_runtime::spawn(async move {
        let mut response = match *request.method() {
            Method::OPTIONS => preflight(),
            _ => answer(&app.state::<Core>(), request).await,
        };
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, PAGE);
        responder.respond(response);
    });
}

/// The scheme is another origin than the page, so a browser engine says with each request where it comes from.
fn is_from_page(webview: &str, headers: &HeaderMap) -> bool {
    window::is_own(webview) && headers.get(ORIGIN) == Some(&PAGE)
}

/// What the engine asks before it sends JSON to another origin, or changes anything there (the Fetch standard, CORS-preflight fetch).
fn preflight() -> Response<Vec<u8>> {
    let mut response = with_status(StatusCode::NO_CONTENT, Vec::new());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PATCH, DELETE"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// What the control API answers. While the server could not start, every answer is a 503 `startupFailed` with the reason.
async fn answer(core: &Core, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    // It has no end, and here an answer is given whole: the page calls `watch_live`.
    if request.uri().path() == LIVE_PATH {
        return with_status(StatusCode::NOT_FOUND, Vec::new());
    }
    match control(core, request.uri().path()).await {
        Ok(control) => control.respond(request).await,
        Err(message) => startup_failed(&message),
    }
}

async fn control(core: &Core, path: &str) -> Result<Control, String> {
    match core.control() {
        Some(control) => Ok(control),
        None if path == STATUS_PATH => core.start_again().await,
        None => core.start().await,
    }
}

fn with_status(status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn startup_failed(message: &str) -> Response<Vec<u8>> {
    let body = serde_json::json!({ "code": "startupFailed", "message": message, "field": null });
    let mut response = with_status(StatusCode::SERVICE_UNAVAILABLE, body.to_string().into_bytes());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::arguments::Arguments;

    async fn ask(core: &Core, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{SCHEME}://localhost{path}"))
            .header(CONTENT_TYPE, "application/json")
            .body(body.as_bytes().to_vec())
            .expect("a request");
        let response = answer(core, request).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }

    #[test]
    fn only_the_page_of_the_window_may_ask() {
        let from = |webview: &str, origin: &'static str| {
            is_from_page(webview, &HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static(origin))]))
        };
        let page = PAGE.to_str().expect("text").to_owned().leak();
        assert!(from(window::MAIN, page));
        assert!(!from("other", page), "another window");
        for origin in ["https://example.com", "null", "control://localhost", "tauri://localhost.example.com", ""] {
            assert!(!from(window::MAIN, origin), "{origin}");
        }
        assert!(!is_from_page(window::MAIN, &HeaderMap::new()), "what a page links to says no origin");
    }

    #[test]
    fn what_the_page_sends_is_allowed_before() {
        let allowed = preflight();
        assert_eq!(allowed.status(), 204);
        assert_eq!(allowed.headers()[ACCESS_CONTROL_ALLOW_METHODS], "GET, POST, PATCH, DELETE");
        assert_eq!(allowed.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "content-type");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_start_is_the_answer_until_the_status_is_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::write(&data, "a file").expect("written");
        let core = Core::new(
            Arguments { data: Some(data.clone()), port: Some(0), integration_port: Some(0) },
            server::Log::default(),
        );
        for path in ["/api/tree", "/api/status", "/api/nothing"] {
            let (status, body) = ask(&core, "GET", path, "").await;
            assert_eq!((status, &body["code"], &body["field"]), (503, &"startupFailed".into(), &Value::Null), "{path}");
            assert!(body["message"].as_str().is_some_and(|message| message.contains("data")), "{body}");
        }
        std::fs::remove_file(&data).expect("removed");
        assert_eq!(ask(&core, "GET", "/api/tree", "").await.0, 503, "only who asks for the status tries again");
        assert_eq!(ask(&core, "GET", "/api/status", "").await.0, 200);

        let live = Request::builder().uri(format!("{SCHEME}://localhost{LIVE_PATH}")).body(Vec::new());
        assert_eq!(answer(&core, live.expect("a request")).await.status(), 404, "what has no end is not waited for");

        let (status, tree) = ask(&core, "GET", "/api/tree", "").await;
        assert_eq!(status, 200);
        let environment = &tree["environments"][0]["id"];
        let new = format!(r#"{{"environmentId":{environment},"name":"Zoë"}}"#);
        let (status, organization) = ask(&core, "POST", "/api/organizations?from=window", &new).await;
        assert_eq!((status, &organization["name"]), (201, &"Zoë".into()));
        core.shutdown().await;
    }
}
