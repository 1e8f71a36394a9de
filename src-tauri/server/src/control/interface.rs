//! The interface's files, built into the program.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

use super::error::ApiError;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../ui/dist");

/// No script but our own, nothing from elsewhere, in nobody's frame. The hash is that of the one `style` attribute that stands in a page's
/// text: bits-ui's `display: contents;`. Others are set by scripts, which a policy does not forbid.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-hashes' 'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw='; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// A file of the interface; a path without an ending is a place in it.
pub(super) fn file(path: &str) -> Response {
    let path = path.trim_start_matches('/');
    let is_place = !path.rsplit('/').next().unwrap_or_default().contains('.');
    let name = if is_place { "index.html" } else { path };
    let Some(file) = FILES.get_file(name) else {
        return ApiError::not_found("There is no such file.").into_response();
    };
    let headers = [
        (CONTENT_TYPE, media_type(name)),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        // Names of built files hold a hash of their content.
        (CACHE_CONTROL, if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }),
    ];
    (StatusCode::OK, headers, file.contents()).into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
