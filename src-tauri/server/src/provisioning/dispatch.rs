//! Which request does what, and what came of it.

use std::sync::Arc;

use axum::http::Method;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use scim::{Note, Notes, PatchAnswer, Projection, ScimError};

use super::body::{self, RequestBody};
use super::query::Parameters;
use super::reply::Reply;
use super::{Limits, addresses, auth, bulk, discovery, groups, lists, route, users, visits};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::cause::Cause;
use crate::directory::conditions::Conditions;
use crate::directory::users::Outcome;
use crate::directory::{Failure, browse};
use crate::insight::subject::Subject;
use crate::insight::{client, token_doctor};
use crate::model::{AuthVerdict, Authorization, Change, ResourceKind};
use crate::scopes::Scope;
use crate::secret::TokenHash;

/// Where a search request is posted to.
const SEARCH: &str = ".search";

/// What came of a request.
pub(super) struct Carried {
    pub(super) reply: Reply,
    /// The status of `reply`.
    pub(super) status: u16,
    /// The key of the directory that was addressed, if there is one.
    pub(super) directory: Option<i64>,
    pub(super) authorization: Authorization,
    /// The stored token that was accepted.
    pub(super) token: Option<TokenHash>,
    /// Whether the request was let in, by whatever right.
    pub(super) is_authorized: bool,
    /// Whether the simulator sent it.
    pub(super) is_simulated: bool,
    pub(super) actor: String,
    pub(super) notes: Vec<Note>,
    pub(super) changes: Vec<Change>,
    pub(super) subject: Subject,
    /// The `detail` of the error that was answered.
    pub(super) error: Option<String>,
    /// Somebody opened the address in a browser.
    pub(super) is_visit: bool,
    /// What is nearly right about an address that leads nowhere.
    pub(super) misaddressed: Option<String>,
}

/// A request whose directory exists and whose token was accepted.
pub(super) struct Call<'a> {
    pub(super) core: &'a Core,
    pub(super) scope: Arc<Scope>,
    pub(super) cause: Cause,
    pub(super) parameters: Parameters,
    pub(super) notes: Notes,
    /// HEAD counts as GET: only the answer's body is left out.
    pub(super) method: Method,
    pub(super) limits: &'a Limits,
    /// `None` for an operation of a bulk request, which has no head of its own.
    pub(super) head: Option<&'a Parts>,
    pub(super) body: &'a [u8],
}

/// What a handler did.
pub(super) struct Done {
    pub(super) reply: Reply,
    pub(super) changes: Vec<Change>,
    pub(super) subject: Subject,
}

/// A request, and by what right it is carried out.
pub(super) struct Order<'a> {
    /// Under which it is recorded.
    pub(super) id: i64,
    pub(super) at: Millis,
    pub(super) head: &'a Parts,
    pub(super) body: &'a RequestBody,
    pub(super) right: Right,
}

/// By what right a request is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// The token in its head.
    Token,
    /// A person at this machine sends it.
    Person,
}

/// Carries out a request. Blocks on the store; every failure is an answer.
pub(super) fn carry_out(core: &Core, limits: &Limits, order: &Order<'_>) -> Carried {
    let Order { id, at, head, body, right } = *order;
    let actor = match right {
        Right::Token => client::name(&head.headers),
        Right::Person => client::REPLAY.to_owned(),
    };
    let is_visit = right == Right::Token && visits::is_visit(head);
    let mut carried = Carried { actor: actor.clone(), is_visit, ..Carried::failed(&ScimError::internal("")) };
    let header = |name| head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let conditions = Conditions::parse(header(IF_MATCH).as_deref(), header(IF_NONE_MATCH).as_deref());
    let cause = Cause { exchange: id, actor, at, conditions };
    let mut notes = Notes::new();
    let result = attempt(core, limits, order, cause, &mut carried, &mut notes);
    match result {
        Ok(done) => {
            carried.error = None;
            carried.changes = done.changes;
            carried.subject = done.subject.or(carried.subject);
            carried.reply = done.reply;
        }
        Err(failure) => {
            let error = as_scim_error(failure);
            carried.reply = Reply::error(&error);
            carried.error = Some(error.detail);
            if head.method == Method::POST && carried.is_authorized {
                carried.subject = carried.subject.with_refused_body(body.bytes());
            }
        }
    }
    if carried.reply.status() >= 400 {
        carried.subject = named(core, carried.directory, carried.subject);
    }
    carried.status = carried.reply.status();
    carried.notes = notes.into_vec();
    carried
}

fn attempt(
    core: &Core,
    limits: &Limits,
    order: &Order<'_>,
    mut cause: Cause,
    carried: &mut Carried,
    notes: &mut Notes,
) -> Result<Done, Failure> {
    let Order { head, body, right, .. } = *order;
    let path = head.uri.path();
    let route = route::parse(path);
    let scope = route.as_ref().and_then(|route| core.scopes.get(&route.directory));
    let (Some(route), Some(scope)) = (route, scope) else { return Err(addresses::refuse(core, head, carried).into()) };
    carried.directory = Some(scope.directory);
    let mut rest: Vec<&str> = route.rest.iter().map(String::as_str).collect();
    route.deviations.iter().for_each(|deviation| deviation.note(notes));
    addresses::tidy(&scope.policy, &mut rest, notes);
    carried.subject = Subject::addressed(&rest);
    carried.is_simulated = matches!(right, Right::Token) && auth::is_from_guest(core, &head.headers);
    if carried.is_simulated {
        // What it changes is not the doing of whom it plays.
        cause.actor = client::SIMULATOR.to_owned();
    }
    if let Some(done) = discovery::answer(&scope, limits, &head.method, &rest, head.uri.query()) {
        carried.authorization = verdict(AuthVerdict::NotNeeded, token_doctor::not_needed());
        return done;
    }
    match right {
        Right::Person => {
            carried.authorization = verdict(AuthVerdict::NotNeeded, token_doctor::sent_by_person());
            carried.is_authorized = true;
        }
        Right::Token => {
            let header = auth::header(&head.headers);
            let checked = auth::check(core, &scope, header.as_deref(), &carried.actor, notes);
            carried.authorization = checked.authorization;
            carried.token = checked.hash;
            carried.is_authorized = checked.is_accepted;
            if !checked.is_accepted {
                let answer =
                    if carried.is_visit { visits::refusal(&rest) } else { auth::refusal(&carried.authorization) };
                return Err(answer.into());
            }
        }
    }
    let body = match body {
        RequestBody::Whole(bytes) => bytes,
        RequestBody::Refused(error) => return Err(error.clone().into()),
    };
    if let Some(error) = addresses::check(path, &rest, &scope, carried) {
        return Err(error.into());
    }
    let parameters = Parameters::parse(head.uri.query());
    let method = if head.method == Method::HEAD { Method::GET } else { head.method.clone() };
    let mut call =
        Call { core, scope, cause, parameters, notes: std::mem::take(notes), method, limits, head: Some(head), body };
    let done = call.dispatch(&rest);
    *notes = call.notes;
    done
}

/// The subject of a request that was not carried out, with the name of the resource that it addressed.
fn named(core: &Core, directory: Option<i64>, subject: Subject) -> Subject {
    let (Some(directory), Some(kind), Some(id), None) = (directory, subject.kind, &subject.id, &subject.name) else {
        return subject;
    };
    match browse::name_of(core, directory, kind, id) {
        Ok(name) => Subject { name, ..subject },
        Err(error) => {
            tracing::warn!(%error, "the name of what a refused request addressed cannot be read");
            subject
        }
    }
}

impl<'a> Call<'a> {
    pub(super) fn dispatch(&mut self, rest: &[&str]) -> Result<Done, Failure> {
        const USERS: &[ResourceKind] = &[ResourceKind::User];
        const GROUPS: &[ResourceKind] = &[ResourceKind::Group];
        const BOTH: &[ResourceKind] = &[ResourceKind::User, ResourceKind::Group];
        let method = self.method.clone();
        match (rest, method.as_str()) {
            (["Users"], "GET") => lists::get(self, USERS),
            (["Users"], "POST") => users::create(self),
            (["Users", SEARCH], "POST") => lists::post(self, USERS),
            (["Groups"], "GET") => lists::get(self, GROUPS),
            (["Groups"], "POST") => groups::create(self),
            (["Groups", SEARCH], "POST") => lists::post(self, GROUPS),
            ([], "GET") => lists::get(self, BOTH),
            ([SEARCH], "POST") => lists::post(self, BOTH),
            (["Bulk"], "POST") => bulk::carry_out(self),
            ([] | ["Users" | "Groups"], _) => {
                Ok(Done::not_allowed(&method, if rest.is_empty() { "GET" } else { "GET, POST" }))
            }
            (["Bulk" | SEARCH] | ["Users" | "Groups", SEARCH], _) => Ok(Done::not_allowed(&method, "POST")),
            (["Users", id], "GET") => users::read(self, id),
            (["Users", id], "PUT") => users::replace(self, id),
            (["Users", id], "PATCH") => users::patch(self, id),
            (["Users", id], "DELETE") => users::delete(self, id),
            (["Groups", id], "GET") => groups::read(self, id),
            (["Groups", id], "PUT") => groups::replace(self, id),
            (["Groups", id], "PATCH") => groups::patch(self, id),
            (["Groups", id], "DELETE") => groups::delete(self, id),
            (["Users" | "Groups", _], _) => Ok(Done::not_allowed(&method, "GET, PUT, PATCH, DELETE")),
            (["Me", ..], _) => {
                Err(ScimError::not_implemented("/Me is not supported: a bearer token is not a person.").into())
            }
            _ => Err(ScimError::not_found(format!("There is no endpoint /{}.", rest.join("/"))).into()),
        }
    }

    /// The body as JSON text.
    ///
    /// # Errors
    /// 415 or 400 `invalidSyntax`.
    pub(super) fn json(&mut self) -> Result<&'a [u8], ScimError> {
        body::json(self.head, self.body, &mut self.notes)
    }

    /// What `attributes` or `excludedAttributes` leave of a type of resource.
    ///
    /// # Errors
    /// 400 if both are given.
    pub(super) fn projection(&self, kind: ResourceKind) -> Result<Projection, ScimError> {
        self.parameters.projection(self.scope.schema(kind))
    }

    /// Answers a GET of one resource: 304 if the client has this version.
    pub(super) fn respond_read(&mut self, outcome: Outcome, projection: &Projection, kind: ResourceKind) -> Done {
        let is_unmodified = self.cause.conditions.is_unmodified(outcome.version);
        let done = self.respond(200, outcome, projection, kind);
        if is_unmodified { Done { reply: done.reply.without_body(304), ..done } } else { done }
    }

    /// Answers a PATCH as the policy says. Who asks for attributes gets them (RFC 7644 §3.5.2).
    pub(super) fn respond_patch(&mut self, outcome: Outcome, projection: &Projection, kind: ResourceKind) -> Done {
        let done = self.respond(200, outcome, projection, kind);
        let is_short =
            self.scope.policy.patch_answer() == PatchAnswer::NoContent && self.parameters.get("attributes").is_none();
        if is_short { Done { reply: done.reply.without_body(204), ..done } } else { done }
    }

    /// Answers with a resource.
    pub(super) fn respond(
        &mut self,
        status: u16,
        outcome: Outcome,
        projection: &Projection,
        kind: ResourceKind,
    ) -> Done {
        self.notes = outcome.notes;
        let location = outcome.resource.get("meta").and_then(|meta| meta.get("location")?.as_str()).unwrap_or_default();
        let (location, subject) = (location.to_owned(), Subject::of(kind, &outcome.resource));
        let body = projection.apply(outcome.resource, self.scope.schema(kind));
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
            authorization: verdict(AuthVerdict::NotChecked, token_doctor::not_checked()),
            token: None,
            is_authorized: false,
            is_simulated: false,
            actor: client::UNKNOWN.to_owned(),
            notes: Vec::new(),
            changes: Vec::new(),
            subject: Subject::default(),
            error: Some(error.detail.clone()),
            is_visit: false,
            misaddressed: None,
        }
    }
}

pub(super) fn verdict(verdict: AuthVerdict, text: String) -> Authorization {
    Authorization { verdict, text, advice: None, last_four: None }
}

pub(super) fn as_scim_error(failure: Failure) -> ScimError {
    match failure {
        Failure::Scim(error) => error,
        Failure::Store(error) => {
            tracing::error!(%error, "the store failed under a request");
            ScimError::internal("The server could not read or write its database. Nothing was changed.")
        }
    }
}
