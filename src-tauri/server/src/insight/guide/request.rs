//! What a request was, as far as the guide cares: a few words that rules compare with.

use percent_encoding::percent_decode_str;

use crate::clock::Millis;
use crate::insight::client;
use crate::model::AuthVerdict;

/// Equal requests of a directory: the first of them, and when the newest came. A directory has some dozens at the most.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sighting {
    pub(crate) method: String,
    /// See [`target`].
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) verdict: AuthVerdict,
    /// See [`who`].
    pub(crate) who: String,
    /// The first of them.
    pub(crate) first_id: i64,
    pub(crate) first_at: Millis,
    /// Path and query of the first, decoded for reading.
    pub(crate) path: String,
    pub(crate) last_id: i64,
    pub(crate) last_at: Millis,
}

/// What stands for a client that says no name.
pub(crate) const NAMELESS: &str = "";

/// What stands for a client whose name nobody here knows.
pub(crate) const STRANGER: &str = "?";

/// The name of a client if it is well known. Everything else is one of two, so that nobody can make rows by inventing names.
pub(crate) fn who(actor: &str) -> &str {
    match actor {
        client::UNKNOWN => NAMELESS,
        known if client::is_known(known) => known,
        _ => STRANGER,
    }
}

/// A request's target without what differs from person to person: one of a few.
///
/// `/Users/2819c223?attributes=id` is `/Users/{id}`; of a query it says only what tells the purposes of requests apart:
/// `/Users?startIndex=1&count=2`, `/Users?filter` and, where the value is a GUID that nobody has, `/Users?filter={guid}`.
pub(crate) fn target(path: &str, query: Option<&str>) -> &'static str {
    let mut segments = path.split('?').next().unwrap_or_default().split('/').filter(|segment| !segment.is_empty());
    let query = Query::read(query.unwrap_or_default());
    match (segments.next(), segments.next(), segments.next(), query) {
        (Some("Users"), None, _, Query::Probe) => "/Users?startIndex=1&count=2",
        (Some("Users"), None, _, Query::Filter { is_guid: true }) => "/Users?filter={guid}",
        (Some("Users"), None, _, Query::Filter { .. }) => "/Users?filter",
        (Some("Users"), None, _, Query::Other) => "/Users",
        (Some("Users"), Some(id), None, _) if !id.starts_with('.') => "/Users/{id}",
        (Some("Groups"), None, _, Query::Filter { is_guid: true }) => "/Groups?filter={guid}",
        (Some("Groups"), None, _, Query::Filter { .. }) => "/Groups?filter",
        (Some("Groups"), None, _, _) => "/Groups",
        (Some("Groups"), Some(id), None, _) if !id.starts_with('.') => "/Groups/{id}",
        _ => "/…",
    }
}

#[derive(Clone, Copy)]
enum Query {
    /// okta-01-test-connection: exactly `startIndex=1&count=2`.
    Probe,
    Filter {
        /// entra-01-test-connection-guid: somebody who cannot exist.
        is_guid: bool,
    },
    Other,
}

impl Query {
    fn read(query: &str) -> Self {
        let mut parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
        if let Some(filter) = parts.iter().find_map(|part| part.strip_prefix("filter=")) {
            let filter = filter.replace('+', " ");
            let filter = percent_decode_str(&filter).decode_utf8_lossy();
            return Self::Filter { is_guid: filter.split(['"', ' ']).any(is_guid) };
        }
        parts.sort_unstable();
        if parts == ["count=2", "startIndex=1"] { Self::Probe } else { Self::Other }
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_one_of_a_few() {
        for (path, query, expected) in [
            ("/Users", Some("startIndex=1&count=2"), "/Users?startIndex=1&count=2"),
            ("/Users", Some("count=2&startIndex=1"), "/Users?startIndex=1&count=2"),
            ("/Users", Some("startIndex=1&count=100"), "/Users"),
            ("/Users", Some("filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100"), "/Users?filter"),
            ("/Users", Some("filter=userName+eq+%22c5c9a1b0-12ab-4c3d-8e9f-0123456789ab%22"), "/Users?filter={guid}"),
            ("/Users", Some("count=1"), "/Users"),
            ("/Users", None, "/Users"),
            ("/Users/2819c223", Some("attributes=id"), "/Users/{id}"),
            ("/Users/.search", None, "/…"),
            ("/Users/1/2", None, "/…"),
            ("/Groups", Some("startIndex=1&count=100"), "/Groups"),
            ("/Groups", Some("excludedAttributes=members&filter=displayName+eq+%22A%22"), "/Groups?filter"),
            ("/Groups/e9e3", None, "/Groups/{id}"),
            ("/ServiceProviderConfig", None, "/…"),
            ("/", None, "/…"),
        ] {
            assert_eq!(target(path, query), expected, "{path} {query:?}");
        }
    }

    #[test]
    fn only_known_names_are_kept() {
        for (actor, expected) in [("Okta", "Okta"), ("Entra ID", "Entra ID"), (client::UNKNOWN, ""), ("evil-4711", "?")]
        {
            assert_eq!(who(actor), expected, "{actor}");
        }
    }
}
