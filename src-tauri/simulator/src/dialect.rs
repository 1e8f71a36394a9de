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

/// How long a server may have the simulator wait. Okta obeys longer ones, but nobody watches a test that stands still for hours.
const LONGEST_TOLD: Duration = Duration::from_secs(60);

/// A pause that a server asked for with a 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// How long it is.
    pub(crate) time: Duration,
    /// What `Retry-After` said.
    pub(crate) told: Option<Duration>,
}

impl Wait {
    /// What was asked for, and what is done if this is something else.
    pub(crate) fn text(self) -> String {
        let seconds = self.time.as_secs();
        match self.told.map(|told| told.as_secs()) {
            None => format!("The server asked to wait without saying how long; the simulator waits {seconds} s"),
            Some(told) if told == seconds => format!("The server asked to wait {told} s"),
            Some(told) => format!("The server asked to wait {told} s; the simulator waits {seconds} s"),
        }
    }

    /// Whether it is shorter than what the server asked for.
    pub(crate) fn is_cut(self) -> bool {
        self.told.is_some_and(|told| told > self.time)
    }
}

/// How long to wait after an attempt that was answered with 429; `None`: that was the last one.
pub(crate) fn wait(retry: Retry, answer: &Answer, attempts: u32) -> Option<Wait> {
    let told = answer.header("retry-after").and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
    let time = retry.wait(told, attempts)?;
    Some(Wait { time: if told.is_some() { time.min(LONGEST_TOLD) } else { time }, told })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_obeyed_up_to_a_minute_and_nothing_else() {
        let okta = idp::IdpId::Okta.idp().retry.value().expect("it is documented");
        for (retry, header, attempts, expected) in [
            (OWN_RETRY, Some("7"), 1, Some(7)),
            (OWN_RETRY, Some("3600"), 1, Some(60)),
            (OWN_RETRY, None, 3, Some(4)),
            (OWN_RETRY, Some("7"), 5, None),
            (okta, Some("0"), 1, Some(0)),
            (okta, Some("60"), 1, Some(60)),
            (okta, Some("61"), 1, Some(60)),
            (okta, Some("3600"), 1, Some(60)),
            (okta, Some("18446744073709551615"), 1, Some(60)),
            (okta, Some("1.5"), 1, Some(300)),
            (okta, Some("Wed, 21 Oct 2026 07:28:00 GMT"), 3, Some(1_200)),
        ] {
            let headers = header.map(|value| ("retry-after".to_owned(), value.to_owned())).into_iter().collect();
            let answer =
                Answer { status: 429, reason: String::new(), headers, body: Vec::new(), duration: Duration::ZERO };
            let wait = wait(retry, &answer, attempts).map(|wait| wait.time.as_secs());
            assert_eq!(wait, expected, "{header:?} after {attempts}");
        }
    }

    #[test]
    fn what_was_asked_for_is_said() {
        let seconds = |seconds: u64| Duration::from_secs(seconds);
        for (time, told, is_cut, text) in [
            (7, Some(7), false, "The server asked to wait 7 s"),
            (60, Some(3_600), true, "The server asked to wait 3600 s; the simulator waits 60 s"),
            (1, None, false, "The server asked to wait without saying how long; the simulator waits 1 s"),
        ] {
            let wait = Wait { time: seconds(time), told: told.map(seconds) };
            assert_eq!((wait.is_cut(), &*wait.text()), (is_cut, text));
        }
    }
}
