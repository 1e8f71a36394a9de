//! Stored resources as identity providers read them: with `id`, `meta`, and what is derived.

use scim::{Projection, Resource, ResourceSchema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::clock::{Millis, rfc3339};
use crate::model::{ResourceKey, ResourceKind, ResourceRef};
use crate::store::members::MemberRow;
use crate::store::resources::{ResourceRecord, StoredResource};
use crate::store::versions::Version;

/// A group that a user is in.
#[derive(Clone, Debug)]
pub(crate) struct GroupMembership {
    pub(crate) group: ResourceRef,
    /// As a member of its own, and not only of a group that is one.
    pub(crate) is_direct: bool,
}

/// A resource as it is read.
#[derive(Clone, Debug)]
pub(crate) struct ReadResource {
    /// In the store.
    pub(crate) key: ResourceKey,
    pub(crate) kind: ResourceKind,
    pub(crate) id: String,
    pub(crate) version: i64,
    created_at: Millis,
    modified_at: Millis,
    /// As it is stored: JSON.
    body: String,
    pub(crate) derived: Derived,
}

/// What is read with a resource and not stored with it.
#[derive(Clone, Debug)]
pub(crate) enum Derived {
    /// The groups that a user is in; none: no attribute.
    Groups(Vec<GroupMembership>),
    /// The members of a group; none: an empty list.
    Members(Vec<MemberRow>),
    /// Nothing was asked for.
    LeftOut,
}

impl ReadResource {
    pub(crate) fn new(stored: StoredResource, derived: Derived) -> Self {
        let StoredResource { key, kind, id, version, created_at, modified_at, body } = stored;
        Self { key, kind, id, version, created_at, modified_at, body, derived }
    }

    /// One that was just written.
    ///
    /// # Errors
    /// None that a record can cause.
    pub(crate) fn written(record: &ResourceRecord, derived: Derived) -> serde_json::Result<Self> {
        let ResourceRecord { key, kind, version, created_at, modified_at, .. } = *record;
        let (id, body) = (record.id.clone(), serde_json::to_string(&record.body)?);
        Ok(Self { key, kind, id, version, created_at, modified_at, body, derived })
    }

    /// What a resource was at one point.
    ///
    /// # Errors
    /// None that a version can cause.
    pub(crate) fn at(key: ResourceKey, kind: ResourceKind, id: &str, then: &Version) -> serde_json::Result<Self> {
        let Version { version, created_at, modified_at, .. } = *then;
        let (id, body) = (id.to_owned(), serde_json::to_string(&then.body)?);
        Ok(Self { key, kind, id, version, created_at, modified_at, body, derived: Derived::LeftOut })
    }

    /// Its URL.
    pub(crate) fn location(&self, base_url: &str) -> String {
        format!("{base_url}/{}/{}", self.kind.endpoint(), self.id)
    }

    /// What is stored of it, read: without `id`, `meta` and what is derived.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn stored(&self) -> serde_json::Result<Resource> {
        serde_json::from_str(&self.body)
    }

    /// All of it under `base_url`, read.
    ///
    /// # Errors
    /// If what is stored cannot be read.
    pub(crate) fn read(&self, base_url: &str, schema: &ResourceSchema) -> serde_json::Result<Resource> {
        let mut body = self.stored()?;
        let mut resource = Map::with_capacity(body.len() + 3);
        if let Some((name, mut schemas)) = body.shift_remove_entry("schemas") {
            if let Some(urns) = schemas.as_array_mut() {
                urns.retain(|urn| urn.as_str().is_some_and(|urn| schema.has_schema(urn)));
            }
            resource.insert(name, schemas);
        }
        resource.insert("id".into(), self.id.as_str().into());
        resource.append(&mut body);
        if let Some((name, value)) = self.derived(base_url) {
            resource.insert(name.into(), value.into());
        }
        resource.insert("meta".into(), serde_json::to_value(self.meta(base_url))?);
        Ok(resource)
    }

    /// Its JSON text under `base_url`, as far as `projection` shows it.
    ///
    /// # Errors
    /// If what is stored cannot be read.
    pub(crate) fn text(
        &self,
        base_url: &str,
        projection: &Projection,
        schema: &ResourceSchema,
    ) -> serde_json::Result<String> {
        match split_schemas(&self.body, schema) {
            Some((schemas, others)) if projection.shows_all(&self.body) => {
                let mut text = String::with_capacity(self.body.len() + 512);
                text.extend([r#"{"schemas":"#, schemas, r#","id":"#, &serde_json::to_string(&self.id)?, others]);
                if let Some((name, value)) = self.derived(base_url) {
                    text.extend([r#",""#, name, r#"":"#, &serde_json::to_string(&value)?]);
                }
                text.extend([r#","meta":"#, &serde_json::to_string(&self.meta(base_url))?, "}"]);
                Ok(text)
            }
            _ => Ok(Value::Object(projection.apply(self.read(base_url, schema)?, schema)).to_string()),
        }
    }

    /// The attribute that is not stored, if there is one.
    fn derived(&self, base_url: &str) -> Option<(&'static str, Vec<Value>)> {
        match &self.derived {
            Derived::Groups(groups) if groups.is_empty() => None,
            Derived::Groups(groups) => {
                Some(("groups", groups.iter().map(|group| belonging(group, base_url)).collect()))
            }
            Derived::Members(members) => {
                Some(("members", members.iter().map(|member_row| member(member_row, base_url)).collect()))
            }
            Derived::LeftOut => None,
        }
    }

    fn meta(&self, base_url: &str) -> Meta {
        Meta {
            resource_type: self.kind.type_name(),
            created: rfc3339(self.created_at),
            last_modified: rfc3339(self.modified_at),
            location: self.location(base_url),
            version: etag(self.version),
        }
    }
}

/// RFC 7643 §3.1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    resource_type: &'static str,
    created: String,
    last_modified: String,
    location: String,
    version: String,
}

/// The value of `schemas`, which comes first in what is stored, and what comes behind it, from the comma to before the end. `None` if it
/// names an extension that nobody has declared: that is kept, but such a resource does not have the schema (RFC 7643 §3).
fn split_schemas<'b>(body: &'b str, schema: &ResourceSchema) -> Option<(&'b str, &'b str)> {
    let rest = body.strip_prefix(r#"{"schemas":"#)?.strip_suffix('}')?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Vec<&str>>();
    let urns = values.next()?.ok()?;
    urns.iter().all(|urn| schema.has_schema(urn)).then(|| rest.split_at(values.byte_offset()))
}

/// The weak entity tag of a version, RFC 7644 §3.14.
pub(crate) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// What a person is shown as the name of a user with this body.
pub(crate) fn display_name(body: &Resource, user_name: &str) -> String {
    let text = |value: Option<&Value>| {
        value.and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let name = body.get("name");
    let part = |part: &str| text(name.and_then(|name| name.get(part)));
    text(body.get("displayName"))
        .or_else(|| part("formatted"))
        .or_else(|| match (part("givenName"), part("familyName")) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (given, family) => given.or(family),
        })
        .unwrap_or_else(|| user_name.to_owned())
}

fn belonging(GroupMembership { group, is_direct }: &GroupMembership, base_url: &str) -> Value {
    json!({
        "value": group.id,
        "$ref": format!("{base_url}/Groups/{}", group.id),
        "display": group.name,
        "type": if *is_direct { "direct" } else { "indirect" },
    })
}

/// A member of a group under `base_url`.
pub(super) fn member(row: &MemberRow, base_url: &str) -> Value {
    let mut member = Map::with_capacity(4);
    member.insert("value".into(), row.value.as_str().into());
    let kind = row.kind.map(ResourceKind::type_name);
    if let Some(kind) = kind {
        member.insert("$ref".into(), format!("{base_url}/{kind}s/{}", row.value).into());
    }
    if let Some(kind) = kind.or(row.sent_kind.as_deref()) {
        member.insert("type".into(), kind.into());
    }
    if let Some(display) = row.shown_name() {
        member.insert("display".into(), display.into());
    }
    Value::Object(member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_split_behind_its_schemas() {
        let (core, other) = (scim::USER, "urn:example:2.0:User");
        let schemas = format!(r#"["{core}"]"#);
        for (body, expected) in [
            (format!(r#"{{"schemas":{schemas},"userName":"ada","x":"]}}"}}"#), Some(r#","userName":"ada","x":"]}""#)),
            (format!(r#"{{"schemas":{schemas}}}"#), Some("")),
            (format!(r#"{{"userName":"ada","schemas":{schemas}}}"#), None),
            (format!(r#"{{"schemas":["{core}","{other}"],"userName":"ada"}}"#), None),
            (r#"{"schemas":["a""#.to_owned(), None),
            ("{}".to_owned(), None),
        ] {
            let found = split_schemas(&body, scim::user());
            assert_eq!(found, expected.map(|rest| (schemas.as_str(), rest)), "{body}");
        }
    }
}
