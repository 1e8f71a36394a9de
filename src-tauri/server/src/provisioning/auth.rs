//! Who may ask. The verdict is for the record; the client learns only what helps to set the token right.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use scim::{Notes, ScimError};

use crate::core::Core;
use crate::guests::{GUEST_HEADER, Invitation};
use crate::insight::token_doctor::{self, Diagnosis, Owner};
use crate::model::{Actor, AuthVerdict, Authorization, DirectoryKey};
use crate::scopes::{Registry, Scope};
use crate::secret::{PlainToken, TokenHash};
use crate::store::kept::Sender;
use crate::store::tokens::TokenRow;

/// The outcome of the check.
pub(super) struct Checked {
    pub(super) authorization: Authorization,
    /// The stored token that was accepted.
    pub(super) hash: Option<TokenHash>,
    /// Whether the request may be carried out.
    pub(super) is_accepted: bool,
}

/// Checks the `Authorization` header of `actor` against the token of a directory.
pub(super) fn check(
    core: &Core,
    known: &Registry,
    scope: &Scope,
    header: Option<&str>,
    actor: &Actor,
    notes: &mut Notes,
) -> Checked {
    let Some(header) = header else { return refused(AuthVerdict::Missing, token_doctor::missing(actor), None) };
    let presented = token_doctor::read_header(header);
    let token = PlainToken::from_client(presented.token);
    let last_four = Some(token.last_four()).filter(|text| !text.is_empty());
    let hash = token.hash();
    if let Some(invitation) = core.guests.find(&hash) {
        return guest(invitation, scope, last_four);
    }
    let Some(row) = known.token(&hash) else {
        if let Some(checked) = wrapped(known, scope, header, actor, last_four.as_deref()) {
            return checked;
        }
        return match known.has_token(scope.directory) {
            false => refused(AuthVerdict::NoTokenYet, token_doctor::no_token_yet(), last_four),
            true if token_doctor::is_none(header) => {
                refused(AuthVerdict::Missing, token_doctor::unknown(header, actor), None)
            }
            true => refused(AuthVerdict::Unknown, token_doctor::unknown(header, actor), last_four),
        };
    };
    match (owner(row, scope), presented.deviation) {
        (Owner::This, Some(deviation)) if scope.policy.is_strict() => {
            refused(AuthVerdict::Malformed, deviation.refusal(actor), last_four)
        }
        (Owner::This, deviation) => {
            if let Some(deviation) = deviation {
                notes.add(deviation.rule(), "RFC 6750 §2.1", deviation.note(actor));
            }
            let text = format!("The bearer token ending …{} matched.", row.last_four).into();
            let (verdict, last_four) = (AuthVerdict::Matched, Some(row.last_four.clone()));
            let authorization = Authorization { verdict, text, advice: None, last_four };
            Checked { authorization, hash: Some(hash), is_accepted: true }
        }
        (owner, _) => refused(verdict_on(owner), token_doctor::of(owner, actor), last_four),
    }
}

/// Whose a request that needs no token is, as far as the one that it shows says, however it shows it. `directory` is what it addresses.
pub(super) fn sender(core: &Core, headers: &HeaderMap, directory: Option<DirectoryKey>) -> Sender {
    match shown_token(&core.scopes.now(), headers) {
        None => Sender::Stranger,
        Some(row) if row.retired_at.is_none() && directory.is_none_or(|directory| row.directory == directory) => {
            Sender::Known
        }
        Some(_) => Sender::ClosedToken,
    }
}

/// The directory whose token in force a request shows, however it shows it and wherever it leads.
pub(super) fn directory_of_token(core: &Core, headers: &HeaderMap) -> Option<DirectoryKey> {
    shown_token(&core.scopes.now(), headers).filter(|row| row.retired_at.is_none()).map(|row| row.directory)
}

/// The token of this program that a request shows, however it shows it.
fn shown_token<'a>(known: &'a Registry, headers: &HeaderMap) -> Option<&'a TokenRow> {
    let header = header(headers)?;
    let row = |text: &str| known.token(&PlainToken::from_client(text).hash());
    row(token_doctor::read_header(&header).token)
        .or_else(|| token_doctor::wrapped(&header).iter().find_map(|wrapped| row(&wrapped.token)))
}

/// The verdict on the simulator's own token.
fn guest(invitation: Invitation, scope: &Scope, last_four: Option<String>) -> Checked {
    let is_accepted = invitation.is_admitted && invitation.directory == scope.directory;
    let (verdict, diagnosis) = match is_accepted {
        true => (AuthVerdict::Matched, token_doctor::simulated()),
        false => (AuthVerdict::Unknown, token_doctor::simulated_wrong()),
    };
    Checked { is_accepted, ..refused(verdict, diagnosis, last_four) }
}

/// The verdict on a header that holds a token of this program in some other way.
fn wrapped(known: &Registry, scope: &Scope, header: &str, actor: &Actor, last_four: Option<&str>) -> Option<Checked> {
    token_doctor::wrapped(header).into_iter().find_map(|wrapped| {
        let row = known.token(&PlainToken::from_client(&wrapped.token).hash())?;
        let owner = owner(row, scope);
        let verdict = verdict_on(owner);
        Some(refused(verdict, wrapped.diagnosis(owner, actor), last_four.map(str::to_owned)))
    })
}

fn owner<'a>(row: &'a TokenRow, scope: &Scope) -> Owner<'a> {
    match row.retired_at {
        _ if row.directory != scope.directory => Owner::Other(&row.directory_name),
        Some(at) => Owner::Retired(at),
        None => Owner::This,
    }
}

/// The verdict on a token that is not accepted.
fn verdict_on(owner: Owner<'_>) -> AuthVerdict {
    match owner {
        Owner::This => AuthVerdict::Malformed,
        Owner::Retired(_) => AuthVerdict::Retired,
        Owner::Other(_) => AuthVerdict::OtherDirectory,
    }
}

fn refused(verdict: AuthVerdict, Diagnosis { text, advice }: Diagnosis, last_four: Option<String>) -> Checked {
    Checked { authorization: Authorization { verdict, text, advice, last_four }, hash: None, is_accepted: false }
}

/// Whether the simulator sent a request: it shows a guest's token, or has one as its mark where the point is that it shows none or a wrong one.
pub(super) fn is_from_guest(core: &Core, headers: &HeaderMap) -> bool {
    if core.guests.is_empty() {
        return false;
    }
    let is_guest = |token: &str| core.guests.find(&PlainToken::from_client(token).hash()).is_some();
    let mark = headers.get(GUEST_HEADER).and_then(|value| value.to_str().ok());
    mark.is_some_and(is_guest) || header(headers).is_some_and(|value| is_guest(token_doctor::read_header(&value).token))
}

/// The `Authorization` header as text; bytes outside ASCII are kept recognizable. Several are one list (RFC 9110 §5.3), which no token is.
pub(super) fn header(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(AUTHORIZATION).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// What a request shows to be let in, hashed, whatever it is.
pub(super) fn shown_hash(headers: &HeaderMap) -> Option<TokenHash> {
    Some(PlainToken::from_client(&header(headers)?).hash())
}

/// The answer to a request whose token was refused.
pub(super) fn refusal(authorization: &Authorization) -> ScimError {
    let detail = match authorization.verdict {
        AuthVerdict::Missing => "The request has no bearer token. Send: Authorization: Bearer <token>.",
        AuthVerdict::Malformed => "The Authorization header must be exactly: Bearer <token>.",
        // What is wrong with a token is shown in the window, not told to whoever asks.
        _ => "The bearer token is not valid for this directory. SCIM Setup shows why in the directory's requests.",
    };
    ScimError::unauthorized(detail)
}
