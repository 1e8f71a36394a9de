//! Which request does what. `/Bulk` is above: its operations are carried out here, too.

use scim::ScimError;

use super::call::{Call, Response};
use super::{lists, resources};
use crate::directory::Failure;
use crate::model::ResourceKind;

/// Where a search request is posted to.
const SEARCH: &str = ".search";

/// Carries out a call by the handler of its endpoint.
pub(super) async fn carry_out(call: &mut Call<'_>, rest: &[&str]) -> Result<Response, Failure> {
    let (kinds, below): (&[ResourceKind], _) = match rest {
        ["Users", below @ ..] => (&[ResourceKind::User], below),
        ["Groups", below @ ..] => (&[ResourceKind::Group], below),
        _ => (&[ResourceKind::User, ResourceKind::Group], rest),
    };
    let method = call.method.clone();
    match (kinds, below, method.as_str()) {
        (_, [], "GET") => lists::get(call, kinds),
        (_, [SEARCH], "POST") => lists::post(call, kinds),
        ([kind], [], "POST") => resources::create(call, *kind).await,
        ([_], [], _) => Ok(Response::not_allowed(&method, "GET, HEAD, POST")),
        (_, [], _) => Ok(Response::not_allowed(&method, "GET, HEAD")),
        (_, [SEARCH], _) => Ok(Response::not_allowed(&method, "POST")),
        ([kind], [id], "GET") => resources::read(call, *kind, id),
        ([kind], [id], "PUT") => resources::replace(call, *kind, id).await,
        ([kind], [id], "PATCH") => resources::patch(call, *kind, id).await,
        ([kind], [id], "DELETE") => resources::delete(call, *kind, id).await,
        ([_], [_], _) => Ok(Response::not_allowed(&method, "GET, HEAD, PUT, PATCH, DELETE")),
        (_, ["Me", ..], _) if kinds.len() > 1 => {
            Err(ScimError::not_implemented("/Me is not supported: a bearer token is not a person.").into())
        }
        _ => Err(ScimError::not_found(format!("There is no endpoint /{}.", rest.join("/"))).into()),
    }
}
