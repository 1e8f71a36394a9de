//! Time as a value that is passed in, so that tests own it.

use std::sync::Arc;

use jiff::tz::TimeZone;

/// Milliseconds since the Unix epoch, UTC.
pub(crate) type Millis = i64;

/// A day in milliseconds.
pub(crate) const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Millis + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_fn(|| jiff::Timestamp::now().as_millisecond())
    }

    /// A clock that says what `now` returns.
    pub fn from_fn(now: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        (self.0)()
    }

    /// The same as RFC 3339 has it, in UTC: `2026-06-07T12:03:11.482Z`.
    pub fn timestamp(&self) -> String {
        rfc3339(self.now())
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-06-07T12:03:11.482Z`. An instant outside jiff's range (year 9999) is shown as the epoch.
pub(crate) fn rfc3339(at: Millis) -> String {
    let timestamp = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{timestamp:.3}")
}

/// An instant as the clocks of a place show it: `zone` is a name of the IANA's such as `Europe/Berlin`, or `None` for that of this machine.
///
/// # Errors
/// If there is no such zone.
pub(crate) fn zoned(at: Millis, zone: Option<&str>) -> Result<jiff::ZonedDateTime, jiff::Error> {
    let zone = zone.map_or_else(|| Ok(TimeZone::system()), TimeZone::get)?;
    Ok(jiff::Timestamp::from_millisecond(at)?.to_zoned_datetime(zone))
}

/// The second of an instant in UTC, for the name of a file: `20260607-120311`.
pub(crate) fn stamp(at: Millis) -> String {
    let second = rfc3339(at).chars().take(19).filter(|c| c.is_ascii_digit() || *c == 'T').collect::<String>();
    second.replace('T', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_printed_with_milliseconds_and_z() {
        assert_eq!(rfc3339(1_780_833_791_480), "2026-06-07T12:03:11.480Z");
        assert_eq!(stamp(1_780_833_791_480), "20260607-120311");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z", "no fraction is dropped");
    }
}
