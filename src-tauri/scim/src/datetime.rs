//! Comparing times without a clock: xsd:dateTime, RFC 7643 §2.3.5.

use jiff::civil::DateTime;

/// Characters that say a nanosecond: `.123456789`. More make no difference.
const FRACTION: usize = 10;

/// Nanoseconds since 1970 in UTC. jiff's own instants end a day before the last year of four digits does, and many write its last second
/// for "never".
type Instant = i128;

const SECOND: i128 = 1_000_000_000;

/// Reads `2008-01-23T04:56:22.5+01:00`. Without an offset the time is taken as UTC. `None`: this is not a time.
pub(crate) fn parse(text: &str) -> Option<Instant> {
    let (seconds, rest) = text.split_at_checked("2008-01-23T04:56:22".len())?;
    let (fraction, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // jiff reads much that is not an xsd:dateTime: a blank for the T, no seconds, the name of a place.
    let is_date_time = has_form(seconds, "0000-00-00T00:00:00")
        && (fraction.is_empty() || fraction.strip_prefix('.').is_some_and(is_digits))
        && ["", "Z", "+00:00", "-00:00"].iter().any(|form| has_form(offset, form));
    if !is_date_time {
        return None;
    }
    let fraction = &fraction[..fraction.len().min(FRACTION)];
    let time: DateTime = format!("{seconds}{fraction}").parse().ok()?;
    let since = time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    Some(since.as_nanos() - offset_seconds(offset)? * SECOND)
}

/// `+01:00`, or that of UTC.
fn offset_seconds(offset: &str) -> Option<i128> {
    let (Some(hours), Some(minutes)) = (offset.get(1..3), offset.get(4..6)) else { return Some(0) };
    let (hours, minutes): (i128, i128) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// Whether a text has a digit for each `0` of a form, and its other characters, in any letter case.
fn has_form(text: &str, form: &str) -> bool {
    let is_like =
        |(byte, form): (u8, u8)| if form == b'0' { byte.is_ascii_digit() } else { byte.eq_ignore_ascii_case(&form) };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(is_like)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some((0, 0))),
            ("2000-02-29T12:00:00Z", Some((951_825_600, 0))),
            ("2000-02-29T13:00:00+01:00", Some((951_825_600, 0))),
            ("2000-02-29T06:30:00.500-05:30", Some((951_825_600, 500_000_000))),
            ("2000-02-29t12:00:00.1234567899z", Some((951_825_600, 123_456_789))),
            ("2011-05-13T04:42:34", Some((1_305_261_754, 0))),
            ("9999-12-31T23:59:59Z", Some((253_402_300_799, 0))),
            ("9999-12-31T23:59:59.999-23:59", Some((253_402_387_139, 999_000_000))),
            ("0000-01-01T00:00:00+14:00", Some((-62_167_269_600, 0))),
            ("1969-12-31T23:59:59.5Z", Some((-1, 500_000_000))),
            ("2011-05-13T04:42:34+24:00", None),
            ("2011-05-13T04:42:34+01:60", None),
            ("2011-05-13", None),
            ("2011-02-30T00:00:00Z", None),
            ("2011-05-13T24:00:00Z", None),
            ("2011-05-13T04:42:34.Z", None),
            ("2011-05-13T04:42:34+1:00", None),
            ("2011-05-13T04:42:34+01", None),
            ("2011-05-13T04:42:34Z[UTC]", None),
            ("2011-05-13 04:42:34Z", None),
            ("2011-05-13T04:42", None),
            ("20110513T044234Z", None),
            ("-011-05-13T04:42:34Z", None),
            ("2011-05-13T04:42:3é", None),
            ("2011-05-13T04:42:34.ééééééé", None),
            ("yesterday", None),
            ("T+", None),
        ] {
            let at = parse(text).map(|at| (at.div_euclid(SECOND), at.rem_euclid(SECOND)));
            assert_eq!(at, expected, "{text}");
        }
    }
}
