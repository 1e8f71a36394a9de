//! What a refused token says about the setup.

use idp::{IdpId, Situation};

use super::Setup;
use crate::model::{AuthVerdict, GuideAction, GuideCause};

/// Verdict, id, question, remedy; `{place}` is where the token is pasted, `{bearer}` who writes the word before it, `{sent}` the end of the
/// token that came, and `{ours}` that of the one in force.
const REFUSALS: &[(AuthVerdict, &str, &str, &str)] = &[
    (
        AuthVerdict::Missing,
        "token-missing",
        "Is the token filled in?",
        "Requests arrive without a bearer token. {place}: paste the token{ours}, save.",
    ),
    (
        AuthVerdict::Malformed,
        "token-malformed",
        "Does the word Bearer appear exactly once?",
        "The token is correct, but the Authorization header is malformed. {bearer}",
    ),
    (
        AuthVerdict::Unknown,
        "token-unknown",
        "Was the whole token pasted?",
        "Requests arrive with an unknown token. A token is shown only once: generate a new one and paste it.",
    ),
    (
        AuthVerdict::Retired,
        "token-retired",
        "Was the new token pasted?",
        "Requests arrive with the token{sent}, which was replaced. {place}: paste the one{ours}, save.",
    ),
    (
        AuthVerdict::OtherDirectory,
        "token-of-other",
        "Do the base URL and the token belong together?",
        "Requests arrive with the token{sent} of another directory. {place}: paste the one{ours}, save.",
    ),
    (
        AuthVerdict::NoTokenYet,
        "no-token",
        "No token yet?",
        "Requests arrive, but this directory has no token. Generate one and paste it.",
    ),
];

/// The cause that the newest request of an identity provider shows, if it was refused.
pub(super) fn newest(idp: IdpId, setup: &Setup<'_>) -> Option<GuideCause> {
    let newest = setup.sightings.iter().max_by_key(|sighting| sighting.last_id)?;
    let (_, id, question, remedy) = REFUSALS.iter().find(|(verdict, ..)| *verdict == newest.verdict)?;
    // A token that is known has its successor, or is right: generating another would only have to be pasted, too.
    let needs_token = matches!(newest.verdict, AuthVerdict::Unknown | AuthVerdict::NoTokenYet);
    let ending = |last_four: Option<&str>| last_four.map(|it| format!(" ending …{it}")).unwrap_or_default();
    let sent = setup.rejected.filter(|rejected| rejected.verdict == Some(newest.verdict));
    Some(GuideCause {
        id: (*id).to_owned(),
        question: (*question).to_owned(),
        remedy: remedy
            .replace("{place}", idp.token_place())
            .replace("{bearer}", &who_writes_bearer(idp))
            .replace("{sent}", &ending(sent.and_then(|rejected| rejected.last_four.as_deref())))
            .replace("{ours}", &ending(setup.last_four)),
        action: Some(if needs_token { GuideAction::Token } else { GuideAction::Request }),
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
