//! What a person types to find requests: `user:ada status:4xx "no match"`. Whatever is typed has a meaning; nothing is an error.

use std::ops::RangeInclusive;

use scim::comparison_key;

use crate::store::exchanges::ExchangeTerm;

/// Terms that are looked at; who pastes a letter searches for its beginning.
const MOST_TERMS: usize = 12;

/// The terms of a search, all of which have to be met.
pub(crate) fn parse(text: &str) -> Vec<ExchangeTerm> {
    words(text).filter_map(|word| word.term()).take(MOST_TERMS).collect()
}

/// A part of what was typed: `user:"ada lovelace"` has the key `user`.
#[derive(Debug, Default)]
struct Word {
    key: Option<String>,
    value: String,
}

impl Word {
    /// `None` while there is a key without a value yet.
    fn term(self) -> Option<ExchangeTerm> {
        let value = comparison_key(self.value.trim());
        let Some(key) = self.key else { return Some(value).filter(|value| !value.is_empty()).map(ExchangeTerm::Text) };
        let term = match key.to_ascii_lowercase().as_str() {
            _ if value.is_empty() && is_known(&key) => return None,
            "user" => ExchangeTerm::User(value),
            "group" => ExchangeTerm::Group(value),
            "method" => ExchangeTerm::Method(value),
            "status" => match statuses(&value) {
                Some(range) => ExchangeTerm::Status(range),
                None => ExchangeTerm::Text(format!("status:{value}")),
            },
            // A colon that is part of a text, as in a URN or a time.
            _ => ExchangeTerm::Text(format!("{}:{value}", comparison_key(&key))),
        };
        Some(term)
    }
}

fn is_known(key: &str) -> bool {
    ["user", "group", "method", "status"].contains(&key.to_ascii_lowercase().as_str())
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

/// Words are separated by blanks; quotes hold them together, and one that is missing at the end is thought there.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let (mut is_begun, mut is_quoted) = (false, false);
    for character in text.chars() {
        match character {
            '"' => (is_begun, is_quoted) = (true, !is_quoted),
            _ if character.is_whitespace() && !is_quoted => {
                if std::mem::take(&mut is_begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            ':' if !is_quoted && word.key.is_none() && !word.value.is_empty() => {
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
    use super::ExchangeTerm::{Group, Method, Status, Text, User};
    use super::*;

    fn text(value: &str) -> ExchangeTerm {
        Text(value.into())
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
            ("group:eng status:4xx", vec![Group("eng".into()), Status(400..=499)]),
            ("status:401", vec![Status(401..=401)]),
            ("status:40", vec![Status(400..=409)]),
            ("status:5", vec![Status(500..=599)]),
            ("status:40x", vec![Status(400..=409)]),
            ("status:2**", vec![Status(200..=299)]),
            ("method:PATCH", vec![Method("patch".into())]),
            ("method:p", vec![Method("p".into())]),
            ("/Users?filter=", vec![text("/users?filter=")]),
            ("ÄDA", vec![text("äda")]),
            // While it is being typed.
            ("user:", vec![]),
            ("ada status:", vec![text("ada")]),
            ("user:\"ada lo", vec![User("ada lo".into())]),
            ("\"", vec![]),
            // No keys of ours: text.
            ("urn:ietf:params", vec![text("urn:ietf:params")]),
            ("https://ada.example", vec![text("https://ada.example")]),
            ("12:03", vec![text("12:03")]),
            ("color:red", vec![text("color:red")]),
            (":x", vec![text(":x")]),
            ("\"user:ada\"", vec![text("user:ada")]),
            // Nonsense finds nothing, and is not an error.
            ("status:abc", vec![text("status:abc")]),
            ("status:4xxx", vec![text("status:4xxx")]),
            ("status:x", vec![text("status:x")]),
            ("status:4000", vec![text("status:4000")]),
            ("%_'\\;--", vec![text("%_'\\;--")]),
        ] {
            assert_eq!(parse(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_letter_that_is_pasted_is_cut() {
        assert_eq!(parse(&"word ".repeat(10_000)).len(), MOST_TERMS);
    }
}
