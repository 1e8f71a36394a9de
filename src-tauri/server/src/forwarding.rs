//! The servers that directories pass requests on to: connections that are open, and what of their tokens is known while this program runs.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wire::{Address, Pool, Tls};

use crate::model::{DirectoryId, DirectoryKey};
use crate::secret::{PlainToken, TokenHash};

/// Tokens that the server of a directory has accepted that are known again, the newest ones. Who has more identity providers than that loses
/// nothing but the larger bound.
const MOST_ACCEPTED: usize = 100;

/// The servers that directories pass requests on to. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Targets(Arc<Inner>);

#[derive(Default)]
struct Inner {
    tls: Tls,
    /// By scheme, host and port.
    pools: Mutex<HashMap<String, Pool>>,
    /// What is put in the place of the identity provider's token. Never stored.
    tokens: RwLock<HashMap<DirectoryId, TargetToken>>,
    /// What a directory's server has said of tokens.
    judged: RwLock<HashMap<DirectoryKey, Judged>>,
    /// A permit for each answer that may be read whole although it is large.
    large_answers: LargeAnswers,
    /// A permit for each KiB of a large request that is kept to be recorded.
    records: Records,
}

/// What a server has said of tokens. That it answers one says nothing as long as it refuses nobody.
#[derive(Default)]
struct Judged {
    /// The oldest first.
    accepted: VecDeque<[u8; 32]>,
    /// Two at the most, so that one of them is another than any; `None`: there was no token.
    refused: Vec<Option<[u8; 32]>>,
}

impl Judged {
    fn has_accepted(&self, shown: [u8; 32]) -> bool {
        self.accepted.contains(&shown) && self.refused.iter().any(|refused| *refused != Some(shown))
    }
}

/// A token, and the one server that it is for.
#[derive(Clone)]
struct TargetToken {
    /// Scheme, host and port.
    origin: String,
    token: PlainToken,
}

/// Large answers that are in memory at once: each takes 4 MiB at the most.
const MOST_LARGE: usize = 16;

/// Bytes of all large requests that are kept until their answers are there.
const MOST_RECORDED: usize = 32 << 20;

struct Records(Arc<Semaphore>);

impl Default for Records {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_RECORDED >> 10)))
    }
}

struct LargeAnswers(Arc<Semaphore>);

impl Default for LargeAnswers {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_LARGE)))
    }
}

impl Targets {
    /// Connections to a server.
    pub(crate) fn pool(&self, to: &Address) -> Pool {
        let mut pools = self.0.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools.entry(to.origin()).or_insert_with(|| Pool::new(to.clone(), self.0.tls.clone())).clone()
    }

    /// Room for an answer that is large, as long as it is kept; `None`: there is none at the moment.
    pub(crate) fn room_for_answer(&self) -> Option<OwnedSemaphorePermit> {
        self.0.large_answers.0.clone().try_acquire_owned().ok()
    }

    /// Room for a request of so many bytes until it has been recorded; `None`: there is none at the moment.
    pub(crate) fn room_for_record(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from(bytes.div_ceil(1 << 10)).ok()?;
        self.0.records.0.clone().try_acquire_many_owned(kibibytes).ok()
    }

    /// The token that goes to the server of a directory in the place of the identity provider's. One that was given for another scheme, host
    /// or port goes nowhere else.
    pub(crate) fn token(&self, directory: &DirectoryId, to: &Address) -> Option<PlainToken> {
        let tokens = self.0.tokens.read().unwrap_or_else(PoisonError::into_inner);
        tokens.get(directory).filter(|known| known.origin == to.origin()).map(|known| known.token.clone())
    }

    /// Whether there is one for the server at a base URL.
    pub(crate) fn has_token(&self, directory: &DirectoryId, to: &str) -> bool {
        Address::parse(to).is_ok_and(|to| self.token(directory, &to).is_some())
    }

    /// Takes in the token for a server.
    pub(crate) fn set_token(&self, directory: &DirectoryId, to: &Address, token: PlainToken) {
        let mut tokens = self.0.tokens.write().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(directory.clone(), TargetToken { origin: to.origin(), token });
    }

    /// Lets a directory have what is known of another, for the same server.
    pub(crate) fn copy_token(&self, from: &DirectoryId, to: &DirectoryId) {
        let mut tokens = self.0.tokens.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = tokens.get(from).cloned() {
            tokens.insert(to.clone(), token);
        }
    }

    /// Forgets the token of a directory.
    pub(crate) fn forget_token(&self, directory: &DirectoryId) {
        self.0.tokens.write().unwrap_or_else(PoisonError::into_inner).remove(directory);
    }

    /// Takes in that the server of a directory answered who shows this.
    pub(crate) fn note_accepted(&self, directory: DirectoryKey, shown: &TokenHash) {
        if self.has_accepted(directory, shown) {
            return;
        }
        let mut judged = self.0.judged.write().unwrap_or_else(PoisonError::into_inner);
        let accepted = &mut judged.entry(directory).or_default().accepted;
        if accepted.contains(&shown.0) {
            return;
        }
        if accepted.len() >= MOST_ACCEPTED {
            accepted.pop_front();
        }
        accepted.push_back(shown.0);
    }

    /// Takes in that it refuses who shows this; `None`: nothing.
    pub(crate) fn note_refused(&self, directory: DirectoryKey, shown: Option<&TokenHash>) {
        let shown = shown.map(|shown| shown.0);
        let mut judged = self.0.judged.write().unwrap_or_else(PoisonError::into_inner);
        let refused = &mut judged.entry(directory).or_default().refused;
        if refused.len() < 2 && !refused.contains(&shown) {
            refused.push(shown);
        }
    }

    /// Takes in that a token is good for nothing there any more.
    pub(crate) fn forget_accepted(&self, directory: DirectoryKey, shown: &TokenHash) {
        let mut judged = self.0.judged.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(judged) = judged.get_mut(&directory) {
            judged.accepted.retain(|accepted| *accepted != shown.0);
        }
    }

    /// Whether it lets in who shows this, as far as it was asked, and not everybody.
    pub(crate) fn has_accepted(&self, directory: DirectoryKey, shown: &TokenHash) -> bool {
        let judged = self.0.judged.read().unwrap_or_else(PoisonError::into_inner);
        judged.get(&directory).is_some_and(|judged| judged.has_accepted(shown.0))
    }
}
