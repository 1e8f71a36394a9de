//! The directories as requests need them, in memory: one process owns the data, so no request asks the database who it is. Whoever changes
//! an environment, an organization, a directory, a token or the port has all of them read anew.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use scim::{Policy, ResourceSchema, Schema};
use wire::Address;

use crate::model::{DeclaredSchema, DirectoryId, DirectoryKey, ResourceKind, TokenForwarding};
use crate::secret::TokenHash;
use crate::store::directories::{self, DirectoryRow, StoredForwarding};
use crate::store::tokens::{self, TokenRow};
use crate::store::{Store, StoreError};

/// A directory, as what a request does in it depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Its key in the store.
    pub(crate) directory: DirectoryKey,
    /// Its public id.
    pub(crate) directory_id: DirectoryId,
    /// What people call it.
    pub(crate) name: String,
    /// Its base URL, without a trailing slash: `https://ada.example/scim/v2/k3v9tq2mxa`.
    pub(crate) base_url: String,
    /// How lenient it is.
    pub(crate) policy: Policy,
    /// Users with the extensions that the directory declares.
    pub(crate) user: Arc<ResourceSchema>,
    /// The same for groups.
    pub(crate) group: Arc<ResourceSchema>,
    /// Domains that its people's email addresses should have; empty: any.
    pub(crate) email_domains: Vec<String>,
    /// Where its requests are passed on to; `None`: they are answered here.
    pub(crate) forwarding: Option<ForwardingScope>,
}

/// Where the requests of a directory are passed on to.
#[derive(Clone, Debug)]
pub(crate) struct ForwardingScope {
    /// The base URL.
    pub(crate) to: Address,
    /// Which token goes there.
    pub(crate) token: TokenForwarding,
}

/// What stands before a directory's id in the path of its base URL.
const BASE_PATH: &str = "/scim/v2/";

impl Scope {
    /// The path of its base URL: `/scim/v2/k3v9tq2mxa`.
    pub(crate) fn path(&self) -> String {
        format!("{BASE_PATH}{}", self.directory_id)
    }

    /// What resources of a type look like in this directory.
    pub(crate) fn schema(&self, kind: ResourceKind) -> &ResourceSchema {
        match kind {
            ResourceKind::User => &self.user,
            ResourceKind::Group => &self.group,
        }
    }
}

/// All directories and all tokens. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Scopes(Arc<Inner>);

#[derive(Default)]
struct Inner {
    current: RwLock<Arc<Registry>>,
    /// Held while they are read, so that what was read earlier never takes the place of what was read later.
    reading: Mutex<()>,
}

/// The directories and tokens at one moment.
#[derive(Default)]
pub(crate) struct Registry {
    scopes: HashMap<DirectoryId, Arc<Scope>>,
    tokens: HashMap<[u8; 32], TokenRow>,
    /// The keys of the directories that have a token in force.
    with_token: HashSet<DirectoryKey>,
}

impl Scopes {
    /// The directory with this id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Scope>> {
        self.now().get(id)
    }

    /// All as they are now.
    pub(crate) fn now(&self) -> Arc<Registry> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads all of them anew. `local_url` stands in where an environment has no public URL.
    ///
    /// # Errors
    /// If the database refuses; then they are what they were.
    pub(crate) fn reload(&self, store: &Store, local_url: &str) -> Result<(), StoreError> {
        let _reading = self.0.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let (rows, tokens) = store.read(|c| Ok::<_, StoreError>((directories::rows(c)?, tokens::all(c)?)))?;
        let in_force = tokens.iter().filter(|(_, token)| token.retired_at.is_none());
        let registry = Registry {
            with_token: in_force.map(|(_, token)| token.directory).collect(),
            scopes: rows.iter().map(|row| (row.id.clone(), Arc::new(scope(row, local_url)))).collect(),
            tokens: tokens.into_iter().map(|(hash, token)| (hash.0, token)).collect(),
        };
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
        Ok(())
    }
}

impl Registry {
    /// The directory with this id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Scope>> {
        self.scopes.get(id).cloned()
    }

    /// All directories, the oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Scope>> {
        let mut all: Vec<_> = self.scopes.values().cloned().collect();
        all.sort_by_key(|scope| scope.directory);
        all
    }

    /// The token with this hash, of whatever directory, in force or not.
    pub(crate) fn token(&self, hash: &TokenHash) -> Option<&TokenRow> {
        // The table compares hashes, which say nothing of the token; the verdict itself takes the same time for every hash.
        self.tokens.get_key_value(&hash.0).filter(|(known, _)| TokenHash(**known) == *hash).map(|(_, token)| token)
    }

    /// Whether a directory has a token in force.
    pub(crate) fn has_token(&self, directory: DirectoryKey) -> bool {
        self.with_token.contains(&directory)
    }
}

fn scope(row: &DirectoryRow, local_url: &str) -> Scope {
    let origin = row.public_url.as_deref().unwrap_or(local_url);
    Scope {
        directory: row.key,
        directory_id: row.id.clone(),
        name: row.name.clone(),
        base_url: format!("{origin}{BASE_PATH}{}", row.id),
        policy: row.policy.clone(),
        user: extended(scim::user(), ResourceKind::User, &row.schemas),
        group: extended(scim::group(), ResourceKind::Group, &row.schemas),
        email_domains: row.email_domains.clone(),
        forwarding: row.forwarding.as_ref().and_then(forwarding),
    }
}

/// Where requests go. What is stored was checked when it was set.
fn forwarding(stored: &StoredForwarding) -> Option<ForwardingScope> {
    let to = Address::parse(&stored.to).ok()?;
    Some(ForwardingScope { to, token: stored.token })
}

/// A type of resource with the extensions that a directory declares for it.
fn extended(base: &'static ResourceSchema, kind: ResourceKind, declared: &[DeclaredSchema]) -> Arc<ResourceSchema> {
    let of_kind = declared.iter().filter(|declared| declared.resource_kind == kind);
    // What is stored was checked when it was declared.
    let extensions = of_kind.filter_map(|declared| Schema::parse_extension(&declared.schema).ok());
    Arc::new(base.with_extensions(extensions))
}
