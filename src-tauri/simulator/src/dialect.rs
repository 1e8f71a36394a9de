//! How a request is put into words, by the dialect of the identity provider that sends it.

use std::time::Duration;

use idp::{Dialect, Retry};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wire::Answer;

/// What kind of request it is, for its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Without a body.
    Read,
    /// With one.
    Write,
    /// A PATCH on a group.
    GroupPatch,
    /// Without a body, but with the headers of one that has: Okta's DELETE (Okta2018).
    BodylessWrite,
    /// The simulator's own, without a body.
    Own,
    /// The simulator's own, with one.
    OwnWrite,
}

/// What is encoded in a query: all but what RFC 3986 §2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Who the simulator says it is when it speaks for itself.
const OWN: &[(&str, &str)] = &[
    ("User-Agent", concat!("SCIM-Setup/", env!("CARGO_PKG_VERSION"), " (simulator)")),
    ("Accept", "application/scim+json"),
];

/// The headers of a request, in their order, without `Authorization`.
pub(crate) fn headers(dialect: &Dialect, kind: Kind) -> Vec<(String, String)> {
    let base = if matches!(kind, Kind::Own | Kind::OwnWrite) { OWN } else { dialect.read };
    let content_type = match kind {
        Kind::Read | Kind::Own => None,
        Kind::OwnWrite => Some("application/scim+json"),
        Kind::Write | Kind::BodylessWrite => Some(dialect.content_type),
        Kind::GroupPatch => Some(dialect.group_patch_content_type),
    };
    let announced = content_type.map(|value| ("Content-Type", value));
    base.iter().copied().chain(announced).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A text as it stands in a query.
pub(crate) fn encode(dialect: &Dialect, text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string().replace("%20", dialect.blank)
}

/// What the simulator does with a 429 to a request of its own.
pub(crate) const OWN_RETRY: Retry =
    Retry { untold: Duration::from_secs(1), longest: Duration::from_secs(60), most_attempts: 5 };

/// How long to wait after an attempt that was answered with 429; `None`: that was the last one.
pub(crate) fn wait(retry: Retry, answer: &Answer, attempts: u32) -> Option<Duration> {
    let told = answer.header("retry-after").and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
    retry.wait(told, attempts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_obeyed_and_nothing_else() {
        let okta = idp::IdpId::Okta.idp().retry.value().expect("it is documented");
        for (retry, header, attempts, expected) in [
            (OWN_RETRY, Some("7"), 1, Some(7)),
            (OWN_RETRY, Some("3600"), 1, Some(60)),
            (OWN_RETRY, None, 3, Some(4)),
            (OWN_RETRY, Some("7"), 5, None),
            (okta, Some("0"), 1, Some(0)),
            (okta, Some("3600"), 1, Some(3_600)),
            (okta, Some("1.5"), 1, Some(300)),
            (okta, Some("Wed, 21 Oct 2026 07:28:00 GMT"), 3, Some(1_200)),
        ] {
            let headers = header.map(|value| ("retry-after".to_owned(), value.to_owned())).into_iter().collect();
            let answer =
                Answer { status: 429, reason: String::new(), headers, body: Vec::new(), duration: Duration::ZERO };
            let wait = wait(retry, &answer, attempts).map(|wait| wait.as_secs());
            assert_eq!(wait, expected, "{header:?} after {attempts}");
        }
    }
}
