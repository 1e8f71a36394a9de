//! Whether the server lets in who asked, where it is the one that decides.

use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::core::Core;
use crate::facts::Operation;
use crate::insight::token_doctor::{self, forwarded};
use crate::model::{AuthVerdict, Authorization};
use crate::provisioning::auth;
use crate::provisioning::outcome::HandlerOutcome;
use crate::scopes::Scope;
use crate::secret::PlainToken;
use crate::store::kept::Sender;

/// Takes in what an answer says of the token that went there. Only what succeeds and is not open to everybody says that a token is good: then
/// who shows it is believed from now on, and held back no more.
pub(super) fn note(core: &Core, scope: &Scope, head: &Parts, status: StatusCode, outcome: &mut HandlerOutcome) {
    let (shown, hash) = (auth::header(&head.headers), auth::shown_hash(&head.headers));
    let is_refused = status == StatusCode::UNAUTHORIZED;
    let is_open = matches!(outcome.facts.operation, Operation::Discover(_));
    outcome.is_authorized = !is_refused;
    if let Some(hash) = &hash {
        if is_refused {
            core.targets.note_refused(scope.directory, hash);
        } else if status.is_success() && !is_open {
            core.targets.note_accepted(scope.directory, hash);
            outcome.sender = Sender::Known;
        }
    }
    let is_good = hash.is_some_and(|hash| core.targets.has_accepted(scope.directory, &hash));
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
