//! What a request asks for, by its method and path, in the words of RFC 7644.

use crate::model::ResourceKind;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
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
    Discover,
    /// `/Me`.
    Me,
    /// Nothing that there is.
    Other,
}

/// They work in any letter case.
const ENDPOINTS: &[&str] = &["Users", "Groups", "ServiceProviderConfig", "Schemas", "ResourceTypes", "Bulk", "Me"];

/// What a request asks for. `path` is below the base URL, decoded: `/Users?filter=userName eq "ada@example.com"`.
pub(crate) fn of(method: &str, path: &str) -> Operation {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if let Some(first) = segments.first_mut() {
        *first = ENDPOINTS.iter().find(|known| known.eq_ignore_ascii_case(first)).copied().unwrap_or(*first);
    }
    let kind = match segments.first() {
        Some(&"Users") => Some(ResourceKind::User),
        Some(&"Groups") => Some(ResourceKind::Group),
        _ => None,
    };
    match (method, segments.as_slice()) {
        ("POST", [.., ".search"]) if segments.len() <= 2 => Operation::Search(kind),
        ("GET" | "HEAD", ["Users"]) if query == "startIndex=1&count=2" => Operation::TestConnection,
        ("GET" | "HEAD", [] | ["Users" | "Groups"]) if has_filter(query) => Operation::Query(kind),
        ("GET" | "HEAD", [] | ["Users" | "Groups"]) => Operation::List(kind),
        ("GET" | "HEAD", ["ServiceProviderConfig" | "Schemas" | "ResourceTypes", ..]) => Operation::Discover,
        ("POST", ["Bulk"]) => Operation::Bulk,
        (_, ["Me", ..]) => Operation::Me,
        (_, ["Users" | "Groups", ..]) => with_kind(method, segments.len(), kind),
        _ => Operation::Other,
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

fn has_filter(query: &str) -> bool {
    query
        .split('&')
        .any(|pair| pair.get(..7).is_some_and(|name| name.eq_ignore_ascii_case("filter=")) && pair.len() > 7)
}

#[cfg(test)]
mod tests {
    use super::Operation::*;
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        const USER: ResourceKind = ResourceKind::User;
        const GROUP: ResourceKind = ResourceKind::Group;
        for (method, path, expected) in [
            ("GET", "/Users?startIndex=1&count=2", TestConnection),
            ("GET", "/users?startIndex=1&count=2", TestConnection),
            ("DELETE", "/GROUPS/a", Delete(GROUP)),
            ("GET", "/Users?startIndex=1&count=100", List(Some(USER))),
            ("GET", "/Users?filter=userName eq \"a\"&startIndex=1", Query(Some(USER))),
            ("GET", "/Users?filter=", List(Some(USER))),
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
            ("GET", "/Schemas/urn:x", Discover),
            ("PATCH", "/Me", Me),
            ("PUT", "/Users", Other),
            ("GET", "/Users/1/2", Other),
            ("GET", "/wp-login.php", Other),
        ] {
            assert_eq!(of(method, path), expected, "{method} {path}");
        }
    }
}
