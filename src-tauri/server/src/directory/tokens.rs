//! Bearer tokens: one in force, shown once.

use super::{Error, admin};
use crate::clock::rfc3339;
use crate::core::Core;
use crate::model::{Event, TokenCreated};
use crate::secret::PlainToken;
use crate::store::{directories, tokens};

/// Generates a token. The one before stops working with the commit: the very next request with it is refused.
///
/// # Errors
/// If there is no such directory.
pub(crate) fn create_token(core: &Core, directory_id: &str) -> Result<TokenCreated, Error> {
    let (now, live, local_url, id) = (core.clock.now(), core.live.clone(), core.local_url(), directory_id.to_owned());
    let token = PlainToken::generate();
    let (hash, last_four) = (token.hash(), token.last_four());
    let shown = last_four.clone();
    core.store.write(move |tx| {
        let row = directories::find(tx, &id)?.ok_or_else(|| admin::no_directory(&id))?;
        tokens::replace(tx, row.key, &hash, &shown, now)?;
        if let Some(directory) = directories::by_key(tx, row.key, &local_url)? {
            tx.after_commit(move || live.publish(Event::directory(directory)));
        }
        Ok::<_, Error>(())
    })?;
    Ok(TokenCreated { token: token.reveal().to_owned(), last_four, created_at: rfc3339(now) })
}
