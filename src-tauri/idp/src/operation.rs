//! What a request asks for, by its method and path, in the words of RFC 7644.

use serde::{Deserialize, Serialize};

use scim::ResourceKind;

use crate::ConnectionTest;

/// What a request asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// okta-01-test-connection: exactly `GET /Users?startIndex=1&count=2`.
    TestConnection,
    /// `GET /Users?filter=…`; `None`: of the root.
    Query(Option<ResourceKind>),
    /// `GET /Users`.
    List(Option<ResourceKind>),
    /// `POST …/.search`.
    Search(Option<ResourceKind>),
    /// `GET /Users/{id}`.
    Read(ResourceKind),
    /// `POST /Users`.
    Create(ResourceKind),
    /// `PUT /Users/{id}`.
    Replace(ResourceKind),
    /// `PATCH /Users/{id}`.
    Modify(ResourceKind),
    /// `DELETE /Users/{id}`.
    Delete(ResourceKind),
    /// `POST /Bulk`.
    Bulk,
    /// `GET /ServiceProviderConfig`, `/Schemas`, `/ResourceTypes`.
    Discover(Discovery),
    /// `/Me`.
    Me,
    /// Nothing that there is.
    #[default]
    Other,
}

/// What a server says about itself, RFC 7644 §4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Discovery {
    /// `/ServiceProviderConfig`.
    ServiceProviderConfig,
    /// `/Schemas`, or one of them.
    Schemas,
    /// `/ResourceTypes`, or one of them.
    ResourceTypes,
}

/// Where a search request is posted to, RFC 7644 §3.4.3.
const SEARCH: &str = ".search";

/// The endpoints of a directory, RFC 7644 §3.2. They mean the same in any letter case, whether or not a directory answers to it.
pub const ENDPOINTS: [&str; 7] = ["Users", "Groups", "Bulk", "ServiceProviderConfig", "Schemas", "ResourceTypes", "Me"];

impl Operation {
    /// What a request asks for. `segments` are those below the base URL, `parameters` those of its query, both decoded.
    pub fn of(method: &str, segments: &[&str], parameters: &[(String, String)]) -> Self {
        let mut segments = segments.to_vec();
        if let Some(first) = segments.first_mut() {
            *first = ENDPOINTS.iter().find(|known| known.eq_ignore_ascii_case(first)).copied().unwrap_or(*first);
        }
        let kind = segments.first().and_then(|first| ResourceKind::of_endpoint(first));
        match (method, segments.as_slice()) {
            ("POST", [SEARCH] | ["Users" | "Groups", SEARCH]) => Self::Search(kind),
            (_, [.., SEARCH]) => Self::Other,
            ("GET" | "HEAD", ["Users"]) if ConnectionTest::is_two_users(parameters) => Self::TestConnection,
            ("GET" | "HEAD", [] | ["Users" | "Groups"]) if has_filter(parameters) => Self::Query(kind),
            ("GET" | "HEAD", [] | ["Users" | "Groups"]) => Self::List(kind),
            ("GET" | "HEAD", ["ServiceProviderConfig", ..]) => Self::Discover(Discovery::ServiceProviderConfig),
            ("GET" | "HEAD", ["Schemas", ..]) => Self::Discover(Discovery::Schemas),
            ("GET" | "HEAD", ["ResourceTypes", ..]) => Self::Discover(Discovery::ResourceTypes),
            ("POST", ["Bulk"]) => Self::Bulk,
            (_, ["Me", ..]) => Self::Me,
            (_, ["Users" | "Groups", ..]) => with_kind(method, segments.len(), kind),
            _ => Self::Other,
        }
    }

    /// Whether it finds resources by a query.
    pub fn is_query(self) -> bool {
        matches!(self, Self::TestConnection | Self::Query(_) | Self::List(_) | Self::Search(_))
    }

    /// The type of the resources that it is about; `None`: of either type, or of none.
    pub fn kind(self) -> Option<ResourceKind> {
        match self {
            Self::TestConnection => Some(ResourceKind::User),
            Self::Query(kind) | Self::List(kind) | Self::Search(kind) => kind,
            Self::Read(kind) | Self::Create(kind) | Self::Replace(kind) | Self::Modify(kind) | Self::Delete(kind) => {
                Some(kind)
            }
            Self::Bulk | Self::Discover(_) | Self::Me | Self::Other => None,
        }
    }
}

/// Whether a path leads to nothing in a directory: `/Users/Users`, `/api`. What has no such id leads somewhere.
pub fn leads_nowhere(segments: &[&str]) -> bool {
    match segments {
        [] | [SEARCH] => false,
        ["Users" | "Groups", id, ..] => ENDPOINTS.iter().any(|endpoint| endpoint.eq_ignore_ascii_case(id)),
        [first, ..] => !ENDPOINTS.contains(first),
    }
}

fn with_kind(method: &str, segments: usize, kind: Option<ResourceKind>) -> Operation {
    match (method, segments, kind) {
        ("POST", 1, Some(kind)) => Operation::Create(kind),
        ("GET" | "HEAD", 2, Some(kind)) => Operation::Read(kind),
        ("PUT", 2, Some(kind)) => Operation::Replace(kind),
        ("PATCH", 2, Some(kind)) => Operation::Modify(kind),
        ("DELETE", 2, Some(kind)) => Operation::Delete(kind),
        _ => Operation::Other,
    }
}

/// Whether a query has a filter in it. `parameters` are decoded.
pub fn has_filter(parameters: &[(String, String)]) -> bool {
    parameters.iter().any(|(name, value)| name.eq_ignore_ascii_case("filter") && !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::Operation::*;
    use super::*;

    fn asked(method: &str, target: &str) -> Operation {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let parameters: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Operation::of(method, &segments, &parameters)
    }

    #[test]
    fn requests_are_told_apart() {
        const USER: ResourceKind = ResourceKind::User;
        const GROUP: ResourceKind = ResourceKind::Group;
        for (method, path, expected) in [
            ("GET", "/Users?startIndex=1&count=2", TestConnection),
            ("GET", "/users?startIndex=1&count=2", TestConnection),
            ("DELETE", "/GROUPS/a", Delete(GROUP)),
            ("GET", "/Users?startIndex=1&count=100", List(Some(USER))),
            ("GET", "/Users?startIndex=1&count=2&attributes=id", List(Some(USER))),
            ("GET", "/Users?filter=userName eq \"a\"&startIndex=1", Query(Some(USER))),
            ("GET", "/Users?filter=", List(Some(USER))),
            ("GET", "/Users?attributes=filter=x", List(Some(USER))),
            ("GET", "/Groups?excludedAttributes=members&filter=displayName eq \"A\"", Query(Some(GROUP))),
            ("GET", "/", List(None)),
            ("GET", "/?filter=id pr", Query(None)),
            ("POST", "/.search", Search(None)),
            ("POST", "/Groups/.search", Search(Some(GROUP))),
            ("POST", "/Users", Create(USER)),
            ("GET", "/Users/1?attributes=id", Read(USER)),
            ("HEAD", "/Users/1", Read(USER)),
            ("PUT", "/Groups/1", Replace(GROUP)),
            ("PATCH", "/Users/1", Modify(USER)),
            ("DELETE", "/Groups/1", Delete(GROUP)),
            ("POST", "/Bulk", Bulk),
            ("GET", "/Schemas/urn:x", Discover(Discovery::Schemas)),
            ("PATCH", "/Me", Me),
            ("PUT", "/Users", Other),
            ("GET", "/Users/.search", Other),
            ("GET", "/Users/1/2", Other),
            ("GET", "/wp-login.php", Other),
        ] {
            assert_eq!(asked(method, path), expected, "{method} {path}");
        }
        assert_eq!(Operation::of("GET", &["Users", "a/b"], &[]), Read(USER), "an escaped slash separates nothing");
    }
}
