//! Who may ask. The verdict is for the record; the client learns only what helps to set the token right.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use scim::{Notes, ScimError};

use crate::core::Core;
use crate::directory::Failure;
use crate::directory::scope::Scope;
use crate::insight::token_doctor;
use crate::model::{AuthVerdict, Authorization};
use crate::secret::{PlainToken, TokenHash};
use crate::store::{StoreError, tokens};

/// The outcome of the check.
pub(super) struct Checked {
    pub(super) authorization: Authorization,
    /// The token that was accepted.
    pub(super) hash: Option<TokenHash>,
}

/// Checks the `Authorization` header against the token of a directory. Blocks on the store.
///
/// # Errors
/// Only if the database refuses; a bad token is a verdict.
pub(super) fn check(
    core: &Core,
    scope: &Scope,
    header: Option<&str>,
    notes: &mut Notes,
) -> Result<Checked, StoreError> {
    let refused = |verdict, text: String, last_four| {
        Ok(Checked { authorization: Authorization { verdict, text, last_four }, hash: None })
    };
    let Some(header) = header else {
        return refused(AuthVerdict::Missing, token_doctor::missing(), None);
    };
    let presented = token_doctor::read_header(header);
    let token = PlainToken::from_client(presented.token);
    let last_four = Some(token.last_four()).filter(|text| !text.is_empty());
    let hash = token.hash();
    let (found, has_token) =
        core.store.read(|c| Ok::<_, StoreError>((tokens::find(c, &hash)?, tokens::has_token(c, scope.directory)?)))?;
    match found {
        Some(row) if row.directory != scope.directory => {
            refused(AuthVerdict::OtherDirectory, token_doctor::of_other_directory(&row.directory_name), last_four)
        }
        Some(row) if row.retired_at.is_some() => {
            refused(AuthVerdict::Retired, token_doctor::retired(row.retired_at.unwrap_or_default()), last_four)
        }
        Some(row) => match presented.deviation {
            Some(deviation) if scope.policy.is_strict() => {
                refused(AuthVerdict::Malformed, deviation.refusal(), last_four)
            }
            deviation => {
                if let Some(deviation) = deviation {
                    notes.add(deviation.rule(), "RFC 6750 §2.1", deviation.note());
                }
                let text = format!("The bearer token ending …{} matched.", row.last_four);
                let authorization =
                    Authorization { verdict: AuthVerdict::Matched, text, last_four: Some(row.last_four) };
                Ok(Checked { authorization, hash: Some(hash) })
            }
        },
        None if !has_token => refused(AuthVerdict::NoTokenYet, token_doctor::no_token_yet(), last_four),
        None => refused(AuthVerdict::Unknown, token_doctor::unknown(header), last_four),
    }
}

/// The `Authorization` header as text; bytes outside ASCII are kept recognisable. Several are one list (RFC 9110 §5.3), which no token is.
pub(super) fn header(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(AUTHORIZATION).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The answer to a request whose token was refused.
pub(super) fn refusal(authorization: &Authorization) -> Failure {
    let detail = match authorization.verdict {
        AuthVerdict::Missing => "The request has no Authorization header. Send: Authorization: Bearer <token>.",
        AuthVerdict::Malformed => "The Authorization header must be exactly: Bearer <token>.",
        // What is wrong with a token is shown in the window, not told to whoever asks.
        _ => "The bearer token is not valid for this directory. SCIM Setup shows why in the directory's requests.",
    };
    ScimError::unauthorized(detail).into()
}
