//! What the server says about itself, RFC 7644 §4. Readable without a token: a client has to learn how to get one.

use axum::http::Method;
use scim::ScimError;
use serde_json::Value;

use super::dispatch::Done;
use super::query::Parameters;
use super::reply::Reply;
use crate::directory::Failure;
use crate::directory::scope::Scope;
use crate::insight::explain::Subject;

/// The answer if this is a discovery endpoint.
pub(super) fn answer(
    scope: &Scope,
    method: &Method,
    rest: &[&str],
    query: Option<&str>,
) -> Option<Result<Done, Failure>> {
    let documents = match *rest.first()? {
        "ServiceProviderConfig" if rest.len() == 1 => {
            Documents::One(scim::discovery::service_provider_config(&scope.base_url))
        }
        "Schemas" => Documents::Many(scim::discovery::schemas(&scope.base_url)),
        "ResourceTypes" => Documents::Many(scim::discovery::resource_types(&scope.base_url)),
        _ => return None,
    };
    Some(if method != Method::GET && method != Method::HEAD {
        Ok(Done::not_allowed(method, "GET"))
    } else if Parameters::parse(query).get("filter").is_some() {
        Err(ScimError::forbidden("Discovery documents cannot be filtered (RFC 7644 §4).").into())
    } else {
        find(documents, rest)
    })
}

enum Documents {
    One(Value),
    Many(Vec<Value>),
}

fn find(documents: Documents, rest: &[&str]) -> Result<Done, Failure> {
    let body = match (documents, rest) {
        (Documents::One(document), _) => document,
        (Documents::Many(list), [_]) => scim::list_response(list.len() as u64, 1, list),
        (Documents::Many(list), [_, id]) => list
            .into_iter()
            .find(|document| document["id"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(id)))
            .ok_or_else(|| ScimError::not_found(format!("There is no discovery document {id:?}.")))?,
        _ => return Err(ScimError::not_found("There is no such discovery document.").into()),
    };
    Ok(Done { reply: Reply::ok(body), changes: Vec::new(), subject: Subject::default() })
}
