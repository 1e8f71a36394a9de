//! Resources whose values are JSON text: what is only passed on need not be read.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Resource;

/// A resource as a JSON object whose values are the text that they were written with.
#[derive(Clone, Debug, Default)]
pub struct RawResource(Vec<(String, Box<RawValue>)>);

impl RawResource {
    /// Names and JSON texts, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    /// The JSON text of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// The resource with its values read.
    ///
    /// # Errors
    /// If a value holds what no [`serde_json::Value`] can, such as a number of thousands of digits.
    pub fn read(&self) -> serde_json::Result<Resource> {
        self.iter().map(|(name, value)| Ok((name.to_owned(), serde_json::from_str(value)?))).collect()
    }

    /// A resource with its values written.
    ///
    /// # Errors
    /// None that a [`Resource`] can cause.
    pub fn write(resource: &Resource) -> serde_json::Result<Self> {
        let written = resource.iter().map(|(name, value)| Ok((name.clone(), serde_json::value::to_raw_value(value)?)));
        written.collect::<serde_json::Result<_>>().map(Self)
    }
}

impl<'de> Deserialize<'de> for RawResource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = RawResource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawResource, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawResource(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_stays_as_it_is() {
        let text = r#"{"schemas":["a"],"name":{"givenName":"Ada \u00fc"},"active":true}"#;
        let raw: RawResource = serde_json::from_str(text).expect("a resource");
        assert_eq!(raw.get("name"), Some(r#"{"givenName":"Ada \u00fc"}"#));
        assert_eq!(raw.get("title"), None);
        let resource = raw.read().expect("values");
        assert_eq!(serde_json::from_str::<Resource>(text).expect("a resource"), resource);
        let written = RawResource::write(&resource).expect("texts");
        assert_eq!(written.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["schemas", "name", "active"]);
        assert_eq!(written.get("name"), Some(r#"{"givenName":"Ada ü"}"#));
        assert!(serde_json::from_str::<RawResource>("[]").is_err());
    }
}
