//! Types of resource: a core schema, its extensions, and what every resource has.

use std::sync::LazyLock;

use serde_json::Value;

use super::{Attribute, Mutability, Schema, find};
use crate::AttrPath;

/// A type of resource, RFC 7643 §6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSchema {
    endpoint: &'static str,
    /// `schemas`, `id`, `externalId` and `meta`.
    common: Vec<Attribute>,
    core: Schema,
    extensions: Vec<Schema>,
}

/// What a path names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved<'s> {
    /// The URN of the extension that has it; `None`: it stands in the resource itself.
    pub(crate) urn: Option<&'s str>,
    pub(crate) attribute: &'s Attribute,
    pub(crate) sub: Option<&'s Attribute>,
}

static USER: LazyLock<ResourceSchema> = LazyLock::new(|| ResourceSchema {
    endpoint: "/Users",
    common: embedded(include_str!("common.json")).attributes,
    core: embedded(include_str!("user.json")),
    extensions: vec![embedded(include_str!("enterprise_user.json"))],
});

static GROUP: LazyLock<ResourceSchema> = LazyLock::new(|| ResourceSchema {
    endpoint: "/Groups",
    common: embedded(include_str!("common.json")).attributes,
    core: embedded(include_str!("group.json")),
    extensions: Vec::new(),
});

/// Users, with the enterprise extension.
pub fn user() -> &'static ResourceSchema {
    &USER
}

/// Groups.
pub fn group() -> &'static ResourceSchema {
    &GROUP
}

fn embedded(text: &str) -> Schema {
    serde_json::from_str(text)
        .expect("the schemas in this crate are valid; `embedded_schemas_are_complete` reads them all")
}

/// Whether a URN is one of the standard's own.
fn is_reserved(urn: &str) -> bool {
    const RESERVED: [&str; 2] = ["urn:ietf:params:scim:schemas:core:", "urn:ietf:params:scim:api:messages:"];
    let begins = |prefix: &&str| urn.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    RESERVED.iter().any(begins) || urn.eq_ignore_ascii_case(crate::ENTERPRISE_USER)
}

impl ResourceSchema {
    /// `User` or `Group`.
    pub fn name(&self) -> &str {
        &self.core.name
    }

    /// `/Users` or `/Groups`.
    pub fn endpoint(&self) -> &str {
        self.endpoint
    }

    /// The core schema.
    pub fn core(&self) -> &Schema {
        &self.core
    }

    /// The extensions, in the order in which resources show them.
    pub fn extensions(&self) -> &[Schema] {
        &self.extensions
    }

    /// This type with further extensions, such as those that a directory declares.
    #[must_use]
    pub fn with_extensions(&self, extensions: impl IntoIterator<Item = Schema>) -> Self {
        let mut extended = self.clone();
        extended.extensions.extend(extensions);
        extended
    }

    /// The attributes that stand in the resource itself, in their order.
    pub(crate) fn root_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.common.iter().chain(&self.core.attributes)
    }

    /// The attributes that cannot be changed once they are set.
    pub(crate) fn immutable(&self) -> impl Iterator<Item = Resolved<'_>> {
        let at = |urn| move |attribute| Resolved { urn, attribute, sub: None };
        let root = self.root_attributes().map(at(None));
        let extensions = self.extensions.iter();
        let others = extensions.flat_map(move |schema| schema.attributes.iter().map(at(Some(schema.id.as_str()))));
        root.chain(others).filter(|found| found.attribute.mutability == Mutability::Immutable)
    }

    /// An attribute of the resource itself.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.core.attributes, name).or_else(|| find(&self.common, name))
    }

    /// The extension with a URN in any letter case.
    pub(crate) fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions.iter().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// The attribute that a path names, together with the place where it is.
    pub(crate) fn locate(&self, path: &AttrPath) -> Option<Resolved<'_>> {
        let (urn, attribute) = match path.schema.as_deref().filter(|urn| !urn.eq_ignore_ascii_case(&self.core.id)) {
            None => (None, self.attribute(&path.attribute)?),
            Some(urn) => {
                let schema = self.extension(urn)?;
                (Some(schema.id.as_str()), schema.attribute(&path.attribute)?)
            }
        };
        let sub = match &path.sub {
            Some(sub) => Some(attribute.sub(sub)?),
            None => None,
        };
        Some(Resolved { urn, attribute, sub })
    }

    /// The extension attribute that a path means without saying so: `manager` for `urn:…:enterprise:2.0:User:manager`. `None` if it is
    /// not clear which one that is.
    pub(crate) fn locate_bare(&self, path: &AttrPath) -> Option<Resolved<'_>> {
        if path.schema.is_some() || self.attribute(&path.attribute).is_some() {
            return None;
        }
        let mut candidates = self.extensions.iter().filter(|schema| schema.attribute(&path.attribute).is_some());
        let schema = candidates.next()?;
        if candidates.next().is_some() {
            return None;
        }
        self.locate(&AttrPath { schema: Some(schema.id.clone()), ..path.clone() })
    }

    /// The extension whose URN a path spells as a whole: `urn:…:enterprise:2.0:User` reads as attribute `User` of schema `urn:…:2.0`.
    pub(crate) fn extension_named_by(&self, path: &AttrPath) -> Option<&Schema> {
        match (&path.schema, &path.sub) {
            (Some(schema), None) => self.extension(&format!("{schema}:{}", path.attribute)),
            _ => None,
        }
    }

    /// Whether a URN is that of the core schema or of an extension.
    pub fn has_schema(&self, urn: &str) -> bool {
        urn.eq_ignore_ascii_case(&self.core.id) || self.extension(urn).is_some()
    }

    /// What a path with a dot behind a URN means, if this type has the schema: `urn:…:2.0:User:title` of `urn:…:2.0:User.title`.
    pub(crate) fn with_colon(&self, path: &AttrPath) -> Option<AttrPath> {
        path.with_colon().filter(|meant| meant.schema.as_deref().is_some_and(|urn| self.has_schema(urn)))
    }

    /// Whether a path is in a schema of the standard's own that resources of this type cannot have: that of another type, or of a message.
    /// Unlike the URNs of extensions, these are not for anybody to declare (RFC 7643 §10.3).
    pub(crate) fn is_foreign(&self, path: &AttrPath) -> bool {
        let Some(urn) = path.schema.as_deref() else { return false };
        // The path may be the URN as a whole.
        let whole = format!("{urn}:{}", path.attribute);
        let urns = [urn, &whole];
        urns.iter().any(|urn| is_reserved(urn)) && !urns.iter().any(|urn| self.has_schema(urn))
    }

    /// What `/Schemas` serves for this type: the core schema, then the extensions.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Value> {
        let schemas = std::iter::once(&self.core).chain(&self.extensions);
        schemas.map(|schema| serde_json::to_value(schema).expect("a schema is a tree of strings and booleans"))
    }
}

impl<'s> Resolved<'s> {
    /// What the path ends in: the sub-attribute if it has one.
    pub(crate) fn leaf(&self) -> &'s Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// The path in canonical letter case. Attributes of the core schema have no URN.
    pub(crate) fn path(&self) -> AttrPath {
        AttrPath {
            schema: self.urn.map(str::to_owned),
            attribute: self.attribute.name.clone(),
            sub: self.sub.map(|sub| sub.name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ENTERPRISE_USER, Kind};

    #[test]
    fn embedded_schemas_are_complete() {
        assert_eq!(user().core.attributes.len(), 21, "RFC 7643 §4.1");
        assert_eq!(user().extensions[0].attributes.len(), 6, "RFC 7643 §4.3");
        assert_eq!(group().core.attributes.len(), 2, "RFC 7643 §4.2");
        assert_eq!((user().name(), group().name()), ("User", "Group"));
    }

    #[test]
    fn paths_are_resolved() {
        for (text, expected) in [
            ("username", Some("userName")),
            ("NAME.FAMILYNAME", Some("name.familyName")),
            ("urn:IETF:params:scim:schemas:core:2.0:user:userName", Some("userName")),
            ("urn:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User:Manager.Value", Some("manager.value")),
            ("meta.lastModified", Some("meta.lastModified")),
            ("department", None),
            ("name.nothing", None),
            ("urn:other:2.0:User:userName", None),
        ] {
            let path = AttrPath::parse(text).expect(text);
            let found = user().locate(&path).map(|found| AttrPath { schema: None, ..found.path() }.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        let whole = AttrPath::parse(ENTERPRISE_USER).expect("a URN");
        assert!(user().extension_named_by(&whole).is_some());
        let bare = AttrPath::attribute("MANAGER");
        assert_eq!(user().locate_bare(&bare).map(|found| found.attribute.kind), Some(Kind::Complex));
    }
}
