//! What a request was, as far as the guide cares: a few words that rules compare with.

use crate::facts::{Facts, Operation, Query};
use crate::model::ResourceKind;

/// What stands for all that is neither users nor groups.
const ELSEWHERE: &str = "/…";

/// A request's target without what differs from person to person: one of a few.
///
/// `/Users/2819c223?attributes=id` is `/Users/{id}`; of a query it says only what tells the purposes of requests apart:
/// `/Users?startIndex=1&count=2`, `/Users?filter` and, where the value is a GUID that nobody has, `/Users?filter={guid}`.
pub(crate) fn target(facts: &Facts) -> &'static str {
    let (all, one, filtered, filtered_by_guid) = match facts.operation.kind() {
        Some(ResourceKind::User) => ("/Users", "/Users/{id}", "/Users?filter", "/Users?filter={guid}"),
        Some(ResourceKind::Group) => ("/Groups", "/Groups/{id}", "/Groups?filter", "/Groups?filter={guid}"),
        None => return ELSEWHERE,
    };
    match facts.operation {
        Operation::TestConnection => "/Users?startIndex=1&count=2",
        Operation::Query(Some(_)) if facts.query.as_ref().is_some_and(Query::is_for_guid) => filtered_by_guid,
        Operation::Query(Some(_)) => filtered,
        Operation::List(Some(_)) | Operation::Create(_) => all,
        Operation::Read(_) | Operation::Replace(_) | Operation::Modify(_) | Operation::Delete(_) => one,
        _ => ELSEWHERE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::earlier::{self, Earlier};

    /// What is known of a `GET`.
    fn facts(path: &str, query: Option<&str>) -> Facts {
        let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        earlier::facts(Earlier::of("GET", &target, 200))
    }

    #[test]
    fn a_target_is_one_of_a_few() {
        for (path, query, expected) in [
            ("/Users", Some("startIndex=1&count=2"), "/Users?startIndex=1&count=2"),
            ("/Users", Some("count=2&startIndex=1"), "/Users?startIndex=1&count=2"),
            ("/Users", Some("startIndex=1&count=100"), "/Users"),
            ("/Users", Some("filter=userName%20eq%20%22ada%40example.com%22&startIndex=1&count=100"), "/Users?filter"),
            ("/Users", Some("filter=userName+eq+%22c5c9a1b0-12ab-4c3d-8e9f-0123456789ab%22"), "/Users?filter={guid}"),
            ("/Users", Some("count=1"), "/Users"),
            ("/Users", None, "/Users"),
            ("/Users/2819c223", Some("attributes=id"), "/Users/{id}"),
            ("/Users/.search", None, "/…"),
            ("/Users/1/2", None, "/…"),
            ("/Groups", Some("startIndex=1&count=100"), "/Groups"),
            ("/Groups", Some("excludedAttributes=members&filter=displayName+eq+%22A%22"), "/Groups?filter"),
            ("/Groups/e9e3", None, "/Groups/{id}"),
            ("/ServiceProviderConfig", None, "/…"),
            ("/", None, "/…"),
        ] {
            assert_eq!(target(&facts(path, query)), expected, "{path} {query:?}");
        }
    }
}
