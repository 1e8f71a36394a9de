//! What several identity providers build their bodies of.

use serde_json::{Value, json};

use crate::admin::Who;
use crate::people::Person;

/// A PATCH of these operations.
pub(super) fn patch(operations: Value) -> Value {
    json!({ "schemas": [scim::PATCH_OP], "Operations": operations })
}

/// Somebody, for a sentence.
pub(super) fn who(person: &Person) -> Who {
    Who { user_name: person.user_name.clone(), name: person.display_name() }
}
