//! Which identity provider is asking.

use http::HeaderMap;
use http::header::USER_AGENT;

/// The name of a client that does not say who it is.
pub(crate) const UNKNOWN: &str = "A client";

/// Okta's name.
pub(crate) const OKTA: &str = "Okta";

/// Entra ID's name; it has no `User-Agent` of its own.
pub(crate) const ENTRA: &str = "Entra ID";

/// What a person who opens an address is called.
pub(crate) const BROWSER: &str = "A browser";

/// What whoever is simulated is called where it changes something.
pub(crate) const SIMULATOR: &str = "Simulator";

/// What a person is called who repeats a request.
pub(crate) const REPLAY: &str = "Replay";

/// Beginnings of a `User-Agent`, in lower case, and the name that people know.
const AGENTS: [(&str, &str); 11] = [
    ("okta", OKTA),
    ("mozilla/", BROWSER),
    ("google-auto-provisioning", "Google"),
    ("keycloak", "Keycloak"),
    ("goauthentik", "authentik"),
    ("authentik", "authentik"),
    ("onelogin", "OneLogin"),
    ("jumpcloud", "JumpCloud"),
    ("pingone", "PingOne"),
    ("curl/", "curl"),
    ("scim-setup/", SIMULATOR),
];

/// Who asks, by the headers: "Okta". Entra ID is known by its `ADSCIMVersion`, because no User-Agent of it is documented.
pub(crate) fn name(headers: &HeaderMap) -> String {
    if headers.contains_key("adscimversion") {
        return ENTRA.to_owned();
    }
    let Some(agent) = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()) else { return UNKNOWN.to_owned() };
    let lower = agent.trim().to_ascii_lowercase();
    if let Some((_, name)) = AGENTS.iter().find(|(beginning, _)| lower.starts_with(beginning)) {
        return (*name).to_owned();
    }
    let product: String = agent.split(['/', ' ']).next().unwrap_or_default().chars().take(40).collect();
    if product.is_empty() { UNKNOWN.to_owned() } else { product }
}

/// Whether this is the name that [`name`] gives to a client it knows.
pub(crate) fn is_known(name: &str) -> bool {
    name == ENTRA || AGENTS.iter().any(|(_, known)| *known == name)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn clients_are_known_by_their_headers() {
        for (header, value, expected) in [
            ("user-agent", "Okta SCIM Client 1.0.0", "Okta"),
            ("user-agent", "Google-Auto-Provisioning", "Google"),
            ("user-agent", "SCIM-Setup/0.1.0 (simulator)", SIMULATOR),
            ("adscimversion", "6.0", "Entra ID"),
            ("user-agent", "python-requests/2.32", "python-requests"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", BROWSER),
            ("user-agent", "", UNKNOWN),
            ("accept", "*/*", UNKNOWN),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header, HeaderValue::from_static(value));
            assert_eq!(name(&headers), expected, "{header}: {value}");
        }
    }
}
