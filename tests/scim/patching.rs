//! PATCH: idp-protocol §4.4.

use scim::{PATCH_OP, Policy, USER};
use serde_json::json;

use crate::support::{patch_user, user};

#[test]
fn a_patch_that_changes_nothing_leaves_the_resource_as_it_was() {
    let before = user(&json!({
        "schemas": [USER], "userName": "a", "active": true, "title": "Dr",
        "emails": [{"value": "x@example.com", "type": "work", "primary": true}, {"value": "y@example.com", "type": "home"}],
    }));
    for operation in [
        json!({"op": "replace", "path": "active", "value": true}),
        json!({"op": "replace", "value": {"title": "Dr", "userName": "a"}}),
        json!({"op": "remove", "path": "nickName"}),
        json!({"op": "remove", "path": r#"emails[type eq "other"]"#}),
        json!({"op": "add", "path": "emails", "value": [{"value": "y@example.com", "type": "home"}]}),
        json!({"op": "replace", "path": "emails", "value": [
            {"value": "y@example.com", "type": "home"}, {"value": "x@example.com", "type": "work", "primary": true},
        ]}),
    ] {
        let body = json!({"schemas": [PATCH_OP], "Operations": [operation]});
        let (patched, _) =
            patch_user(&before, &body, &Policy::tolerant()).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(patched.resource, before, "{body}");
    }
}
