//! What each request goes through, on what Okta and Entra ID send: `cargo bench -p scim`.

use divan::Bencher;
use scim::{Filter, Notes, PatchRequest, Policy, Projection, Resource};
use serde_json::{Value, json};

/// Members in one PATCH, as Okta pushes a large group.
const MEMBERS: usize = 1_000;
/// Users on a page, as Okta asks for them.
const PAGE: usize = 100;

fn main() {
    divan::main();
}

/// A user as Okta sends them, with an enterprise extension.
fn body() -> String {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "userName": "ada@example.com",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [{ "primary": true, "value": "ada@example.com", "type": "work" }],
        "displayName": "Ada Lovelace",
        "title": "Engineer",
        "locale": "en-US",
        "externalId": "00u7newhire0000015d7",
        "groups": [],
        "active": true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Engines" },
    })
    .to_string()
}

fn user() -> Resource {
    let incoming = scim::parse(body().as_bytes(), scim::user(), &Policy::tolerant(), &mut Notes::new());
    incoming.expect("a valid body").resource
}

fn patch(operations: Value) -> PatchRequest {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
    PatchRequest::parse(body.to_string().as_bytes(), &Policy::tolerant(), &mut Notes::new()).expect("a valid PATCH")
}

mod bodies {
    use super::*;

    #[divan::bench]
    fn parse_a_user(bencher: Bencher<'_, '_>) {
        let (body, policy) = (body(), Policy::tolerant());
        bencher.bench(|| scim::parse(body.as_bytes(), scim::user(), &policy, &mut Notes::new()));
    }

    #[divan::bench]
    fn replace_a_user(bencher: Bencher<'_, '_>) {
        let (body, policy, current) = (body().replace("Engineer", "Director"), Policy::tolerant(), user());
        bencher.bench(|| {
            let incoming = scim::parse(body.as_bytes(), scim::user(), &policy, &mut Notes::new())?;
            scim::replace(&current, incoming, scim::user(), &policy, &mut Notes::new())
        });
    }
}

mod filters {
    use super::*;

    const LOOKUP: &str = r#"userName eq "ada@example.com""#;
    const NESTED: &str = r#"emails[type eq "work" and value co "@example.com"] and not (active eq false or title pr)"#;

    #[divan::bench(args = [LOOKUP, NESTED])]
    fn parse(filter: &str) -> Result<Filter, scim::ScimError> {
        Filter::parse(filter, &Policy::tolerant(), &mut Notes::new())
    }

    #[divan::bench(args = [LOOKUP, NESTED])]
    fn check(bencher: Bencher<'_, '_>, filter: &str) {
        let policy = Policy::tolerant();
        let filter = Filter::parse(filter, &policy, &mut Notes::new()).expect("a valid filter");
        bencher.bench(|| filter.check(scim::user(), &policy, &mut Notes::new()));
    }

    #[divan::bench(args = [LOOKUP, NESTED])]
    fn evaluate(bencher: Bencher<'_, '_>, filter: &str) {
        let (user, policy) = (user(), Policy::tolerant());
        let filter = Filter::parse(filter, &policy, &mut Notes::new());
        let filter = filter.and_then(|filter| filter.check(scim::user(), &policy, &mut Notes::new()));
        let filter = filter.expect("a valid filter");
        bencher.bench(|| filter.matches(&user, scim::user()));
    }
}

mod patching {
    use super::*;

    #[divan::bench]
    fn parse_active(bencher: Bencher<'_, '_>) {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "value": { "active": false } }],
        });
        let (body, policy) = (body.to_string(), Policy::tolerant());
        bencher.bench(|| PatchRequest::parse(body.as_bytes(), &policy, &mut Notes::new()));
    }

    #[divan::bench]
    fn apply_active(bencher: Bencher<'_, '_>) {
        apply(bencher, json!([{ "op": "replace", "value": { "active": false } }]));
    }

    #[divan::bench]
    fn apply_value_paths(bencher: Bencher<'_, '_>) {
        let operations = json!([
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "a.lovelace@example.com" },
            { "op": "Add", "path": "title", "value": "Director" },
            { "op": "Remove", "path": "locale" },
        ]);
        apply(bencher, operations);
    }

    fn apply(bencher: Bencher<'_, '_>, operations: Value) {
        let (user, patch, policy) = (user(), patch(operations), Policy::tolerant());
        bencher.bench(|| scim::apply(&user, "2819c223", &patch, scim::user(), &policy, &mut Notes::new()));
    }

    #[divan::bench(args = [1, MEMBERS])]
    fn steps_of_members(bencher: Bencher<'_, '_>, members: usize) {
        let values: Vec<_> = (0..members).map(|number| json!({ "value": format!("user-{number}") })).collect();
        let patch = patch(json!([{ "op": "add", "path": "members", "value": values }]));
        let policy = Policy::tolerant();
        bencher.bench(|| scim::group_steps(&patch, "e9e30dba", &policy, &mut Notes::new()));
    }
}

mod answers {
    use super::*;

    #[divan::bench]
    fn diff(bencher: Bencher<'_, '_>) {
        let (before, mut after) = (user(), user());
        after.insert("title".to_owned(), json!("Director"));
        after.insert("active".to_owned(), json!(false));
        bencher.bench(|| scim::diff(&before, &after, scim::user()));
    }

    #[divan::bench(args = [None, Some("userName,emails.value"), Some("id")])]
    fn project(bencher: Bencher<'_, '_>, attributes: Option<&str>) {
        let projection = Projection::parse(attributes, None, scim::user()).expect("valid names");
        bencher.with_inputs(user).bench_values(|user| projection.apply(user, scim::user()));
    }

    #[divan::bench]
    fn list_a_page(bencher: Bencher<'_, '_>) {
        let page: Vec<_> = (0..PAGE).map(|_| Value::Object(user()).to_string()).collect();
        bencher.bench(|| scim::list_response(1, scim::Listed::From(1), &page));
    }
}
