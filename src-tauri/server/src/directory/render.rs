//! Stored resources as identity providers read them: with `id`, `meta`, and what is derived.

use std::borrow::Cow;

use scim::{Projection, RawResource, Resource, ResourceSchema};
use serde_json::{Map, Value, json};

use crate::clock::{Millis, rfc3339};
use crate::model::{ResourceKind, ResourceRef};
use crate::store::members::MemberRow;
use crate::store::resources::ResourceRecord;
use crate::store::versions::Version;

/// A group that a user is in.
#[derive(Clone, Debug)]
pub(crate) struct Belonging {
    pub(crate) group: ResourceRef,
    /// As a member of its own, and not only of a group that is one.
    pub(crate) is_direct: bool,
}

/// A resource as it is read.
#[derive(Clone, Debug)]
pub(crate) struct ReadResource {
    /// In the store.
    pub(crate) key: i64,
    pub(crate) kind: ResourceKind,
    pub(crate) id: String,
    pub(crate) version: i64,
    created_at: Millis,
    modified_at: Millis,
    /// As it is stored.
    body: RawResource,
    pub(crate) derived: Derived,
}

/// What is read with a resource and not stored with it.
#[derive(Clone, Debug)]
pub(crate) enum Derived {
    /// The groups that a user is in; none: no attribute.
    Groups(Vec<Belonging>),
    /// The members of a group; none: an empty list.
    Members(Vec<MemberRow>),
    /// Nothing was asked for.
    LeftOut,
}

impl ReadResource {
    pub(crate) fn new(record: ResourceRecord<RawResource>, derived: Derived) -> Self {
        let ResourceRecord { key, kind, id, version, created_at, modified_at, body, .. } = record;
        Self { key, kind, id, version, created_at, modified_at, body, derived }
    }

    /// One that was just written.
    ///
    /// # Errors
    /// None that a record can cause.
    pub(crate) fn written(record: &ResourceRecord, derived: Derived) -> serde_json::Result<Self> {
        let ResourceRecord { key, kind, version, created_at, modified_at, .. } = *record;
        let (id, body) = (record.id.clone(), RawResource::write(&record.body)?);
        Ok(Self { key, kind, id, version, created_at, modified_at, body, derived })
    }

    /// What a resource was at one point.
    ///
    /// # Errors
    /// None that a version can cause.
    pub(crate) fn at(key: i64, kind: ResourceKind, id: &str, then: &Version) -> serde_json::Result<Self> {
        let Version { version, created_at, modified_at, .. } = *then;
        let (id, body) = (id.to_owned(), RawResource::write(&then.body)?);
        Ok(Self { key, kind, id, version, created_at, modified_at, body, derived: Derived::LeftOut })
    }

    /// Its URL.
    pub(crate) fn location(&self, base_url: &str) -> String {
        format!("{base_url}/{}s/{}", type_name(self.kind), self.id)
    }

    /// What is stored of it, read: without `id`, `meta` and what is derived.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn stored(&self) -> serde_json::Result<Resource> {
        self.body.read()
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
        let mut text = String::from("{");
        self.visit(base_url, |name, value| {
            let value = if projection.shows_whole(name) {
                Cow::Borrowed(value)
            } else {
                let Some(value) = projection.value(name, serde_json::from_str(value)?, schema) else { return Ok(()) };
                Cow::Owned(value.to_string())
            };
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&serde_json::to_string(name)?);
            text.push(':');
            text.push_str(&value);
            Ok(())
        })?;
        text.push('}');
        Ok(text)
    }

    /// All of it under `base_url`, read.
    ///
    /// # Errors
    /// If what is stored cannot be read.
    pub(crate) fn read(&self, base_url: &str) -> serde_json::Result<Resource> {
        let mut resource = Resource::new();
        self.visit(base_url, |name, value| {
            resource.insert(name.to_owned(), serde_json::from_str(value)?);
            Ok(())
        })?;
        Ok(resource)
    }

    /// Calls `visit` with the name and the JSON text of each attribute, in the order in which they are shown.
    fn visit(
        &self,
        base_url: &str,
        mut visit: impl FnMut(&str, &str) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        let (schemas, others): (Vec<_>, Vec<_>) = self.body.iter().partition(|(name, _)| *name == "schemas");
        schemas.into_iter().try_for_each(|(name, value)| visit(name, value))?;
        visit("id", &serde_json::to_string(&self.id)?)?;
        others.into_iter().try_for_each(|(name, value)| visit(name, value))?;
        match &self.derived {
            Derived::Groups(groups) if !groups.is_empty() => {
                let groups: Vec<_> = groups.iter().map(|belonging| group(belonging, base_url)).collect();
                visit("groups", &serde_json::to_string(&groups)?)?;
            }
            Derived::Members(members) => {
                let members: Vec<_> = members.iter().map(|row| member(row, base_url)).collect();
                visit("members", &serde_json::to_string(&members)?)?;
            }
            Derived::Groups(_) | Derived::LeftOut => {}
        }
        let meta = json!({
            "resourceType": type_name(self.kind),
            "created": rfc3339(self.created_at),
            "lastModified": rfc3339(self.modified_at),
            "location": self.location(base_url),
            "version": etag(self.version),
        });
        visit("meta", &meta.to_string())
    }
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

fn type_name(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "User",
        ResourceKind::Group => "Group",
    }
}

fn group(Belonging { group, is_direct }: &Belonging, base_url: &str) -> Value {
    json!({
        "value": group.id,
        "$ref": format!("{base_url}/Groups/{}", group.id),
        "display": group.name,
        "type": if *is_direct { "direct" } else { "indirect" },
    })
}

fn member(row: &MemberRow, base_url: &str) -> Value {
    let mut member = Map::with_capacity(4);
    member.insert("value".into(), row.value.as_str().into());
    let kind = row.kind.map(type_name);
    if let Some(kind) = kind {
        member.insert("$ref".into(), format!("{base_url}/{kind}s/{}", row.value).into());
    }
    if let Some(kind) = kind.or(row.sent_kind.as_deref()) {
        member.insert("type".into(), kind.into());
    }
    if let Some(display) = row.display.as_ref().or(row.name.as_ref()) {
        member.insert("display".into(), display.as_str().into());
    }
    Value::Object(member)
}
