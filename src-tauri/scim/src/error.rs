//! SCIM errors, RFC 7644 §3.12, built by name so that a status and a `scimType` that do not belong together cannot meet.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Characters of what a client sent that an error repeats.
pub(crate) const REPEATED: usize = 100;

/// The URN of the error message.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// A failure as a client reads it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// The kind of a 400 or 409.
    pub scim_type: Option<ScimType>,
    /// What is wrong and what to do; Okta shows it to the administrator.
    pub detail: String,
    /// Whether a value has another type than its attribute: one of the reasons for an `invalidValue`.
    pub is_wrong_type: bool,
    /// The `id` of the resource that has already what no two may have.
    pub taken_by: Option<String>,
}

/// What comes of something that a client may have asked for wrongly.
pub type Result<T, E = ScimError> = std::result::Result<T, E>;

/// The kinds of RFC 7644 Table 9. As JSON they have the name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScimType {
    /// A filter cannot be read or used.
    InvalidFilter,
    /// A query finds too much.
    TooMany,
    /// A value is taken.
    Uniqueness,
    /// An attribute cannot be changed so.
    Mutability,
    /// A body cannot be read.
    InvalidSyntax,
    /// A PATCH path cannot be read.
    InvalidPath,
    /// A PATCH path finds nothing.
    NoTarget,
    /// A value is missing or of the wrong type.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// Something secret stands in a URI.
    Sensitive,
    /// A cursor was not issued here, RFC 9865.
    InvalidCursor,
    /// A cursor was issued too long ago, RFC 9865.
    ExpiredCursor,
    /// A page size is out of bounds, RFC 9865.
    InvalidCount,
}

impl ScimType {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }
}

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident: $status:literal $(, $kind:ident)?;)*) => {
        impl ScimError {
            $($(#[$doc])*
            pub fn $name(detail: impl Into<String>) -> Self {
                let scim_type = None$(.or(Some(ScimType::$kind)))?;
                Self { status: $status, scim_type, detail: detail.into(), is_wrong_type: false, taken_by: None }
            })*
        }
    };
}

named! {
    /// 400 `invalidFilter`.
    invalid_filter: 400, InvalidFilter;
    /// 400 `invalidPath`.
    invalid_path: 400, InvalidPath;
    /// 400 `invalidValue`.
    invalid_value: 400, InvalidValue;
    /// 400 `invalidSyntax`.
    invalid_syntax: 400, InvalidSyntax;
    /// 400 `noTarget`.
    no_target: 400, NoTarget;
    /// 400 `mutability`.
    mutability: 400, Mutability;
    /// 400 `tooMany`.
    too_many: 400, TooMany;
    /// 400 `invalidCursor`.
    invalid_cursor: 400, InvalidCursor;
    /// 400 `expiredCursor`.
    expired_cursor: 400, ExpiredCursor;
    /// 400 `invalidCount`.
    invalid_count: 400, InvalidCount;
    /// 409 `uniqueness`, RFC 7644 §3.3.
    uniqueness: 409, Uniqueness;
    /// 401.
    unauthorized: 401;
    /// 403.
    forbidden: 403;
    /// 404.
    not_found: 404;
    /// 405.
    method_not_allowed: 405;
    /// 408.
    request_timeout: 408;
    /// 412.
    precondition_failed: 412;
    /// 413.
    payload_too_large: 413;
    /// 415.
    unsupported_media_type: 415;
    /// 429, RFC 6585 §4.
    too_many_requests: 429;
    /// 500.
    internal: 500;
    /// 501.
    not_implemented: 501;
    /// 502.
    bad_gateway: 502;
    /// 503.
    unavailable: 503;
    /// 504.
    gateway_timeout: 504;
    /// 508, RFC 5842 §7.2.
    loop_detected: 508;
}

impl ScimError {
    /// 400 `invalidValue` for a value of another type than its attribute has.
    pub fn wrong_type(detail: impl Into<String>) -> Self {
        Self { is_wrong_type: true, ..Self::invalid_value(detail) }
    }

    /// The error message: `{"schemas":[…],"status":"404","detail":"…"}`. `status` is a string.
    pub fn to_json(&self) -> Value {
        let mut body = json!({ "schemas": [ERROR], "status": self.status.to_string() });
        if let Some(kind) = self.scim_type {
            body["scimType"] = kind.as_str().into();
        }
        body["detail"] = self.detail.as_str().into();
        body
    }
}
