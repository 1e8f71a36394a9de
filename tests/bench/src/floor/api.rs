//! The requests that the bench sends, and no others.

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::TOKEN;
use crate::store::Store;

#[derive(Clone)]
struct Floor {
    store: Store,
    base_url: String,
}

/// What a list is asked with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    filter: Option<String>,
    start_index: Option<u64>,
    count: Option<u64>,
}

/// A refusal: a status and what it is about.
type Refusal = (StatusCode, String);

/// The routes below the base URL.
pub(crate) fn routes(store: Store, base_url: &str) -> Router {
    Router::new()
        .route("/scim/v2/Users", post(create_user).get(list_users))
        .route("/scim/v2/Users/{id}", get(get_user).put(replace_user).patch(patch_user))
        .route("/scim/v2/Groups", post(create_group))
        .route("/scim/v2/Groups/{id}", get(get_group).patch(patch_group))
        .layer(from_fn(check_token))
        .with_state(Floor { store, base_url: base_url.to_owned() })
}

async fn check_token(request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match shown.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(TOKEN) => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn create_user(State(floor): State<Floor>, body: String) -> Result<Response, Refusal> {
    let user = parse(&body)?;
    let user_name = user["userName"].as_str().ok_or_else(|| bad("there is no userName"))?.to_owned();
    let (id, body) = floor.with_id("Users", user)?;
    let location = floor.location("Users", &id);
    let stored = body.clone();
    floor
        .store
        .write(move |connection| {
            connection
                .prepare_cached("INSERT INTO users (id, user_name, body) VALUES (?1, ?2, ?3)")?
                .execute((id, user_name, stored))
        })
        .await
        .map_err(failed)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], scim(body)).into_response())
}

async fn list_users(State(floor): State<Floor>, Query(asked): Query<Asked>) -> Result<Response, Refusal> {
    let (start, count) = (asked.start_index.unwrap_or(1).max(1), asked.count.unwrap_or(100));
    let (total, users) = match &asked.filter {
        Some(filter) => {
            let name = filter.strip_prefix("userName eq \"").and_then(|rest| rest.strip_suffix('"'));
            let name = name.ok_or_else(|| bad("only userName eq is known"))?;
            let found = floor.store.read(|connection| {
                connection
                    .prepare_cached("SELECT body FROM users WHERE user_name = ?1")?
                    .query_row([name], |row| row.get::<_, String>(0))
                    .optional()
            });
            let found: Vec<String> = found.map_err(failed)?.into_iter().collect();
            (found.len() as u64, found)
        }
        None => floor.store.read(|connection| page(connection, start, count)).map_err(failed)?,
    };
    let body = format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{total},"startIndex":{start},"itemsPerPage":{},"Resources":[{}]}}"#,
        users.len(),
        users.join(","),
    );
    Ok(scim(body).into_response())
}

/// Counts and skips in indexes, not in the rows.
fn page(connection: &Connection, start: u64, count: u64) -> rusqlite::Result<(u64, Vec<String>)> {
    let total = connection.prepare_cached("SELECT count(*) FROM users")?.query_row([], |row| row.get(0))?;
    let mut select = connection.prepare_cached(
        "SELECT body FROM users WHERE rowid IN (SELECT rowid FROM users ORDER BY user_name LIMIT ?1 OFFSET ?2)",
    )?;
    let users = select.query_map([count, start - 1], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok((total, users))
}

async fn get_user(State(floor): State<Floor>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let found = floor.store.read(|connection| body_of(connection, "SELECT body FROM users WHERE id = ?1", &id));
    Ok(scim(found.map_err(failed)?.ok_or_else(not_found)?).into_response())
}

async fn replace_user(State(floor): State<Floor>, Path(id): Path<String>, body: String) -> Result<Response, Refusal> {
    let mut user = parse(&body)?;
    floor.identify("Users", &id, &mut user);
    let user_name = user["userName"].as_str().ok_or_else(|| bad("there is no userName"))?.to_owned();
    let body = user.to_string();
    let stored = body.clone();
    let changed = floor.store.write(move |connection| {
        connection
            .prepare_cached("UPDATE users SET user_name = ?2, body = ?3 WHERE id = ?1")?
            .execute((id, user_name, stored))
    });
    if changed.await.map_err(failed)? == 0 { Err(not_found()) } else { Ok(scim(body).into_response()) }
}

/// Every operation is a `replace` without a path.
async fn patch_user(State(floor): State<Floor>, Path(id): Path<String>, body: String) -> Result<Response, Refusal> {
    let request = parse(&body)?;
    let patched = floor.store.write(move |connection| {
        let Some(stored) = body_of(connection, "SELECT body FROM users WHERE id = ?1", &id)? else { return Ok(None) };
        let mut user: Value = serde_json::from_str(&stored).map_err(unreadable)?;
        for operation in request["Operations"].as_array().into_iter().flatten() {
            for (name, value) in operation["value"].as_object().into_iter().flatten() {
                user[name] = value.clone();
            }
        }
        let body = user.to_string();
        connection.prepare_cached("UPDATE users SET body = ?2 WHERE id = ?1")?.execute((&id, &body))?;
        Ok(Some(body))
    });
    Ok(scim(patched.await.map_err(failed)?.ok_or_else(not_found)?).into_response())
}

async fn create_group(State(floor): State<Floor>, body: String) -> Result<Response, Refusal> {
    let mut group = parse(&body)?;
    let members = group.as_object_mut().and_then(|group| group.remove("members")).unwrap_or_default();
    let (id, body) = floor.with_id("Groups", group)?;
    let stored = body.clone();
    let written = floor.store.write(move |connection| {
        connection.prepare_cached("INSERT INTO groups (id, body) VALUES (?1, ?2)")?.execute((&id, stored))?;
        add_members(connection, &id, &members)
    });
    written.await.map_err(failed)?;
    Ok((StatusCode::CREATED, scim(body)).into_response())
}

async fn get_group(State(floor): State<Floor>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let found = floor.store.read(|connection| {
        let Some(body) = body_of(connection, "SELECT body FROM groups WHERE id = ?1", &id)? else { return Ok(None) };
        let mut group: Value = serde_json::from_str(&body).map_err(unreadable)?;
        let mut select = connection.prepare_cached("SELECT value FROM members WHERE \"group\" = ?1")?;
        let members = select.query_map([&id], |row| Ok(json!({ "value": row.get::<_, String>(0)? })))?;
        group["members"] = members.collect::<Result<_, _>>()?;
        Ok(Some(group.to_string()))
    });
    Ok(scim(found.map_err(failed)?.ok_or_else(not_found)?).into_response())
}

/// Adds members, or removes those that `members[value eq "…"]` names. Answers without them, which is how the bench asks for it.
async fn patch_group(State(floor): State<Floor>, Path(id): Path<String>, body: String) -> Result<Response, Refusal> {
    let request = parse(&body)?;
    let patched = floor.store.write(move |connection| {
        let Some(body) = body_of(connection, "SELECT body FROM groups WHERE id = ?1", &id)? else { return Ok(None) };
        for operation in request["Operations"].as_array().into_iter().flatten() {
            let path = operation["path"].as_str().unwrap_or_default();
            match path.strip_prefix("members[value eq \"").and_then(|rest| rest.strip_suffix("\"]")) {
                Some(member) => {
                    connection
                        .prepare_cached("DELETE FROM members WHERE \"group\" = ?1 AND value = ?2")?
                        .execute((&id, member))?;
                }
                None => add_members(connection, &id, &operation["value"])?,
            }
        }
        Ok(Some(body))
    });
    Ok(scim(patched.await.map_err(failed)?.ok_or_else(not_found)?).into_response())
}

fn add_members(connection: &Connection, group: &str, members: &Value) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO members (\"group\", value) VALUES (?1, ?2)")?;
    for member in members.as_array().into_iter().flatten() {
        insert.execute((group, member["value"].as_str()))?;
    }
    Ok(())
}

fn body_of(connection: &Connection, select: &str, id: &str) -> rusqlite::Result<Option<String>> {
    connection.prepare_cached(select)?.query_row([id], |row| row.get(0)).optional()
}

impl Floor {
    /// Gives the resource an id; returns it and the JSON that is stored.
    fn with_id(&self, kind: &str, mut resource: Value) -> Result<(String, String), Refusal> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| failed(error.to_string()))?;
        let id = format!("{:032x}", u128::from_be_bytes(bytes));
        self.identify(kind, &id, &mut resource);
        Ok((id, resource.to_string()))
    }

    fn identify(&self, kind: &str, id: &str, resource: &mut Value) {
        resource["id"] = json!(id);
        resource["meta"] = json!({ "resourceType": kind.trim_end_matches('s'), "location": self.location(kind, id) });
    }

    fn location(&self, kind: &str, id: &str) -> String {
        format!("{}/{kind}/{id}", self.base_url)
    }
}

fn scim(body: String) -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/scim+json"));
    (headers, body)
}

fn parse(body: &str) -> Result<Value, Refusal> {
    let value: Value = serde_json::from_str(body).map_err(|error| bad(&error.to_string()))?;
    if value.is_object() { Ok(value) } else { Err(bad("the body is not an object")) }
}

fn unreadable(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

fn bad(detail: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, detail.to_owned())
}

fn failed(detail: String) -> Refusal {
    (StatusCode::INTERNAL_SERVER_ERROR, detail)
}

fn not_found() -> Refusal {
    (StatusCode::NOT_FOUND, "there is no such resource".to_owned())
}
