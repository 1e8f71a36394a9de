//! Schemas: which attributes there are and how they behave, RFC 7643 §2 and §7.
//!
//! The schemas of RFC 7643 §8.7.1 are JSON documents next to this file, in the form in which they are served. They differ from the RFC
//! where its prose overrules its listing: references and ids are `caseExact` (§2.3.7, §3.1), a group's `displayName` is required (§4.2),
//! members have a `display` and addresses a `primary` (§2.4).

mod resource_schema;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use resource_schema::Resolved;
pub use resource_schema::{ResourceSchema, group, user};

/// A set of attributes with a URN, RFC 7643 §7. Serializes as `/Schemas` serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The URN.
    pub id: String,
    /// A name for people: `User`.
    pub name: String,
    /// What it describes.
    #[serde(default)]
    pub description: String,
    /// In the order in which resources show them.
    pub attributes: Vec<Attribute>,
}

/// An attribute and its characteristics, RFC 7643 §2.2 and §7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// The name in its canonical letter case.
    pub name: String,
    /// The type of one value.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether there can be several values.
    #[serde(default)]
    pub multi_valued: bool,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Whether a resource must have it.
    #[serde(default)]
    pub required: bool,
    /// Values that clients are known to use; others are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<String>,
    /// Whether letter case makes a difference. `None` for what is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_exact: Option<bool>,
    /// Who may change it.
    #[serde(default)]
    pub mutability: Mutability,
    /// When it is part of an answer.
    #[serde(default)]
    pub returned: Returned,
    /// Among which resources its value is unique. `None` for what cannot be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uniqueness: Option<Uniqueness>,
    /// The types of resource that a reference may point to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_attributes: Vec<Attribute>,
}

/// The type of an attribute's values, RFC 7643 §2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// A time such as `2008-01-23T04:56:22Z`.
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// An object with sub-attributes.
    Complex,
}

/// Who may change an attribute, RFC 7643 §7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// Only the server.
    ReadOnly,
    /// Anybody.
    #[default]
    ReadWrite,
    /// Nobody, once it has a value.
    Immutable,
    /// Anybody, but nobody can read it.
    WriteOnly,
}

/// When an attribute is part of an answer, RFC 7643 §7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// Whatever is asked for.
    Always,
    /// Never.
    Never,
    /// Unless something else is asked for.
    #[default]
    Default,
    /// Only if asked for.
    Request,
}

/// Among which resources a value is unique, RFC 7643 §7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// It need not be.
    None,
    /// Among those of one server.
    Server,
    /// Everywhere.
    Global,
}

/// Attributes that one schema can declare, its sub-attributes counted.
const MOST_ATTRIBUTES: usize = 200;

impl Schema {
    /// Reads the schema of an extension in the form in which `/Schemas` serves it.
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub fn parse_extension(value: &Value) -> Result<Self, String> {
        let mut schema = Self::deserialize(value).map_err(|error| format!("This is not a schema: {error}."))?;
        schema.id = schema.id.trim().to_owned();
        let is_urn = schema.id.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"))
            && schema.id[4..].contains(':')
            && !schema.id.ends_with(':')
            && schema.id.chars().all(|c| c.is_ascii_graphic() && !"\"[]()".contains(c));
        if !is_urn {
            return Err(format!(
                "The id {:?} is not a URN such as urn:example:params:scim:schemas:extension:2.0:User.",
                schema.id
            ));
        }
        if [crate::USER, crate::GROUP, crate::ENTERPRISE_USER].iter().any(|urn| urn.eq_ignore_ascii_case(&schema.id)) {
            return Err(format!("{} is there already; declare only extensions of your own.", schema.id));
        }
        let count: usize = schema.attributes.iter().map(|attribute| 1 + attribute.sub_attributes.len()).sum();
        if schema.attributes.is_empty() || count > MOST_ATTRIBUTES {
            return Err(format!("{} needs at least one attribute and can have {MOST_ATTRIBUTES}.", schema.id));
        }
        check_attributes(&schema.attributes, true)?;
        Ok(schema)
    }

    /// The attribute with a name in any letter case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.attributes, name)
    }
}

impl Attribute {
    /// The sub-attribute with a name in any letter case.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        find(&self.sub_attributes, name)
    }

    /// Whether letter case makes a difference when values are compared. Where the schema does not say, it does for binaries and
    /// references (RFC 7643 §2.3.6, §2.3.7) and does not for texts (§2.2).
    pub fn is_case_exact(&self) -> bool {
        self.case_exact.unwrap_or(matches!(self.kind, Kind::Binary | Kind::Reference))
    }
}

fn check_attributes(attributes: &[Attribute], may_be_complex: bool) -> Result<(), String> {
    for (index, attribute) in attributes.iter().enumerate() {
        let name = &attribute.name;
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !starts_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_$".contains(c)) {
            return Err(format!(
                "{name:?} is not an attribute name: a letter, then letters, digits, - or _ (RFC 7643 §2.1)."
            ));
        }
        if find(&attributes[..index], name).is_some() {
            return Err(format!("The attribute {name} appears twice."));
        }
        match (attribute.kind, attribute.sub_attributes.as_slice()) {
            (Kind::Complex, _) if !may_be_complex => {
                return Err(format!("{name} cannot be complex inside of another complex attribute (RFC 7643 §2.3.8)."));
            }
            (Kind::Complex, []) => return Err(format!("{name} is complex, so it needs subAttributes.")),
            (Kind::Complex, parts) => check_attributes(parts, false)?,
            (_, []) => {}
            _ => return Err(format!("{name} has subAttributes, so its type has to be complex.")),
        }
    }
    Ok(())
}

pub(crate) fn find<'s>(attributes: &'s [Attribute], name: &str) -> Option<&'s Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_extension_is_read_or_refused_in_words() {
        let urn = "urn:example:params:scim:schemas:extension:badge:2.0:User";
        let string = |name: &str| json!({"name": name, "type": "string"});
        let good = json!({"id": urn, "name": "Badge", "attributes": [
            string("number"),
            {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [string("value")]},
        ]});
        let schema = Schema::parse_extension(&good).expect("a schema");
        assert!(schema.attribute("DOORS").is_some_and(|doors| doors.multi_valued && doors.sub("Value").is_some()));
        for (id, attributes, word) in [
            ("badge", json!([string("a")]), "not a URN"),
            (crate::USER, json!([string("a")]), "already"),
            (urn, json!([]), "at least one"),
            (urn, json!([string("a"), string("A")]), "twice"),
            (urn, json!([string("a b")]), "not an attribute name"),
            (urn, json!([{"name": "a", "type": "complex"}]), "subAttributes"),
            (urn, json!([{"name": "a", "type": "text"}]), "not a schema"),
            (urn, json!([{"name": "a", "type": "string", "subAttributes": [string("b")]}]), "complex"),
        ] {
            let error = Schema::parse_extension(&json!({"id": id, "name": "x", "attributes": attributes}));
            let error = error.expect_err(word);
            assert!(error.contains(word), "{error}");
        }
    }
}
