//! The domain: environments, organizations, directories, and the users and groups in them. Knows no HTTP and no SQL.

pub(crate) mod absence;
pub(crate) mod api_calls;
pub(crate) mod api_keys;
pub(crate) mod app_events;
pub(crate) mod app_view;
pub(crate) mod browse;
pub(crate) mod cases;
pub(crate) mod cause;
pub(crate) mod conditions;
pub(crate) mod data_folder;
pub(crate) mod deliveries;
pub(crate) mod demo;
pub(crate) mod derived;
pub(crate) mod directories;
pub(crate) mod environments;
mod exchange_search;
pub(crate) mod exchanges;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod former_url;
pub(crate) mod forwarding;
pub(crate) mod guide;
pub(crate) mod history;
pub(crate) mod journal;
pub(crate) mod listing;
pub(crate) mod marks;
pub(crate) mod membership;
pub(crate) mod mirror;
mod names;
pub(crate) mod notices;
pub(crate) mod organizations;
pub(crate) mod people;
pub(crate) mod render;
pub(crate) mod resources;
pub(crate) mod retention;
pub(crate) mod search;
pub(crate) mod selection;
pub(crate) mod settings;
pub(crate) mod sightings;
mod sizes;
pub(crate) mod tokens;
pub(crate) mod tree;
pub(crate) mod webhooks;

use scim::ScimError;
use serde::{Deserialize, Deserializer};

/// What reading and writing fails with if nothing but the database can refuse.
pub(crate) use crate::store::StoreError;

/// Why something a person asked for was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// It would clash with something that is there.
    #[error("{message}")]
    Conflict {
        /// The field in camelCase.
        field: &'static str,
        /// What to do.
        message: String,
    },
    /// There are more or fewer than a person was told.
    #[error("{message}")]
    CountChanged {
        /// How many there are.
        count: u32,
        /// What to do.
        message: String,
    },
    /// The input cannot be used.
    #[error("{message}")]
    Invalid {
        /// The field in camelCase.
        field: &'static str,
        /// What to do.
        message: String,
    },
    /// The name typed to confirm a deletion is another one.
    #[error("{0}")]
    ConfirmationMismatch(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What comes of something a person asked for.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// `message` says what to do about `field`.
    pub(crate) fn conflict(field: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { field, message: message.into() }
    }

    /// `message` says what to do about `field`.
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// There is no such thing with this id. `what`: an environment, an organization or a directory.
    pub(crate) fn missing(what: &str, id: &str) -> Self {
        Self::NotFound(format!("There is no {what} with the id {id}. It may have been deleted."))
    }
}

/// For a field of a patch: tells `null` from a field that is left out.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Why a request of an identity provider was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The answer is this SCIM error.
    #[error("{}", .0.detail)]
    Scim(#[from] ScimError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
