//! What a handler is given, and how it answers.

use std::sync::Arc;

use axum::http::Method;
use axum::http::request::Parts;
use scim::{Notes, Projection, ScimError};

use super::limits::Limits;
use super::query::Parameters;
use super::reply::Reply;
use super::{body, content};
use crate::core::Core;
use crate::directory::Failure;
use crate::directory::cause::Cause;
use crate::directory::derived::Members;
use crate::directory::resources::{Outcome, ResourceRequest};
use crate::facts::{Facts, NamedResource};
use crate::model::{Change, ResourceKind};
use crate::scopes::Scope;
use crate::store::{ReadLength, StoreError};

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
    /// For how long it may read at the most, because of where it is carried out.
    pub(super) longest_read: ReadLength,
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
    /// Why the answer is a refusal; `None`: it is not one.
    pub(super) error: Option<ScimError>,
}

impl<'a> Call<'a> {
    /// The body as JSON text.
    ///
    /// # Errors
    /// 415 or 400 `invalidSyntax`.
    pub(super) fn json(&mut self) -> Result<&'a [u8], ScimError> {
        content::check(self.head, self.body, &mut self.notes)?;
        body::json(self.head, self.body, &mut self.notes)
    }

    /// Takes in whether the body of a PUT or PATCH deactivates a user.
    pub(super) fn note_edit(&mut self, deactivates: bool) {
        (self.facts.deactivates, self.is_body_read) = (deactivates, true);
    }

    /// The request to the domain.
    pub(super) fn request(&self, kind: ResourceKind, show: Members) -> ResourceRequest<'_> {
        ResourceRequest { core: self.core, scope: &self.scope, cause: &self.cause, kind, show }
    }

    /// What `attributes` or `excludedAttributes` leave of a type of resource.
    ///
    /// # Errors
    /// 400 if both are given.
    pub(super) fn projection(&self, kind: ResourceKind) -> Result<Projection, ScimError> {
        self.parameters.projection(self.scope.schema(kind))
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

    /// The answer to what could not be carried out.
    pub(super) fn refused(failure: Failure) -> Self {
        let error = as_scim_error(failure);
        Self { reply: Reply::error(&error), changes: Vec::new(), error: Some(error) }
    }

    /// 405.
    pub(super) fn not_allowed(method: &Method, allowed: &str) -> Self {
        let text = format!("{method} does not work here. What does: {allowed}.");
        Self::not_allowed_because(ScimError::method_not_allowed(text), allowed)
    }

    /// 405 in other words.
    pub(super) fn not_allowed_because(error: ScimError, allowed: &str) -> Self {
        let reply = Reply::method_not_allowed(&error, allowed);
        Self { reply, changes: Vec::new(), error: Some(error) }
    }
}

fn as_scim_error(failure: Failure) -> ScimError {
    match failure {
        Failure::Scim(error) => error,
        Failure::Store(StoreError::TooLong) => ScimError::unavailable(
            "The request kept others from writing for too long. Nothing was changed; send fewer operations or members at a time.",
        ),
        Failure::Store(StoreError::Busy) => {
            ScimError::unavailable("Too many requests are waiting. Nothing was changed; try again in a few seconds.")
        }
        Failure::Store(StoreError::Gone) => {
            ScimError::unavailable("The directory was reset or deleted meanwhile. Nothing was changed; try again.")
        }
        Failure::Store(StoreError::Closed) => ScimError::unavailable(
            "The server is shutting down. Nothing was changed; try again when it has started again.",
        ),
        Failure::Store(error) => {
            tracing::error!(%error, "the store failed under a request");
            ScimError::internal("The server could not read or write its database. Nothing was changed.")
        }
    }
}
