//! `/Users`: extract, call the domain, respond.

use scim::PatchRequest;

use super::call::{Call, Response};
use super::reply::Reply;
use crate::directory::{Failure, users};
use crate::facts;
use crate::model::ResourceKind;

const KIND: ResourceKind = ResourceKind::User;

pub(super) async fn create(call: &mut Call<'_>) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let incoming = scim::parse(body, &call.scope.user, &call.scope.policy, &mut call.notes)?;
    call.describe(KIND, &incoming.resource);
    let outcome = users::create(call.core, &call.scope, &call.cause, incoming, call.notes.clone()).await?;
    call.respond(201, outcome, &projection)
}

pub(super) fn read(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let outcome = users::read(call.core, &call.scope, id)?;
    call.respond_read(outcome, &projection)
}

pub(super) async fn replace(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let incoming = scim::parse(body, &call.scope.user, &call.scope.policy, &mut call.notes)?;
    (call.facts.deactivates, call.is_body_read) = (facts::is_inactive(&incoming.resource), true);
    let outcome = users::replace(call.core, &call.scope, &call.cause, id, incoming, call.notes.clone()).await?;
    call.respond(200, outcome, &projection)
}

pub(super) async fn patch(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let projection = call.projection(KIND)?;
    let body = call.json()?;
    let request = PatchRequest::parse(body, &call.scope.policy, &mut call.notes)?;
    (call.facts.deactivates, call.is_body_read) = (facts::is_deactivation(&request), true);
    let outcome = users::patch(call.core, &call.scope, &call.cause, id, request, call.notes.clone()).await?;
    call.respond_patch(outcome, &projection)
}

pub(super) async fn delete(call: &mut Call<'_>, id: &str) -> Result<Response, Failure> {
    let changes = users::delete(call.core, &call.scope, &call.cause, id).await?;
    Ok(Response::of(Reply::no_content(), changes))
}
