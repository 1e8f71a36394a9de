//! SCIM 2.0 (RFC 7643, RFC 7644) as values: parse, check, change, print.
//!
//! Nothing here reads a clock, a file or a socket, and no input can make it panic: what arrives from the network is bytes, what leaves is
//! either a value or a [`ScimError`]. Where an identity provider is known to deviate from the RFCs, a [`Policy`] says whether that is
//! accepted, and every tolerance that was used is put down in [`Notes`].

#![deny(missing_docs)]

mod bulk;
mod comparison_key;
mod datetime;
mod diff;
pub mod discovery;
mod email;
mod error;
mod filter;
mod json;
mod list;
mod member;
mod near_miss;
mod note;
mod patch;
mod path;
mod placeholder;
mod policy;
mod projection;
pub mod redact;
mod resource;
mod resource_kind;
mod schema;
mod search_key;
mod search_request;
mod shape;
mod shortened;
mod sort;
mod target;

pub use bulk::{BulkOperation, BulkRequest, BulkResult, bulk_response};
pub use comparison_key::{comparison_key, is_same_text};
pub use diff::{FieldChange, diff, is_same};
pub use email::check_user_name;
pub use error::{ERROR, Result, ScimError, ScimType};
pub use filter::{CompareOp, Filter, FilterValue, PreparedFilter, PreparedValueFilter};
pub use list::{LIST_RESPONSE, Listed, Paging, list_response, parse_paging};
pub use member::Member;
pub use note::{Note, Notes};
pub use patch::{
    GroupStep, MembersOp, Op, Operation, PatchPath, PatchRequest, PatchWork, Patched, Patching, apply, group_steps,
};
pub use path::AttrPath;
pub use placeholder::is_placeholder;
pub use policy::{Deletion, MOST_RESULTS, Mode, OnDuplicate, PatchAnswer, Policy, PolicySwitch, Rule, SwitchChoice};
pub use projection::Projection;
pub use resource::{Incoming, loose_boolean, parse, replace};
pub use resource_kind::ResourceKind;
pub use schema::{Attribute, Kind, Mutability, ResourceSchema, Returned, Schema, Uniqueness, group, user};
pub use search_key::search_key;
pub use search_request::parse_search_request;
pub use shortened::shortened;
pub use sort::{Sort, SortKey};

/// A resource as a JSON object: attribute names in the letter case and order of its schema, nothing that is unassigned.
pub type Resource = serde_json::Map<String, serde_json::Value>;

/// The URN of the core User schema.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The URN of the core Group schema.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The URN of the enterprise extension of User.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// The URN of a PATCH body.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// The URN of the body of a `POST /.search`.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// The URN of the body of a `POST /Bulk`.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// The URN of the answer to a `POST /Bulk`.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
