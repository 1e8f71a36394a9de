//! What the server says about itself, RFC 7644 §4. Readable without a token: a client has to learn how to get one.

use axum::http::Method;
use scim::ScimError;
use scim::discovery::Features;
use serde_json::Value;

use super::call::Response;
use super::limits::{Limits, MOST_OPERATIONS};
use super::query::Parameters;
use super::reply::Reply;
use crate::directory::Failure;
use crate::directory::search::{CURSOR_LIFE_SECONDS, DEFAULT_COUNT};
use crate::scopes::Scope;

/// The answer if this is a discovery endpoint.
pub(super) fn answer(
    scope: &Scope,
    limits: &Limits,
    method: &Method,
    rest: &[&str],
    parameters: &Parameters,
) -> Option<Result<Response, Failure>> {
    let (base_url, types) = (&scope.base_url, [&*scope.user, &*scope.group]);
    let documents = match *rest.first()? {
        "ServiceProviderConfig" if rest.len() == 1 => {
            Documents::One(scim::discovery::service_provider_config(base_url, &features(scope, limits)))
        }
        "Schemas" => Documents::Many(scim::discovery::schemas(base_url, &types)),
        "ResourceTypes" => Documents::Many(scim::discovery::resource_types(base_url, &types)),
        _ => return None,
    };
    Some(if method != Method::GET && method != Method::HEAD {
        Ok(Response::not_allowed(method, "GET, HEAD"))
    } else if parameters.get("filter").is_some() {
        Err(ScimError::forbidden("Discovery documents cannot be filtered (RFC 7644 §4).").into())
    } else {
        find(documents, rest)
    })
}

fn features(scope: &Scope, limits: &Limits) -> Features {
    let max_results = scope.policy.most_results();
    Features {
        max_results,
        default_results: DEFAULT_COUNT.min(max_results),
        cursor_timeout: CURSOR_LIFE_SECONDS,
        bulk_operations: MOST_OPERATIONS,
        bulk_bytes: limits.body_bytes,
    }
}

enum Documents {
    One(Value),
    Many(Vec<Value>),
}

fn find(documents: Documents, rest: &[&str]) -> Result<Response, Failure> {
    let body = match (documents, rest) {
        (Documents::One(document), _) => document.to_string(),
        (Documents::Many(list), [_]) => {
            let texts: Vec<_> = list.iter().map(Value::to_string).collect();
            scim::list_response(texts.len() as u64, scim::Listed::From(1), &texts)
        }
        (Documents::Many(list), [_, id]) => list
            .into_iter()
            .find(|document| document["id"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(id)))
            .map(|document| document.to_string())
            .ok_or_else(|| ScimError::not_found(format!("There is no discovery document {id:?}.")))?,
        _ => return Err(ScimError::not_found("There is no such discovery document.").into()),
    };
    Ok(Response::of(Reply::ok(body), Vec::new()))
}
