//! What came of a request.

use axum::http::request::Parts;
use scim::{Note, Notes, ScimError};

use super::call::Response;
use super::query::Parameters;
use super::reply::Reply;
use super::route;
use crate::core::Core;
use crate::directory::{Failure, browse};
use crate::facts::{Facts, NamedResource, Operation, Refusal};
use crate::model::{Actor, Authorization, Change, DirectoryId, DirectoryKey};
use crate::scopes::Scope;
use crate::secret::TokenHash;
use crate::store::kept::Sender;

/// What came of a request.
#[derive(Default)]
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
    /// Whose it is, as far as its token says.
    pub(super) sender: Sender,
    pub(super) actor: Actor,
    pub(super) notes: Vec<Note>,
    pub(super) changes: Vec<Change>,
    pub(super) facts: Facts,
    /// Whether a handler has read the body, so that the facts have what it says.
    pub(super) is_body_read: bool,
    /// The directory that an address was meant for that leads nowhere, as far as that can be told.
    pub(super) meant: Option<Meant>,
}

/// The directory that a request was meant for.
pub(super) struct Meant {
    pub(super) directory: DirectoryKey,
    pub(super) id: DirectoryId,
    /// Its token says so.
    pub(super) is_sure: bool,
}

impl Meant {
    pub(super) fn new(scope: &Scope, is_sure: bool) -> Self {
        Self { directory: scope.directory, id: scope.directory_id.clone(), is_sure }
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
            ..Self::default()
        }
    }

    /// A request of which nothing is known but who sent it.
    pub(super) fn unanswered(actor: Actor) -> Self {
        Self { actor, ..Self::default() }
    }

    /// What came of the request, which was answered so.
    pub(super) fn finish(mut self, core: &Core, notes: Notes, response: Result<Response, Failure>) -> Self {
        let response = response.unwrap_or_else(Response::refused);
        self.facts.refusal = response.error.as_ref().map(Refusal::from);
        self.facts.has_wrong_type = response.error.as_ref().is_some_and(|error| error.is_wrong_type);
        (self.reply, self.changes) = (response.reply, response.changes);
        self.status = self.reply.status();
        if self.status >= 400 {
            self.name_resource(core);
        }
        self.notes = notes.into_vec();
        self
    }

    /// Takes in what the resource is called that the request addressed, if nothing else has said it.
    pub(super) fn name_resource(&mut self, core: &Core) {
        self.facts.resource.name = self.facts.resource.name.take().or_else(|| name(core, self));
    }
}

/// What a request asks for, whether or not its address leads anywhere.
pub(super) fn asked(head: &Parts, parameters: &Parameters) -> Facts {
    let segments = route::below_base_url(head.uri.path());
    let operation = Operation::of(head.method.as_str(), &route::as_strs(&segments), parameters.pairs());
    Facts { operation, ..Facts::default() }
}

/// The name of the resource that a request addressed, as it is known here.
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
