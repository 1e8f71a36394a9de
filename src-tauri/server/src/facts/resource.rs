//! The resource that a request is about, as far as it is known.

use scim::Resource;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shown;
use crate::model::ResourceKind;

/// Email addresses of a user that are names of it.
const EMAILS: usize = 10;

/// A resource, as far as it is known. Of what a query found it is the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NamedResource {
    /// `None`: of either type, or of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<ResourceKind>,
    /// The SCIM `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// "Ada Lovelace".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// `userName`, of a user whose body or resource is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// What else it is called: `externalId` and email addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
}

impl NamedResource {
    /// What the path of a request addresses: `["Users", "2819c223"]`.
    pub(crate) fn addressed(segments: &[&str]) -> Self {
        let kind = segments.first().and_then(|first| ResourceKind::of_endpoint(first));
        let id = segments.get(1).filter(|id| kind.is_some() && !id.starts_with('.')).map(|id| shown(id));
        Self { kind, id, ..Self::default() }
    }

    /// The resource that a request was answered with.
    pub(crate) fn of(kind: ResourceKind, id: &str, body: &Resource) -> Self {
        Self { id: Some(shown(id)), ..Self::described(kind, body) }
    }

    /// What a body describes that has no `id` yet.
    pub(crate) fn described(kind: ResourceKind, body: &Resource) -> Self {
        let user_name = text(body, "userName");
        let aliases = aliases(body, user_name.as_deref());
        Self {
            kind: Some(kind),
            id: None,
            name: text(body, "displayName").or_else(|| user_name.clone()),
            user_name,
            aliases,
        }
    }

    /// What is known from here, and from `other` where nothing is known here.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            kind: self.kind.or(other.kind),
            id: self.id.or(other.id),
            name: self.name.or(other.name),
            user_name: self.user_name.or(other.user_name),
            aliases: if self.aliases.is_empty() { other.aliases } else { self.aliases },
        }
    }
}

fn aliases(resource: &Resource, user_name: Option<&str>) -> Vec<String> {
    let mut aliases: Vec<String> = text(resource, "externalId").into_iter().collect();
    let emails = resource.get("emails").and_then(Value::as_array).into_iter().flatten();
    for email in emails.filter_map(|email| email.get("value")?.as_str()).take(EMAILS).map(shown) {
        if !aliases.contains(&email) && user_name != Some(email.as_str()) {
            aliases.push(email);
        }
    }
    aliases
}

/// A text that is there, no longer than what is shown of it.
pub(super) fn text(resource: &Resource, name: &str) -> Option<String> {
    resource.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_about_what_it_addresses() {
        assert_eq!(NamedResource::addressed(&["Users", "1"]).id.as_deref(), Some("1"));
        assert_eq!(NamedResource::addressed(&["Users", ".search"]).id, None);
        assert_eq!(NamedResource::addressed(&["Schemas", "x"]), NamedResource::default());
    }
}
