//! What an identity provider does with a 429.

use std::time::Duration;

use wire::Answer;

/// How a 429 is obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// As Okta documents it (OktaConcept): whole seconds of `Retry-After` exactly; without them five minutes, which double each time;
    /// ten attempts at the most.
    Okta,
    /// Nothing is known: the answer counts as refused.
    Unknown,
    /// As the simulator does with requests of its own: as long as it is told, a minute at the most, five attempts.
    Ourselves,
}

/// What Okta waits when it is not told.
const UNTOLD: Duration = Duration::from_secs(5 * 60);

/// How often Okta tries.
const MOST_ATTEMPTS: u32 = 10;

impl Retry {
    /// How long to wait after an attempt that was answered with 429; `None`: that was the last one.
    pub(crate) fn wait(self, answer: &Answer, attempts: u32) -> Option<Duration> {
        let (untold, longest, most) = match self {
            Self::Okta => (UNTOLD, Duration::MAX, MOST_ATTEMPTS),
            Self::Ourselves => (Duration::from_secs(1), Duration::from_secs(60), 5),
            Self::Unknown => return None,
        };
        let told = answer.header("retry-after").and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
        let wait = told.unwrap_or(untold * 2_u32.pow(attempts.saturating_sub(1)));
        (attempts < most).then_some(wait.min(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(retry: Retry, header: Option<&str>, attempts: u32) -> Option<u64> {
        let headers = header.map(|value| ("retry-after".to_owned(), value.to_owned())).into_iter().collect();
        let answer = Answer { status: 429, reason: String::new(), headers, body: Vec::new(), duration: Duration::ZERO };
        retry.wait(&answer, attempts).map(|wait| wait.as_secs())
    }

    #[test]
    fn okta_obeys_whole_seconds_and_doubles_its_own() {
        for (header, attempts, expected) in [
            (Some("7"), 1, Some(7)),
            (Some("7"), 9, Some(7)),
            (Some("0"), 1, Some(0)),
            (None, 1, Some(300)),
            (None, 2, Some(600)),
            (None, 9, Some(76_800)),
            (Some("1.5"), 1, Some(300)),
            (Some("Wed, 21 Oct 2026 07:28:00 GMT"), 3, Some(1_200)),
            (Some("7"), 10, None),
            (None, 10, None),
        ] {
            assert_eq!(waits(Retry::Okta, header, attempts), expected, "{header:?} after {attempts}");
        }
        for (header, attempts, expected) in
            [(Some("7"), 1, Some(7)), (Some("3600"), 1, Some(60)), (None, 3, Some(4)), (Some("7"), 5, None)]
        {
            assert_eq!(waits(Retry::Ourselves, header, attempts), expected, "{header:?} after {attempts}");
            assert_eq!(waits(Retry::Unknown, header, attempts), None);
        }
    }
}
