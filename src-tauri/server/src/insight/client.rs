//! Which identity provider is asking.

use http::HeaderMap;
use http::header::USER_AGENT;
use idp::IdpId;

/// The name of a client that does not say who it is.
pub(crate) const UNKNOWN: &str = "A client";

/// What whoever is simulated is called where it changes something.
pub(crate) const SIMULATOR: &str = "Simulator";

/// What a person is called who repeats a request.
pub(crate) const REPLAY: &str = "Replay";

/// How the `User-Agent` of the simulator begins, in lower case, when it speaks for itself.
const SIMULATOR_AGENT: &str = "scim-setup/";

/// Who asks, by the headers: "Okta". An unknown client is called by its product.
pub(crate) fn name(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(known) = IdpId::of_request(agent, |name| headers.contains_key(name)) {
        return known.name().to_owned();
    }
    if agent.to_ascii_lowercase().starts_with(SIMULATOR_AGENT) {
        return SIMULATOR.to_owned();
    }
    let product: String = agent.trim().split(['/', ' ']).next().unwrap_or_default().chars().take(40).collect();
    if product.is_empty() { UNKNOWN.to_owned() } else { product }
}

/// The name as [`name`] gives it to a client that it knows; `None`: it knows no such client.
pub(crate) fn known_name(name: &str) -> Option<&'static str> {
    if name == SIMULATOR { Some(SIMULATOR) } else { IdpId::of_name(name).map(IdpId::name) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn clients_are_known_by_their_headers() {
        for (header, value, expected) in [
            ("user-agent", "Okta SCIM Client 1.0.0", "Okta"),
            ("user-agent", "Google-Auto-Provisioning", "Google Workspace"),
            ("user-agent", "SCIM-Setup/0.1.0 (simulator)", SIMULATOR),
            ("adscimversion", "6.0", "Entra ID"),
            ("user-agent", "python-requests/2.32", "python-requests"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "A browser"),
            ("user-agent", "", UNKNOWN),
            ("accept", "*/*", UNKNOWN),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header, HeaderValue::from_static(value));
            assert_eq!(name(&headers), expected, "{header}: {value}");
        }
    }
}
