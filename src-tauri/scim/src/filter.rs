//! Filters, RFC 7644 §3.4.2.2: `userName sw "a" and (title pr or emails[type eq "work"])`.

mod check;
mod evaluate;
mod parse;
mod print;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

pub(crate) use check::check_element;
pub(crate) use evaluate::same_text;
pub use evaluate::{PreparedFilter, PreparedValueFilter};
pub(crate) use parse::parse_value_path;

use crate::AttrPath;

/// A filter as a tree. `Display` prints a filter that parses back to the same tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Both; binds tighter than `or`.
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
        /// The attribute whose elements are looked at.
        path: AttrPath,
        /// What an element has to meet; its paths name sub-attributes.
        filter: Box<Filter>,
    },
}

/// How values are compared, RFC 7644 Table 3.
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
    /// Greater than.
    Gt,
    /// Greater than or equal to.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal to.
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
    /// `null`: the attribute has no value.
    Null,
}

impl Filter {
    /// The text that the filter looks for: `ada@example.com` of `userName eq "ada@example.com"` and of
    /// `emails[type eq "work" and value eq "ada@example.com"]`.
    pub fn sought(&self) -> Option<&str> {
        match self {
            Self::Compare { path, op: CompareOp::Eq, value: FilterValue::String(text) } => {
                // A password is looked for by nobody who should be shown it.
                let is_hidden = |name: &str| name.eq_ignore_ascii_case("type") || name.eq_ignore_ascii_case("password");
                (!is_hidden(path.sub.as_deref().unwrap_or(&path.attribute))).then_some(text)
            }
            Self::And(left, right) => left.sought().or_else(|| right.sought()),
            Self::ValuePath { filter, .. } => filter.sought(),
            _ => None,
        }
    }

    /// What [`Filter::sought`] is compared with: `userName`, `emails.value`.
    pub fn sought_in(&self) -> Option<AttrPath> {
        self.sought()?;
        match self {
            Self::Compare { path, .. } => Some(path.clone()),
            Self::And(left, right) => left.sought_in().or_else(|| right.sought_in()),
            Self::ValuePath { path, filter } => Some(path.with_sub(filter.sought_in()?.attribute)),
            _ => None,
        }
    }

    /// This filter with every text percent-decoded once more; `None` if that changes nothing. Some clients encode a query twice
    /// (`entra-11-filter-double-encoded`), which shows only when the filter as it stands finds nothing.
    pub fn percent_decoded(&self) -> Option<Self> {
        let mut decoded = self.clone();
        decoded.percent_decode();
        (decoded != *self).then_some(decoded)
    }

    /// The sub-attributes that an element must have to meet the filter: `type` = `work` of `type eq "work"`. `None` if the filter says
    /// more than that.
    pub(crate) fn describes(&self) -> Option<Map<String, Value>> {
        let mut object = Map::new();
        self.describe(&mut object).then_some(object)
    }

    /// How many comparisons the filter makes at the most.
    pub(crate) fn comparisons(&self) -> usize {
        match self {
            Self::And(left, right) | Self::Or(left, right) => left.comparisons() + right.comparisons(),
            Self::Not(inner) | Self::ValuePath { filter: inner, .. } => inner.comparisons(),
            Self::Compare { .. } | Self::Present(_) => 1,
        }
    }

    fn describe(&self, object: &mut Map<String, Value>) -> bool {
        match self {
            Self::And(left, right) => left.describe(object) && right.describe(object),
            Self::Compare { path, op: CompareOp::Eq, value } if path.sub.is_none() && *value != FilterValue::Null => {
                object.insert(path.attribute.clone(), value.to_json());
                true
            }
            _ => false,
        }
    }

    fn percent_decode(&mut self) {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.percent_decode();
                right.percent_decode();
            }
            Self::Not(inner) | Self::ValuePath { filter: inner, .. } => inner.percent_decode(),
            Self::Compare { value: FilterValue::String(text), .. } => {
                // What does not decode to a text was not encoded.
                if let Ok(decoded) = percent_decode_str(text).decode_utf8() {
                    *text = decoded.into_owned();
                }
            }
            Self::Compare { .. } | Self::Present(_) => {}
        }
    }
}

impl FilterValue {
    fn to_json(&self) -> Value {
        match self {
            Self::String(text) => text.as_str().into(),
            Self::Bool(value) => (*value).into(),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Null => Value::Null,
        }
    }
}
