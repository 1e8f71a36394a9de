//! Addresses that lead nowhere: whose they are nearly, and what is answered.

use std::sync::Arc;

use axum::http::Version;
use axum::http::header::HOST;
use axum::http::request::Parts;
use scim::{Notes, Policy, ScimError};

use super::auth;
use super::outcome::{HandlerOutcome, Meant};
use crate::core::Core;
use crate::directory::browse::known_as;
use crate::facts::{self, shown};
use crate::insight::path_doctor::{self, Misaddressed};
use crate::insight::token_doctor;
use crate::model::{AuthVerdict, Authorization};
use crate::scopes::Scope;

/// The answer to a request whose path leads to no directory. One that names a directory all the same is put down to it.
pub(super) fn refuse(core: &Core, head: &Parts, outcome: &mut HandlerOutcome) -> ScimError {
    let path = head.uri.path();
    let known = core.scopes.now().all();
    let candidates = path_doctor::candidates(path);
    let named = known.iter().find(|scope| candidates.contains(&scope.directory_id.0));
    outcome.directory = named.map(|scope| scope.directory);
    // Whose token it shows is told more surely by that than by a path.
    let owner = auth::directory_of_token(core, &head.headers);
    let is_owner = |scope: &&Arc<Scope>| owner == Some(scope.directory);
    let meant = named.or_else(|| known.iter().find(is_owner));
    let addresses: Vec<_> = match meant {
        Some(scope) => vec![known_as(scope)],
        None => known.iter().map(|scope| known_as(scope)).collect(),
    };
    let misaddressed = path_doctor::diagnose(path, &addresses);
    let meant =
        meant.or_else(|| known.iter().find(|scope| misaddressed.directory.as_ref() == Some(&scope.directory_id)));
    outcome.meant = meant.map(|scope| Meant::new(scope, owner == Some(scope.directory)));
    let detail = if named.is_some() {
        path_doctor::detail_for_named(&misaddressed)
    } else {
        outcome.authorization = Authorization::new(AuthVerdict::UnknownDirectory, token_doctor::UNKNOWN_DIRECTORY);
        path_doctor::detail_for_strangers(path, &host(head, core))
    };
    note(&misaddressed, outcome);
    ScimError::not_found(detail)
}

/// The answer to a request whose path leads to a directory, but to nothing in it; `None` if it leads somewhere.
pub(super) fn check(path: &str, rest: &[&str], scope: &Scope, outcome: &mut HandlerOutcome) -> Option<ScimError> {
    if !facts::leads_nowhere(rest) {
        return None;
    }
    let this = path_doctor::Known { name: String::new(), ..known_as(scope) };
    let misaddressed = path_doctor::diagnose(path, &[this]);
    outcome.meant = Some(Meant::new(scope, outcome.is_authorized));
    let detail = path_doctor::detail_for_named(&misaddressed);
    note(&misaddressed, outcome);
    Some(ScimError::not_found(detail))
}

/// Whether a request says once for which host it is: whatever stands before this server may have read another one.
///
/// # Errors
/// 400 for none or several, as RFC 9112 §3.2 wants it.
pub(super) fn check_host(head: &Parts) -> Result<(), ScimError> {
    match head.headers.get_all(HOST).iter().count() {
        1 => Ok(()),
        0 if head.version < Version::HTTP_11 => Ok(()),
        0 => Err(ScimError::invalid_syntax("The request has no Host header, which HTTP/1.1 requires (RFC 9112 §3.2).")),
        count => Err(ScimError::invalid_syntax(format!(
            "The request has {count} Host headers; HTTP allows one (RFC 9112 §3.2)."
        ))),
    }
}

fn note(misaddressed: &Misaddressed, outcome: &mut HandlerOutcome) {
    outcome.facts.leads_nowhere = true;
    outcome.facts.nearly_right = misaddressed.reason.as_deref().map(shown);
}

/// Spells the endpoint as RFC 7644 does where a directory is tolerant.
pub(super) fn tidy(policy: &Policy, rest: &mut [&str], notes: &mut Notes) {
    let Some(first) = rest.first_mut() else { return };
    let spelled = facts::ENDPOINTS.into_iter().find(|endpoint| endpoint.eq_ignore_ascii_case(first));
    if let Some(spelled) = spelled.filter(|spelled| spelled != first && !policy.is_strict()) {
        notes.add("endpoint-case", "RFC 7644 §3.2", format!("The endpoint was written /{first}; it is /{spelled}."));
        *first = spelled;
    }
}

/// The address that the client used: `https://ada.example`.
fn host(head: &Parts, core: &Core) -> String {
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    match text("x-forwarded-host").or_else(|| text(HOST.as_str())) {
        Some(host) => format!("{}://{host}", text("x-forwarded-proto").unwrap_or("http")),
        None => core.local_url(),
    }
}
