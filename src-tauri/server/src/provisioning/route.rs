//! From a request's path to what it addresses. Harmless variants of a path just work.

use percent_encoding::percent_decode_str;

/// What the base URL begins with.
const PREFIX: [&str; 2] = ["scim", "v2"];

/// What a path addresses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The directory's id, as it stands in the path; empty: the path does not get that far.
    pub(super) directory: String,
    /// What follows, decoded: `["Users", "2819c223"]`.
    pub(super) rest: Vec<String>,
    /// The path deviated: doubled or trailing slashes.
    pub(super) is_untidy: bool,
}

/// Reads a path; `None` if it is not below `/scim/v2`.
pub(super) fn parse(path: &str) -> Option<Route> {
    let mut segments = segments(path).into_iter();
    for expected in PREFIX {
        if !segments.next()?.eq_ignore_ascii_case(expected) {
            return None;
        }
    }
    let directory = segments.next().unwrap_or_default();
    let is_untidy = path.contains("//") || path.ends_with('/');
    Some(Route { directory, rest: segments.collect(), is_untidy })
}

/// The segments of a path, decoded.
pub(super) fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// Path and query below the base URL, decoded for a person to read: `/Users?filter=userName eq "ada@example.com"`.
pub(super) fn readable(path: &str, query: Option<&str>) -> String {
    let below = match parse(path) {
        Some(route) if route.rest.is_empty() => "/".to_owned(),
        Some(route) => format!("/{}", route.rest.join("/")),
        None => percent_decode_str(path).decode_utf8_lossy().into_owned(),
    };
    match query.filter(|query| !query.is_empty()) {
        Some(query) => {
            let spaced = query.replace('+', " ");
            format!("{below}?{}", percent_decode_str(&spaced).decode_utf8_lossy())
        }
        None => below,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart() {
        let route = |directory: &str, rest: &[&str], is_untidy| {
            let rest = rest.iter().map(|&segment| segment.to_owned()).collect();
            Some(Route { directory: directory.into(), rest, is_untidy })
        };
        for (path, expected) in [
            ("/scim/v2/k3v9tq2mxa/Users", route("k3v9tq2mxa", &["Users"], false)),
            ("/scim/v2/k3v9tq2mxa//Users/", route("k3v9tq2mxa", &["Users"], true)),
            ("/SCIM/V2/k3v9tq2mxa/Users/a%2Fb", route("k3v9tq2mxa", &["Users", "a/b"], false)),
            ("/scim/v2/k3v9tq2mxa", route("k3v9tq2mxa", &[], false)),
            ("/scim/v2", route("", &[], false)),
            ("/scim/v1/k3v9tq2mxa/Users", None),
            ("/", None),
        ] {
            assert_eq!(parse(path), expected, "{path}");
        }
    }

    #[test]
    fn a_target_is_readable() {
        assert_eq!(
            readable("/scim/v2/k3v9tq2mxa/Users", Some("filter=userName+eq%20%22a%2Bb%40example.com%22&count=1")),
            r#"/Users?filter=userName eq "a+b@example.com"&count=1"#
        );
        assert_eq!(readable("/favicon.ico", None), "/favicon.ico");
    }
}
