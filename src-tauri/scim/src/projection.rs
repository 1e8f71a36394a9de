//! Which attributes an answer has: `attributes` and `excludedAttributes`, RFC 7644 §3.9.

use serde_json::{Map, Value};

use crate::schema::{Attribute, Returned};
use crate::{AttrPath, Resource, ResourceSchema, Result, ScimError};

/// Which attributes an answer has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// `None`: what is returned by default.
    only: Option<Vec<AttrPath>>,
    without: Vec<AttrPath>,
    /// In lower case, the attributes that are not returned unless they are asked for.
    restricted: Vec<String>,
}

impl Projection {
    /// Reads comma-separated lists of paths. Names that no schema has select nothing.
    ///
    /// # Errors
    /// `invalidValue` if both lists are given or one of the names cannot be a name.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>, schema: &ResourceSchema) -> Result<Self> {
        let only = parse_list("attributes", attributes, schema)?;
        let without = parse_list("excludedAttributes", excluded, schema)?;
        if only.is_some() && without.is_some() {
            return Err(ScimError::invalid_value(
                "`attributes` and `excludedAttributes` cannot be used together (RFC 7644 §3.9).",
            ));
        }
        Ok(Self { only, without: without.unwrap_or_default(), restricted: restricted(schema) })
    }

    /// Whether a resource with this JSON text is shown as it is. Text in which names are escaped must not be asked about.
    pub fn shows_all(&self, text: &str) -> bool {
        self.only.is_none() && self.without.is_empty() && {
            let text = text.to_ascii_lowercase();
            !self.restricted.iter().any(|name| text.contains(name.as_str()))
        }
    }

    /// The resource as it is to be shown: what is `always` returned stays, what is `never` returned goes, whatever was asked for.
    pub fn apply(&self, resource: Resource, schema: &ResourceSchema) -> Resource {
        let mut shown = Resource::new();
        for (name, value) in resource {
            let extension = schema.extension(&name);
            let value = match value {
                // An object under a URN is an extension, declared or not.
                Value::Object(object) if name.contains(':') => {
                    let show = |(part, value): (String, Value)| {
                        let path = AttrPath { schema: Some(name.clone()), attribute: part.clone(), sub: None };
                        let attribute = extension.and_then(|extension| extension.attribute(&part));
                        Some((part, self.show(&path, value, attribute)?))
                    };
                    let object: Map<_, _> = object.into_iter().filter_map(show).collect();
                    (!object.is_empty()).then_some(Value::Object(object))
                }
                value => self.show(&AttrPath::attribute(&name), value, schema.attribute(&name)),
            };
            if let Some(value) = value {
                shown.insert(name, value);
            }
        }
        shown
    }

    /// Whether an attribute of the resource itself, or a part of it, will be shown. Spares reading what will not.
    pub fn wants(&self, attribute: &str) -> bool {
        let is_named = |path: &AttrPath| path.schema.is_none() && path.attribute.eq_ignore_ascii_case(attribute);
        match &self.only {
            Some(only) => only.iter().any(is_named),
            None => !self.without.iter().any(|path| is_named(path) && path.sub.is_none()),
        }
    }

    /// What is shown of one attribute.
    fn show(&self, path: &AttrPath, value: Value, attribute: Option<&Attribute>) -> Option<Value> {
        match attribute.map_or(Returned::Default, |attribute| attribute.returned) {
            Returned::Never => return None,
            Returned::Always => return Some(value),
            Returned::Default | Returned::Request => {}
        }
        // Whether what is named is what is shown; otherwise it is what is not.
        let (list, shows_named) = match &self.only {
            Some(only) => (only, true),
            None if attribute.is_some_and(|attribute| attribute.returned == Returned::Request) => return None,
            None => (&self.without, false),
        };
        let named: Vec<_> = list.iter().filter(|other| names(other, path)).collect();
        if named.iter().any(|other| is_whole(other, path)) {
            return shows_named.then_some(value);
        }
        if named.is_empty() {
            return (!shows_named).then_some(value);
        }
        let is_named = |part: &str| named.iter().any(|other| has_part(other, part));
        keep_parts(value, &|part| is_named(part) == shows_named || is_always(attribute, part))
    }
}

/// The names, in lower case, of attributes of the resource and of its extensions that are returned never or on request.
fn restricted(schema: &ResourceSchema) -> Vec<String> {
    let extensions = schema.extensions().iter().flat_map(|extension| &extension.attributes);
    let attributes = schema.root_attributes().chain(extensions);
    let restricted = attributes.filter(|one| matches!(one.returned, Returned::Never | Returned::Request));
    restricted.map(|attribute| attribute.name.to_ascii_lowercase()).collect()
}

/// Canonical paths: core attributes without a URN, whole extensions by their URN.
fn parse_list(parameter: &str, list: Option<&str>, schema: &ResourceSchema) -> Result<Option<Vec<AttrPath>>> {
    let names = list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    let paths = names
        .map(|name| {
            let path = AttrPath::parse(name).or_else(|| AttrPath::parse_with_colon(name)).ok_or_else(|| {
                ScimError::invalid_value(format!("`{parameter}` names {name:?}, which cannot be an attribute."))
            })?;
            let path = schema.with_colon(&path).unwrap_or(path);
            let found = schema.locate(&path).or_else(|| schema.locate_bare(&path));
            Ok(found.map_or(path, |found| found.path()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok((!paths.is_empty()).then_some(paths))
}

/// Whether `named` speaks of the attribute `path`, of a part of it, or of the extension that it is in.
fn names(named: &AttrPath, path: &AttrPath) -> bool {
    is_whole(named, path) || AttrPath { sub: None, ..named.clone() }.same_as(path)
}

fn is_whole(named: &AttrPath, path: &AttrPath) -> bool {
    named.same_as(path) || path.schema.as_ref().is_some_and(|schema| schema.eq_ignore_ascii_case(&named.to_string()))
}

fn has_part(named: &AttrPath, part: &str) -> bool {
    named.sub.as_ref().is_some_and(|sub| sub.eq_ignore_ascii_case(part))
}

fn is_always(attribute: Option<&Attribute>, part: &str) -> bool {
    let part = attribute.and_then(|attribute| attribute.sub(part));
    part.is_some_and(|part| part.returned == Returned::Always)
}

fn keep_parts(value: Value, keeps: &dyn Fn(&str) -> bool) -> Option<Value> {
    match value {
        Value::Object(object) => {
            let object: Map<_, _> = object.into_iter().filter(|(name, _)| keeps(name)).collect();
            (!object.is_empty()).then_some(Value::Object(object))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.into_iter().filter_map(|element| keep_parts(element, keeps)).collect();
            (!elements.is_empty()).then_some(Value::Array(elements))
        }
        // A value without parts has none that was asked for.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ENTERPRISE_USER;

    fn resource() -> Resource {
        let Value::Object(resource) = json!({
            "schemas": [crate::USER, ENTERPRISE_USER],
            "id": "1",
            "userName": "ada",
            "password": "leaked",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "a@example.com", "type": "work"}],
            ENTERPRISE_USER: {"department": "D", "manager": {"value": "2"}},
        }) else {
            panic!("an object")
        };
        resource
    }

    #[test]
    fn projections_select() {
        for (attributes, excluded, expected) in [
            (
                None,
                None,
                "schemas id userName name.givenName name.familyName emails.value emails.type department manager.value",
            ),
            (Some("userName"), None, "schemas id userName"),
            (Some("USERNAME, name.givenname"), None, "schemas id userName name.givenName"),
            (Some("emails.value"), None, "schemas id emails.value"),
            (Some("password"), None, "schemas id"),
            (Some(ENTERPRISE_USER), None, "schemas id department manager.value"),
            (Some("manager"), None, "schemas id manager.value"),
            (
                Some("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"),
                None,
                "schemas id department",
            ),
            (Some("urn:ietf:params:scim:schemas:core:2.0:User:userName"), None, "schemas id userName"),
            (Some("nothing"), None, "schemas id"),
            (
                Some(""),
                Some(""),
                "schemas id userName name.givenName name.familyName emails.value emails.type department manager.value",
            ),
            (None, Some("emails,name.familyName"), "schemas id userName name.givenName department manager.value"),
            (
                None,
                Some("id,schemas,userName"),
                "schemas id name.givenName name.familyName emails.value emails.type department manager.value",
            ),
            (
                None,
                Some(ENTERPRISE_USER),
                "schemas id userName name.givenName name.familyName emails.value emails.type",
            ),
        ] {
            let projection = Projection::parse(attributes, excluded, crate::user()).expect("a projection");
            let shown = projection.apply(resource(), crate::user());
            assert_eq!(names_in(&shown).join(" "), expected, "{attributes:?} {excluded:?}");
        }
        assert!(Projection::parse(Some("id"), Some("name"), crate::user()).is_err());
        assert!(Projection::parse(Some("na me"), None, crate::user()).is_err());
    }

    #[test]
    fn what_is_shown_as_it_is_need_not_be_read() {
        let mut badge = crate::Schema { id: "urn:x:badge".into(), ..crate::user().core().clone() };
        badge.attributes.retain(|attribute| attribute.name == "title");
        badge.attributes[0].returned = Returned::Request;
        let schema = crate::user().with_extensions([badge]);
        let mut plain = resource();
        plain.remove("password");
        let mut with_badge = plain.clone();
        with_badge.insert("urn:x:badge".into(), json!({"TITLE": "Director"}));
        for (attributes, excluded, resource, expected) in [
            (None, None, &plain, true),
            (None, None, &resource(), false),
            (None, None, &with_badge, false),
            (Some("userName"), None, &plain, false),
            (None, Some("name"), &plain, false),
        ] {
            let projection = Projection::parse(attributes, excluded, &schema).expect("a projection");
            let text = serde_json::to_string(resource).expect("JSON");
            assert_eq!(projection.shows_all(&text), expected, "{attributes:?} {excluded:?} {text}");
            assert!(!expected || projection.apply(resource.clone(), &schema) == *resource, "{text}");
        }
    }

    #[test]
    fn a_projection_knows_what_it_wants() {
        let wants = |attributes, excluded| {
            Projection::parse(attributes, excluded, crate::group()).expect("a projection").wants("members")
        };
        assert!(wants(None, None));
        assert!(wants(Some("members.value"), None));
        assert!(wants(None, Some("members.display")));
        assert!(!wants(Some("displayName"), None));
        assert!(!wants(None, Some("Members")));
    }

    fn names_in(resource: &Resource) -> Vec<String> {
        let parts =
            |name: &str, object: &Map<String, Value>| object.keys().map(|part| format!("{name}.{part}")).collect();
        resource
            .iter()
            .flat_map(|(name, value)| match value {
                Value::Object(object) if name.contains(':') => names_in(object),
                Value::Object(object) => parts(name, object),
                Value::Array(elements) if elements[0].is_object() => {
                    parts(name, elements[0].as_object().expect("an object"))
                }
                _ => vec![name.clone()],
            })
            .collect()
    }
}
