//! `/Groups`: extract, call the domain, respond.

use scim::PatchRequest;

use super::call::{Call, Response};
use super::query::shown;
use super::reply::Reply;
use crate::directory::groups::Members;
use crate::directory::{Failure, groups};
use crate::model::ResourceKind;

const KIND: ResourceKind = ResourceKind::Group;

pub(super) async fn create(call: &mut Call<'_>) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let incoming = scim::parse(body, &call.scope.group, &call.scope.policy, &mut call.notes)?;
    call.describe(KIND, &incoming.resource);
    let notes = call.notes.clone();
    let outcome = groups::create(call.core, &call.scope, &call.cause, incoming, notes, shown(&projection)).await?;
    call.respond(201, outcome, &projection)
}

pub(super) fn read(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let outcome = groups::read(call.core, &call.scope, id, shown(&projection))?;
    call.respond_read(outcome, &projection)
}

pub(super) async fn replace(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let incoming = scim::parse(body, &call.scope.group, &call.scope.policy, &mut call.notes)?;
    let notes = call.notes.clone();
    let outcome = groups::replace(call.core, &call.scope, &call.cause, id, incoming, notes, shown(&projection)).await?;
    call.respond(200, outcome, &projection)
}

pub(super) async fn patch(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let request = PatchRequest::parse(body, &call.scope.policy, &mut call.notes)?;
    let notes = call.notes.clone();
    let show = if call.is_patch_answer_short() { Members::LeftOut } else { shown(&projection) };
    let outcome = groups::patch(call.core, &call.scope, &call.cause, id, request, notes, show).await?;
    call.respond_patch(outcome, &projection)
}

pub(super) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let changes = groups::delete(call.core, &call.scope, &call.cause, id).await?;
    Ok(Response::of(Reply::no_content(), changes))
}
