//! Finds a secret in a text, however it is spelled there.

use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use percent_encoding::percent_decode_str;

/// How often a text can be encoded, one encoding in the other, that a secret is still found in.
const ENCODINGS: usize = 4;

/// What a secret looks like in a text that is decoded.
#[derive(Clone)]
pub(super) struct Spellings {
    /// As it is and in hexadecimal digits, in lower case: they are found in any letter case.
    plain: Vec<String>,
    /// The characters that the secret alone decides of the base64 of a text in which it begins at the first, second or third byte of three;
    /// with `+/`, and with `-_`.
    base64: Vec<String>,
}

/// A text that was decoded, and where each of its bytes stood in the text as it came.
struct Decoded {
    text: String,
    /// One more than bytes: the last is the end.
    starts: Vec<usize>,
}

impl Spellings {
    pub(super) fn of(secret: &str) -> Self {
        let hexadecimal = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let base64 = (0..3).map(|before| {
            let encoded = BASE64_STANDARD_NO_PAD.encode(["\0".repeat(before).as_str(), secret].concat());
            // A character has six bits: those at the ends have some of what stands around the secret.
            let first = (before * 8).div_ceil(6);
            encoded[first..(before + secret.len()) * 8 / 6].to_owned()
        });
        let base64 = base64.flat_map(|inner| [inner.replace('+', "-").replace('/', "_"), inner]).collect();
        Self { plain: vec![secret.to_ascii_lowercase(), hexadecimal], base64 }
    }

    /// The text with this in the place of the secret wherever it stands; `None`: it is nowhere.
    pub(super) fn replaced(&self, text: &str, mask: &str) -> Option<String> {
        let mut found = self.find(text);
        let mut decoded = Decoded { text: text.to_owned(), starts: (0..=text.len()).collect() };
        for _ in 0..ENCODINGS {
            if !decoded.decode() {
                break;
            }
            found.extend(
                self.find(&decoded.text).into_iter().map(|it| decoded.starts[it.start]..decoded.starts[it.end]),
            );
        }
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
        for range in found {
            if range.start >= end {
                masked.push_str(&text[end..range.start]);
                masked.push_str(mask);
            }
            end = end.max(range.end);
        }
        masked.push_str(&text[end..]);
        Some(masked)
    }

    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let lower = text.to_ascii_lowercase();
        let plain = self.plain.iter().flat_map(|it| lower.match_indices(it)).map(|(at, it)| at..at + it.len());
        let encoded = self.base64.iter().flat_map(|it| text.match_indices(it)).map(|(at, it)| {
            // What is around it belongs to it, and no half of it makes sense.
            let is_of_it = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
            let before = text[..at].len() - text[..at].trim_end_matches(is_of_it).len();
            let after = text[at + it.len()..].len() - text[at + it.len()..].trim_start_matches(is_of_it).len();
            at - before..at + it.len() + after
        });
        plain.chain(encoded).collect()
    }
}

impl Decoded {
    /// Decodes what is encoded, once; false: nothing is. Characters beyond ASCII stay encoded: tokens have none.
    fn decode(&mut self) -> bool {
        if !self.text.contains(['%', '\\', '&']) {
            return false;
        }
        let (mut text, mut starts) = (String::with_capacity(self.text.len()), Vec::with_capacity(self.starts.len()));
        let mut at = 0;
        while let Some(next) = self.text[at..].chars().next() {
            let (decoded, length) = escape(&self.text[at..]).unwrap_or((next, next.len_utf8()));
            // An escape stands for one byte; other characters have as many as before.
            starts.extend((0..decoded.len_utf8()).map(|byte| self.starts[at + byte]));
            text.push(decoded);
            at += length;
        }
        starts.push(self.starts[at]);
        let is_other = text.len() < self.text.len();
        *self = Self { text, starts };
        is_other
    }
}

/// The ASCII character that an escape at the beginning of a text stands for, and how long the escape is: `%74`, `\u0074`, `\/`, `&#116;`,
/// `&amp;`.
fn escape(text: &str) -> Option<(char, usize)> {
    let ascii = |number: Option<u32>| number.and_then(char::from_u32).filter(char::is_ascii);
    let hexadecimal = |digits: Option<&str>| {
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        ascii(u32::from_str_radix(digits, 16).ok())
    };
    match text.as_bytes()[0] {
        b'%' => {
            let decoded =
                percent_decode_str(text.get(..3)?).next().filter(|byte| *byte != b'%' || text.starts_with("%25"));
            decoded.filter(u8::is_ascii).map(|byte| (byte.into(), 3))
        }
        b'\\' => match text.as_bytes().get(1)? {
            b'u' => hexadecimal(text.get(2..6)).map(|decoded| (decoded, 6)),
            b'x' => hexadecimal(text.get(2..4)).map(|decoded| (decoded, 4)),
            escaped @ (b'/' | b'\\' | b'"' | b'\'') => Some(((*escaped).into(), 2)),
            _ => None,
        },
        b'&' => {
            // The longest one that means anything: `&#x00000074;`.
            let end = text.bytes().take(12).position(|byte| byte == b';')?;
            let decoded = match text.get(1..end)? {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                named => {
                    let number = named.strip_prefix('#')?;
                    match number.strip_prefix(['x', 'X']) {
                        Some(digits) => hexadecimal(Some(digits))?,
                        None => ascii(number.parse().ok())?,
                    }
                }
            };
            Some((decoded, end + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};

    use super::*;

    const SECRET: &str = "t0ken/+with=all-of_it";

    fn each(text: &str, spell: impl Fn(u8) -> String) -> String {
        text.bytes().map(spell).collect()
    }

    #[test]
    fn a_secret_is_found_however_it_is_spelled() {
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let percent = |text: &str| each(text, |byte| format!("%{byte:02X}"));
        let unicode = |text: &str| each(text, |byte| format!("\\u{byte:04x}"));
        let mut spellings = vec![
            SECRET.to_owned(),
            SECRET.to_uppercase(),
            SECRET.replace('/', "\\/"),
            SECRET.replacen('t', "\\u0074", 1),
            SECRET.replacen('t', "%74", 1),
            SECRET.replace('/', "%2f"),
            SECRET.replace('/', "&#x2F;").replace('=', "&#61;"),
            unicode(SECRET),
            percent(SECRET),
            percent(&percent(SECRET)),
            percent(&unicode(SECRET)),
            json(&unicode(SECRET)),
            json(&json(&SECRET.replace('/', "\\/"))),
            each(SECRET, |byte| format!("\\x{byte:02x}")),
            each(SECRET, |byte| format!("{byte:02X}")),
        ];
        for around in ["", "a", "ab", "abc", "user:", "{\"header\":\"Bearer "] {
            let text = format!("{around}{SECRET}{around}");
            for encoded in
                [BASE64_STANDARD.encode(&text), BASE64_URL_SAFE.encode(&text), BASE64_URL_SAFE_NO_PAD.encode(&text)]
            {
                spellings.push(percent(&encoded));
                spellings.push(encoded.replace('/', "\\/"));
                spellings.push(encoded);
            }
        }
        let secret = Spellings::of(SECRET);
        for spelled in spellings {
            let text = format!("\u{fc} %C3 \\u00fc before {spelled} \u{fc} after {spelled}");
            let expected = text.replace(&spelled, "MASK");
            let masked = secret.replaced(&text, "MASK").unwrap_or_default();
            // The quotation marks of JSON may stay.
            assert_eq!(masked.replace(['"', '\\'], ""), expected.replace(['"', '\\'], ""), "{text}");
        }
    }

    #[test]
    fn what_has_no_secret_stays_as_it_came() {
        let secret = Spellings::of(SECRET);
        for text in
            ["", "%", "%t", "100 % t0ken", "\\u", "\\u00", "&", "&#;", "&#x;", "&#99999;", "\u{fc}%\u{fc}\\", "t0ken/"]
        {
            assert_eq!(secret.replaced(text, "MASK"), None, "{text}");
        }
    }
}
