//! Okta.

pub mod admin;

use std::time::Duration;

use crate::{Dialect, Idp, Retry};

pub(crate) const IDP: Idp = Idp { agents: &["okta"], dialect: Some(&DIALECT), ..Idp::named("Okta") };

/// Headers as LabA, LabB and Firezone captured them.
const DIALECT: Dialect = Dialect {
    read: &[
        ("User-Agent", "Okta SCIM Client 1.0.0"),
        ("Accept", "application/scim+json"),
        ("Accept-Charset", "utf-8"),
        ("Accept-Encoding", "gzip,deflate"),
    ],
    content_type: "application/scim+json; charset=utf-8",
    group_patch_content_type: "application/scim+json; charset=utf-8",
    blank: "%20",
    after_id: "",
    retry: Some(RETRY),
};

/// As OktaConcept documents it: whole seconds of `Retry-After` exactly; without them five minutes, which double each time; ten attempts.
const RETRY: Retry = Retry { untold: Duration::from_secs(5 * 60), longest: Duration::MAX, most_attempts: 10 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_obeyed_and_its_own_double() {
        for (told, attempts, expected) in [
            (Some(7), 1, Some(7)),
            (Some(7), 9, Some(7)),
            (Some(0), 1, Some(0)),
            (None, 1, Some(300)),
            (None, 2, Some(600)),
            (None, 3, Some(1_200)),
            (None, 9, Some(76_800)),
            (Some(7), 10, None),
            (None, 10, None),
        ] {
            let wait = RETRY.wait(told.map(Duration::from_secs), attempts);
            assert_eq!(wait.map(|wait| wait.as_secs()), expected, "{told:?} after {attempts}");
        }
    }
}
