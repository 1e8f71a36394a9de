//! Filters, RFC 7644 §3.4.2.2.

use serde_json::Number;

use crate::{AttrPath, Notes, Policy, Resource, ResourceSchema, ScimError};

/// A filter as a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// `not (…)`.
    Not(Box<Filter>),
    /// `userName eq "ada"`.
    Compare {
        /// What is compared.
        path: AttrPath,
        /// How.
        op: CompareOp,
        /// With what.
        value: FilterValue,
    },
    /// `title pr`.
    Present(AttrPath),
    /// `emails[type eq "work"]`: one and the same element meets the inner filter.
    ValuePath {
        /// The multi-valued attribute.
        path: AttrPath,
        /// What the element has to meet; names are those of sub-attributes.
        filter: Box<Filter>,
    },
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterValue {
    /// A text, a reference, a binary or a time.
    String(String),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// `null`: unassigned.
    Null,
}

impl Filter {
    /// Parses.
    pub fn parse(_text: &str, _policy: &Policy, _notes: &mut Notes) -> Result<Filter, ScimError> {
        Err(ScimError::invalid_filter(""))
    }

    /// Matches.
    pub fn matches(&self, _resource: &Resource, _schema: &ResourceSchema) -> bool {
        false
    }

    /// Checks.
    pub fn check(&self, _schema: &ResourceSchema, _policy: &Policy, _notes: &mut Notes) -> Result<Filter, ScimError> {
        Ok(self.clone())
    }

    /// Sought.
    pub fn sought(&self) -> Option<&str> {
        None
    }

    /// Percent.
    pub fn percent_decoded(&self) -> Option<Filter> {
        None
    }
}
