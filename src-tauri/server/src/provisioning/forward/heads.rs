//! What of the head of a request and of an answer goes on to the other side (RFC 9110 §7.6).

use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_LOCATION, HOST, HeaderName, LOCATION, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VIA,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version};

use super::addresses::rewrite_header;
use crate::guests::GUEST_HEADER;
use crate::model::DirectoryId;
use crate::secret::PlainToken;

/// What is meant for the next hop alone, whether or not `Connection` names it (RFC 9110 §7.6.1), and what is meant for a proxy.
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("keep-alive"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
];

/// What tells a server by which address it was called. It is called by its own here: one that believed these would name the tunnel's in its
/// answers.
const CALLED_BY: [&str; 6] = [
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-server",
];

/// What this directory calls itself where messages go through it (RFC 9110 §7.6.3).
pub(super) fn pseudonym(directory: &DirectoryId) -> String {
    format!("scim-setup-{directory}")
}

/// Whether a request has been here before: a server that it is passed on to passes it on to this directory.
pub(super) fn has_come_round(head: &Parts, directory: &DirectoryId) -> bool {
    let pseudonym = pseudonym(directory);
    let values = head.headers.get_all(VIA).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|hop| hop.split_whitespace().any(|word| word == pseudonym))
}

/// The headers of a request as they go on to the server that `host` names. `token` takes the place of the one that was shown; `None`: that
/// one goes on.
pub(super) fn request(head: &Parts, host: &str, directory: &DirectoryId, token: Option<&PlainToken>) -> HeaderMap {
    let mut headers = passed_on(&head.headers);
    for name in CALLED_BY.into_iter().chain([GUEST_HEADER]) {
        headers.remove(name);
    }
    // hyper says how long what it sends is.
    headers.remove(CONTENT_LENGTH);
    set(&mut headers, HOST, host);
    if let Some(token) = token {
        set(&mut headers, AUTHORIZATION, &format!("Bearer {}", token.reveal()));
    }
    add_via(&mut headers, head.version, directory);
    headers
}

/// The headers of an answer as they go back, with addresses below `theirs` made those below `ours`, and how many these were.
pub(super) fn answer(
    headers: &HeaderMap,
    version: Version,
    directory: &DirectoryId,
    theirs: &str,
    ours: &str,
) -> (HeaderMap, u32) {
    let mut passed = passed_on(headers);
    let mut rewritten = 0;
    for name in [LOCATION, CONTENT_LOCATION] {
        let address = passed.get(&name).and_then(|value| value.to_str().ok());
        if let Some(address) = address.and_then(|address| rewrite_header(address, theirs, ours)) {
            set(&mut passed, name, &address);
            rewritten += 1;
        }
    }
    add_via(&mut passed, version, directory);
    (passed, rewritten)
}

/// Whether an answer has no body, whatever its headers say of one (RFC 9112 §6.3).
pub(super) fn has_no_body(method: &Method, status: StatusCode) -> bool {
    *method == Method::HEAD || status.is_informational() || [204, 205, 304].contains(&status.as_u16())
}

/// Without what is meant for this hop alone.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> =
        named.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    let mut passed = headers.clone();
    for name in HOP_BY_HOP {
        passed.remove(name);
    }
    for name in named.iter().filter(|name| !name.is_empty()) {
        passed.remove(name.as_str());
    }
    passed
}

fn add_via(headers: &mut HeaderMap, version: Version, directory: &DirectoryId) {
    let version = if version == Version::HTTP_10 { "1.0" } else { "1.1" };
    if let Ok(via) = HeaderValue::try_from(format!("{version} {}", pseudonym(directory))) {
        headers.append(VIA, via);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => drop(headers.insert(name, value)),
        Err(_) => tracing::warn!(header = %name, "a header value cannot be sent"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn head(headers: &[(&str, &str)]) -> Parts {
        let request = headers.iter().fold(Request::builder(), |request, (name, value)| request.header(*name, *value));
        request.body(()).expect("a request").into_parts().0
    }

    fn lines(headers: &HeaderMap) -> Vec<String> {
        let mut lines: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
        lines.sort();
        lines
    }

    #[test]
    fn what_is_for_one_hop_goes_no_further() {
        let directory = DirectoryId::from("k3v9tq2mxa");
        let asked = head(&[
            ("Host", "ada.example"),
            ("Connection", "keep-alive, X-Secret-Of-The-Hop"),
            ("Keep-Alive", "timeout=5"),
            ("X-Secret-Of-The-Hop", "1"),
            ("TE", "trailers"),
            ("Transfer-Encoding", "chunked"),
            ("Upgrade", "h2c"),
            ("Proxy-Authorization", "Basic x"),
            ("X-Forwarded-Host", "ada.example"),
            ("Forwarded", "host=ada.example"),
            ("X-Forwarded-For", "192.0.2.1"),
            (GUEST_HEADER, "x"),
            ("Authorization", "Bearer theirs"),
            ("Via", "1.1 tunnel"),
            ("X-Custom", "stays"),
        ]);
        assert_eq!(
            lines(&request(&asked, "localhost:8080", &directory, None)),
            [
                "authorization: Bearer theirs",
                "host: localhost:8080",
                "via: 1.1 scim-setup-k3v9tq2mxa",
                "via: 1.1 tunnel",
                "x-custom: stays",
                "x-forwarded-for: 192.0.2.1",
            ]
        );
        let token = PlainToken::from_client("mine");
        let replaced = request(&asked, "localhost:8080", &directory, Some(&token));
        assert_eq!(replaced[AUTHORIZATION], "Bearer mine");
    }

    #[test]
    fn a_circle_is_seen() {
        let directory = DirectoryId::from("k3v9tq2mxa");
        for (via, expected) in [
            ("1.1 tunnel, 1.1 scim-setup-k3v9tq2mxa (x)", true),
            ("1.1 scim-setup-another", false),
            ("1.1 scim-setup-k3v9tq2mxa2", false),
        ] {
            assert_eq!(has_come_round(&head(&[("Via", via)]), &directory), expected, "{via}");
        }
    }
}
