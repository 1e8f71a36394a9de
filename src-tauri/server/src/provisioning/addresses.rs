//! Addresses that lead nowhere: whose they are nearly, and what is answered.

use axum::http::header::HOST;
use axum::http::request::Parts;
use scim::{Notes, Policy, ScimError};

use super::dispatch::{self, HandlerOutcome};
use crate::core::Core;
use crate::directory::scope::Scope;
use crate::facts::{self, shown};
use crate::insight::path_doctor::{self, Misaddressed};
use crate::insight::token_doctor;
use crate::model::AuthVerdict;
use crate::store::{StoreError, directories};

/// The answer to a request whose path leads to no directory. One that names a directory all the same is put down to it.
///
/// # Errors
/// Only if the database refuses.
pub(super) fn refuse(core: &Core, head: &Parts, outcome: &mut HandlerOutcome) -> Result<ScimError, StoreError> {
    let path = head.uri.path();
    let known = core.store.read(|c| directories::addresses(c, &core.local_url()))?;
    let candidates = path_doctor::candidates(path);
    let named = known.iter().find(|(_, known)| candidates.contains(&known.id));
    outcome.directory = named.map(|(key, _)| *key);
    let addresses: Vec<_> = known.iter().map(|(_, known)| known.clone()).collect();
    let misaddressed = path_doctor::diagnose(path, &addresses);
    let detail = if named.is_some() {
        path_doctor::detail_for_named(&misaddressed)
    } else {
        outcome.authorization = dispatch::verdict(AuthVerdict::UnknownDirectory, token_doctor::unknown_directory());
        path_doctor::detail_for_strangers(path, &host(head, core))
    };
    note(&misaddressed, outcome);
    Ok(ScimError::not_found(detail))
}

/// The answer to a request whose path leads to a directory, but to nothing in it; `None` if it leads somewhere.
pub(super) fn check(path: &str, rest: &[&str], scope: &Scope, outcome: &mut HandlerOutcome) -> Option<ScimError> {
    if !facts::leads_nowhere(rest) {
        return None;
    }
    let this =
        path_doctor::Known { id: scope.directory_id.clone(), name: String::new(), base_url: scope.base_url.clone() };
    let misaddressed = path_doctor::diagnose(path, &[this]);
    let detail = path_doctor::detail_for_named(&misaddressed);
    note(&misaddressed, outcome);
    Some(ScimError::not_found(detail))
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
