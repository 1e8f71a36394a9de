//! Tables `api_calls` and `app_reads`, in the other database: what the software under test asked for.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_optional, run};
use crate::clock::{Millis, rfc3339};
use crate::model::{ApiCall, ApiCallDetail, ApiCallId, ApiKeyId, DirectoryKey, EnvironmentId};

/// How many requests of each environment are kept, and as many with keys that nobody knows.
const KEPT: u32 = 1_000;

const COLUMNS: &str =
    "id, nullif(environment, ''), api_key, at, method, target, status, duration, client, error, has_key";

/// A request that was answered.
#[derive(Clone, Debug)]
pub(crate) struct NewApiCall {
    pub(crate) environment: Option<EnvironmentId>,
    pub(crate) api_key: Option<ApiKeyId>,
    /// Whether there was a key, whoever knows it.
    pub(crate) has_key: bool,
    /// Whose people the answer has.
    pub(crate) directories: BTreeSet<DirectoryKey>,
    /// Whether the key was accepted.
    pub(crate) is_accepted: bool,
    pub(crate) at: Millis,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) duration_micros: u64,
    pub(crate) client: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) messages: ApiCallMessages,
}

/// What a list does not show of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiCallMessages {
    pub(crate) request_headers: Vec<(String, String)>,
    pub(crate) response_headers: Vec<(String, String)>,
    pub(crate) response_body: String,
    pub(crate) response_bytes: u64,
}

/// Stores requests, lets the oldest go, and returns their rows.
pub(crate) fn insert(c: &Connection, calls: &[NewApiCall]) -> Result<Vec<ApiCall>> {
    let mut rows = Vec::with_capacity(calls.len());
    for call in calls {
        let environment = call.environment.as_deref().unwrap_or_default();
        let NewApiCall { api_key, at, method, target, status, duration_micros, client, error, .. } = call;
        let sql =
            "INSERT INTO api_calls (environment, api_key, at, method, target, status, duration, client, error, detail, has_key, directories)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let directories = serde_json::to_string(&call.directories)?;
        let detail = serde_json::to_string(&call.messages)?;
        execute(
            c,
            sql,
            params![
                environment,
                api_key,
                at,
                method,
                target,
                status,
                duration_micros,
                client,
                error,
                detail,
                call.has_key,
                directories
            ],
        )?;
        rows.push(ApiCall {
            id: ApiCallId(c.last_insert_rowid()),
            environment_id: call.environment.clone(),
            api_key_id: api_key.clone(),
            has_key: call.has_key,
            at: rfc3339(*at),
            method: method.clone(),
            target: target.clone(),
            status: *status,
            duration_micros: *duration_micros,
            client: client.clone(),
            error: error.clone(),
        });
        if let Some(key) = api_key.as_ref().filter(|_| call.is_accepted) {
            let sql = "INSERT INTO api_key_uses (id, last_used_at) VALUES (?1, ?2)
                       ON CONFLICT DO UPDATE SET last_used_at = max(last_used_at, excluded.last_used_at)";
            execute(c, sql, params![key, at])?;
        }
        for directory in &call.directories {
            let sql = "INSERT INTO app_reads (directory, at) VALUES (?1, ?2)
                       ON CONFLICT DO UPDATE SET at = max(at, excluded.at)";
            execute(c, sql, params![directory, at])?;
        }
        let sql = "DELETE FROM api_calls WHERE environment = ?1 AND id <=
                   (SELECT id FROM api_calls WHERE environment = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
        execute(c, sql, params![environment, KEPT])?;
    }
    Ok(rows)
}

/// The requests of an environment and those with keys that nobody knows, the newest first.
pub(crate) fn page(
    c: &Connection,
    environment: &EnvironmentId,
    before: Option<ApiCallId>,
    limit: u32,
) -> Result<Vec<ApiCall>> {
    // Each from its end of the index, and never more than what is shown.
    let some = "SELECT * FROM (SELECT * FROM api_calls WHERE environment = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3)";
    let sql =
        format!("SELECT {COLUMNS} FROM ({some} UNION ALL {}) ORDER BY id DESC LIMIT ?3", some.replace("= ?1", "= ''"));
    let before = before.unwrap_or(ApiCallId(i64::MAX));
    fetch_all(c, &sql, params![environment, before, limit], read_row)
}

/// When people of a directory were in an answer for the last time.
pub(crate) fn last_read(c: &Connection, directory: DirectoryKey) -> Result<Option<Millis>> {
    fetch_optional(c, "SELECT at FROM app_reads WHERE directory = ?1", [directory], |row| row.get(0))
}

/// A request with its answer.
pub(crate) fn by_id(c: &Connection, id: ApiCallId) -> Result<Option<ApiCallDetail>> {
    fetch_optional(c, &format!("SELECT {COLUMNS}, detail FROM api_calls WHERE id = ?1"), [id], |row| {
        let Json(messages) = row.get(11)?;
        let ApiCallMessages { request_headers, response_headers, response_body, response_bytes } = messages;
        let call = read_row(row)?;
        Ok(ApiCallDetail { call, request_headers, response_headers, response_body, response_bytes })
    })
}

/// Deletes the requests of an environment and those with keys that nobody knows.
pub(crate) fn delete_of(c: &Connection, environment: &EnvironmentId) -> Result<()> {
    execute(c, "DELETE FROM api_calls WHERE environment IN (?1, '')", [environment])
}

/// Deletes the requests that came before `time`, and returns how many there were.
pub(crate) fn delete_older(c: &Connection, time: Millis) -> Result<usize> {
    run(c, "DELETE FROM api_calls WHERE at < ?1", [time])
}

/// Lets go of what is kept of environments, directories and keys that are gone. The ids of those that are there, and of directories their keys,
/// are JSON arrays.
pub(crate) fn forget_missing(c: &Connection, environments: &str, directories: &str, keys: &str) -> Result<()> {
    let of_missing = "DELETE FROM api_calls WHERE directories <> '[]' AND EXISTS
                        (SELECT 1 FROM json_each(directories) d WHERE d.value NOT IN (SELECT value FROM json_each(?1)))";
    execute(c, of_missing, [directories])?;
    execute(c, "DELETE FROM app_reads WHERE directory NOT IN (SELECT value FROM json_each(?1))", [directories])?;
    let missing = "NOT IN (SELECT value FROM json_each(?1))";
    execute(c, &format!("DELETE FROM api_calls WHERE environment <> '' AND environment {missing}"), [environments])?;
    execute(c, &format!("DELETE FROM api_key_uses WHERE id {missing}"), [keys])
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<ApiCall> {
    Ok(ApiCall {
        id: row.get(0)?,
        environment_id: row.get(1)?,
        api_key_id: row.get(2)?,
        at: rfc3339(row.get(3)?),
        method: row.get(4)?,
        target: row.get(5)?,
        status: row.get(6)?,
        duration_micros: row.get(7)?,
        client: row.get(8)?,
        error: row.get(9)?,
        has_key: row.get(10)?,
    })
}
