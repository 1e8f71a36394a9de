//! Schemas: which attributes there are and how they behave, RFC 7643 §2 and §7.
//!
//! The schemas of RFC 7643 §8.7.1 are JSON documents next to this file, in the form in which they are served. They differ from the RFC
//! where its prose overrules its listing: references and ids are `caseExact` (§2.3.7, §3.1), a group's `displayName` is required (§4.2),
//! members have a `display` and addresses a `primary` (§2.4).

mod resource_schema;

use serde::{Deserialize, Serialize};

pub(crate) use resource_schema::{Place, Resolved};
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
    /// Whether letter case makes a difference. `None` for what is no text.
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

impl Schema {
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

    /// Whether letter case makes a difference when values are compared.
    pub fn is_case_exact(&self) -> bool {
        self.case_exact.unwrap_or(false)
    }
}

pub(crate) fn find<'s>(attributes: &'s [Attribute], name: &str) -> Option<&'s Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
