//! From a request's path to what it addresses. Harmless variants of a path just work.

use percent_encoding::percent_decode_str;
use scim::Notes;

use crate::ids;

/// What the path of a base URL begins with.
const PREFIX: &str = "scim";

/// The version of the protocol, RFC 7644 §3.13.
const VERSION: &str = "v2";

/// What a path addresses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The directory's id, as it stands in the path; empty: the path does not get that far.
    pub(super) directory: String,
    /// What follows, decoded: `["Users", "2819c223"]`.
    pub(super) rest: Vec<String>,
    /// How the path deviates without harm.
    pub(super) deviations: Vec<Deviation>,
}

/// How a path deviates that works all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deviation {
    /// Doubled or trailing slashes.
    Slashes,
    /// `/scim/k3v9tq2mxa`: RFC 7644 §3.13 leaves the version to the client.
    NoVersion,
    /// `/scim/v2/k3v9tq2mxa/v2/Users`: a client that adds the version itself.
    RepeatedVersion,
}

impl Deviation {
    pub(super) fn note(self, notes: &mut Notes) {
        let (rule, section, text) = match self {
            Self::Slashes => {
                ("untidy-path", "RFC 3986 §6.2", "The path has doubled or trailing slashes; they were ignored.")
            }
            Self::NoVersion => {
                ("version-left-out", "RFC 7644 §3.13", "The path has no version; it was read as /scim/v2.")
            }
            Self::RepeatedVersion => {
                ("version-repeated", "RFC 7644 §3.13", "The path has /v2 again before the endpoint; it was ignored.")
            }
        };
        notes.add(rule, section, text);
    }
}

/// Reads a path; `None` if it is not below `/scim/v2`.
pub(super) fn parse(path: &str) -> Option<Route> {
    let all = segments(path);
    let mut deviations = Vec::new();
    if path.contains("//") || path.ends_with('/') {
        deviations.push(Deviation::Slashes);
    }
    let mut rest = all.as_slice();
    let [first, behind @ ..] = rest else { return None };
    if !first.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    rest = behind;
    match rest {
        [version, behind @ ..] if version.eq_ignore_ascii_case(VERSION) => rest = behind,
        [id, ..] if ids::is_short_id(id) => deviations.push(Deviation::NoVersion),
        _ => return None,
    }
    let (directory, mut rest) = rest.split_first().map_or((String::new(), rest), |(id, rest)| (id.clone(), rest));
    if let [version, behind @ ..] = rest
        && version.eq_ignore_ascii_case(VERSION)
        && !behind.is_empty()
    {
        deviations.push(Deviation::RepeatedVersion);
        rest = behind;
    }
    Some(Route { directory, rest: rest.to_vec(), deviations })
}

/// The segments of a path, decoded.
pub(super) fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// What follows the directory's id in a path that leads to one, as it stands there: `/Users/a%2Fb`. `None`: the path does not get that far.
pub(super) fn below_directory(path: &str) -> Option<&str> {
    let route = parse(path).filter(|route| !route.directory.is_empty())?;
    let segments = if route.deviations.contains(&Deviation::NoVersion) { 2 } else { 3 };
    let mut rest = path;
    for _ in 0..segments {
        rest = rest.trim_start_matches('/');
        rest = &rest[rest.find('/').unwrap_or(rest.len())..];
    }
    Some(rest)
}

/// Whether a server that tidies a path up could take one of its segments for `.` or `..`, and leave the base URL by it: as it stands, encoded
/// as often as anybody likes, with a backslash for a slash, or before a path parameter (`..;x`).
pub(super) fn has_dot_segments(path: &str) -> bool {
    /// Nobody who means well encodes anything as often.
    const MOST_ENCODINGS: usize = 8;
    let mut decoded = path.as_bytes().to_vec();
    for _ in 0..MOST_ENCODINGS {
        let next: Vec<u8> = percent_encoding::percent_decode(&decoded).collect();
        if next == decoded {
            let mut segments = decoded.split(|byte| matches!(byte, b'/' | b'\\'));
            return segments.any(|segment| matches!(segment.split(|byte| *byte == b';').next(), Some(b"." | b"..")));
        }
        decoded = next;
    }
    true
}

/// The segments below the base URL, decoded; all of them where a path has no base URL of this server.
pub(super) fn below_base_url(path: &str) -> Vec<String> {
    addressed(path).filter(|route| !route.directory.is_empty()).map_or_else(|| segments(path), |route| route.rest)
}

/// What a path addresses, if what stands in the place of a directory's id has its shape.
fn addressed(path: &str) -> Option<Route> {
    parse(path).filter(|route| route.directory.is_empty() || ids::is_short_id(&route.directory))
}

/// Path and query below the base URL, decoded for a person to read: `/Users?filter=userName eq "ada@example.com"`.
pub(super) fn readable(path: &str, query: Option<&str>) -> String {
    let below = match addressed(path) {
        // /scim/v2/Users: nothing is below a base URL.
        Some(route) if route.directory.is_empty() => percent_decode_str(path).decode_utf8_lossy().into_owned(),
        Some(route) if route.rest.is_empty() => "/".to_owned(),
        Some(route) => format!("/{}", route.rest.join("/")),
        None => percent_decode_str(path).decode_utf8_lossy().into_owned(),
    };
    with_query(below, query)
}

/// The same of all of a path: one that leads to no directory is looked at for what is wrong in it.
pub(super) fn readable_whole(path: &str, query: Option<&str>) -> String {
    with_query(percent_decode_str(path).decode_utf8_lossy().into_owned(), query)
}

fn with_query(path: String, query: Option<&str>) -> String {
    match query.filter(|query| !query.is_empty()) {
        Some(query) => {
            let spaced = query.replace('+', " ");
            format!("{path}?{}", percent_decode_str(&spaced).decode_utf8_lossy())
        }
        None => path,
    }
}

/// As patterns match them.
pub(super) fn as_strs(segments: &[String]) -> Vec<&str> {
    segments.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart() {
        let route = |directory: &str, rest: &[&str], deviations: &[Deviation]| {
            let rest = rest.iter().map(|&segment| segment.to_owned()).collect();
            Some(Route { directory: directory.into(), rest, deviations: deviations.to_vec() })
        };
        use Deviation::{NoVersion, RepeatedVersion, Slashes};
        for (path, expected) in [
            ("/scim/v2/k3v9tq2mxa/Users", route("k3v9tq2mxa", &["Users"], &[])),
            ("/scim/v2/k3v9tq2mxa//Users/", route("k3v9tq2mxa", &["Users"], &[Slashes])),
            ("/SCIM/V2/k3v9tq2mxa/Users/a%2Fb", route("k3v9tq2mxa", &["Users", "a/b"], &[])),
            ("/scim/v2/k3v9tq2mxa", route("k3v9tq2mxa", &[], &[])),
            ("/scim/v2", route("", &[], &[])),
            ("/scim/k3v9tq2mxa/Users", route("k3v9tq2mxa", &["Users"], &[NoVersion])),
            ("/scim/v2/k3v9tq2mxa/v2/Users", route("k3v9tq2mxa", &["Users"], &[RepeatedVersion])),
            ("/scim/v2/k3v9tq2mxa/v2", route("k3v9tq2mxa", &["v2"], &[])),
            ("/scim//k3v9tq2mxa/v2/Users/", route("k3v9tq2mxa", &["Users"], &[Slashes, NoVersion, RepeatedVersion])),
            ("/scim/Users", None),
            ("/scim/v1/k3v9tq2mxa/Users", None),
            ("/scim", None),
            ("/", None),
        ] {
            assert_eq!(parse(path), expected, "{path}");
        }
    }

    #[test]
    fn what_follows_a_directory_stays_as_it_stands() {
        for (path, expected) in [
            ("/scim/v2/k3v9tq2mxa/Users/a%2Fb", Some("/Users/a%2Fb")),
            ("/scim/v2/%6b3v9tq2mxa/Users/77", Some("/Users/77")),
            ("//SCIM/%762//k3v9tq2mxa//Users/", Some("//Users/")),
            ("/scim/k3v9tq2mxa/v2/k3v9tq2mxa/Users", Some("/v2/k3v9tq2mxa/Users")),
            ("/scim/v2/k3v9tq2mxa", Some("")),
            ("/scim/v2", None),
            ("/other", None),
        ] {
            assert_eq!(below_directory(path), expected, "{path}");
        }
    }

    #[test]
    fn dot_segments_are_seen_however_they_are_written() {
        let nested = format!("/%{}2e./admin", "25".repeat(40));
        for path in [
            "/../admin",
            "/Users/..",
            "/./Users",
            "/%2e%2E/admin",
            "/.%2e/admin",
            "/%252e%252e/admin",
            "/%25252e./admin",
            "/Users\\..\\admin",
            "/Users%5c..%5Cadmin",
            "/Users%2f..%2Fadmin",
            "/Users%252f%2e%2e",
            "/..;/admin",
            "/%2e%2e%3bx/admin",
            nested.as_str(),
        ] {
            assert!(has_dot_segments(path), "{path}");
        }
        for path in [
            "",
            "/",
            "//Users",
            "/Users/a..b",
            "/Users/...",
            "/Users/..a",
            "/Users/100%",
            "/Users/%25%25",
            "/Users/a.;b",
        ] {
            assert!(!has_dot_segments(path), "{path}");
        }
    }

    #[test]
    fn a_target_is_readable() {
        assert_eq!(
            readable("/scim/v2/k3v9tq2mxa/Users", Some("filter=userName+eq%20%22a%2Bb%40example.com%22&count=1")),
            r#"/Users?filter=userName eq "a+b@example.com"&count=1"#
        );
        assert_eq!(readable("/scim/v2/k3v9tq2mxa", None), "/");
        for whole in ["/favicon.ico", "/scim/v2/Users", "/scim/v2", "/"] {
            assert_eq!(readable(whole, None), whole, "it addresses no directory");
        }
    }
}
