//! How values stand in columns.

use std::borrow::Cow;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;

use super::Result;
use crate::model::{
    Actor, ApiCallId, ApiKeyId, ChangeKind, ChangeSeq, DeliveryId, DeliveryState, DirectoryId, DirectoryKey,
    EnvironmentId, ExchangeId, OrganizationId, ResourceKey, ResourceKind, ResourceState, TokenForwarding,
    WebhookDisabledBecause, WebhookId,
};

/// Lets an enum stand in a column as a word, and refuses every other word.
macro_rules! words {
    ($type:ty: $($value:path => $word:literal,)+) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(match self { $($value => $word,)+ }.into())
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok($value),)+
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }
    };
}

/// How the kind of a resource stands in a column.
pub(super) fn word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "user",
        ResourceKind::Group => "group",
    }
}

/// The kind of a resource, in a column.
pub(super) struct Kind(pub(super) ResourceKind);

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "user" => Ok(Self(ResourceKind::User)),
            "group" => Ok(Self(ResourceKind::Group)),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// What a column has as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

words!(ResourceState:
    ResourceState::Active => "active",
    ResourceState::Deactivated => "deactivated",
    ResourceState::Deleted => "deleted",
);

words!(TokenForwarding:
    TokenForwarding::PassOn => "passOn",
    TokenForwarding::Replace => "replace",
);

words!(ChangeKind:
    ChangeKind::Created => "created",
    ChangeKind::Updated => "updated",
    ChangeKind::Deactivated => "deactivated",
    ChangeKind::Reactivated => "reactivated",
    ChangeKind::MembersChanged => "membersChanged",
    ChangeKind::Deleted => "deleted",
);

words!(DeliveryState:
    DeliveryState::Waiting => "waiting",
    DeliveryState::Delivered => "delivered",
    DeliveryState::Failed => "failed",
);

words!(WebhookDisabledBecause:
    WebhookDisabledBecause::Person => "person",
    WebhookDisabledBecause::Gone => "gone",
    WebhookDisabledBecause::Failing => "failing",
);

/// Lets an id stand in a column as the number or text that it is.
macro_rules! ids {
    ($($id:ident),+) => {$(
        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                FromSql::column_result(value).map(Self)
            }
        }

        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                id.0.into()
            }
        }
    )+};
}

impl ToSql for Actor {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.stored() {
            Cow::Borrowed(word) => word.into(),
            Cow::Owned(word) => word.into(),
        })
    }
}

impl FromSql for Actor {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        // A later version may know more of them; a list does not go dark for it.
        value.as_str().map(Self::from_stored)
    }
}

ids!(
    ApiCallId,
    ApiKeyId,
    ChangeSeq,
    DeliveryId,
    DirectoryId,
    DirectoryKey,
    EnvironmentId,
    ExchangeId,
    OrganizationId,
    ResourceKey,
    WebhookId
);

/// Runs a statement that reads nothing, and returns how many rows it changed. As the functions below, it prepares each statement once for
/// a connection.
pub(super) fn run(c: &Connection, sql: &str, values: impl Params) -> Result<usize> {
    Ok(c.prepare_cached(sql)?.execute(values)?)
}

/// The same where nobody asks how many.
pub(super) fn execute(c: &Connection, sql: &str, values: impl Params) -> Result<()> {
    run(c, sql, values).map(drop)
}

/// The first row, which there always is.
pub(super) fn fetch_one<T>(
    c: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T> {
    Ok(c.prepare_cached(sql)?.query_row(values, read)?)
}

/// The first row, if there is one.
pub(super) fn fetch_optional<T>(
    c: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    Ok(c.prepare_cached(sql)?.query_row(values, read).optional()?)
}

/// All rows.
pub(super) fn fetch_all<T, C: FromIterator<T>>(
    c: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<C> {
    Ok(c.prepare_cached(sql)?.query_map(values, read)?.collect::<Result<_, _>>()?)
}

/// SQLite's integers are signed; nobody has that many users.
pub(super) fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How SQLite would run a query: a line for each table.
#[cfg(test)]
pub(super) fn plan(store: &super::Store, sql: &str) -> String {
    let plan = store.read_with_requests(|c| {
        let mut statement = c.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let rows = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        Ok::<_, super::StoreError>(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
    });
    plan.expect("a plan")
}
