//! The control API, asked in process as the window's page asks it.

use serde_json::Value;
use server::Control;

/// Status and answer; an empty answer is `null`.
pub(crate) async fn ask(control: &Control, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let request = http::Request::builder().method(method).uri(path).header("content-type", "application/json");
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    let response = control.respond(request.body(body).expect("a request")).await;
    let (status, body) = (response.status().as_u16(), response.into_body());
    let answer = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
    (status, answer)
}
