//! Counts the values of a JSON text without keeping them: in memory one takes dozens of times what the `0,` takes that it may be made of.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Whether a body begins as JSON with more than `most` values: every array, object, text, number, boolean and null is one. What follows
/// after as many, and why a body is not JSON, is not looked at.
pub(super) fn are_more_than(most: usize, body: &[u8]) -> bool {
    // A value has at least one byte, and the next one a comma or bracket before it.
    if body.len() / 2 < most {
        return false;
    }
    // Whoever shows a body replaces what is not UTF-8, and may read it then.
    let text = String::from_utf8_lossy(body);
    let mut left = Some(most);
    // An error is either ours, and then nothing is left, or the body's.
    let _ = Count { left: &mut left }.deserialize(&mut serde_json::Deserializer::from_str(&text));
    left.is_none()
}

/// Takes one off for each value; `None`: there was one too many.
struct Count<'a> {
    left: &'a mut Option<usize>,
}

impl<'de> DeserializeSeed<'de> for Count<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        *self.left = self.left.and_then(|left| left.checked_sub(1));
        if self.left.is_none() {
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Count<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(Count { left: self.left })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while entries.next_key::<IgnoredAny>()?.is_some() {
            entries.next_value_seed(Count { left: self.left })?;
        }
        Ok(())
    }
}
