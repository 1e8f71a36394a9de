//! Texts that are not tokens of this program, by what they look like. Nothing of them is kept or shown.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use idp::{IdpId, OwnSecret, SecretShape};
use serde_json::Value;

/// Beginnings that products give their secrets, and what such a secret is. Longer beginnings stand before shorter ones.
const PREFIXES: &[(&str, &str)] = &[
    ("github_pat_", "a GitHub personal access token"),
    ("ghp_", "a GitHub personal access token"),
    ("gho_", "a GitHub OAuth token"),
    ("ghu_", "a GitHub App token"),
    ("ghs_", "a GitHub App token"),
    ("ghr_", "a GitHub refresh token"),
    ("glsoat-", "a GitLab SCIM token"),
    ("glpat-", "a GitLab personal access token"),
    ("gldt-", "a GitLab deploy token"),
    ("xapp-", "a Slack app token"),
    ("xox", "a Slack token"),
    ("AKIA", "an AWS access key id"),
    ("ASIA", "an AWS access key id"),
    ("sk_live_", "a Stripe secret key"),
    ("sk_test_", "a Stripe secret key"),
    ("rk_live_", "a Stripe restricted key"),
    ("sk-ant-", "an Anthropic API key"),
    ("sk-", "an OpenAI API key"),
    ("npm_", "an npm token"),
    ("pypi-", "a PyPI token"),
    ("dckr_pat_", "a Docker token"),
    ("hf_", "a Hugging Face token"),
    ("AIza", "a Google API key"),
    ("ya29.", "a Google OAuth token"),
    ("GOCSPX-", "a Google OAuth client secret"),
    ("shpat_", "a Shopify token"),
    ("dop_v1_", "a DigitalOcean token"),
    ("figd_", "a Figma token"),
    ("lin_api_", "a Linear API key"),
    ("ATATT3", "an Atlassian API token"),
    ("ntn_", "a Notion token"),
    ("SG.", "a SendGrid API key"),
    ("hvs.", "a HashiCorp Vault token"),
];

/// What people leave in a field that waits for a token.
const PLACEHOLDERS: [&str; 17] = [
    "token",
    "your_token",
    "your-token",
    "yourtoken",
    "your_token_here",
    "bearer_token",
    "scim_token",
    "api_token",
    "access_token",
    "undefined",
    "null",
    "none",
    "nil",
    "[object object]",
    "changeme",
    "secret",
    "password",
];

/// What a header is that has no token of this program, as a sentence.
pub(super) fn recognize(header: &str, token: &str) -> Option<String> {
    if token.contains("://") || token.contains("/scim/") {
        return Some("A URL was pasted in the place of the token.".to_owned());
    }
    if is_placeholder(token) {
        return Some("A placeholder was sent in the place of the token: it was never filled in.".to_owned());
    }
    let claims = claims(token);
    if let Some(text) = own_secret(header, token, claims.as_ref()) {
        return Some(text.to_owned());
    }
    if let Some(claims) = claims {
        return Some(match claims.issuer {
            Some(host) => format!("They sent a JSON Web Token issued by {host}, not a token of this program."),
            None => "They sent a JSON Web Token, not a token of this program.".to_owned(),
        });
    }
    let is_known = |(prefix, _): &&(&str, _)| token.starts_with(prefix) && token.len() > prefix.len() + 8;
    let (_, what) = PREFIXES.iter().find(is_known)?;
    Some(format!("They sent what looks like {what}, not a token of this program."))
}

/// What identity providers issue for other purposes.
fn own_secret(header: &str, token: &str, claims: Option<&Claims>) -> Option<&'static str> {
    let is_plain = || token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let has_shape = |secret: &&OwnSecret| match secret.shape {
        SecretShape::Scheme(scheme) => {
            let (before, _) = header.trim_start().split_once(' ').unwrap_or_default();
            before.eq_ignore_ascii_case(scheme)
        }
        SecretShape::Length(prefix, length) => token.len() == length && token.starts_with(prefix) && is_plain(),
        SecretShape::JsonWebToken { issuers, audience } => claims.is_some_and(|claims| {
            claims.issuer.as_deref().is_some_and(|host| issuers.contains(&host))
                || claims.audience.as_deref() == Some(audience)
        }),
    };
    let secrets = IdpId::ALL.into_iter().filter_map(|id| id.idp().own_secrets.value()).flatten();
    secrets.into_iter().find(has_shape).map(|secret| secret.text)
}

fn is_placeholder(token: &str) -> bool {
    let lower = token.to_lowercase();
    let is_filled = |c: char| ['x', '*', '•', '.', '…'].contains(&c);
    PLACEHOLDERS.contains(&lower.as_str())
        || [("{{", "}}"), ("${", "}"), ("<", ">"), ("%", "%"), ("[", "]"), ("{", "}")]
            .iter()
            .any(|(start, end)| token.len() > 2 && token.starts_with(start) && token.ends_with(end))
        || (token.len() > 2 && token.chars().all(|c| is_filled(c.to_ascii_lowercase())))
        || token.starts_with("••")
        || token
            .strip_prefix('$')
            .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// What a JSON Web Token says of itself (RFC 7519 §4.1).
#[derive(Default)]
struct Claims {
    /// The host of `iss`.
    issuer: Option<String>,
    /// `aud`, if it is one text.
    audience: Option<String>,
}

/// The claims of a JSON Web Token, as far as they can be read; `None`: it is another kind of text.
fn claims(token: &str) -> Option<Claims> {
    let mut parts = token.strip_prefix("eyJ")?.split('.').skip(1);
    let decoded = parts.next().and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok());
    let Some(claims) = decoded.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()) else {
        return Some(Claims::default());
    };
    let issuer = claims["iss"].as_str().and_then(|issuer| url::Url::parse(issuer).ok());
    Some(Claims {
        issuer: issuer.and_then(|issuer| issuer.host_str().map(str::to_owned)),
        audience: claims["aud"].as_str().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_beginning_hides_a_longer_one() {
        for (at, (prefix, _)) in PREFIXES.iter().enumerate() {
            let hiding = PREFIXES[..at].iter().find(|(earlier, _)| prefix.starts_with(earlier));
            assert_eq!(hiding, None, "{prefix} is never reached");
        }
    }

    #[test]
    fn secrets_of_other_products_are_known_and_not_repeated() {
        for (prefix, what) in PREFIXES {
            let token = format!("{prefix}0123456789abcdefABCDEF");
            let text = recognize(&format!("Bearer {token}"), &token).unwrap_or_else(|| panic!("{prefix} is not known"));
            assert!(text.contains(what), "{prefix}: {text}");
            assert!(!text.contains("0123456789"), "{text}");
        }
        for (header, token, words) in [
            ("SSWS 00abc", "SSWS 00abc", "Okta API token (SSWS)"),
            ("", "00QCjAl4MlV-WPXM-ABCDEFGHIJKLMNOPQRSTUVWXY", "looks like an Okta API token"),
            ("", "https://ada.example/scim/v2/k3v9tq2mxa", "A URL"),
            ("", "{{token}}", "placeholder"),
            ("", "<token>", "placeholder"),
            ("", "$SCIM_TOKEN", "placeholder"),
            ("", "undefined", "placeholder"),
            ("", "xxxxxxxx", "placeholder"),
            ("", "00xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "looks like an Okta API token"),
            ("", "••••G4tQ", "placeholder"),
            (
                "",
                "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3N0cy53aW5kb3dzLm5ldC8wMC8ifQ.sig",
                "Entra ID issued itself",
            ),
            (
                "",
                "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2Rldi5va3RhLmNvbS9vYXV0aDIifQ.sig",
                "issued by dev.okta.com",
            ),
            ("", "eyJhbGciOiJSUzI1NiJ9.broken", "JSON Web Token"),
        ] {
            let text = recognize(header, token).unwrap_or_default();
            assert!(text.contains(words), "{token}: {text:?}");
        }
        for token in ["not-the-token", "hunter2", "sk-", "skiing-is-fun-in-winter", ""] {
            assert_eq!(recognize("", token), None, "{token}");
        }
    }
}
