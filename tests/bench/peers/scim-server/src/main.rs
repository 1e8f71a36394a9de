//! The crate scim-server with its storage in memory, behind axum. The resources are the crate's; here is only what it leaves to its users,
//! HTTP and the list message.
//!
//! Prints one line of JSON once it serves: `{"scimBaseUrl": "…", "bearerToken": "…"}`.

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use scim_server::ResourceProvider;
use scim_server::providers::StandardResourceProvider;
use scim_server::resource::versioned::VersionedResource;
use scim_server::storage::InMemoryStorage;
use scim_server::{ListQuery, RequestContext};
use serde_json::{Value, json};

const TOKEN: &str = "bench";

type Provider = Arc<StandardResourceProvider<InMemoryStorage>>;
type Parameters = std::collections::HashMap<String, String>;
/// A refusal: a status and what it is about.
type Refusal = (StatusCode, String);

#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let provider: Provider = Arc::new(StandardResourceProvider::new(InMemoryStorage::new()));
    let routes = Router::new()
        .route("/scim/{kind}", post(create).get(list))
        .route("/scim/{kind}/{id}", get(read).put(replace).patch(patch))
        .layer(from_fn(check_token))
        .with_state(provider);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/scim", listener.local_addr()?);
    println!("{}", json!({ "scimBaseUrl": base_url, "bearerToken": TOKEN }));
    axum::serve(listener.tap_io(|stream| drop(stream.set_nodelay(true))), routes).await
}

async fn check_token(request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match shown.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(TOKEN) => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn create(State(all): State<Provider>, Path(kind): Path<String>, body: String) -> Result<Response, Refusal> {
    let created = all.create_resource(singular(&kind), parse(&body)?, &context()).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(shown(&created)?)).into_response())
}

async fn list(
    State(all): State<Provider>,
    Path(kind): Path<String>,
    Query(asked): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let kind = singular(&kind);
    let number = |name: &str| asked.get(name).and_then(|number| number.parse().ok());
    let (found, total) = match asked.get("filter") {
        Some(filter) => {
            let name = filter.strip_prefix("userName eq \"").and_then(|rest| rest.strip_suffix('"'));
            let name = name.ok_or((StatusCode::BAD_REQUEST, "only userName eq is known".to_owned()))?;
            let found = all.find_resources_by_attribute(kind, "userName", name, &context()).await.map_err(failed)?;
            let total = found.len();
            (found, total)
        }
        None => {
            let (start_index, count) = (number("startIndex"), number("count"));
            let query = ListQuery { start_index, count, ..ListQuery::default() };
            let found = all.list_resources(kind, Some(&query), &context()).await.map_err(failed)?;
            (found, all.get_stats().await.total_resources)
        }
    };
    let resources = found.iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": number("startIndex").unwrap_or(1),
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })))
}

async fn read(State(all): State<Provider>, Path((kind, id)): Path<(String, String)>) -> Result<Json<Value>, Refusal> {
    let found = all.get_resource(singular(&kind), &id, &context()).await.map_err(failed)?;
    let found = found.ok_or((StatusCode::NOT_FOUND, "there is no such resource".to_owned()))?;
    Ok(Json(shown(&found)?))
}

async fn replace(
    State(all): State<Provider>,
    Path((kind, id)): Path<(String, String)>,
    body: String,
) -> Result<Json<Value>, Refusal> {
    let replaced = all.update_resource(singular(&kind), &id, parse(&body)?, None, &context()).await.map_err(failed)?;
    Ok(Json(shown(&replaced)?))
}

async fn patch(
    State(all): State<Provider>,
    Path((kind, id)): Path<(String, String)>,
    body: String,
) -> Result<Json<Value>, Refusal> {
    let patched = all.patch_resource(singular(&kind), &id, &parse(&body)?, None, &context()).await.map_err(failed)?;
    Ok(Json(shown(&patched)?))
}

fn singular(kind: &str) -> &str {
    kind.trim_end_matches('s')
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}

fn shown(resource: &VersionedResource) -> Result<Value, Refusal> {
    resource.resource().to_json().map_err(failed)
}

fn parse(body: &str) -> Result<Value, Refusal> {
    serde_json::from_str(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

fn failed(error: impl std::fmt::Display) -> Refusal {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
