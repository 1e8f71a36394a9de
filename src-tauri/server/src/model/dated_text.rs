//! Texts for people that name instants.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Timestamp;

/// A text for a person, in parts: words, and the instants that it names, which each client shows in its own way.
///
/// `[{"text": "This token was replaced "}, {"at": "2026-06-07T12:02:00.000Z"}, {"text": "."}]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DatedText(Vec<TextPart>);

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum TextPart {
    /// Words, with the blanks around them.
    Words {
        /// As they are shown.
        text: String,
    },
    /// When something was: "on 7 Jun at 14:02".
    Instant {
        /// In RFC 3339.
        at: Timestamp,
    },
}

impl DatedText {
    /// This text, and an instant after it.
    pub(crate) fn at(mut self, at: Timestamp) -> Self {
        self.0.push(TextPart::Instant { at });
        self
    }

    /// This text, and words after it.
    pub(crate) fn and(mut self, words: impl Into<String>) -> Self {
        self.0.push(TextPart::Words { text: words.into() });
        self
    }

    /// Its parts, in order.
    pub(crate) fn parts_mut(&mut self) -> impl Iterator<Item = &mut TextPart> {
        self.0.iter_mut()
    }

    /// A text as the store has it: in parts, or of an earlier version as it was shown.
    pub(crate) fn from_stored(text: String) -> Self {
        serde_json::from_str(&text).unwrap_or_else(|_| text.into())
    }
}

impl From<String> for DatedText {
    fn from(text: String) -> Self {
        Self::default().and(text)
    }
}

impl From<&str> for DatedText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// As a sentence, with instants in RFC 3339: "This token was replaced on 2026-06-07T12:02:00.000Z."
impl fmt::Display for DatedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            TextPart::Words { text } => f.write_str(text),
            TextPart::Instant { at } => write!(f, "on {at}"),
        })
    }
}

/// Earlier versions stored a text as a string.
impl<'de> Deserialize<'de> for DatedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Parts(Vec<TextPart>),
            Plain(String),
        }
        Ok(match Stored::deserialize(deserializer)? {
            Stored::Parts(parts) => Self(parts),
            Stored::Plain(text) => text.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_a_part_of_its_own() {
        let text = DatedText::from("This token was replaced ").at("2026-06-07T12:02:00.000Z".into()).and(".");
        assert_eq!(text.to_string(), "This token was replaced on 2026-06-07T12:02:00.000Z.");
        let json = serde_json::to_string(&text).expect("JSON");
        assert_eq!(json, r#"[{"text":"This token was replaced "},{"at":"2026-06-07T12:02:00.000Z"},{"text":"."}]"#);
        assert_eq!(serde_json::from_str::<DatedText>(&json).expect("a text"), text);
        assert_eq!(serde_json::from_str::<DatedText>("\"As it was.\"").expect("a text"), DatedText::from("As it was."));
    }
}
