//! Comparing times without a clock: xsd:dateTime, RFC 7643 §2.3.5.

/// A point in time: seconds since 1970 in UTC and 10⁻¹⁸ of a second. Sorts by time.
pub(crate) type Instant = (i64, u64);

/// Digits of a fraction that make a difference.
const FRACTION_DIGITS: usize = 18;

/// Reads `2008-01-23T04:56:22.5+01:00`. Without an offset the time is taken as UTC. `None`: this is no time.
pub(crate) fn parse(text: &str) -> Option<Instant> {
    let (date, time) = text.split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, offset) = split_offset(time)?;
    let (whole, fraction) = match clock.split_once('.') {
        Some((whole, fraction)) => (whole, parse_fraction(fraction)?),
        None => (clock, 0),
    };
    let [hour, minute, second] = numbers(whole, ':', [2, 2, 2])?;
    let is_valid = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    is_valid
        .then(|| (days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset, fraction))
}

/// Splits the time of day from its offset in seconds.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let [hours, minutes] = numbers(&time[at + 1..], ':', [2, 2])?;
    let offset = hours * 3_600 + minutes * 60;
    Some((&time[..at], if time.as_bytes()[at] == b'-' { -offset } else { offset }))
}

fn parse_fraction(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = &digits[..digits.len().min(FRACTION_DIGITS)];
    format!("{kept:0<FRACTION_DIGITS$}").parse().ok()
}

/// Whole numbers of exactly the given widths.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar; years begin in March so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
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
            ("2000-02-29T06:30:00.500-05:30", Some((951_825_600, 500_000_000_000_000_000))),
            ("2011-05-13T04:42:34", Some((1_305_261_754, 0))),
            ("2011-05-13", None),
            ("2011-02-30T00:00:00Z", None),
            ("2011-05-13T24:00:00Z", None),
            ("2011-05-13T04:42:34.Z", None),
            ("2011-05-13T04:42:34+1:00", None),
            ("yesterday", None),
            ("T+", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
