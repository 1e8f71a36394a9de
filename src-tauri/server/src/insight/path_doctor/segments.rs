//! The segments of a path, and what each of them looks like.

use percent_encoding::percent_decode_str;

use crate::facts::ENDPOINTS;

/// Segments of a path that are looked at.
const MOST_SEGMENTS: usize = 16;

/// Characters of a segment that is compared with ids and endpoints.
const LONGEST: usize = 32;

pub(super) fn segments(path: &str) -> Vec<String> {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).take(MOST_SEGMENTS);
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// `v1`, `v2.0`.
pub(super) fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a segment names an endpoint, whatever its letter case.
pub(super) fn is_endpoint(segment: &str) -> bool {
    ENDPOINTS.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(segment))
}

/// The endpoint that was meant: in other letter case, in the singular, or mistyped.
pub(super) fn nearest_endpoint(segment: &str) -> Option<&'static str> {
    let lower = segment.to_lowercase();
    ENDPOINTS.into_iter().find(|endpoint| {
        let endpoint = endpoint.to_lowercase();
        lower == endpoint
            || endpoint.strip_suffix('s') == Some(&lower)
            || (lower.len() > 3 && distance(&lower, &endpoint) == 1)
    })
}

/// How many characters differ, are missing or are too many, of short texts; what is long is far from everything.
pub(super) fn distance(one: &str, other: &str) -> usize {
    if one.chars().count() > LONGEST { usize::MAX } else { strsim::levenshtein(one, other) }
}
