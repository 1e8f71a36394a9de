//! What others wrote, as a terminal may show it.
//!
//! A server may answer with characters that move the cursor, clear the screen, or turn the direction of a line, so that what stands there is
//! not what the program said. None of them reaches the terminal: they are shown as JSON escapes them.

use std::borrow::Cow;

/// A line in which every character is seen: `a\u001b[2Jb`. A line break would begin another one, so it is shown, too.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_unseen)
}

/// Such lines, one below the other.
pub(crate) fn lines(lines: &[String]) -> String {
    lines.iter().map(|text| line(text).into_owned() + "\n").collect()
}

/// JSON that means the same and has no such characters. Line breaks stand between values, and stay.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c != '\n' && is_unseen(c))
}

fn escaped(text: &str, is_unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unseen) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            let mut units = [0; 2];
            escaped.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}

/// Whether a character is a control, turns the direction of text, breaks a line, or is not seen at all.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Marks of direction, embeddings, overrides and isolates (Unicode Standard Annex #9), and the Arabic letter mark.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Line and paragraph separators; what has no width; tags.
            | '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_text() {
        for (text, expected) in [
            ("Ada Łukasz 李 العربية → ü", "Ada Łukasz 李 العربية → ü"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", "\\u001b[2J\\u001b]0;title\\u0007"),
            ("a\r\nok  rfc-etag", "a\\u000d\\u000aok  rfc-etag"),
            ("\u{9b}31m\u{7f}", "\\u009b31m\\u007f"),
            ("\u{202e}nimda\u{2069}\u{200f}", "\\u202enimda\\u2069\\u200f"),
            ("a\u{2028}b\u{feff}", "a\\u2028b\\ufeff"),
            ("\u{e0041}", "\\udb40\\udc41"),
        ] {
            assert_eq!(line(text), expected);
        }
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({ "a": "\u{1b}[2J\u{202e}\u{e0041}\u{9b}ü\n", "\u{202e}": ["\u{7f}"] });
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("JSON")] {
            let shown = json(&text);
            assert!(!shown.contains(|c| c != '\n' && is_unseen(c)), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
        }
    }
}
