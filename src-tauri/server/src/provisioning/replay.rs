//! Repeating a recorded request: first as a rehearsal, which is carried out and taken back, then for good.
//!
//! It goes the same way as every request, from the directory on; only that a person sends it and no token is needed.

mod prepare;

use axum::body::Bytes;

use self::prepare::Prepared;
use super::admission::Access;
use super::answer::Provisioning;
use super::limits::Limits;
use super::local_request::LocalRequest;
use crate::core::Core;
use crate::directory::Error;
use crate::directory::exchanges::recorded;
use crate::model::{ExchangeId, ReplayPlan};

impl Provisioning {
    /// What repeating a request would do. Nothing is kept of it.
    ///
    /// # Errors
    /// If the request is not recorded, or no longer kept.
    pub(crate) async fn rehearse(&self, id: ExchangeId) -> Result<ReplayPlan, Error> {
        let limits = self.limits;
        self.core.run(move |core| plan(core, &limits, id)).await
    }

    /// Repeats a request, and returns the id under which that is recorded.
    ///
    /// # Errors
    /// If the request is not recorded, or cannot be repeated.
    pub(crate) async fn replay(&self, original: ExchangeId) -> Result<ExchangeId, Error> {
        let (limits, recorder) = (self.limits, self.recorder.clone());
        self.core
            .run(move |core| {
                let (_, prepared) = read(core, original)?;
                let Prepared { head, body, .. } =
                    prepared.map_err(|message| Error::Conflict { field: "id", message })?;
                let sent = LocalRequest { head, body: Bytes::from(body), access: Access::Replay };
                Ok(sent.send(core, &limits, &recorder, Some(original))?.id)
            })
            .await
    }
}

fn plan(core: &Core, limits: &Limits, id: ExchangeId) -> Result<ReplayPlan, Error> {
    let (plan, prepared) = read(core, id)?;
    Ok(match prepared {
        Err(refusal) => ReplayPlan { refusal: Some(refusal), ..plan },
        Ok(prepared) => {
            let Prepared { head, body, differences } = prepared;
            let sent = LocalRequest { head, body: Bytes::from(body), access: Access::Replay };
            ReplayPlan { differences, expected: sent.rehearse(core, limits), ..plan }
        }
    })
}

/// Reads a request: of its plan what does not depend on whether it can be repeated, and the request prepared to be sent
/// again, or why that is not possible.
fn read(core: &Core, id: ExchangeId) -> Result<(ReplayPlan, Result<Prepared, String>), Error> {
    core.store.read_with_requests(|c| {
        let (row, details) = recorded(c, id)?;
        let directory = row.directory_id.as_ref().and_then(|id| core.scopes.get(id));
        let prepared = prepare::prepare(&row, &details, directory.is_some());
        let origin = directory.map_or_else(|| core.local_url(), |directory| origin(&directory.base_url));
        let plan = ReplayPlan {
            method: row.method,
            url: format!("{origin}{}", details.target),
            refusal: None,
            differences: Vec::new(),
            is_write: row.is_write,
            expected: None,
        };
        Ok((plan, prepared))
    })
}

/// `https://ada.example` of a base URL.
fn origin(base_url: &str) -> String {
    base_url.split("/scim/").next().unwrap_or_default().to_owned()
}
