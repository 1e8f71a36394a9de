//! Which request does what, and what came of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::Method;
use axum::http::request::Parts;
use scim::{Note, Notes, Projection, ResourceSchema, ScimError};

use super::auth;
use super::body::{self, RequestBody};
use super::query::Parameters;
use super::reply::Reply;
use super::{discovery, groups, route, users};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::scope::{Cause, Scope};
use crate::directory::users::Outcome;
use crate::directory::{Failure, browse};
use crate::insight::explain::Subject;
use crate::insight::{client, token_doctor};
use crate::model::{AuthVerdict, Authorization, Change};
use crate::secret::TokenHash;
use crate::store::directories;

/// What came of a request.
pub(super) struct Carried {
    pub(super) reply: Reply,
    /// The status of `reply`.
    pub(super) status: u16,
    /// The key of the directory that was addressed, if there is one.
    pub(super) directory: Option<i64>,
    pub(super) authorization: Authorization,
    /// The token that was accepted.
    pub(super) token: Option<TokenHash>,
    pub(super) actor: String,
    pub(super) notes: Vec<Note>,
    pub(super) changes: Vec<Change>,
    pub(super) subject: Subject,
    /// The `detail` of the error that was answered.
    pub(super) error: Option<String>,
}

/// A request whose directory exists and whose token was accepted.
pub(super) struct Call<'a> {
    pub(super) core: &'a Core,
    pub(super) scope: Arc<Scope>,
    pub(super) cause: Cause,
    pub(super) parameters: Parameters,
    pub(super) notes: Notes,
    head: &'a Parts,
    body: &'a Bytes,
}

/// What a handler did.
pub(super) struct Done {
    pub(super) reply: Reply,
    pub(super) changes: Vec<Change>,
    pub(super) subject: Subject,
}

/// Carries out a request. Blocks on the store; every failure is an answer.
pub(super) fn carry_out(core: &Core, id: i64, at: Millis, head: &Parts, body: &RequestBody) -> Carried {
    let actor = client::name(&head.headers);
    let mut carried = Carried { actor: actor.clone(), ..Carried::failed(&ScimError::internal("")) };
    let cause = Cause { exchange: id, actor, at };
    let mut notes = Notes::new();
    let result = attempt(core, cause, head, body, &mut carried, &mut notes);
    match result {
        Ok(done) => {
            carried.error = None;
            carried.changes = done.changes;
            carried.subject = done.subject;
            carried.reply = done.reply;
        }
        Err(failure) => {
            let error = as_scim_error(failure);
            carried.reply = Reply::error(&error);
            carried.error = Some(error.detail);
        }
    }
    carried.status = carried.reply.status();
    carried.notes = notes.into_vec();
    carried
}

fn attempt(
    core: &Core,
    cause: Cause,
    head: &Parts,
    body: &RequestBody,
    carried: &mut Carried,
    notes: &mut Notes,
) -> Result<Done, Failure> {
    let Some(route) = route::parse(head.uri.path()) else {
        return Err(ScimError::not_found(
            "There is nothing here. SCIM endpoints begin with /scim/v2/ and a directory's id.",
        )
        .into());
    };
    let Some(row) = core.store.read(|c| directories::find(c, &route.directory))? else {
        carried.authorization = verdict(AuthVerdict::UnknownDirectory, token_doctor::unknown_directory());
        return Err(ScimError::not_found(format!(
            "There is no directory with the id {:?}. Copy the base URL from the directory's page in SCIM Setup.",
            route.directory
        ))
        .into());
    };
    carried.directory = Some(row.key);
    let scope = Arc::new(browse::scope(&row, &core.local_url()));
    let rest: Vec<&str> = route.rest.iter().map(String::as_str).collect();
    if let Some(done) = discovery::answer(&scope, &head.method, &rest, head.uri.query()) {
        carried.authorization = verdict(AuthVerdict::NotNeeded, token_doctor::not_needed());
        return done;
    }
    let checked = auth::check(core, &scope, auth::header(&head.headers).as_deref(), notes)?;
    carried.authorization = checked.authorization;
    carried.token = checked.hash;
    if carried.token.is_none() {
        return Err(auth::refusal(&carried.authorization));
    }
    let body = match body {
        RequestBody::Whole(bytes) => bytes,
        RequestBody::Refused(error) => return Err(error.clone().into()),
    };
    if route.is_untidy {
        notes.add("untidy-path", "RFC 3986 §6.2", "The path has doubled or trailing slashes; they were ignored.");
    }
    let parameters = Parameters::parse(head.uri.query());
    let mut call = Call { core, scope, cause, parameters, notes: std::mem::take(notes), head, body };
    let done = call.dispatch(&rest);
    *notes = call.notes;
    done
}

impl<'a> Call<'a> {
    fn dispatch(&mut self, rest: &[&str]) -> Result<Done, Failure> {
        let method = self.head.method.clone();
        match (rest, method.as_str()) {
            (["Users"], "GET") => users::list(self),
            (["Users"], "POST") => users::create(self),
            (["Users", id], "GET") => users::read(self, id),
            (["Users", id], "PUT") => users::replace(self, id),
            (["Users", id], "PATCH") => users::patch(self, id),
            (["Users", id], "DELETE") => users::delete(self, id),
            (["Groups"], "GET") => groups::list(self),
            (["Groups"], "POST") => groups::create(self),
            (["Groups", id], "GET") => groups::read(self, id),
            (["Groups", id], "PUT") => groups::replace(self, id),
            (["Groups", id], "PATCH") => groups::patch(self, id),
            (["Groups", id], "DELETE") => groups::delete(self, id),
            (["Users" | "Groups"], _) => Ok(Done::not_allowed(&method, "GET, POST")),
            (["Users" | "Groups", _], _) => Ok(Done::not_allowed(&method, "GET, PUT, PATCH, DELETE")),
            (["Me", ..], _) => Err(ScimError::not_implemented("/Me is not supported: a bearer token is not a person.").into()),
            _ => Err(ScimError::not_found(format!(
                "There is no endpoint /{}. Directories have /Users, /Groups, /ServiceProviderConfig, /Schemas and /ResourceTypes.",
                rest.join("/")
            ))
            .into()),
        }
    }

    /// The body as JSON text.
    ///
    /// # Errors
    /// 415 or 400 `invalidSyntax`.
    pub(super) fn json(&mut self) -> Result<&'a [u8], ScimError> {
        body::json(self.head, self.body, &mut self.notes)
    }

    /// Answers with a resource.
    pub(super) fn respond(
        &mut self,
        status: u16,
        outcome: Outcome,
        projection: &Projection,
        schema: &ResourceSchema,
    ) -> Done {
        self.notes = outcome.notes;
        let location = outcome.resource.get("meta").and_then(|meta| meta.get("location")?.as_str()).unwrap_or_default();
        let (location, subject) = (location.to_owned(), Subject::of(&outcome.resource));
        let body = projection.apply(outcome.resource, schema);
        Done { reply: Reply::resource(status, body, outcome.version, location), changes: outcome.changes, subject }
    }
}

impl Done {
    /// 405.
    pub(super) fn not_allowed(method: &Method, allowed: &str) -> Self {
        Self { reply: Reply::method_not_allowed(method, allowed), changes: Vec::new(), subject: Subject::default() }
    }
}

impl Carried {
    /// A request that ended in an error before anything is known of it.
    pub(super) fn failed(error: &ScimError) -> Self {
        Self {
            reply: Reply::error(error),
            status: error.status,
            directory: None,
            authorization: verdict(AuthVerdict::NotNeeded, token_doctor::not_checked()),
            token: None,
            actor: client::UNKNOWN.to_owned(),
            notes: Vec::new(),
            changes: Vec::new(),
            subject: Subject::default(),
            error: Some(error.detail.clone()),
        }
    }
}

fn verdict(verdict: AuthVerdict, text: String) -> Authorization {
    Authorization { verdict, text, last_four: None }
}

fn as_scim_error(failure: Failure) -> ScimError {
    match failure {
        Failure::Scim(error) => error,
        Failure::Store(error) => {
            tracing::error!(%error, "the store failed under a request");
            ScimError::internal("The server could not read or write its database. Nothing was changed.")
        }
    }
}
