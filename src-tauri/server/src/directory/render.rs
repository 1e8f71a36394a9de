//! Stored resources as identity providers read them: with `id`, `meta`, and what is derived.

use scim::Resource;
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

/// A user as read under `base_url`.
pub(crate) fn user(record: &ResourceRecord, base_url: &str, groups: &[Belonging]) -> Resource {
    let mut resource = opening(&record.id, &record.body);
    if !groups.is_empty() {
        let groups = groups.iter().map(|Belonging { group, is_direct }| {
            json!({
                "value": group.id,
                "$ref": format!("{base_url}/Groups/{}", group.id),
                "display": group.name,
                "type": if *is_direct { "direct" } else { "indirect" },
            })
        });
        resource.insert("groups".into(), groups.collect());
    }
    let location = format!("{base_url}/Users/{}", record.id);
    resource.insert("meta".into(), meta("User", record.created_at, record.modified_at, &location, record.version));
    resource
}

/// A group as read under `base_url`. `members` `None` leaves them out; an empty group has `"members": []`.
pub(crate) fn group(record: &ResourceRecord, base_url: &str, members: Option<&[MemberRow]>) -> Resource {
    let mut resource = opening(&record.id, &record.body);
    if let Some(members) = members {
        resource.insert("members".into(), members.iter().map(|row| member(row, base_url)).collect());
    }
    let location = format!("{base_url}/Groups/{}", record.id);
    resource.insert("meta".into(), meta("Group", record.created_at, record.modified_at, &location, record.version));
    resource
}

/// What a resource was at one point, as read under `base_url`, without what is derived: `groups` and `members`.
pub(crate) fn version(kind: ResourceKind, id: &str, version: &Version, base_url: &str) -> Resource {
    let mut resource = opening(id, &version.body);
    let (name, endpoint) = match kind {
        ResourceKind::User => ("User", "Users"),
        ResourceKind::Group => ("Group", "Groups"),
    };
    let location = format!("{base_url}/{endpoint}/{id}");
    resource.insert("meta".into(), meta(name, version.created_at, version.modified_at, &location, version.version));
    resource
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

fn opening(id: &str, body: &Resource) -> Resource {
    let mut resource = Map::with_capacity(body.len() + 3);
    if let Some(schemas) = body.get("schemas") {
        resource.insert("schemas".into(), schemas.clone());
    }
    resource.insert("id".into(), id.into());
    for (name, value) in body.iter().filter(|(name, _)| name.as_str() != "schemas") {
        resource.insert(name.clone(), value.clone());
    }
    resource
}

fn member(row: &MemberRow, base_url: &str) -> Value {
    let mut member = Map::with_capacity(4);
    member.insert("value".into(), row.value.as_str().into());
    let kind = match row.kind {
        Some(ResourceKind::User) => Some("User"),
        Some(ResourceKind::Group) => Some("Group"),
        None => None,
    };
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

fn meta(kind: &str, created: Millis, modified: Millis, location: &str, version: i64) -> Value {
    json!({
        "resourceType": kind,
        "created": rfc3339(created),
        "lastModified": rfc3339(modified),
        "location": location,
        "version": etag(version),
    })
}
