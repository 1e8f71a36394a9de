//! `/Users`: extract, call the domain, respond.

use scim::PatchRequest;

use super::dispatch::{Call, Done};
use super::reply::Reply;
use crate::directory::search;
use crate::directory::{Failure, users};
use crate::insight::explain::Subject;

pub(super) fn list(call: &mut Call<'_>) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::user())?;
    let query = call.parameters.search(scim::user(), &call.scope.policy, &mut call.notes)?;
    let found = search::users(call.core, &call.scope, &query)?;
    let subject = Subject::found(&query, &found);
    let resources = found.resources.into_iter().map(|resource| projection.apply(resource, scim::user())).collect();
    let body = scim::list_response(found.total, query.start_index, search::values(resources));
    Ok(Done { reply: Reply::ok(body), changes: Vec::new(), subject })
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::user())?;
    let body = call.json()?;
    let incoming = scim::parse(body, scim::user(), &call.scope.policy, &mut call.notes)?;
    let outcome = users::create(call.core, &call.scope, &call.cause, incoming, call.notes.clone())?;
    Ok(call.respond(201, outcome, &projection, scim::user()))
}

pub(super) fn read(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::user())?;
    let outcome = users::read(call.core, &call.scope, id)?;
    Ok(call.respond(200, outcome, &projection, scim::user()))
}

pub(super) fn replace(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::user())?;
    let body = call.json()?;
    let incoming = scim::parse(body, scim::user(), &call.scope.policy, &mut call.notes)?;
    let outcome = users::replace(call.core, &call.scope, &call.cause, id, incoming, call.notes.clone())?;
    Ok(call.respond(200, outcome, &projection, scim::user()))
}

pub(super) fn patch(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::user())?;
    let body = call.json()?;
    let request = PatchRequest::parse(body, &call.scope.policy, &mut call.notes)?;
    let outcome = users::patch(call.core, &call.scope, &call.cause, id, request, call.notes.clone())?;
    Ok(call.respond(200, outcome, &projection, scim::user()))
}

pub(super) fn delete(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let changes = users::delete(call.core, &call.scope, &call.cause, id)?;
    Ok(Done { reply: Reply::no_content(), changes, subject: Subject::default() })
}
