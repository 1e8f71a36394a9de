//! What a person types to find requests: `user:ada -status:2xx since:yesterday "no match"`. What has no meaning is named.

use std::ops::{Range, RangeInclusive};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, ZonedDateTime};
use scim::search_key;

use super::Error;
use crate::clock::{Millis, zoned};
use crate::core::Core;
use crate::store::exchanges::{Condition, ExchangeTerm};

/// Conditions that are looked at. Who pastes a letter searches for its beginning; of conditions with keys, none is left out in silence.
const MOST: usize = 12;

/// The keys, as they are typed.
const KEYS: [&str; 12] =
    ["user", "group", "path", "method", "status", "client", "body", "since", "until", "note", "is", "has"];

/// What begins addresses, times aside: their colon is part of a text.
const SCHEMES: [&str; 3] = ["urn", "http", "https"];

/// What is typed means conditions, all of which have to be met. Times are meant where the reader is, by the IANA's name of the zone; `None`:
/// where this machine is. A zone that this machine does not know keeps nobody from a search without times.
///
/// # Errors
/// If a key or a value means nothing, there are too many, or times are searched for in a zone that is not known.
pub(super) fn conditions(core: &Core, text: &str, zone: Option<&str>) -> Result<Vec<Condition>, Error> {
    let no_zone = |_| Error::invalid("zone", "This is not the name of a time zone. Write one such as Europe/Berlin.");
    let at = core.clock.now();
    let (now, unknown) = match zoned(at, zone) {
        Ok(now) => (now, None),
        Err(error) => (zoned(at, None).map_err(no_zone)?, Some(error)),
    };
    let conditions = parse(text, &now).map_err(|problem| Error::invalid("search", problem))?;
    match unknown {
        Some(error) if conditions.iter().any(|condition| condition.term.is_time()) => Err(no_zone(error)),
        _ => Ok(conditions),
    }
}

/// See [`conditions`]. `now` is the time where the reader is.
///
/// # Errors
/// A sentence that names a key or a value that means nothing, or the condition that is one too many.
fn parse(text: &str, now: &ZonedDateTime) -> Result<Vec<Condition>, String> {
    let words: Vec<Word> = words(text).collect();
    let since = words.iter().find_map(|word| word.since(now));
    let condition = |word: &Word| Ok(word.condition(now, since.as_ref())?.map(|condition| (word.typed(), condition)));
    let all: Vec<(String, Condition)> =
        words.iter().filter_map(|word| condition(word).transpose()).collect::<Result<_, String>>()?;
    match all.get(MOST) {
        Some((typed, _)) if all.iter().any(|(_, condition)| !matches!(condition.term, ExchangeTerm::Text(_))) => {
            Err(format!("A search takes at most {MOST} conditions. “{typed}” is one too many."))
        }
        _ => Ok(all.into_iter().take(MOST).map(|(_, condition)| condition).collect()),
    }
}

/// A part of what was typed: `-user:"ada lovelace"` is negated and has the key `user`.
#[derive(Debug, Default)]
struct Word {
    is_negated: bool,
    key: Option<String>,
    value: String,
}

impl Word {
    /// `None` while there is a key without a value yet.
    fn condition(&self, now: &ZonedDateTime, since: Option<&Begin>) -> Result<Option<Condition>, String> {
        Ok(self.term(now, since)?.map(|term| Condition { term, is_negated: self.is_negated }))
    }

    /// As it was typed, quotes aside.
    fn typed(&self) -> String {
        let minus = if self.is_negated { "-" } else { "" };
        let key = self.key.as_ref().map_or(String::new(), |key| format!("{key}:"));
        format!("{minus}{key}{}", self.value)
    }

    /// From when on is searched, if this says so.
    fn since(&self, now: &ZonedDateTime) -> Option<Begin> {
        let is_since = !self.is_negated && self.key.as_ref().is_some_and(|key| key.eq_ignore_ascii_case("since"));
        let typed = self.value.trim();
        let at = span(typed, now, |time| last(time, now)).filter(|_| is_since)?.start;
        let at = Timestamp::from_millisecond(at).ok()?.to_zoned_datetime(now.time_zone().clone());
        Some(Begin { at, is_clock_time: clock_time(typed).is_some() })
    }

    fn term(&self, now: &ZonedDateTime, since: Option<&Begin>) -> Result<Option<ExchangeTerm>, String> {
        let typed = self.value.trim();
        let value = search_key(typed);
        let Some(key) = &self.key else {
            return Ok(Some(value).filter(|value| !value.is_empty()).map(ExchangeTerm::Text));
        };
        let key = key.to_ascii_lowercase();
        if value.is_empty() && KEYS.contains(&key.as_str()) {
            return Ok(None);
        }
        let span =
            |of: &dyn Fn(Time) -> Option<ZonedDateTime>| span(typed, now, of).ok_or_else(|| no_time(&key, typed));
        Ok(Some(match key.as_str() {
            "user" => ExchangeTerm::User(value),
            "group" => ExchangeTerm::Group(value),
            "path" => ExchangeTerm::Path(value),
            "method" => ExchangeTerm::Method(value),
            "client" => ExchangeTerm::Client(value),
            "body" => ExchangeTerm::Body(value),
            "status" => ExchangeTerm::Status(statuses(&value).ok_or_else(|| {
                format!("“status:{typed}” is not a status. Write one such as status:404 or status:4xx.")
            })?),
            "note" => ExchangeTerm::Annotation(value),
            // While it is being typed, it finds as much as before.
            "is" if "pinned".starts_with(&value) => return Ok((value == "pinned").then_some(ExchangeTerm::Pinned)),
            "has" if "note".starts_with(&value) => return Ok((value == "note").then_some(ExchangeTerm::Annotated)),
            "is" | "has" => return Err(format!("“{key}:{typed}” means nothing. Write is:pinned or has:note.")),
            "since" => ExchangeTerm::Since(span(&|time| last(time, now))?.start),
            "until" => ExchangeTerm::Until(span(&|time| until(time, now, since))?.end),
            _ if SCHEMES.contains(&key.as_str()) || !key.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                ExchangeTerm::Text(format!("{}:{value}", search_key(&key)))
            }
            _ => return Err(unknown(&key, typed)),
        }))
    }
}

fn unknown(key: &str, value: &str) -> String {
    let known = KEYS.map(|key| format!("{key}:")).join(", ");
    format!("Unknown filter “{key}:”. Known: {known}. To search for this text, put it in quotes: \"{key}:{value}\".")
}

fn no_time(key: &str, value: &str) -> String {
    format!("“{key}:{value}” is not a time. Write 2h, today, yesterday, 14:30, 2026-06-07 or 2026-06-07T14:30.")
}

/// From when on is searched.
struct Begin {
    at: ZonedDateTime,
    /// Whether a time of day was typed, which is of one day or the other.
    is_clock_time: bool,
}

/// The last time that clocks showed this: at one in the night, half past ten in the evening was yesterday.
fn last(time: Time, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    on(now.date(), time, now).filter(|today| today <= now).or_else(|| on(now.date().yesterday().ok()?, time, now))
}

/// Today's time, even if it is ahead; where it would end what has not begun, and behind a time of day, the first after the begin.
fn until(time: Time, now: &ZonedDateTime, since: Option<&Begin>) -> Option<ZonedDateTime> {
    let today = on(now.date(), time, now)?;
    let Some(since) = since.filter(|since| since.is_clock_time || today < since.at) else { return Some(today) };
    let date = since.at.date();
    on(date, time, now).filter(|end| *end >= since.at).or_else(|| on(date.tomorrow().ok()?, time, now))
}

fn on(date: Date, time: Time, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    date.to_datetime(time).to_zoned_datetime(now.time_zone().clone()).ok()
}

/// `14:30`, `9:05` and `14:30:05`.
fn clock_time(text: &str) -> Option<Time> {
    let is_one = text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let two_digits = if text.find(':') == Some(1) { "0" } else { "" };
    is_one.then(|| format!("{two_digits}{text}").parse().ok()).flatten()
}

/// From when to when a time is, in milliseconds: a day has all its hours, a minute its seconds, and `2h` is the instant two hours ago. `of`
/// says which day's time of day is meant.
fn span(text: &str, now: &ZonedDateTime, of: impl Fn(Time) -> Option<ZonedDateTime>) -> Option<Range<Millis>> {
    let zone = now.time_zone();
    match text {
        "now" => return Some(millis(now)..millis(now)),
        "today" => return day(now.date(), zone),
        "yesterday" => return day(now.date().yesterday().ok()?, zone),
        _ => {}
    }
    if let Some(ago) = ago(text) {
        let at = millis(&now.checked_sub(ago).ok()?);
        return Some(at..at);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return day(text.parse().ok()?, zone);
    }
    let begin = if let Some(time) = clock_time(text) {
        of(time)?
    } else if let Ok(timestamp) = text.parse::<Timestamp>() {
        timestamp.to_zoned_datetime(zone.clone())
    } else {
        text.parse::<DateTime>().ok()?.to_zoned_datetime(zone.clone()).ok()?
    };
    // Who names no seconds means the whole minute. An offset has a colon, too.
    let has_seconds = text.get(..19).unwrap_or(text).matches(':').count() > 1;
    let end = begin.checked_add(if has_seconds { 1.second() } else { 1.minute() }).ok()?;
    Some(millis(&begin)..millis(&end))
}

fn day(date: Date, zone: &TimeZone) -> Option<Range<Millis>> {
    let begin = |date: Date| date.to_zoned_datetime(zone.clone()).ok().map(|begin| millis(&begin));
    Some(begin(date)?..begin(date.tomorrow().ok()?)?)
}

fn millis(at: &ZonedDateTime) -> Millis {
    at.timestamp().as_millisecond()
}

/// `90s`, `15m`, `2h`, `3d`, `1w`.
fn ago(text: &str) -> Option<Span> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok().filter(|number| (0..1_000_000).contains(number))?;
    let span = Span::new();
    match unit {
        "s" => span.try_seconds(number),
        "m" => span.try_minutes(number),
        "h" => span.try_hours(number),
        "d" => span.try_days(number),
        "w" => span.try_weeks(number),
        _ => return None,
    }
    .ok()
}

/// `401`, `40`, `4xx` and `4`: what the digits begin, and `x` for any.
fn statuses(text: &str) -> Option<RangeInclusive<u16>> {
    let digits = text.trim_end_matches(['x', '*']);
    if digits.is_empty() || digits.len() > 3 || text.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first: u16 = digits.parse().ok()?;
    let width = 10_u16.pow(3 - u32::try_from(digits.len()).ok()?);
    Some(first * width..=first * width + (width - 1))
}

/// Words are separated by blanks; quotes hold them together, and one that is missing at the end is thought there. What quotes are around has
/// no key and is not negated.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let (mut is_begun, mut is_quoted, mut had_quotes) = (false, false, false);
    for character in text.chars() {
        match character {
            '"' => (is_begun, is_quoted, had_quotes) = (true, !is_quoted, true),
            _ if character.is_whitespace() && !is_quoted => {
                had_quotes = false;
                if std::mem::take(&mut is_begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            '-' if !is_begun => (is_begun, word.is_negated) = (true, true),
            ':' if !had_quotes && word.key.is_none() && !word.value.is_empty() => {
                word.key = Some(std::mem::take(&mut word.value));
            }
            _ => {
                is_begun = true;
                word.value.push(character);
            }
        }
    }
    if is_begun {
        words.push(word);
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::ExchangeTerm::{Body, Client, Group, Method, Path, Since, Status, Text, Until, User};
    use super::*;

    /// Sunday afternoon in Berlin, where it is two hours later than in UTC.
    fn now() -> ZonedDateTime {
        "2026-06-07T16:03:11+02:00[Europe/Berlin]".parse().expect("a time")
    }

    fn text(value: &str) -> ExchangeTerm {
        Text(value.into())
    }

    fn utc(text: &str) -> Millis {
        text.parse::<Timestamp>().expect("an instant").as_millisecond()
    }

    #[test]
    fn what_is_typed_becomes_terms() {
        for (typed, expected) in [
            ("", vec![]),
            ("   ", vec![]),
            ("Ada", vec![text("ada")]),
            ("ada  lovelace", vec![text("ada"), text("lovelace")]),
            ("\"Ada Lovelace\"", vec![text("ada lovelace")]),
            ("user:Ada", vec![User("ada".into())]),
            ("USER:ada", vec![User("ada".into())]),
            ("user:\"Ada Lovelace\"", vec![User("ada lovelace".into())]),
            ("user:O’Brien Müller", vec![User("obrien".into()), text("muller")]),
            ("group:eng status:4xx", vec![Group("eng".into()), Status(400..=499)]),
            ("status:401", vec![Status(401..=401)]),
            ("status:40", vec![Status(400..=409)]),
            ("status:5", vec![Status(500..=599)]),
            ("status:40x", vec![Status(400..=409)]),
            ("status:2**", vec![Status(200..=299)]),
            ("method:PATCH", vec![Method("patch".into())]),
            ("method:p", vec![Method("p".into())]),
            ("path:/Users", vec![Path("/users".into())]),
            ("client:okta body:externalId", vec![Client("okta".into()), Body("externalid".into())]),
            ("body:urn:ietf:params", vec![Body("urn:ietf:params".into())]),
            ("/Users?filter=", vec![text("/users?filter=")]),
            ("ÄDA", vec![text("ada")]),
            // While it is being typed.
            ("user:", vec![]),
            ("-status:", vec![]),
            ("-", vec![]),
            ("ada status:", vec![text("ada")]),
            ("user:\"ada lo", vec![User("ada lo".into())]),
            ("\"", vec![]),
            // No keys: text.
            ("urn:ietf:params", vec![text("urn:ietf:params")]),
            ("https://ada.example", vec![text("https://ada.example")]),
            ("12:03", vec![text("12:03")]),
            (":x", vec![text(":x")]),
            ("\"user:ada\"", vec![text("user:ada")]),
            ("\"active\":false", vec![text("active:false")]),
            ("00u-1", vec![text("00u-1")]),
            ("\"-1\"", vec![text("-1")]),
            ("%_\\;--", vec![text("%_\\;--")]),
        ] {
            let expected: Vec<Condition> = expected.into_iter().map(Condition::from).collect();
            assert_eq!(parse(typed, &now()), Ok(expected), "{typed:?}");
        }
    }

    #[test]
    fn what_is_not_wanted_has_a_minus() {
        for (typed, term) in [
            ("-ada", text("ada")),
            ("-\"no match\"", text("no match")),
            ("-status:404", Status(404..=404)),
            ("-user:ada", User("ada".into())),
            ("-path:\"/Users -\"", Path("/users -".into())),
            ("-urn:ietf", text("urn:ietf")),
            ("-since:now", Since(utc("2026-06-07T14:03:11Z"))),
        ] {
            assert_eq!(parse(typed, &now()), Ok(vec![Condition { term, is_negated: true }]), "{typed:?}");
        }
    }

    #[test]
    fn times_are_those_of_the_reader() {
        for (typed, begin, end) in [
            ("now", "2026-06-07T14:03:11Z", "2026-06-07T14:03:11Z"),
            ("2h", "2026-06-07T12:03:11Z", "2026-06-07T12:03:11Z"),
            ("90s", "2026-06-07T14:01:41Z", "2026-06-07T14:01:41Z"),
            ("15m", "2026-06-07T13:48:11Z", "2026-06-07T13:48:11Z"),
            ("1w", "2026-05-31T14:03:11Z", "2026-05-31T14:03:11Z"),
            // Across the change to summer time a day is a day.
            ("71d", "2026-03-28T15:03:11Z", "2026-03-28T15:03:11Z"),
            ("today", "2026-06-06T22:00:00Z", "2026-06-07T22:00:00Z"),
            ("yesterday", "2026-06-05T22:00:00Z", "2026-06-06T22:00:00Z"),
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("14:30", "2026-06-07T12:30:00Z", "2026-06-07T12:31:00Z"),
            ("9:05", "2026-06-07T07:05:00Z", "2026-06-07T07:06:00Z"),
            ("14:30:05", "2026-06-07T12:30:05Z", "2026-06-07T12:30:06Z"),
            ("23:00", "2026-06-06T21:00:00Z", "2026-06-06T21:01:00Z"),
            ("2026-06-07T14:30", "2026-06-07T12:30:00Z", "2026-06-07T12:31:00Z"),
            ("\"2026-06-07 14:30:05\"", "2026-06-07T12:30:05Z", "2026-06-07T12:30:06Z"),
            ("2026-06-07T14:30Z", "2026-06-07T14:30:00Z", "2026-06-07T14:31:00Z"),
            ("2026-06-07T14:30:05-04:00", "2026-06-07T18:30:05Z", "2026-06-07T18:30:06Z"),
        ] {
            let range = parse(&format!("since:{typed} until:{typed}"), &now());
            let expected = [Since(utc(begin)), Until(utc(end))].map(Condition::from);
            assert_eq!(range, Ok(expected.into()), "{typed}");
        }
    }

    #[test]
    fn what_has_no_meaning_is_named() {
        for (typed, named) in [
            ("color:red", "Unknown filter “color:”. Known: user:, group:, path:, "),
            ("ada -Color:red", "put it in quotes: \"color:red\"."),
            ("foo:", "Unknown filter “foo:”."),
            ("status:abc", "“status:abc” is not a status."),
            ("status:4xxx", "“status:4xxx” is not a status."),
            ("-status:x", "“status:x” is not a status."),
            ("status:4000", "“status:4000” is not a status."),
            ("since:soon", "“since:soon” is not a time. Write 2h, "),
            ("until:25:00", "“until:25:00” is not a time."),
            ("since:2026-13-01", "“since:2026-13-01” is not a time."),
            ("since:99999999999999999999h", "is not a time."),
            ("since:999999w", "is not a time."),
            ("since:-2h", "is not a time."),
            ("since:é", "is not a time."),
        ] {
            let problem = parse(typed, &now()).expect_err(typed);
            assert!(problem.contains(named), "{typed:?}: {problem}");
        }
    }

    #[test]
    fn a_letter_that_is_pasted_is_cut() {
        assert_eq!(parse(&"word ".repeat(10_000), &now()).expect("words").len(), MOST);
        assert_eq!(parse(&"-word ".repeat(MOST + 1), &now()).expect("words").len(), MOST);
    }

    #[test]
    fn no_condition_with_a_key_is_left_out_in_silence() {
        let words = "word ".repeat(MOST - 1);
        assert_eq!(parse(&format!("{words} status:404 user:"), &now()).expect("conditions").len(), MOST);
        for (typed, named) in [("word -status:404", "“-status:404”"), ("user:\"ada l\" word", "“word”")] {
            let problem = parse(&format!("{words}{typed}"), &now()).expect_err(typed);
            assert!(problem.contains(named), "{typed:?}: {problem}");
        }
    }

    #[test]
    fn a_range_ends_at_the_first_such_time_after_its_begin() {
        // Now is 16:03 in Berlin, 14:03 in UTC.
        for (typed, since, until) in [
            // Its end is ahead.
            ("since:12:00 until:17:30", "2026-06-07T10:00:00Z", "2026-06-07T15:31:00Z"),
            ("until:17:30 since:12:00", "2026-06-07T10:00:00Z", "2026-06-07T15:31:00Z"),
            // Both are ahead: yesterday evening.
            ("since:22:00 until:23:00", "2026-06-06T20:00:00Z", "2026-06-06T21:01:00Z"),
            // Across midnight.
            ("since:22:00 until:1:30", "2026-06-06T20:00:00Z", "2026-06-06T23:31:00Z"),
            ("since:15:00 until:14:00", "2026-06-07T13:00:00Z", "2026-06-08T12:01:00Z"),
            // A day or a span of time is not a time of day.
            ("since:yesterday until:17:30", "2026-06-05T22:00:00Z", "2026-06-07T15:31:00Z"),
            ("since:2h until:17:30", "2026-06-07T12:03:11Z", "2026-06-07T15:31:00Z"),
            ("since:1h until:14:30", "2026-06-07T13:03:11Z", "2026-06-08T12:31:00Z"),
        ] {
            let mut range = parse(typed, &now()).expect(typed);
            range.sort_by_key(|condition| matches!(condition.term, Until(_)));
            assert_eq!(range, [Since(utc(since)), Until(utc(until))].map(Condition::from), "{typed}");
        }
        let alone = parse("until:17:30", &now());
        assert_eq!(alone, Ok(vec![Until(utc("2026-06-07T15:31:00Z")).into()]), "what is to come is until then");
    }
}
