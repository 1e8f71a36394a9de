//! What the head of a request decides: which directory it addresses, who may have it carried out, and where.

use std::sync::Arc;

use axum::http::Method;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use scim::{Filter, Notes, ScimError};

use super::body::RequestBody;
use super::call::Response;
use super::limits::Limits;
use super::outcome::{HandlerOutcome, asked};
use super::query::Parameters;
use super::{addresses, auth, discovery, route, sent_target, visits};
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::cause::Cause;
use crate::directory::conditions::Conditions;
use crate::directory::{Failure, search};
use crate::facts::{Facts, Operation};
use crate::insight::{client, token_doctor};
use crate::model::{Actor, AuthVerdict, Authorization, ExchangeId, ResourceKind, TokenForwarding};
use crate::scopes::{Registry, Scope};
use crate::store::ReadLength;
use crate::store::kept::Sender;

/// Bytes of a body that is read where connections are served: less than a millisecond.
const SMALL_BODY: usize = 64 << 10;

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
    /// A person in the window sends it.
    Person,
    /// A person in the window repeats it.
    Replay,
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
    /// On such a thread, after others that look at all there is, too.
    Search,
    /// On such a thread, after others that are as many requests, too.
    Bulk,
}

impl Place {
    /// For how long who is there may read at the most: threads that serve connections wait for nobody.
    pub(super) fn longest_read(self) -> ReadLength {
        match self {
            Self::Here | Self::AwaitingWriter => ReadLength::Brief,
            Self::Thread | Self::Bulk => ReadLength::Medium,
            Self::Search => ReadLength::Long,
        }
    }
}

/// A request whose directory exists and whose token was accepted, before its body is read.
pub(super) struct AdmittedRequest {
    pub(super) scope: Arc<Scope>,
    /// Below the base URL: `["Users", "2819c223"]`.
    pub(super) segments: Vec<String>,
    pub(super) parameters: Parameters,
    pub(super) cause: Cause,
    pub(super) notes: Notes,
    /// As far as it is known.
    pub(super) outcome: HandlerOutcome,
}

/// Decides by the head alone whether a request may be carried out.
pub(super) fn admit(core: &Core, limits: &Limits, request: &ProvisioningRequest<'_>) -> Admission {
    let ProvisioningRequest { id, at, head, access, .. } = *request;
    let actor = match access {
        Access::Token => client::recognize(&head.headers),
        Access::Person => Actor::You,
        Access::Replay => Actor::Replay,
    };
    let mut outcome = HandlerOutcome::unanswered(actor.clone());
    let header = |name| head.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let conditions = Conditions::parse(header(IF_MATCH).as_deref(), header(IF_NONE_MATCH).as_deref());
    let mut cause = Cause { exchange: id, actor, at, conditions };
    let mut notes = Notes::new();
    let parameters = Parameters::parse(head.uri.query());
    let checked = check(core, limits, request, &parameters, &mut cause, &mut outcome, &mut notes);
    outcome.sender = match access {
        Access::Token if !outcome.is_simulated => sender(core, head, &outcome),
        _ => Sender::Known,
    };
    match checked {
        Ok(Checked::Admitted(scope, segments)) => {
            Admission::Admitted(Box::new(AdmittedRequest { scope, segments, parameters, cause, notes, outcome }))
        }
        Ok(Checked::Answered(response)) => Admission::Answered(Box::new(outcome.finish(core, notes, response))),
        Err(error) => Admission::Answered(Box::new(outcome.finish(core, notes, Err(error.into())))),
    }
}

/// Whose a request is, as far as its token says, wherever it leads.
fn sender(core: &Core, head: &Parts, outcome: &HandlerOutcome) -> Sender {
    let has_let_in =
        |directory| auth::shown_hash(&head.headers).is_some_and(|shown| core.targets.has_accepted(directory, &shown));
    match outcome.authorization.verdict {
        AuthVerdict::NotChecked if outcome.directory.is_some_and(has_let_in) => Sender::Known,
        AuthVerdict::NotNeeded | AuthVerdict::NotChecked | AuthVerdict::UnknownDirectory => {
            auth::sender(core, &head.headers, outcome.directory)
        }
        AuthVerdict::Retired | AuthVerdict::OtherDirectory => Sender::ClosedToken,
        verdict if verdict.is_of_known_token() => Sender::Known,
        _ => Sender::Stranger,
    }
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
    // Directory and token as they were at one moment: a reset gives all of them another key.
    let known = core.scopes.now();
    let scope = route.as_ref().and_then(|route| known.get(&route.directory));
    let (Some(route), Some(scope)) = (route, scope) else {
        outcome.facts = Facts { is_visit, ..asked(head, parameters) };
        return Err(addresses::refuse(core, head, outcome));
    };
    outcome.directory = Some(scope.directory);
    let mut rest = route::as_strs(&route.rest);
    if scope.forwarding.is_none() {
        route.deviations.iter().for_each(|deviation| deviation.note(notes));
        addresses::tidy(&scope.policy, &mut rest, notes);
    }
    outcome.facts = Facts { is_visit, ..Facts::of(head.method.as_str(), &rest, parameters.pairs()) };
    outcome.is_simulated = access == Access::Token && auth::is_from_guest(core, &head.headers);
    if outcome.is_simulated {
        // What it changes is not the doing of whom it plays.
        cause.actor = Actor::Simulator;
    }
    if access == Access::Token {
        addresses::check_host(head)?;
    }
    if scope.forwarding.is_some() {
        return admit_to_server(
            core,
            request,
            &known,
            scope,
            rest.into_iter().map(str::to_owned).collect(),
            outcome,
            notes,
        );
    }
    sent_target::check(head, &scope.policy, notes)?;
    if let Some(response) = discovery::answer(&scope, limits, &head.method, &rest, parameters) {
        outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::NOT_NEEDED);
        return Ok(Checked::Answered(response));
    }
    if access == Access::Token && visits::is_preflight(head) {
        outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::PREFLIGHT);
        return Ok(Checked::Answered(Ok(visits::refuse_preflight())));
    }
    match access {
        Access::Person | Access::Replay => {
            outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::SENT_BY_PERSON);
            outcome.is_authorized = true;
        }
        Access::Token => {
            check_token(core, &known, &scope, head, &rest, outcome, notes)?;
        }
    }
    if let Some(error) = addresses::check(path, &rest, &scope, outcome) {
        return Err(error);
    }
    let segments = rest.into_iter().map(str::to_owned).collect();
    Ok(Checked::Admitted(scope, segments))
}

/// Decides whether a request is passed on to the server of its directory, which decides the rest: what there is below the base URL, and whom
/// it lets in unless another token takes the place of the one that is shown.
fn admit_to_server(
    core: &Core,
    request: &ProvisioningRequest<'_>,
    known: &Registry,
    scope: Arc<Scope>,
    segments: Vec<String>,
    outcome: &mut HandlerOutcome,
    notes: &mut Notes,
) -> Result<Checked, ScimError> {
    let ProvisioningRequest { head, access, .. } = *request;
    if [Method::CONNECT, Method::TRACE].contains(&head.method) {
        return Ok(Checked::Answered(Ok(Response::not_allowed(&head.method, "GET, HEAD, POST, PUT, PATCH, DELETE"))));
    }
    let replaces = scope.forwarding.as_ref().is_some_and(|it| it.token == TokenForwarding::Replace);
    match access {
        Access::Person | Access::Replay => {
            outcome.authorization = Authorization::new(AuthVerdict::NotNeeded, token_doctor::SENT_BY_PERSON);
            outcome.is_authorized = true;
        }
        Access::Token if replaces => {
            check_token(core, known, &scope, head, &route::as_strs(&segments), outcome, notes)?;
        }
        Access::Token => {
            outcome.authorization =
                Authorization::new(AuthVerdict::NotChecked, token_doctor::forwarded::ITS_SERVER_DECIDES)
        }
    }
    Ok(Checked::Admitted(scope, segments))
}

/// Checks the token that a request shows.
///
/// # Errors
/// 401 if it does not open the directory.
fn check_token(
    core: &Core,
    known: &Registry,
    scope: &Scope,
    head: &Parts,
    rest: &[&str],
    outcome: &mut HandlerOutcome,
    notes: &mut Notes,
) -> Result<(), ScimError> {
    let header = auth::header(&head.headers);
    let checked = auth::check(core, known, scope, header.as_deref(), &outcome.actor, notes);
    outcome.authorization = checked.authorization;
    outcome.token = checked.hash;
    outcome.is_authorized = checked.is_accepted;
    match checked.is_accepted {
        true => Ok(()),
        false if outcome.facts.is_visit => Err(visits::refusal(rest)),
        false => Err(auth::refusal(&outcome.authorization)),
    }
}

impl AdmittedRequest {
    /// Where it is best carried out.
    pub(super) fn place(&self, body: &RequestBody) -> Place {
        use Operation::{Bulk, Create, Delete, List, Modify, Query, Read, Replace, Search, TestConnection};
        const USER: ResourceKind = ResourceKind::User;
        let has = |name| self.parameters.get(name).is_some();
        let is_plain = !has("sortBy") && !has("cursor");
        match self.outcome.facts.operation {
            Read(USER) | TestConnection => Place::Here,
            List(Some(USER)) if is_plain && self.is_small_page() => Place::Here,
            Query(Some(kind)) if is_plain && self.is_indexed(kind) => Place::Here,
            // What a search asks for is in its body, which is not read yet; what is in users and groups alike has no page of its own.
            Query(_) | Search(_) | List(None) => Place::Search,
            List(_) if !is_plain => Place::Search,
            Bulk => Place::Bulk,
            Create(USER) | Replace(USER) | Modify(USER) | Delete(USER) if body.bytes().len() <= SMALL_BODY => {
                Place::AwaitingWriter
            }
            _ => Place::Thread,
        }
    }

    /// Whether few are listed. What is skipped before them costs little: who asks for a page has read the one before it.
    fn is_small_page(&self) -> bool {
        self.outcome.facts.query.as_ref().is_some_and(|query| query.count <= Some(search::MOST_LISTED))
    }

    /// Whether an index finds all that the filter can match, and that is little.
    fn is_indexed(&self, kind: ResourceKind) -> bool {
        let filter = self.parameters.get("filter").unwrap_or_default();
        let filter = Filter::parse(filter, &self.scope.policy, &mut Notes::new());
        filter.is_ok_and(|filter| search::is_narrow(kind, &filter))
    }
}
