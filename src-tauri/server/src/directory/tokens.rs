//! Bearer tokens: one in force, shown once.

use super::{Error, Result};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::model::{DirectoryId, TokenCreated};
use crate::secret::PlainToken;
use crate::store::{directories, tokens};

/// Generates a token. The one before stops working with the commit: the very next request with it is refused.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn create_token(core: &Core, directory_id: &DirectoryId) -> Result<TokenCreated> {
    let (now, id) = (core.clock.now(), directory_id.to_owned());
    let token = PlainToken::generate();
    let (hash, last_four) = (token.hash(), token.last_four());
    let shown = last_four.clone();
    core.store.write(move |tx| {
        let key = directories::key(tx, &id)?.ok_or_else(|| Error::missing("directory", &id))?;
        Ok::<_, Error>(tokens::replace(tx, key, &hash, &shown, now)?)
    })?;
    core.reload_scopes()?;
    super::browse::publish_directory(core, directory_id)?;
    Ok(TokenCreated { token: token.reveal().to_owned(), last_four, created_at: rfc3339(now) })
}
