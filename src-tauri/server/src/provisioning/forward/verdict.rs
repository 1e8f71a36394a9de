//! Whether the server lets in who asked, where it is the one that decides.

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};

use crate::core::Core;
use crate::insight::token_doctor::{self, forwarded};
use crate::model::{AuthVerdict, Authorization};
use crate::provisioning::auth;
use crate::provisioning::outcome::HandlerOutcome;
use crate::provisioning::route;
use crate::scopes::Scope;
use crate::secret::PlainToken;
use crate::store::kept::Sender;

/// Takes in what an answer says of the token that went there. Only what succeeds where users and groups are says that a token is good. Once the
/// server has refused somebody else as well, who shows it is believed and held back no more.
pub(super) fn note(core: &Core, scope: &Scope, head: &Parts, status: StatusCode, outcome: &mut HandlerOutcome) {
    let (shown, hash) = (auth::header(&head.headers), auth::shown_hash(&head.headers));
    let is_refused = status == StatusCode::UNAUTHORIZED;
    let is_answered = status.is_success() && is_protected(head);
    outcome.is_authorized = !is_refused;
    if is_refused || status == StatusCode::FORBIDDEN {
        core.targets.note_refused(scope.directory, hash.as_ref());
    }
    let mut is_good = is_answered && hash.is_some();
    if let Some(hash) = &hash {
        if is_refused {
            core.targets.forget_accepted(scope.directory, hash);
        } else if is_answered {
            core.targets.note_accepted(scope.directory, hash);
        }
        if core.targets.has_accepted(scope.directory, hash) {
            is_good = true;
            outcome.sender = Sender::Known;
        }
    }
    let last_four =
        shown.as_deref().map(|shown| PlainToken::from_client(token_doctor::read_header(shown).token).last_four());
    let (verdict, diagnosis) = match (is_refused, shown) {
        (true, None) => (AuthVerdict::Missing, forwarded::missing_there(&outcome.actor)),
        (true, Some(shown)) => (AuthVerdict::Unknown, forwarded::refused_there(&shown, &outcome.actor)),
        (false, None) => (AuthVerdict::NotNeeded, forwarded::not_needed_there()),
        (false, Some(_)) if is_good => (AuthVerdict::Matched, forwarded::accepted_there()),
        // Another status, or an endpoint that is open: nothing follows for the token.
        (false, Some(_)) => (AuthVerdict::NotChecked, forwarded::not_judged_there()),
    };
    outcome.authorization = Authorization {
        verdict,
        text: diagnosis.text,
        advice: diagnosis.advice,
        last_four: last_four.filter(|text| !text.is_empty()),
    };
}

/// Whether a request is for what no server gives to everybody: users and groups. Other paths may be open, and so may OPTIONS.
fn is_protected(head: &Parts) -> bool {
    const ENDPOINTS: [&str; 5] = ["Users", "Groups", "Bulk", "Me", ".search"];
    const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let segments = route::below_base_url(head.uri.path());
    let is_endpoint = segments.first().is_some_and(|first| ENDPOINTS.iter().any(|it| first.eq_ignore_ascii_case(it)));
    METHODS.contains(&head.method) && is_endpoint
}
