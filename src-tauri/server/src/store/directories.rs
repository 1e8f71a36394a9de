//! Table `directories`.

use rusqlite::{Connection, Row, ToSql, params};
use scim::{Policy, comparison_key};

use super::Result;
use super::sql::{Json, execute, fetch_all, fetch_one, fetch_optional};
use crate::clock::{Millis, rfc3339};
use crate::facts::earlier;
use crate::model::{
    Actor, Contents, Counts, DatedText, DeclaredSchema, Directory, DirectoryId, DirectoryKey, DirectoryProvider,
    EnvironmentId, FormerUrl, Forwarding, GuideTrackId, LastRequest, OrganizationId, Rejected, TokenForwarding,
    TokenInfo,
};

/// What a request needs to know of its directory.
pub(crate) struct DirectoryRow {
    pub(crate) key: DirectoryKey,
    pub(crate) id: DirectoryId,
    pub(crate) name: String,
    pub(crate) policy: Policy,
    pub(crate) schemas: Vec<DeclaredSchema>,
    /// Of its organization.
    pub(crate) email_domains: Vec<String>,
    /// Of its environment.
    pub(crate) public_url: Option<String>,
    pub(crate) forwarding: Option<StoredForwarding>,
}

/// Where the requests of a directory are passed on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredForwarding {
    /// The base URL, without a trailing slash.
    pub(crate) to: String,
    pub(crate) token: TokenForwarding,
}

/// A directory as it was made and set, without what came of it.
#[derive(Clone, Debug)]
pub(crate) struct StoredDirectory {
    pub(crate) id: DirectoryId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) name: String,
    pub(crate) is_primary: bool,
    pub(crate) is_demo: bool,
    pub(crate) policy: Policy,
    pub(crate) schemas: Vec<DeclaredSchema>,
    /// `None`: it answers itself.
    pub(crate) forwarding: Option<StoredForwarding>,
}

/// What a directory is told with that no database holds.
pub(crate) struct DirectoryContext<'a> {
    /// Stands in where an environment has no public URL.
    pub(crate) local_url: &'a str,
    /// The rule that says whose a directory is: from the track that a person chose, the clients that were seen, the first of them first,
    /// and its name.
    pub(crate) provider_of: fn(Option<GuideTrackId>, &[Actor], &str) -> DirectoryProvider,
    /// Whether the token is known that goes to the server which a directory passes requests on to.
    pub(crate) has_forwarded_token: &'a dyn Fn(&DirectoryId, &str) -> bool,
}

/// Of both databases.
const COLUMNS: &str = "d.id, d.organization_id, d.name, d.is_primary, d.policy, d.created_at, ifnull(u.active + u.deactivated, 0), ifnull(u.active, 0),
     ifnull(g.active, 0), ifnull(a.exchange_count, 0), ifnull(a.error_count, 0), a.last_request_at, a.last_request_status,
     ifnull(a.rejected_count, 0), a.rejected_since, a.rejected_reason, e.public_url, t.last_four, t.created_at, n.last_used_at,
     EXISTS (SELECT 1 FROM tokens r WHERE r.directory = d.key AND r.retired_at IS NOT NULL), d.schemas,
     (SELECT track FROM guide_tracks WHERE directory = d.key),
     (SELECT json_group_array(who) FROM (SELECT s.who FROM sightings s WHERE s.directory = d.key ORDER BY s.first_id)),
     ifnull(a.write_count, 0), ifnull(a.note_count, 0), f.url, f.since, d.is_demo, a.rejected_verdict,
     (SELECT json_group_array(json_object('resources', json(resources))) FROM (
        SELECT json_group_array(json_object('id', r.id, 'kind', r.kind, 'name', iif(r.kind = 'user', r.user_name, r.name)) ORDER BY r.key) AS resources
        FROM name_collisions c JOIN resources r ON r.directory = c.directory AND r.kind = c.kind AND r.lookup_key = c.lookup_key AND r.state <> 'deleted'
        WHERE c.directory = d.key GROUP BY c.kind, c.lookup_key HAVING count(*) > 1 ORDER BY c.kind DESC, c.lookup_key)), a.rejected_exchange,
     a.rejected_last_four, a.misaddressed, ifnull(a.let_go, 0),
     ifnull((SELECT requests FROM kept WHERE directory = d.key AND sender = 4), 0), d.forward_to, d.forward_token
     FROM directories d JOIN organizations o ON o.id = d.organization_id JOIN environments e ON e.id = o.environment_id
     LEFT JOIN tokens t ON t.directory = d.key AND t.retired_at IS NULL LEFT JOIN token_uses n ON n.hash = t.hash
     LEFT JOIN former_urls f ON f.directory = d.key LEFT JOIN activity a ON a.directory = d.key
     LEFT JOIN listing_counts u ON u.directory = d.key AND u.kind = 'user'
     LEFT JOIN listing_counts g ON g.directory = d.key AND g.kind = 'group'";

/// Stores one that is new at `now`, or what one has become, and returns its key. Any other Primary of its organization stops being one.
pub(crate) fn save(c: &Connection, directory: &StoredDirectory, now: Millis) -> Result<DirectoryKey> {
    let StoredDirectory { id, organization_id, name, is_primary, is_demo, policy, schemas, forwarding } = directory;
    if *is_primary {
        let sql = "UPDATE directories SET is_primary = 0 WHERE organization_id = ?1 AND id <> ?2";
        execute(c, sql, params![organization_id, id])?;
    }
    let sql = "INSERT INTO directories (id, organization_id, name, name_key, is_primary, policy, schemas, created_at, is_demo, forward_to, forward_token)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
               ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id, name = excluded.name, name_key = iif(excluded.name = name, name_key, excluded.name_key), is_primary = excluded.is_primary,
               is_demo = excluded.is_demo, policy = excluded.policy, schemas = excluded.schemas, forward_to = excluded.forward_to, forward_token = excluded.forward_token
               RETURNING key";
    let (policy, schemas) = (serde_json::to_string(policy)?, serde_json::to_string(schemas)?);
    let name_key = comparison_key(name);
    let (forward_to, forward_token) = (
        forwarding.as_ref().map(|forwarding| &forwarding.to),
        forwarding.as_ref().map(|forwarding| forwarding.token).unwrap_or_default(),
    );
    let values = params![
        id,
        organization_id,
        name,
        name_key,
        is_primary,
        policy,
        schemas,
        now,
        is_demo,
        forward_to,
        forward_token,
    ];
    fetch_one(c, sql, values, |row| row.get(0))
}

/// Puts a directory that has nothing yet in the place of one: with its id and settings, its tokens, what a person chose as its guide, and what
/// its provider has as its base URL. What it had goes with its key, wherever that stands.
pub(crate) fn renew(c: &Connection, id: &DirectoryId) -> Result<()> {
    let sql = "SELECT key, name_key, is_primary FROM directories WHERE id = ?1";
    let (former, name_key, is_primary): (DirectoryKey, String, bool) = fetch_one(c, sql, [id], |row| row.try_into())?;
    // What is unique of it is free.
    let sql = "UPDATE directories SET id = '/' || id, name_key = '/' || id, is_primary = 0 WHERE key = ?1";
    execute(c, sql, [former])?;
    let sql = "INSERT INTO directories (id, organization_id, name, name_key, is_primary, policy, schemas, created_at, is_demo, forward_to, forward_token)
               SELECT ?2, organization_id, name, ?3, ?4, policy, schemas, created_at, is_demo, forward_to, forward_token FROM directories WHERE key = ?1 RETURNING key";
    let key: DirectoryKey = fetch_one(c, sql, params![former, id, name_key, is_primary], |row| row.get(0))?;
    for table in ["tokens", "guide_tracks", "former_urls"] {
        execute(c, &format!("UPDATE {table} SET directory = ?1 WHERE directory = ?2"), params![key, former])?;
    }
    execute(c, "DELETE FROM directories WHERE key = ?1", [former])
}

/// Makes the oldest directory of an organization Primary if none is.
pub(crate) fn ensure_primary(c: &Connection, organization: &OrganizationId) -> Result<()> {
    let sql = "UPDATE directories SET is_primary = 1
               WHERE key = (SELECT min(key) FROM directories WHERE organization_id = ?1 HAVING NOT max(is_primary))";
    execute(c, sql, [organization])
}

pub(crate) fn delete(c: &Connection, id: &DirectoryId) -> Result<()> {
    execute(c, "DELETE FROM directories WHERE id = ?1", [id])
}

/// The directory with this id, as it was made and set.
pub(crate) fn stored(c: &Connection, id: &DirectoryId) -> Result<Option<StoredDirectory>> {
    let sql = "SELECT id, organization_id, name, is_primary, is_demo, policy, schemas, forward_to, forward_token
               FROM directories WHERE id = ?1";
    let read = |row: &Row<'_>| {
        let (id, organization_id, name, is_primary, is_demo, Json(policy), Json(schemas)) = row.try_into()?;
        let forwarding = forwarding(row, 7)?;
        Ok(StoredDirectory { id, organization_id, name, is_primary, is_demo, policy, schemas, forwarding })
    };
    fetch_optional(c, sql, [id], read)
}

/// All, Primary first, then by name. Reads both databases, as does [`by_key`].
pub(crate) fn all(c: &Connection, context: &DirectoryContext<'_>) -> Result<Vec<Directory>> {
    fetch_all(c, &format!("SELECT {COLUMNS} ORDER BY d.is_primary DESC, d.name_key, d.key"), [], |row| {
        read_row(row, context)
    })
}

pub(crate) fn by_key(c: &Connection, key: DirectoryKey, context: &DirectoryContext<'_>) -> Result<Option<Directory>> {
    let sql = format!("SELECT {COLUMNS} WHERE d.key = ?1");
    fetch_optional(c, &sql, [key], |row| read_row(row, context))
}

/// All, as requests need them.
pub(crate) fn rows(c: &Connection) -> Result<Vec<DirectoryRow>> {
    let sql = "SELECT d.key, d.id, d.name, d.policy, e.public_url, d.schemas, o.email_domains, d.forward_to, d.forward_token
               FROM directories d JOIN organizations o ON o.id = d.organization_id JOIN environments e ON e.id = o.environment_id";
    let read = |row: &Row<'_>| {
        let (key, id, name, Json(policy), public_url, Json(schemas), Json(email_domains)) = row.try_into()?;
        let forwarding = forwarding(row, 7)?;
        Ok(DirectoryRow { key, id, name, policy, schemas, email_domains, public_url, forwarding })
    };
    fetch_all(c, sql, [], read)
}

/// The key of the directory with this id.
pub(crate) fn key(c: &Connection, id: &DirectoryId) -> Result<Option<DirectoryKey>> {
    let sql = "SELECT key FROM directories WHERE id = ?1";
    fetch_optional(c, sql, [id], |row| row.get(0))
}

/// The id of an organization's directory with this name, whatever the letter case.
pub(crate) fn id_by_name(c: &Connection, organization: &OrganizationId, name: &str) -> Result<Option<DirectoryId>> {
    let sql = "SELECT id FROM directories WHERE organization_id = ?1 AND name_key = ?2";
    fetch_optional(c, sql, params![organization, comparison_key(name)], |row| row.get(0))
}

/// Whether a directory with this key is in an environment.
pub(crate) fn is_in(c: &Connection, environment: &EnvironmentId, key: DirectoryKey) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM directories d JOIN organizations o ON o.id = d.organization_id WHERE d.key = ?1 AND o.environment_id = ?2)";
    fetch_one(c, sql, params![key, environment], |row| row.get(0))
}

/// The environment of a directory.
pub(crate) fn environment_of(c: &Connection, id: &DirectoryId) -> Result<Option<EnvironmentId>> {
    let sql =
        "SELECT o.environment_id FROM directories d JOIN organizations o ON o.id = d.organization_id WHERE d.id = ?1";
    fetch_optional(c, sql, [id], |row| row.get(0))
}

/// The Primary directory of an organization.
pub(crate) fn primary_of(c: &Connection, organization: &OrganizationId) -> Result<Option<DirectoryId>> {
    let sql = "SELECT id FROM directories WHERE organization_id = ?1 AND is_primary = 1";
    fetch_optional(c, sql, [organization], |row| row.get(0))
}

/// The directories of an environment, Primary ones first.
pub(crate) fn of_environment(c: &Connection, environment: &EnvironmentId) -> Result<Vec<DirectoryId>> {
    let sql = "SELECT d.id FROM directories d JOIN organizations o ON o.id = d.organization_id
               WHERE o.environment_id = ?1 ORDER BY d.is_primary DESC, d.key";
    fetch_all(c, sql, [environment], |row| row.get(0))
}

/// Whether an organization has no directory yet.
pub(crate) fn is_first(c: &Connection, organization: &OrganizationId) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM directories WHERE organization_id = ?1)";
    fetch_one(c, sql, [organization], |row| row.get(0))
}

/// What the directories hold that meet `condition`, in which `?1` is `id`. Reads both databases.
pub(super) fn contents(c: &Connection, condition: &str, id: &dyn ToSql) -> Result<Contents> {
    let sql = format!(
        "WITH those AS (SELECT key FROM directories WHERE {condition})
         SELECT (SELECT count(*) FROM those),
           (SELECT ifnull(sum(active + deactivated), 0) FROM listing_counts WHERE kind = 'user' AND directory IN those),
           (SELECT ifnull(sum(active), 0) FROM listing_counts WHERE kind = 'group' AND directory IN those),
           (SELECT ifnull(sum(exchange_count), 0) FROM activity WHERE directory IN those)"
    );
    let read = |row: &Row<'_>| {
        let (directories, users, groups, exchanges) = row.try_into()?;
        Ok(Contents { organizations: 0, directories, users, groups, exchanges })
    };
    fetch_one(c, &sql, [id], read)
}

/// What goes with a directory.
pub(crate) fn contents_of(c: &Connection, id: &DirectoryId) -> Result<Contents> {
    Ok(Contents { directories: 0, ..contents(c, "id = ?1", id)? })
}

fn read_row(row: &Row<'_>, context: &DirectoryContext<'_>) -> rusqlite::Result<Directory> {
    let id: DirectoryId = row.get(0)?;
    let name: String = row.get(2)?;
    let public_url: Option<String> = row.get(16)?;
    let chosen: Option<Json<_>> = row.get(22)?;
    let Json::<Vec<String>>(clients) = row.get(23)?;
    let clients: Vec<Actor> = clients.iter().map(|word| Actor::from_stored(word)).collect();
    let base_url = format!("{}/scim/v2/{id}", public_url.as_deref().unwrap_or(context.local_url));
    let token = match row.get::<_, Option<String>>(17)? {
        Some(last_four) => Some(TokenInfo {
            last_four,
            created_at: rfc3339(row.get(18)?),
            last_used_at: row.get::<_, Option<i64>>(19)?.map(rfc3339),
            is_rotated: row.get(20)?,
        }),
        None => None,
    };
    let last_request = match (row.get::<_, Option<i64>>(11)?, row.get::<_, Option<u16>>(12)?) {
        (Some(at), Some(status)) => Some(LastRequest { at: rfc3339(at), status }),
        _ => None,
    };
    let rejected = match (row.get::<_, u64>(13)?, row.get::<_, Option<i64>>(14)?) {
        (count @ 1.., Some(since)) => Some(Rejected {
            count,
            since: rfc3339(since),
            reason: row.get::<_, Option<String>>(15)?.map(stored_reason).unwrap_or_default(),
            verdict: row.get::<_, Option<Json<_>>>(29)?.map(|Json(verdict)| verdict),
            exchange_id: row.get(31)?,
            last_four: row.get(32)?,
        }),
        _ => None,
    };
    let former_url = match row.get::<_, Option<String>>(26)? {
        Some(origin) => Some(FormerUrl { base_url: format!("{origin}/scim/v2/{id}"), since: rfc3339(row.get(27)?) }),
        None => None,
    };
    let forwarding = forwarding(row, 36)?.map(|StoredForwarding { to, token }| Forwarding {
        is_token_missing: token == TokenForwarding::Replace && !(context.has_forwarded_token)(&id, &to),
        to,
        token,
    });
    Ok(Directory {
        id,
        forwarding,
        organization_id: row.get(1)?,
        provider: (context.provider_of)(chosen.map(|Json(track)| track), &clients, &name),
        name,
        is_primary: row.get(3)?,
        is_demo: row.get(28)?,
        policy: row.get::<_, Json<_>>(4)?.0,
        schemas: row.get::<_, Json<_>>(21)?.0,
        base_url,
        base_url_is_local: public_url.is_none(),
        former_url,
        token,
        counts: Counts {
            users: row.get(6)?,
            active_users: row.get(7)?,
            groups: row.get(8)?,
            exchanges: row.get(9)?,
            errors: row.get(10)?,
            writes: row.get(24)?,
            notes: row.get(25)?,
            let_go: row.get(34)?,
            pinned: row.get(35)?,
        },
        created_at: rfc3339(row.get(5)?),
        last_request,
        rejected,
        misaddressed: row.get::<_, Option<Json<_>>>(33)?.map(|Json(misaddressed)| misaddressed),
        name_collisions: row.get::<_, Json<_>>(30)?.0,
    })
}

/// Where requests are passed on to, from this column and the next one.
fn forwarding(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<StoredForwarding>> {
    let Some(to) = row.get(column)? else { return Ok(None) };
    Ok(Some(StoredForwarding { to, token: row.get(column + 1)? }))
}

/// Why a token was refused; an earlier version kept the text alone.
fn stored_reason(text: String) -> DatedText {
    let reason = DatedText::from_stored(text);
    earlier::dated(&reason).unwrap_or(reason)
}
