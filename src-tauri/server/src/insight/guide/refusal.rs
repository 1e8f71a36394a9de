//! What a refused token says about the setup.

use idp::{IdpId, Situation};

use crate::facts::Sighting;
use crate::model::{AuthVerdict, GuideAction, GuideCause};

/// Verdict, id, question, remedy; `{place}` is where the token is pasted, `{bearer}` who writes
/// the word before it.
const REFUSALS: &[(AuthVerdict, &str, &str, &str)] = &[
    (
        AuthVerdict::Missing,
        "token-missing",
        "Is the token filled in?",
        "Requests arrive without a bearer token. {place}: paste the token, save.",
    ),
    (
        AuthVerdict::Malformed,
        "token-malformed",
        "Is the word Bearer there exactly once?",
        "The token is right, but the header is not Bearer and the token. {bearer}",
    ),
    (
        AuthVerdict::Unknown,
        "token-unknown",
        "Was the whole token pasted?",
        "Requests arrive with a token that nobody here has. A token is shown only once: generate another one and paste that.",
    ),
    (
        AuthVerdict::Retired,
        "token-retired",
        "Was the new token pasted?",
        "Requests arrive with the token that was replaced. Paste the new one; if it is lost, generate another.",
    ),
    (
        AuthVerdict::OtherDirectory,
        "token-of-other",
        "Do base URL and token belong together?",
        "Requests arrive with the token of another directory. Paste this directory’s.",
    ),
    (
        AuthVerdict::NoTokenYet,
        "no-token",
        "No token yet?",
        "Requests arrive, but this directory has no token. Generate one and paste it.",
    ),
];

/// The cause that the newest request of an identity provider shows, if it was refused.
pub(super) fn newest(idp: IdpId, sightings: &[Sighting]) -> Option<GuideCause> {
    let newest = sightings.iter().max_by_key(|sighting| sighting.last_id)?;
    let (_, id, question, remedy) = REFUSALS.iter().find(|(verdict, ..)| *verdict == newest.verdict)?;
    let is_about_token = !matches!(newest.verdict, AuthVerdict::Missing | AuthVerdict::Malformed);
    Some(GuideCause {
        id: (*id).to_owned(),
        question: (*question).to_owned(),
        remedy: remedy.replace("{place}", idp.token_place()).replace("{bearer}", &who_writes_bearer(idp)),
        action: Some(if is_about_token { GuideAction::Token } else { GuideAction::Request }),
        exchange_id: Some(newest.last_id),
    })
}

/// A verdict does not tell which of the two it was.
fn who_writes_bearer(idp: IdpId) -> String {
    [Situation::BearerTwice, Situation::BearerMissing]
        .into_iter()
        .filter_map(|it| idp.advice(it))
        .collect::<Vec<_>>()
        .join(" ")
}
