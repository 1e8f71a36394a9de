//! Which request does what. `/Bulk` is above: its operations are carried out here, too.

use scim::ScimError;

use super::call::{Call, Response};
use super::{groups, lists, users};
use crate::directory::Failure;
use crate::model::ResourceKind;

/// Where a search request is posted to.
const SEARCH: &str = ".search";

/// Carries out a call by the handler of its endpoint.
pub(super) async fn carry_out(call: &mut Call<'_>, rest: &[&str]) -> Result<Response, Failure> {
    const USERS: &[ResourceKind] = &[ResourceKind::User];
    const GROUPS: &[ResourceKind] = &[ResourceKind::Group];
    const BOTH: &[ResourceKind] = &[ResourceKind::User, ResourceKind::Group];
    let method = call.method.clone();
    match (rest, method.as_str()) {
        (["Users"], "GET") => lists::get(call, USERS),
        (["Users"], "POST") => users::create(call).await,
        (["Users", SEARCH], "POST") => lists::post(call, USERS),
        (["Groups"], "GET") => lists::get(call, GROUPS),
        (["Groups"], "POST") => groups::create(call).await,
        (["Groups", SEARCH], "POST") => lists::post(call, GROUPS),
        ([], "GET") => lists::get(call, BOTH),
        ([SEARCH], "POST") => lists::post(call, BOTH),
        ([] | ["Users" | "Groups"], _) => {
            Ok(Response::not_allowed(&method, if rest.is_empty() { "GET" } else { "GET, POST" }))
        }
        ([SEARCH] | ["Users" | "Groups", SEARCH], _) => Ok(Response::not_allowed(&method, "POST")),
        (["Users", id], "GET") => users::read(call, id),
        (["Users", id], "PUT") => users::replace(call, id).await,
        (["Users", id], "PATCH") => users::patch(call, id).await,
        (["Users", id], "DELETE") => users::delete(call, id).await,
        (["Groups", id], "GET") => groups::read(call, id),
        (["Groups", id], "PUT") => groups::replace(call, id).await,
        (["Groups", id], "PATCH") => groups::patch(call, id).await,
        (["Groups", id], "DELETE") => groups::delete(call, id).await,
        (["Users" | "Groups", _], _) => Ok(Response::not_allowed(&method, "GET, PUT, PATCH, DELETE")),
        (["Me", ..], _) => {
            Err(ScimError::not_implemented("/Me is not supported: a bearer token is not a person.").into())
        }
        _ => Err(ScimError::not_found(format!("There is no endpoint /{}.", rest.join("/"))).into()),
    }
}
