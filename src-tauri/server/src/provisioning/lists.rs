//! Queries: `GET` on `/Users`, `/Groups` and the root, and `POST …/.search`.

use scim::{Filter, Resource, is_same_text};
use serde_json::Value;

use super::call::{Call, Response};
use super::query::Parameters;
use super::reply::Reply;
use crate::directory::Failure;
use crate::directory::render::ReadResource;
use crate::directory::search::{self, Found, Query};
use crate::facts::{self, Facts, Match, NamedResource, Sought};
use crate::model::ResourceKind;
use crate::store::StoreError;

/// `GET`: the parameters stand in the query.
pub(super) fn get(call: &mut Call<'_>, kinds: &[ResourceKind]) -> Result<Response, Failure> {
    let query = call.parameters.query(&call.scope, kinds, &mut call.notes)?;
    answer(call, query)
}

/// `POST …/.search`: the parameters stand in the body.
pub(super) fn post(call: &mut Call<'_>, kinds: &[ResourceKind]) -> Result<Response, Failure> {
    let body = call.json()?;
    call.parameters = Parameters::parse_search(body, &call.scope.policy, &mut call.notes)?;
    call.facts.query = Some(facts::Query::of(call.parameters.pairs()));
    get(call, kinds)
}

fn answer(call: &mut Call<'_>, mut query: Query) -> Result<Response, Failure> {
    let asked = call.facts.query.get_or_insert_default();
    asked.sought = query.filter().and_then(Sought::of);
    let mut found = search::run(call.core, &call.scope, &query, call.longest_read, call.cause.at)?;
    if found.total == 0
        && !call.scope.policy.is_strict()
        && let Some(decoded) = search::decoded(&query)
    {
        let again = search::run(call.core, &call.scope, &decoded, call.longest_read, call.cause.at)?;
        if again.total > 0 {
            let text = "The filter's value was percent-encoded twice; it was decoded once more.";
            call.notes.add("double-encoding", "RFC 3986 §2.4", text);
            (query, found) = (decoded, again);
        }
    }
    let only = match (found.resources.as_slice(), found.only.take()) {
        ([only], Some(read)) => Some((only, read)),
        ([only], None) => Some((only, only.stored().map_err(StoreError::from)?)),
        _ => None,
    };
    let matched = only.as_ref().and_then(|(user, body)| matched(&query, user, body));
    note_identifiers(call, &query, &found, matched.as_ref())?;
    let only = only.map(|(only, body)| NamedResource::of(only.kind, &only.id, &body));
    note_found(&mut call.facts, &query, found.total, only, matched);
    let (users, groups) = (call.projection(ResourceKind::User)?, call.projection(ResourceKind::Group)?);
    let shown = found.resources.iter().map(|resource| {
        let projection = if resource.kind == ResourceKind::User { &users } else { &groups };
        resource.text(&call.scope.base_url, projection, call.scope.schema(resource.kind))
    });
    let shown = shown.collect::<Result<Vec<_>, _>>().map_err(StoreError::from)?;
    Ok(Response::of(Reply::ok(search::list_message(&query, &found, &shown)), Vec::new()))
}

/// Takes in what a query found, and of one resource which it is.
fn note_found(facts: &mut Facts, query: &Query, total: u64, only: Option<NamedResource>, matched: Option<Match>) {
    let asked = facts.query.get_or_insert_default();
    asked.sought = query.filter().and_then(Sought::of);
    (asked.total, asked.matched) = (Some(total), matched);
    facts.resource.kind = match query.parts.as_slice() {
        [part] => Some(part.kind),
        _ => None,
    };
    if let (1, Some(only)) = (total, only) {
        facts.resource = only;
    }
}

/// Which attribute of the one user found carries what was looked for.
fn matched(query: &Query, user: &ReadResource, body: &Resource) -> Option<Match> {
    let sought = query.filter().filter(|_| user.kind == ResourceKind::User)?.sought()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let attribute = if is(text("userName"), sought) {
        "userName".to_owned()
    } else if let Some(path) = email_path(body, sought) {
        path
    } else if is(text("externalId"), sought) {
        "externalId".to_owned()
    } else if is(Some(&user.id), sought) {
        "id".to_owned()
    } else {
        return None;
    };
    Some(Match { attribute, user_name: text("userName").unwrap_or_default().to_owned() })
}

/// `emails[work].value`, as changes name it, of the email address that is `sought`.
fn email_path(body: &Resource, sought: &str) -> Option<String> {
    let emails = body.get("emails")?.as_array()?;
    let email = emails.iter().find(|email| is(email.get("value").and_then(Value::as_str), sought))?;
    Some(match email.get("type").and_then(Value::as_str) {
        Some(kind) => format!("emails[{kind}].value"),
        None => "emails.value".to_owned(),
    })
}

fn is(value: Option<&str>, sought: &str) -> bool {
    value.is_some_and(|value| is_same_text(value, sought))
}

/// Says so when a person's email address and `userName` differ, because that is why an identity provider does not find its people again.
fn note_identifiers(
    call: &mut Call<'_>,
    query: &Query,
    found: &Found,
    matched: Option<&Match>,
) -> Result<(), StoreError> {
    const SECTION: &str = "RFC 7643 §4.1.1";
    let Some(sought) = query.filter().and_then(Filter::sought).filter(|sought| sought.contains('@')) else {
        return Ok(());
    };
    if let Some(matched) = matched
        && !is(Some(&matched.user_name), sought)
    {
        let text = format!(
            "The lookup used {sought:?}, which is this person's {}; the userName is {:?}.",
            matched.attribute, matched.user_name
        );
        call.notes.add("email-is-not-user-name", SECTION, text);
    }
    let is_by_user_name =
        matches!(query.filter(), Some(Filter::Compare { path, .. }) if path.attribute.eq_ignore_ascii_case("userName"));
    if found.total == 0
        && is_by_user_name
        && let Some(user_name) = search::user_with_email(call.core, &call.scope, sought)?
    {
        let text = format!(
            "Nobody has the userName {sought:?}, but {user_name:?} has that email address. The identity provider will create another user, \
             or fail with 409: let userName be the email address, or look up by userName."
        );
        call.notes.add("email-is-not-user-name", SECTION, text);
    }
    Ok(())
}
