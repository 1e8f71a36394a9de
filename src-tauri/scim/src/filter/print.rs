//! Printing filters so that they parse back to the same tree.

use std::fmt;

use super::{CompareOp, Filter, FilterValue};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Chains lean to the left when they are read, so only a chain on the right needs parentheses.
            Self::And(left, right) => {
                group(f, left, matches!(**left, Self::Or(..)))?;
                f.write_str(" and ")?;
                group(f, right, matches!(**right, Self::Or(..) | Self::And(..)))
            }
            Self::Or(left, right) => {
                group(f, left, false)?;
                f.write_str(" or ")?;
                group(f, right, matches!(**right, Self::Or(..)))
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Compare { path, op, value } => write!(f, "{path} {op} {value}"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::ValuePath { path, filter } => write!(f, "{path}[{filter}]"),
        }
    }
}

impl fmt::Display for CompareOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        })
    }
}

impl fmt::Display for FilterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

fn group(f: &mut fmt::Formatter<'_>, filter: &Filter, needs_parentheses: bool) -> fmt::Result {
    if needs_parentheses { write!(f, "({filter})") } else { write!(f, "{filter}") }
}
