//! Tokens of this process alone: what a simulated identity provider shows at the provisioning listener while it runs. They are in memory
//! and nowhere else, and open one directory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::model::DirectoryKey;
use crate::secret::{PlainToken, TokenHash};

/// Bears a guest's token in requests of the simulator that show another one, or none.
pub(crate) const GUEST_HEADER: &str = "x-scim-setup-guest";

/// The guests of the moment. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Guests(Arc<RwLock<HashMap<[u8; 32], Invitation>>>);

/// What a guest's token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    /// The key of the directory.
    pub(crate) directory: DirectoryKey,
    /// Whether it opens the directory; otherwise it stands for a token that is wrong.
    pub(crate) is_admitted: bool,
}

/// A guest's token; it is good for nothing any more once this is dropped. It has no `Debug` text.
pub(crate) struct Guest {
    token: PlainToken,
    guests: Guests,
}

impl Guests {
    /// A new token for a directory.
    pub(crate) fn invite(&self, directory: DirectoryKey) -> Guest {
        self.add(Invitation { directory, is_admitted: true })
    }

    /// A new token that the directory refuses, known only so that its requests are not taken for anybody else's.
    pub(crate) fn invite_refused(&self, directory: DirectoryKey) -> Guest {
        self.add(Invitation { directory, is_admitted: false })
    }

    /// Whether nobody is invited, which is nearly always so.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What a token is good for, if it is a guest's.
    pub(crate) fn find(&self, token: &TokenHash) -> Option<Invitation> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&token.0).copied()
    }

    fn add(&self, invitation: Invitation) -> Guest {
        let token = PlainToken::generate();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(token.hash().0, invitation);
        Guest { token, guests: self.clone() }
    }
}

impl Guest {
    /// The token in the clear, for the requests of the guest.
    pub(crate) fn reveal(&self) -> &str {
        self.token.reveal()
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.guests.0.write().unwrap_or_else(PoisonError::into_inner).remove(&self.token.hash().0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_as_long_as_its_guest_is_there() {
        let guests = Guests::default();
        let guest = guests.invite(DirectoryKey(7));
        let hash = PlainToken::from_client(guest.reveal()).hash();
        assert_eq!(guests.find(&hash), Some(Invitation { directory: DirectoryKey(7), is_admitted: true }));
        let refused = guests.invite_refused(DirectoryKey(7));
        assert_eq!(guests.find(&refused.token.hash()).map(|found| found.is_admitted), Some(false));
        drop(guest);
        assert_eq!(guests.find(&hash), None);
    }
}
