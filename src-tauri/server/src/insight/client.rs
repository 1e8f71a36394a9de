//! Who is asking.

use http::HeaderMap;
use http::header::USER_AGENT;
use idp::IdpId;

use crate::model::Actor;

/// How the `User-Agent` of the simulator begins, in lower case, when it speaks for itself.
const SIMULATOR_AGENT: &str = "scim-setup/";

/// Characters of a product's name that are kept.
const PRODUCT_KEPT: usize = 40;

/// Who asks, by the headers.
pub(crate) fn recognize(headers: &HeaderMap) -> Actor {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(known) = IdpId::of_request(agent, |name| headers.contains_key(name)) {
        return Actor::Known(known);
    }
    if agent.to_ascii_lowercase().starts_with(SIMULATOR_AGENT) {
        return Actor::Simulator;
    }
    let product = agent.trim().split(['/', ' ']).next().unwrap_or_default();
    match product.chars().take(PRODUCT_KEPT).collect::<String>() {
        product if product.is_empty() => Actor::Unnamed,
        product => Actor::Client(product),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn clients_are_known_by_their_headers() {
        for (header, value, expected) in [
            ("user-agent", "Okta SCIM Client 1.0.0", Actor::Known(IdpId::Okta)),
            ("user-agent", "Google-Auto-Provisioning", Actor::Known(IdpId::Google)),
            ("user-agent", "SCIM-Setup/0.1.0 (simulator)", Actor::Simulator),
            ("adscimversion", "6.0", Actor::Known(IdpId::Entra)),
            ("user-agent", "python-requests/2.32", Actor::Client("python-requests".into())),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", Actor::Known(IdpId::Browser)),
            ("user-agent", "", Actor::Unnamed),
            ("accept", "*/*", Actor::Unnamed),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header, HeaderValue::from_static(value));
            assert_eq!(recognize(&headers), expected, "{header}: {value}");
        }
    }
}
