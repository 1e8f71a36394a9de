//! Whether an identity provider can use a public URL, and what was taken away from it.

use idp::IdpId;
use url::{Host, Url};

use crate::model::CheckedUrl;

/// Reads a pasted public URL. What the app adds itself is trimmed, with a word about it.
///
/// # Errors
/// A sentence that says what to paste instead.
pub(crate) fn check(text: &str, local_only: bool) -> Result<CheckedUrl, String> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']);
    let url = Url::parse(text).map_err(|_| {
        if text.contains("://") {
            "This is not a web address. Paste one such as https://your-name.ngrok.app.".to_owned()
        } else {
            format!("The tunnel URL must start with https://. Is it https://{}?", text.trim_start_matches('/'))
        }
    })?;
    match url.scheme() {
        "https" => {}
        "http" if local_only => {}
        "http" => {
            return Err(
                "The tunnel URL must start with https://: identity providers do not send tokens over http.".to_owned()
            );
        }
        other => return Err(format!("The tunnel URL must start with https://, not {other}://.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("The tunnel URL must not contain a user name or password.".to_owned());
    }
    let host = url.host().ok_or("The tunnel URL has no host name.")?;
    if let Host::Domain(name) = &host
        && name.contains('_')
    {
        let who = refusing_underscores();
        return Err(format!("{name} has an underscore, which {who} does not accept. Use another tunnel name."));
    }
    if !local_only && let Some(kind) = private_kind(&host) {
        return Err(format!(
            "{host} is {kind}: an identity provider cannot reach it from the internet. Paste the tunnel's public address, or choose “This machine only”."
        ));
    }
    let path = url.path().trim_matches('/');
    let mut trimmed = Vec::new();
    if is_ours(path) {
        trimmed.push(format!("Removed /{path}: the app adds the path itself."));
    } else if !path.is_empty() {
        return Err(format!(
            "The tunnel URL must not have a path, and this one has /{path}. The tunnel has to forward all paths unchanged."
        ));
    }
    if url.query().is_some() {
        trimmed.push("Removed what follows the question mark.".to_owned());
    }
    if url.fragment().is_some() {
        trimmed.push("Removed what follows the #.".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    Ok(CheckedUrl { url: origin, trimmed: (!trimmed.is_empty()).then(|| trimmed.join(" ")) })
}

/// Who accepts no underscore in a host name: `Okta`. There is always somebody: a test holds that.
pub(crate) fn refusing_underscores() -> String {
    let refuses = |id: &IdpId| id.idp().accepts_underscore.value() == Some(false);
    let names: Vec<_> = IdpId::ALL.into_iter().filter(refuses).map(IdpId::name).collect();
    names.join(" or ")
}

/// Whether a path is one that the app adds: `scim`, `scim/v2`, and a base URL or endpoint below.
fn is_ours(path: &str) -> bool {
    let mut segments = path.split('/');
    let is_scim = segments.next().is_some_and(|segment| segment.eq_ignore_ascii_case("scim"));
    is_scim && segments.next().is_none_or(|segment| segment.eq_ignore_ascii_case("v2"))
}

/// Whether a host may be on the internet: neither this machine nor a private network is sure by its address or name.
pub(crate) fn may_be_public(host: &Host<&str>) -> bool {
    private_kind(host).is_none()
}

/// Why a host is not public; `None`: it may be.
fn private_kind(host: &Host<&str>) -> Option<&'static str> {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let ends_private = [".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test"]
                .iter()
                .any(|end| name.ends_with(end));
            if name == "localhost" || name.ends_with(".localhost") {
                Some("this machine alone")
            } else if ends_private || !name.contains('.') {
                Some("a name in a private network")
            } else {
                None
            }
        }
        Host::Ipv4(address) if address.is_loopback() => Some("this machine alone"),
        Host::Ipv4(address) => {
            let [a, b, ..] = address.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            (address.is_private() || address.is_link_local() || address.is_unspecified() || is_shared)
                .then_some("a private address")
        }
        Host::Ipv6(address) if address.is_loopback() => Some("this machine alone"),
        Host::Ipv6(address) => {
            let mapped = address.to_ipv4_mapped().and_then(|address| private_kind(&Host::Ipv4(address)));
            let is_private = address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified();
            if is_private { Some("a private address") } else { mapped }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usable_urls_are_trimmed_with_a_word() {
        for (text, local_only, expected, trimmed) in [
            ("https://ada.ngrok.app", false, "https://ada.ngrok.app", None),
            ("  https://ada.ngrok.app/  ", false, "https://ada.ngrok.app", None),
            ("https://ADA.ngrok.app:8443", false, "https://ada.ngrok.app:8443", None),
            ("https://ada.ngrok.app/scim/v2/", false, "https://ada.ngrok.app", Some("/scim/v2")),
            ("https://ada.ngrok.app/scim/v2/k3v9/Users?x=1#y", false, "https://ada.ngrok.app", Some("question mark")),
            ("https://bücher.example", false, "https://xn--bcher-kva.example", None),
            ("http://localhost:7246", true, "http://localhost:7246", None),
            ("https://192.168.1.7", true, "https://192.168.1.7", None),
        ] {
            let checked = check(text, local_only).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(checked.url, expected, "{text}");
            assert_eq!(checked.trimmed.is_some(), trimmed.is_some(), "{text}: {:?}", checked.trimmed);
            assert!(checked.trimmed.unwrap_or_default().contains(trimmed.unwrap_or_default()), "{text}");
        }
    }

    #[test]
    fn unusable_urls_are_refused_with_the_reason() {
        for (text, words) in [
            ("ada.ngrok.app", "Is it https://ada.ngrok.app?"),
            ("http://ada.ngrok.app", "https://"),
            ("ftp://ada.ngrok.app", "not ftp://"),
            ("https://", "not a web address"),
            ("https://ada:secret@ngrok.app", "password"),
            ("https://my_host.ngrok.app", "has an underscore, which Okta does not accept"),
            ("https://localhost", "this machine"),
            ("https://127.0.0.1:7246", "this machine"),
            ("https://10.1.2.3", "private"),
            ("https://169.254.1.1", "private"),
            ("https://100.64.0.1", "private"),
            ("https://[::1]", "this machine"),
            ("https://[fd00::1]", "private"),
            ("https://[::ffff:10.0.0.1]", "private"),
            ("https://printer.local", "private"),
            ("https://intranet", "private"),
            ("https://ada.ngrok.app/my/path", "path"),
            ("https://ada.ngrok.app/scimitar", "path"),
        ] {
            let error = check(text, false).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
