//! `/Groups`: extract, call the domain, respond.

use scim::{PatchRequest, Projection};

use super::dispatch::{Call, Done};
use super::reply::Reply;
use crate::directory::groups::{self, Members};
use crate::directory::{Failure, search};
use crate::insight::explain::Subject;

pub(super) fn list(call: &mut Call<'_>) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::group())?;
    let query = call.parameters.search(scim::group(), &call.scope.policy, &mut call.notes)?;
    let found = search::groups(call.core, &call.scope, &query, shown(&projection))?;
    let subject = Subject::found(&query, &found);
    let resources = found.resources.into_iter().map(|resource| projection.apply(resource, scim::group())).collect();
    let body = scim::list_response(found.total, query.start_index, search::values(resources));
    Ok(Done { reply: Reply::ok(body), changes: Vec::new(), subject })
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::group())?;
    let body = call.json()?;
    let incoming = scim::parse(body, scim::group(), &call.scope.policy, &mut call.notes)?;
    let notes = call.notes.clone();
    let outcome = groups::create(call.core, &call.scope, &call.cause, incoming, notes, shown(&projection))?;
    Ok(call.respond(201, outcome, &projection, scim::group()))
}

pub(super) fn read(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::group())?;
    let outcome = groups::read(call.core, &call.scope, id, shown(&projection))?;
    Ok(call.respond(200, outcome, &projection, scim::group()))
}

pub(super) fn replace(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::group())?;
    let body = call.json()?;
    let incoming = scim::parse(body, scim::group(), &call.scope.policy, &mut call.notes)?;
    let notes = call.notes.clone();
    let outcome = groups::replace(call.core, &call.scope, &call.cause, id, incoming, notes, shown(&projection))?;
    Ok(call.respond(200, outcome, &projection, scim::group()))
}

pub(super) fn patch(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let projection = call.parameters.projection(scim::group())?;
    let body = call.json()?;
    let request = PatchRequest::parse(body, &call.scope.policy, &mut call.notes)?;
    let notes = call.notes.clone();
    let outcome = groups::patch(call.core, &call.scope, &call.cause, id, request, notes, shown(&projection))?;
    Ok(call.respond(200, outcome, &projection, scim::group()))
}

pub(super) fn delete(call: &mut Call<'_>, id: &str) -> Result<Done, Failure> {
    let changes = groups::delete(call.core, &call.scope, &call.cause, id)?;
    Ok(Done { reply: Reply::no_content(), changes, subject: Subject::default() })
}

fn shown(projection: &Projection) -> Members {
    if projection.wants("members") { Members::Listed } else { Members::LeftOut }
}
