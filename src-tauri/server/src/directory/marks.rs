//! What a person puts on recorded requests: pins, and notes.

use serde::Deserialize;
use utoipa::ToSchema;

use super::exchanges::{counted, key_of, read_exchange, recorded};
use super::{Error, Result, present};
use crate::core::Core;
use crate::directory::exchanges::UNATTRIBUTED;
use crate::model::{Event, Exchange, ExchangeId};
use crate::store::{StoreError, exchanges, marks};

/// Pinned requests of each directory, and of none. No limit lets go of them, so somebody has to.
const MOST_PINNED: u32 = 200;

/// Characters of a note.
const LONGEST: usize = 2_000;

/// What changes about a recorded request; what was sent and answered stays as it was recorded.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct ExchangePatch {
    /// Whether it stays, whatever the limits are: 200 of each directory at the most.
    pub(crate) is_pinned: Option<bool>,
    /// What a person notes about it, plain text of 2,000 characters at the most; `null` or nothing but blanks: nothing any more.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub(crate) annotation: Option<Option<String>>,
}

/// Pins a request or writes a note about it, tells of it, and returns it.
///
/// # Errors
/// If there is no such request, or no more; too many are pinned; the note is too long. Then nothing has changed.
pub(crate) fn mark_exchange(core: &Core, id: ExchangeId, patch: ExchangePatch) -> Result<Exchange> {
    let ExchangePatch { is_pinned, annotation } = patch;
    let annotation = annotation.map(|text| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
    let length = annotation.iter().flatten().map(|text| text.chars().count()).sum::<usize>();
    if length > LONGEST {
        let problem = format!("A note has 2,000 characters at the most. This one has {length}: shorten it.");
        return Err(Error::invalid("annotation", problem));
    }
    core.store.read_with_requests(|c| recorded(c, id).map(drop))?;
    let is_full = core.store.write_requests(move |tx| {
        match is_pinned {
            Some(true) if !marks::pin(tx, id, MOST_PINNED)? => return Ok::<_, StoreError>(true),
            Some(false) => marks::unpin(tx, id)?,
            _ => {}
        }
        annotation.iter().try_for_each(|annotation| marks::annotate(tx, id, annotation.as_deref()))?;
        Ok(false)
    })?;
    if is_full {
        let problem =
            format!("{MOST_PINNED} requests are pinned here, the most that can be. Unpin one to pin another.");
        return Err(Error::conflict("isPinned", problem));
    }
    let (row, directory) = core.store.read_with_requests(|c| {
        let row = exchanges::row(c, id)?;
        let directory_id = row.as_ref().and_then(|row| row.directory_id.clone());
        let directory = key_of(core, &directory_id.unwrap_or_else(|| UNATTRIBUTED.into()))?;
        Ok::<_, Error>((row, directory))
    })?;
    row.into_iter().for_each(|exchange| core.live.publish(Event::ExchangeMarked { exchange }));
    counted(core, directory)?.into_iter().for_each(|event| core.live.publish(event));
    read_exchange(core, id)
}
