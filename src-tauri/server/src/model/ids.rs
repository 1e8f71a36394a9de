//! Ids and keys as types of their own, so that none stands where another is meant.

use std::borrow::Borrow;
use std::fmt::{self, Debug, Display, Formatter};
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Makes types of a number or a text each. As JSON, in a path, in a column (`store/sql.rs`), in the OpenAPI document and in a sentence, quoted
/// or not, it is just that.
macro_rules! ids {
    ($($(#[$attribute:meta])* $id:ident($inner:ty);)+) => {$(
        $(#[$attribute])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $id(pub $inner);

        impl Debug for $id {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Debug::fmt(&self.0, f)
            }
        }

        impl Display for $id {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $id {
            type Err = <$inner as FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// The id of an environment: lower-case letters and digits.
    EnvironmentId(String);
    /// The id of an organization: lower-case letters and digits.
    OrganizationId(String);
    /// The id of an API key: lower-case letters and digits.
    ApiKeyId(String);
    /// The id of a webhook: `wh_` and lower-case letters and digits.
    WebhookId(String);
    /// The id of a directory, the last segment of its base URL: lower-case letters and digits.
    DirectoryId(String);
    /// The row of a directory. Never used again, not even after the directory is deleted.
    #[derive(Copy)]
    DirectoryKey(i64);
    /// The row of a user or group that there is or was, in whatever directory. Never used again.
    #[derive(Copy)]
    ResourceKey(i64);
    /// The place of a change among all changes; it grows.
    #[derive(Copy)]
    ChangeSeq(i64);
    /// The id of a recorded request; it grows in the order of arrival.
    #[derive(Copy)]
    ExchangeId(i64);
    /// The id of a request to the integration API; it grows in the order of arrival.
    #[derive(Copy)]
    ApiCallId(i64);
    /// The id of what a webhook sent; it grows in the order in which events were taken up.
    #[derive(Copy)]
    DeliveryId(i64);
}

/// For those that are texts.
macro_rules! texts {
    ($($id:ident),+) => {$(
        impl Deref for $id {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $id {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl Borrow<str> for $id {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

/// For those that grow.
macro_rules! growing {
    ($($id:ident),+) => {$(
        impl $id {
            /// Greater than all that there are.
            pub(crate) const MAX: Self = Self(i64::MAX);

            /// The one after it.
            pub(crate) fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }
    )+};
}

texts!(ApiKeyId, WebhookId, EnvironmentId, OrganizationId, DirectoryId);
growing!(ChangeSeq, ExchangeId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_told_as_what_it_is() {
        let (directory, exchange) = (DirectoryId::from("k3v9tq2mxa"), ExchangeId(7));
        assert_eq!(format!("{directory} {directory:?} {exchange} {exchange:?}"), "k3v9tq2mxa \"k3v9tq2mxa\" 7 7");
    }
}
