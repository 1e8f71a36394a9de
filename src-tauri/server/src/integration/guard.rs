//! Who may use the integration API: a program on this machine that has an API key.
//!
//! A key that is wrong, revoked or missing gets one and the same answer: whoever guesses learns nothing from it. The person reads in the list
//! of calls which it was.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, ORIGIN};

use super::error::{Code, IntegrationError};
use crate::core::Core;
use crate::directory::api_keys::{self, KeyHolder};
use crate::listener::is_for_own_host;

/// What every browser says of where a request comes from (W3C Fetch Metadata).
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses what a web page or a rebound host name brings.
///
/// # Errors
/// If it does not come from a program on this machine, or names another host.
pub(super) fn check_source(headers: &HeaderMap, port: u16) -> Result<(), IntegrationError> {
    if !is_for_own_host(headers, port) {
        let text = format!("The integration API is on this machine alone. Use http://127.0.0.1:{port}.");
        return Err(IntegrationError::new(Code::Forbidden, text));
    }
    if headers.contains_key(ORIGIN) || headers.get(SEC_FETCH_SITE).is_some_and(|site| site != "none") {
        let text =
            "A web page must not use the integration API: its key would be in the browser. Ask from your server.";
        return Err(IntegrationError::new(Code::Forbidden, text));
    }
    Ok(())
}

/// The API key that a request presents.
pub(super) fn presented(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}

/// Whose key a request has, in force or not; `None`: it has none that is known.
///
/// # Errors
/// If the database refuses.
pub(super) async fn holder(core: &Core, headers: &HeaderMap) -> Result<Option<KeyHolder>, IntegrationError> {
    let Some(key) = presented(headers).map(str::to_owned) else { return Ok(None) };
    Ok(core.run(move |core| api_keys::holder(core, &key)).await?)
}

/// What everybody is told whose key is not accepted.
pub(super) fn unauthenticated() -> IntegrationError {
    IntegrationError::new(
        Code::Unauthenticated,
        "The API key is missing or not accepted. Send Authorization: Bearer with a key from Your app in SCIM Setup.",
    )
}
