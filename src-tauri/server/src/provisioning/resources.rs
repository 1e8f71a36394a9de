//! `/Users` and `/Groups`: extract, call the domain, respond.

use scim::{PatchAnswer, PatchRequest};

use super::call::{Call, Response};
use super::query::shown;
use super::reply::Reply;
use crate::directory::Failure;
use crate::directory::derived::Members;
use crate::directory::resources::Edit;
use crate::facts::{self, NamedResource};
use crate::model::ResourceKind;

pub(super) async fn create(call: &mut Call<'_>, kind: ResourceKind) -> Result<Response, Failure> {
    let projection = call.projection(kind)?;
    let body = call.json()?;
    let incoming = scim::parse(body, call.scope.schema(kind), &call.scope.policy, &mut call.notes)?;
    (call.facts.resource, call.is_body_read) = (NamedResource::described(kind, &incoming.resource), true);
    let outcome = call.request(kind, shown(&projection)).create(incoming, call.notes.clone()).await?;
    call.respond(201, outcome, &projection)
}

pub(super) fn read(call: &mut Call<'_>, kind: ResourceKind, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(kind)?;
    let outcome = call.request(kind, shown(&projection)).read(id)?;
    // The client may have this version.
    let is_unmodified = call.cause.conditions.is_unmodified(outcome.resource.version);
    call.respond(if is_unmodified { 304 } else { 200 }, outcome, &projection)
}

pub(super) async fn replace(call: &mut Call<'_>, kind: ResourceKind, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(kind)?;
    let body = call.json()?;
    let incoming = scim::parse(body, call.scope.schema(kind), &call.scope.policy, &mut call.notes)?;
    call.note_edit(kind == ResourceKind::User && facts::is_inactive(&incoming.resource));
    let edit = Edit::Replace(incoming);
    let outcome = call.request(kind, shown(&projection)).change(id, edit, call.notes.clone()).await?;
    call.respond(200, outcome, &projection)
}

pub(super) async fn patch(call: &mut Call<'_>, kind: ResourceKind, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(kind)?;
    let body = call.json()?;
    let request = PatchRequest::parse(body, &call.scope.policy, &mut call.notes)?;
    call.note_edit(kind == ResourceKind::User && facts::is_deactivation(&request));
    // Who asks for attributes gets them, whatever the policy (RFC 7644 §3.5.2).
    let is_short =
        call.scope.policy.patch_answer() == PatchAnswer::NoContent && call.parameters.get("attributes").is_none();
    let (status, show) = if is_short { (204, Members::LeftOut) } else { (200, shown(&projection)) };
    let outcome = call.request(kind, show).change(id, Edit::Patch(request), call.notes.clone()).await?;
    call.respond(status, outcome, &projection)
}

pub(super) async fn delete(call: &mut Call<'_>, kind: ResourceKind, id: &str) -> Result<Response, Failure> {
    let changes = call.request(kind, Members::LeftOut).delete(id).await?;
    Ok(Response::of(Reply::no_content(), changes))
}
