//! Which request does what, and what came of it.

use std::sync::Arc;

use axum::http::Method;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use scim::{Filter, Note, Notes, PatchAnswer, Projection, Resource, ScimError};
use tokio::runtime::Handle;

use super::body::{self, RequestBody};
use super::query::Parameters;
use super::reply::Reply;
use super::{Limits, addresses, auth, bulk, discovery, groups, lists, route, users, visits};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::cause::Cause;
use crate::directory::conditions::Conditions;
use crate::directory::resources::Outcome;
use crate::directory::{Failure, browse, search};
use crate::facts::{Facts, NamedResource, Operation, Refusal};
use crate::insight::{client, token_doctor};
use crate::model::{Actor, AuthVerdict, Authorization, Change, DirectoryKey, ExchangeId, ResourceKind};
use crate::scopes::Scope;
use crate::secret::TokenHash;
use crate::store::StoreError;

/// Users on a page that is read where it is: less than a millisecond.
const MOST_LISTED: u64 = 200;

/// Bytes of a body that is read where connections are served: less than a millisecond.
const SMALL_BODY: usize = 64 << 10;

/// Where a search request is posted to.
const SEARCH: &str = ".search";

/// What came of a request.
pub(super) struct HandlerOutcome {
    pub(super) reply: Reply,
    /// The status of `reply`.
    pub(super) status: u16,
    /// The key of the directory that was addressed, if there is one.
    pub(super) directory: Option<DirectoryKey>,
    pub(super) authorization: Authorization,
    /// The stored token that was accepted.
    pub(super) token: Option<TokenHash>,
    /// Whether the request was let in, by whatever right.
    pub(super) is_authorized: bool,
    /// Whether the simulator sent it.
    pub(super) is_simulated: bool,
    pub(super) actor: Actor,
    pub(super) notes: Vec<Note>,
    pub(super) changes: Vec<Change>,
    pub(super) facts: Facts,
    /// Whether a handler has read the body, so that the facts have what it says.
    pub(super) is_body_read: bool,
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
    /// Filled in as it becomes known, also on the way to an error.
    pub(super) facts: Facts,
    /// Whether the facts have what the body says.
    pub(super) is_body_read: bool,
}

/// How a handler answers.
pub(super) struct Response {
    pub(super) reply: Reply,
    pub(super) changes: Vec<Change>,
    /// Why the answer is a refusal; `None`: it is none.
    pub(super) error: Option<ScimError>,
}

/// A request, and who may have it carried out.
pub(super) struct ProvisioningRequest<'a> {
    /// Under which it is recorded.
    pub(super) id: ExchangeId,
    pub(super) at: Millis,
    pub(super) head: &'a Parts,
    pub(super) body: &'a RequestBody,
    pub(super) access: Access,
}

/// What lets a request in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The token in its head.
    Token,
    /// A person at this machine sends it.
    Person,
}

/// What the head of a request decides.
pub(super) enum Admission {
    /// It is answered without its body: refused, or a question of discovery.
    Answered(Box<HandlerOutcome>),
    /// It may be carried out.
    Admitted(Box<AdmittedRequest>),
}

/// Where a request is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where it arrived: a read that an index serves costs little more than handing it over.
    Here,
    /// There, too, but for what the writer does meanwhile.
    AwaitingWriter,
    /// On a thread that may wait for the disk.
    Thread,
}

/// A request whose directory exists and whose token was accepted, before its body is read.
pub(super) struct AdmittedRequest {
    scope: Arc<Scope>,
    /// Below the base URL: `["Users", "2819c223"]`.
    segments: Vec<String>,
    parameters: Parameters,
    cause: Cause,
    notes: Notes,
    /// As far as it is known.
    outcome: HandlerOutcome,
}

/// Answers a request. Blocks, on a thread of the runtime's that may; every failure is an answer.
pub(super) fn answer(core: &Core, limits: &Limits, request: &ProvisioningRequest<'_>) -> HandlerOutcome {
    match admit(core, limits, request) {
        Admission::Answered(outcome) => *outcome,
        Admission::Admitted(admitted) => {
            let work = carry_out(core, limits, *admitted, request.head, request.body);
            Handle::current().block_on(work)
        }
    }
}

/// Decides by the head alone whether a request may be carried out.
pub(super) fn admit(core: &Core, limits: &Limits, request: &ProvisioningRequest<'_>) -> Admission {
    let ProvisioningRequest { id, at, head, access, .. } = *request;
    let actor = match access {
        Access::Token => client::recognise(&head.headers),
        Access::Person => Actor::Replay,
    };
    let mut outcome = HandlerOutcome::unanswered(actor.clone());
    let header = |name| head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let conditions = Conditions::parse(header(IF_MATCH).as_deref(), header(IF_NONE_MATCH).as_deref());
    let mut cause = Cause { exchange: id, actor, at, conditions };
    let mut notes = Notes::new();
    let parameters = Parameters::parse(head.uri.query());
    match check(core, limits, request, &parameters, &mut cause, &mut outcome, &mut notes) {
        Ok(Checked::Admitted(scope, segments)) => {
            Admission::Admitted(Box::new(AdmittedRequest { scope, segments, parameters, cause, notes, outcome }))
        }
        Ok(Checked::Answered(response)) => Admission::Answered(Box::new(finish(core, outcome, notes, response))),
        Err(error) => Admission::Answered(Box::new(finish(core, outcome, notes, Err(error.into())))),
    }
}

/// Carries out what was admitted. Waits for the disk without blocking where it writes, and blocks on it where it reads; every failure is an
/// answer.
pub(super) async fn carry_out(
    core: &Core,
    limits: &Limits,
    admitted: AdmittedRequest,
    head: &Parts,
    body: &RequestBody,
) -> HandlerOutcome {
    let AdmittedRequest { scope, segments, parameters, cause, notes, mut outcome } = admitted;
    let body = match body {
        RequestBody::Whole(bytes) | RequestBody::Beginning(bytes, _) => bytes,
        RequestBody::Refused(error) => return finish(core, outcome, notes, Err(error.clone().into())),
    };
    let mut call = Call {
        core,
        scope,
        cause,
        parameters,
        notes,
        method: if head.method == Method::HEAD { Method::GET } else { head.method.clone() },
        limits,
        head: Some(head),
        body,
        facts: std::mem::take(&mut outcome.facts),
        is_body_read: false,
    };
    let response = call.dispatch(&as_strs(&segments)).await;
    (outcome.facts, outcome.is_body_read) = (call.facts, call.is_body_read);
    finish(core, outcome, call.notes, response)
}

/// What came of a request that was answered so.
fn finish(
    core: &Core,
    mut outcome: HandlerOutcome,
    notes: Notes,
    response: Result<Response, Failure>,
) -> HandlerOutcome {
    outcome.facts.refusal = match response {
        Ok(response) => {
            outcome.changes = response.changes;
            outcome.reply = response.reply;
            response.error.as_ref().map(Refusal::from)
        }
        Err(failure) => {
            let error = as_scim_error(failure);
            outcome.reply = Reply::error(&error);
            Some(Refusal::from(&error))
        }
    };
    outcome.status = outcome.reply.status();
    if outcome.status >= 400 {
        outcome.facts.resource.name = outcome.facts.resource.name.take().or_else(|| name(core, &outcome));
    }
    outcome.notes = notes.into_vec();
    outcome
}

/// What became of a head.
enum Checked {
    /// In this directory, with what follows its base URL.
    Admitted(Arc<Scope>, Vec<String>),
    Answered(Result<Response, Failure>),
}

fn check(
    core: &Core,
    limits: &Limits,
    request: &ProvisioningRequest<'_>,
    parameters: &Parameters,
    cause: &mut Cause,
    outcome: &mut HandlerOutcome,
    notes: &mut Notes,
) -> Result<Checked, ScimError> {
    let ProvisioningRequest { head, access, .. } = *request;
    let path = head.uri.path();
    let route = route::parse(path);
    let is_visit = access == Access::Token && visits::is_visit(head);
    let scope = route.as_ref().and_then(|route| core.scopes.get(&route.directory));
    let (Some(route), Some(scope)) = (route, scope) else {
        outcome.facts = Facts { is_visit, ..asked(head, parameters) };
        return Err(addresses::refuse(core, head, outcome));
    };
    outcome.directory = Some(scope.directory);
    let mut rest = as_strs(&route.rest);
    route.deviations.iter().for_each(|deviation| deviation.note(notes));
    addresses::tidy(&scope.policy, &mut rest, notes);
    outcome.facts = Facts { is_visit, ..Facts::of(head.method.as_str(), &rest, parameters.pairs()) };
    outcome.is_simulated = access == Access::Token && auth::is_from_guest(core, &head.headers);
    if outcome.is_simulated {
        // What it changes is not the doing of whom it plays.
        cause.actor = Actor::Simulator;
    }
    if let Some(response) = discovery::answer(&scope, limits, &head.method, &rest, parameters) {
        outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::not_needed());
        return Ok(Checked::Answered(response));
    }
    match access {
        Access::Person => {
            outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::sent_by_person());
            outcome.is_authorized = true;
        }
        Access::Token => {
            let header = auth::header(&head.headers);
            let checked = auth::check(core, &scope, header.as_deref(), &outcome.actor, notes);
            outcome.authorization = checked.authorization;
            outcome.token = checked.hash;
            outcome.is_authorized = checked.is_accepted;
            if !checked.is_accepted {
                return Err(if is_visit { visits::refusal(&rest) } else { auth::refusal(&outcome.authorization) });
            }
        }
    }
    if let Some(error) = addresses::check(path, &rest, &scope, outcome) {
        return Err(error);
    }
    let segments = rest.into_iter().map(str::to_owned).collect();
    Ok(Checked::Admitted(scope, segments))
}

impl AdmittedRequest {
    /// Where it is best carried out.
    pub(super) fn place(&self, body: &RequestBody) -> Place {
        const USER: ResourceKind = ResourceKind::User;
        let has = |name| self.parameters.get(name).is_some();
        let is_plain = !has("sortBy") && !has("cursor");
        let is_brief = match self.outcome.facts.operation {
            Operation::Read(USER) | Operation::TestConnection => true,
            Operation::List(Some(USER)) => is_plain && self.is_small_page(),
            Operation::Query(Some(kind)) => is_plain && self.is_indexed(kind),
            Operation::Create(USER) | Operation::Replace(USER) | Operation::Modify(USER) | Operation::Delete(USER)
                if body.bytes().len() <= SMALL_BODY =>
            {
                return Place::AwaitingWriter;
            }
            _ => false,
        };
        if is_brief { Place::Here } else { Place::Thread }
    }

    /// Whether few are listed. What is skipped before them costs little: who asks for a page has read the one before it.
    fn is_small_page(&self) -> bool {
        self.outcome.facts.query.as_ref().is_some_and(|query| query.count <= Some(MOST_LISTED))
    }

    /// Whether an index finds all that the filter can match, and that is little.
    fn is_indexed(&self, kind: ResourceKind) -> bool {
        let filter = self.parameters.get("filter").unwrap_or_default();
        let filter = Filter::parse(filter, &self.scope.policy, &mut Notes::new());
        filter.is_ok_and(|filter| search::is_narrow(kind, &filter))
    }
}

/// What a request asks for, whether or not its address leads anywhere.
fn asked(head: &Parts, parameters: &Parameters) -> Facts {
    let segments = route::below_base_url(head.uri.path());
    let operation = Operation::of(head.method.as_str(), &as_strs(&segments), parameters.pairs());
    Facts { operation, ..Facts::default() }
}

/// The name of the resource that a request addressed and that was not carried out.
fn name(core: &Core, outcome: &HandlerOutcome) -> Option<String> {
    let NamedResource { kind, id, .. } = &outcome.facts.resource;
    match browse::name_of(core, outcome.directory?, (*kind)?, id.as_deref()?) {
        Ok(name) => name,
        Err(error) => {
            tracing::warn!(%error, "the name of what a refused request addressed cannot be read");
            None
        }
    }
}

fn as_strs(segments: &[String]) -> Vec<&str> {
    segments.iter().map(String::as_str).collect()
}

impl<'a> Call<'a> {
    pub(super) async fn dispatch(&mut self, rest: &[&str]) -> Result<Response, Failure> {
        const USERS: &[ResourceKind] = &[ResourceKind::User];
        const GROUPS: &[ResourceKind] = &[ResourceKind::Group];
        const BOTH: &[ResourceKind] = &[ResourceKind::User, ResourceKind::Group];
        let method = self.method.clone();
        match (rest, method.as_str()) {
            (["Users"], "GET") => lists::get(self, USERS),
            (["Users"], "POST") => users::create(self).await,
            (["Users", SEARCH], "POST") => lists::post(self, USERS),
            (["Groups"], "GET") => lists::get(self, GROUPS),
            (["Groups"], "POST") => groups::create(self).await,
            (["Groups", SEARCH], "POST") => lists::post(self, GROUPS),
            ([], "GET") => lists::get(self, BOTH),
            ([SEARCH], "POST") => lists::post(self, BOTH),
            (["Bulk"], "POST") => bulk::carry_out(self).await,
            ([] | ["Users" | "Groups"], _) => {
                Ok(Response::not_allowed(&method, if rest.is_empty() { "GET" } else { "GET, POST" }))
            }
            (["Bulk" | SEARCH] | ["Users" | "Groups", SEARCH], _) => Ok(Response::not_allowed(&method, "POST")),
            (["Users", id], "GET") => users::read(self, id),
            (["Users", id], "PUT") => users::replace(self, id).await,
            (["Users", id], "PATCH") => users::patch(self, id).await,
            (["Users", id], "DELETE") => users::delete(self, id).await,
            (["Groups", id], "GET") => groups::read(self, id),
            (["Groups", id], "PUT") => groups::replace(self, id).await,
            (["Groups", id], "PATCH") => groups::patch(self, id).await,
            (["Groups", id], "DELETE") => groups::delete(self, id).await,
            (["Users" | "Groups", _], _) => Ok(Response::not_allowed(&method, "GET, PUT, PATCH, DELETE")),
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

    /// Takes in what the body of a POST describes.
    pub(super) fn describe(&mut self, kind: ResourceKind, body: &Resource) {
        (self.facts.resource, self.is_body_read) = (NamedResource::described(kind, body), true);
    }

    /// What `attributes` or `excludedAttributes` leave of a type of resource.
    ///
    /// # Errors
    /// 400 if both are given.
    pub(super) fn projection(&self, kind: ResourceKind) -> Result<Projection, ScimError> {
        self.parameters.projection(self.scope.schema(kind))
    }

    /// Answers a GET of one resource: 304 if the client has this version.
    pub(super) fn respond_read(&mut self, outcome: Outcome, projection: &Projection) -> Result<Response, Failure> {
        let is_unmodified = self.cause.conditions.is_unmodified(outcome.resource.version);
        self.respond(if is_unmodified { 304 } else { 200 }, outcome, projection)
    }

    /// Whether a PATCH is answered without a body. Who asks for attributes gets them (RFC 7644 §3.5.2).
    pub(super) fn is_patch_answer_short(&self) -> bool {
        self.scope.policy.patch_answer() == PatchAnswer::NoContent && self.parameters.get("attributes").is_none()
    }

    /// Answers a PATCH as the policy says.
    pub(super) fn respond_patch(&mut self, outcome: Outcome, projection: &Projection) -> Result<Response, Failure> {
        self.respond(if self.is_patch_answer_short() { 204 } else { 200 }, outcome, projection)
    }

    /// Answers with a resource; 204 and 304 with its headers alone.
    pub(super) fn respond(
        &mut self,
        status: u16,
        outcome: Outcome,
        projection: &Projection,
    ) -> Result<Response, Failure> {
        let Outcome { resource, changes, notes } = outcome;
        self.notes = notes;
        let (base_url, schema) = (&self.scope.base_url, self.scope.schema(resource.kind));
        let stored = resource.stored().map_err(StoreError::from)?;
        self.facts.resource = NamedResource::of(resource.kind, &resource.id, &stored);
        let body = match status {
            204 | 304 => String::new(),
            _ => resource.text(base_url, projection, schema).map_err(StoreError::from)?,
        };
        Ok(Response::of(Reply::resource(status, body, resource.version, resource.location(base_url)), changes))
    }
}

impl Response {
    /// An answer to what was carried out.
    pub(super) fn of(reply: Reply, changes: Vec<Change>) -> Self {
        Self { reply, changes, error: None }
    }

    /// 405.
    pub(super) fn not_allowed(method: &Method, allowed: &str) -> Self {
        let error = ScimError::method_not_allowed(format!("{method} does not work here. What does: {allowed}."));
        let reply = Reply::method_not_allowed(&error, allowed);
        Self { reply, changes: Vec::new(), error: Some(error) }
    }
}

impl HandlerOutcome {
    /// A request that made the server fail.
    pub(super) fn panicked(head: &Parts) -> Self {
        let error = ScimError::internal("The server failed on this request. Nothing was changed.");
        let facts = asked(head, &Parameters::parse(head.uri.query()));
        Self {
            reply: Reply::error(&error),
            status: error.status,
            facts: Facts { refusal: Some(Refusal::from(&error)), ..facts },
            ..Self::unanswered(Actor::Unnamed)
        }
    }

    /// A request of which nothing is known but who sent it.
    fn unanswered(actor: Actor) -> Self {
        Self {
            reply: Reply::default(),
            status: 0,
            directory: None,
            authorization: Authorization::new(AuthVerdict::NotChecked, token_doctor::not_checked()),
            token: None,
            is_authorized: false,
            is_simulated: false,
            actor,
            notes: Vec::new(),
            changes: Vec::new(),
            facts: Facts::default(),
            is_body_read: false,
        }
    }
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
