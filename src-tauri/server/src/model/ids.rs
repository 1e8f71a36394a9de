//! Ids and keys as types of their own, so that none stands where another is meant.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Makes types of numbers: as JSON, in a path and in a column each is the number. `store/sql.rs` puts them into columns.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

/// For those that grow.
macro_rules! growing {
    ($($name:ident),+) => {$(
        impl $name {
            /// Greater than all that there are.
            pub(crate) const MAX: Self = Self(i64::MAX);

            /// The one after it.
            pub(crate) fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }
    )+};
}

numbers! {
    /// The row of a directory. Never used again, not even after the directory is deleted.
    DirectoryKey,
    /// The row of a user or group that there is or was, in whatever directory. Never used again.
    ResourceKey,
    /// The place of a change among all changes; it grows.
    ChangeSeq,
    /// The id of a recorded request; it grows in the order of arrival.
    ExchangeId,
}

growing!(ChangeSeq, ExchangeId);
