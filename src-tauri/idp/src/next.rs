//! What an identity provider does after a request.

use std::borrow::Cow;

use crate::{Operation, Situation};

/// A request that was answered, as far as it decides what comes next.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// What it asked for.
    pub operation: Operation,
    /// What was wrong with it.
    pub situation: Situation,
    /// The HTTP status.
    pub status: u16,
    /// Whether it sets a user's `active` to false.
    pub deactivates: bool,
    /// How many resources a query found; `None`: it is not a query, or was not answered.
    pub total: Option<u64>,
    /// `startIndex` and `count` of a query, if it has both.
    pub page: Option<(u64, u64)>,
    /// Whether a query looks for somebody by a GUID.
    pub is_for_guid: bool,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// A sentence or two: `Okta creates the user next: POST /Users.`
    pub text: Cow<'static, str>,
    /// The requests by which it does so, whichever comes first; empty: none is expected.
    pub follows: Vec<Operation>,
    /// What to add if none of them came; empty: nothing.
    pub missing: &'static str,
}

impl Next {
    /// No request is expected.
    pub(crate) fn nothing(text: impl Into<Cow<'static, str>>) -> Self {
        Self::request(text, [])
    }

    /// One of these is.
    pub(crate) fn request(text: impl Into<Cow<'static, str>>, follows: impl Into<Vec<Operation>>) -> Self {
        Self { text: text.into(), follows: follows.into(), missing: "" }
    }
}
