//! An HTTP answer, and what can be read from it: whether it is ours, and whose it is otherwise.

use scim::shortened;
use serde_json::Value;

use super::PRODUCT;
use crate::insight::path_doctor;

/// Characters of a foreign answer that are quoted.
const QUOTED: usize = 80;

/// An HTTP answer, as far as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The first KiB.
    pub(crate) body: String,
    /// From the request to here.
    pub(crate) duration_ms: u32,
}

/// This app's own answer.
pub(super) struct Own {
    pub(super) proof: String,
    /// The path under which the question arrived, if it was another.
    pub(super) path: Option<String>,
    /// Whether its `Authorization` header arrived.
    pub(super) has_authorization: bool,
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn own(&self) -> Option<Own> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        let text = |name| body.get(name).and_then(Value::as_str).map(str::to_owned);
        text("product").filter(|product| product == PRODUCT)?;
        let has_authorization = body.get("authorization").and_then(Value::as_bool).unwrap_or(false);
        Some(Own { proof: text("proof")?, path: text("path"), has_authorization })
    }

    /// Our own answer to an address that names no directory: for a way that drops unknown headers and changes the path.
    pub(super) fn is_scim_error_of_ours(&self) -> bool {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        self.status == 404 && body["detail"].as_str().is_some_and(path_doctor::is_for_strangers)
    }

    pub(super) fn is_html(&self) -> bool {
        let body = self.body.trim_start().to_ascii_lowercase();
        self.header("content-type").is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
            || body.starts_with("<!doctype html")
            || body.starts_with("<html")
    }

    /// `3200` of `ERR_NGROK_3200`, from ngrok's header or its page.
    pub(super) fn ngrok_code(&self) -> Option<u32> {
        let text = self.header("ngrok-error-code").unwrap_or(&self.body);
        number_after(text, "ERR_NGROK_")
    }

    /// Whether it went through Cloudflare.
    pub(super) fn is_cloudflare(&self) -> bool {
        self.header("server").is_some_and(|server| server.eq_ignore_ascii_case("cloudflare"))
    }

    /// `1033` of `error code: 1033`, as Cloudflare tells programs, or of its page.
    pub(super) fn cloudflare_code(&self) -> Option<u32> {
        if !self.is_cloudflare() && !self.body.starts_with("error code: ") {
            return None;
        }
        number_after(&self.body, "error code: ").or_else(|| number_after(&self.body, "Error "))
    }

    /// For the step that looks at the answer.
    pub(super) fn words(&self) -> String {
        let kind = if self.is_html() { ", a web page" } else { "" };
        format!("{}{kind}", self.status)
    }

    /// The beginning of a short text, to recognize the other program by.
    pub(super) fn quote(&self) -> String {
        let line = self.body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if line.is_empty() || self.is_html() { String::new() } else { format!(": {}", quoted(line)) }
    }
}

fn number_after(text: &str, mark: &str) -> Option<u32> {
    let rest = &text[text.find(mark)? + mark.len()..];
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

pub(super) fn quoted(text: &str) -> String {
    let line: String = text.trim().chars().filter(|character| !character.is_control()).collect();
    format!("“{}”", shortened(&line, QUOTED))
}
