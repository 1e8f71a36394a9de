//! What an identity provider still has after a base URL changed, and when it has caught up.

use url::Url;

/// The newest accepted request of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastUse {
    /// The origin that it used, as the tunnel passed it on; `None`: not known any more.
    pub(crate) came_through: Option<String>,
}

/// The origins before and after a change, and the one under which this machine alone reaches the app.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) local: &'a str,
}

/// The origin that the provider still has after a move. `known`: what it had before, if it did not follow the move before this one either.
pub(crate) fn after(moved: Move<'_>, known: Option<String>, last: Option<&LastUse>) -> Option<String> {
    // Nobody has any address yet.
    let last = last?;
    if last.came_through.as_deref().is_some_and(|origin| uses(moved.to, origin)) {
        return None;
    }
    let former = known.unwrap_or_else(|| used(moved.from, last));
    // Where it still works, there is nothing to do.
    let still_works = uses(moved.to, &former) || uses(moved.local, &former);
    (!still_works).then_some(former)
}

/// Whether a request that came through `came_through` used `origin`. The scheme does not count: not every tunnel passes it on.
pub(crate) fn uses(origin: &str, came_through: &str) -> bool {
    match (place(origin), place(came_through)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// What the provider used: the address that the tunnel passed on, unless the tunnel put this machine in its place.
fn used(from: &str, last: &LastUse) -> String {
    match &last.came_through {
        Some(origin) if !uses(from, origin) && place(origin).is_some_and(|(host, _)| host != LOOPBACK) => {
            origin.clone()
        }
        _ => from.to_owned(),
    }
}

const LOOPBACK: &str = "127.0.0.1";

/// Host and port; all names of this machine are one, and a default port is left out.
fn place(origin: &str) -> Option<(String, Option<u16>)> {
    let url = Url::parse(origin).ok()?;
    let host = url.host_str()?.trim_end_matches('.');
    let host = if ["localhost", "[::1]"].contains(&host) { LOOPBACK } else { host };
    Some((host.to_owned(), url.port().filter(|port| ![80, 443].contains(port))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: &str = "http://127.0.0.1:7246";
    const OLD: &str = "https://old.ngrok.app";
    const NEW: &str = "https://new.ngrok.app";

    fn okta(came_through: &str) -> LastUse {
        LastUse { came_through: Some(came_through.into()) }
    }

    fn former(url: &str) -> Option<String> {
        Some(url.into())
    }

    #[test]
    fn the_origin_that_was_used_counts() {
        for (what, from, to, known, last, expected) in [
            ("nobody used it", OLD, NEW, None, None, None),
            ("Okta used it", OLD, NEW, None, Some(okta(OLD)), former(OLD)),
            ("the tunnel says http", OLD, NEW, None, Some(okta("http://old.ngrok.app")), former(OLD)),
            (
                "the tunnel puts this machine in its place",
                OLD,
                NEW,
                None,
                Some(okta("http://localhost:7246")),
                former(OLD),
            ),
            ("the request is not kept any more", OLD, NEW, None, Some(LastUse { came_through: None }), former(OLD)),
            ("Okta was there first", OLD, NEW, None, Some(okta(NEW)), None),
            (
                "Okta did not follow the last move",
                "https://between.ngrok.app",
                NEW,
                former(OLD),
                Some(okta(OLD)),
                former(OLD),
            ),
            ("the tunnel came back", NEW, OLD, former(OLD), Some(okta(OLD)), None),
            (
                "a tunnel that the app did not know",
                LOCAL,
                NEW,
                None,
                Some(okta("https://other.example")),
                former("https://other.example"),
            ),
            ("a provider on this machine keeps its way", LOCAL, NEW, None, Some(okta("http://localhost:7246")), None),
            ("the tunnel is gone", OLD, LOCAL, None, Some(okta(OLD)), former(OLD)),
            (
                "the port moved",
                "http://127.0.0.1:7300",
                LOCAL,
                None,
                Some(okta("http://127.0.0.1:7300")),
                former("http://127.0.0.1:7300"),
            ),
        ] {
            let moved = Move { from, to, local: LOCAL };
            assert_eq!(after(moved, known, last.as_ref()), expected, "{what}");
        }
    }

    #[test]
    fn an_origin_is_a_host_and_a_port() {
        for (origin, came_through, expected) in [
            (OLD, "https://OLD.ngrok.app:443", true),
            (OLD, "http://old.ngrok.app", true),
            (OLD, NEW, false),
            (OLD, "https://old.ngrok.app:8443", false),
            (LOCAL, "http://localhost:7246", true),
            (LOCAL, "http://127.0.0.1:7248", false),
            (OLD, "https://", false),
            (OLD, "nonsense", false),
        ] {
            assert_eq!(uses(origin, came_through), expected, "{origin} {came_through}");
        }
    }
}
