//! From a request that was admitted to what came of it.

use axum::http::Method;
use axum::http::request::Parts;
use tokio::runtime::Handle;

use super::admission::{Admission, AdmittedRequest, Place, ProvisioningRequest, admit};
use super::body::RequestBody;
use super::call::{Call, Response};
use super::limits::Limits;
use super::outcome::HandlerOutcome;
use super::{bulk, endpoints, route};
use crate::core::Core;

/// Answers a request of which nothing is kept. `None`: it is a bulk request, whose operations see what those before them did, which they would
/// not if each was taken back, or one that is passed on: another server takes nothing back.
pub(super) fn rehearse(core: &Core, limits: &Limits, request: &ProvisioningRequest<'_>) -> Option<HandlerOutcome> {
    match admit(core, limits, request) {
        Admission::Admitted(admitted)
            if admitted.scope.forwarding.is_some() || route::as_strs(&admitted.segments) == ["Bulk"] =>
        {
            None
        }
        admission => Some(finish(core, limits, request, admission)),
    }
}

/// Answers a request of which is known whether it may be carried out. Blocks, on a thread of the runtime's that may; every failure is an answer.
pub(super) fn finish(
    core: &Core,
    limits: &Limits,
    request: &ProvisioningRequest<'_>,
    admission: Admission,
) -> HandlerOutcome {
    match admission {
        Admission::Answered(outcome) => *outcome,
        Admission::Admitted(admitted) => {
            // Whatever it is, the thread may wait.
            let work = carry_out(core, limits, *admitted, Place::Search, request.head, request.body);
            Handle::current().block_on(work)
        }
    }
}

/// Carries out what was admitted. Waits for the disk without blocking where it writes, and blocks on it where it reads; every failure is an
/// answer. `place` is where that is.
pub(super) async fn carry_out(
    core: &Core,
    limits: &Limits,
    admitted: AdmittedRequest,
    place: Place,
    head: &Parts,
    body: &RequestBody,
) -> HandlerOutcome {
    let AdmittedRequest { scope, segments, parameters, cause, notes, mut outcome } = admitted;
    let body = match body {
        RequestBody::Whole(bytes) | RequestBody::Beginning(bytes, _) => bytes,
        RequestBody::Refused(error) => return outcome.finish(core, notes, Err(error.clone().into())),
    };
    let mut call = Call {
        core,
        scope,
        cause,
        parameters,
        notes,
        method: if head.method == Method::HEAD { Method::GET } else { head.method.clone() },
        limits,
        longest_read: place.longest_read(),
        head: Some(head),
        body,
        facts: std::mem::take(&mut outcome.facts),
        is_body_read: false,
    };
    let response = match (route::as_strs(&segments).as_slice(), call.method.as_str()) {
        (["Bulk"], "POST") => bulk::carry_out(&mut call).await,
        (["Bulk"], _) => Ok(Response::not_allowed(&call.method, "POST")),
        (rest, _) => endpoints::carry_out(&mut call, rest).await,
    };
    (outcome.facts, outcome.is_body_read) = (call.facts, call.is_body_read);
    outcome.finish(core, call.notes, response)
}
