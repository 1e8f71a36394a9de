//! Sending what a person wrote: a user or a group that they make, change or delete, or any other request.

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderValue, IF_MATCH, USER_AGENT};
use axum::http::{Method, Request};
use serde_json::Value;

use super::SentTarget;
use super::admission::Access;
use super::answer::Provisioning;
use super::local_request::{AGENT, LocalRequest};
use super::reply::MEDIA_TYPE;
use crate::core::Core;
use crate::directory::Error;
use crate::directory::exchanges::recorded;
use crate::model::{DirectoryId, ExchangeId, ExpectedOutcome, RequestDraft};

/// What can be done with a resource.
const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

impl Provisioning {
    /// What a request would do. Nothing is kept of it.
    ///
    /// # Errors
    /// If there is no such directory, or it is not a request.
    pub(crate) async fn rehearse_draft(&self, id: DirectoryId, draft: RequestDraft) -> Result<ExpectedOutcome, Error> {
        let limits = self.limits;
        let rehearse = move |core: &Core| {
            let is_forwarded = core.scopes.get(&id.0).is_some_and(|scope| scope.forwarding.is_some());
            let expected = local_request(core, &id, draft)?.rehearse(core, &limits);
            let text = match is_forwarded {
                true => "Your server answers in this directory, and nothing can be tried there without doing it.",
                false => "A bulk request cannot be tried first: its operations depend on one another.",
            };
            expected.ok_or_else(|| Error::invalid("path", text))
        };
        self.core.run(rehearse).await
    }

    /// Sends a request, and returns the id under which that is recorded.
    ///
    /// # Errors
    /// If there is no such directory, it is not a request, or it could not be recorded.
    pub(crate) async fn send_draft(&self, id: DirectoryId, draft: RequestDraft) -> Result<ExchangeId, Error> {
        let (limits, recorder) = (self.limits, self.recorder.clone());
        let send = move |core: &Core| {
            let replay_of = draft.replay_of;
            Ok(local_request(core, &id, draft)?.send(core, &limits, &recorder, replay_of)?.id)
        };
        self.core.run(send).await
    }

    /// What the directory would say against each of some requests; `None`: nothing. Nothing is kept of them.
    ///
    /// # Errors
    /// If there is no such directory, or one is not a request.
    pub(crate) async fn refusals(
        &self,
        id: DirectoryId,
        drafts: Vec<RequestDraft>,
    ) -> Result<Vec<Option<String>>, Error> {
        let limits = self.limits;
        let try_all = move |core: &Core| {
            let refusal = |draft| {
                let expected = local_request(core, &id, draft)?.rehearse(core, &limits);
                let refused = expected.filter(|expected| expected.status >= 400);
                Ok(refused.map(|ExpectedOutcome { status, error, .. }| {
                    error.unwrap_or_else(|| format!("The directory would answer with {status}."))
                }))
            };
            drafts.into_iter().map(refusal).collect()
        };
        self.core.run(try_all).await
    }

    /// Carries out a bulk request of a person, and returns what became of its operations.
    ///
    /// # Errors
    /// If there is no such directory, the request was refused as a whole, or it could not be recorded.
    pub(crate) async fn send_bulk(&self, id: DirectoryId, body: String) -> Result<Value, Error> {
        let (limits, recorder) = (self.limits, self.recorder.clone());
        let draft = RequestDraft {
            method: "POST".into(),
            path: "/Bulk".into(),
            body: Some(body),
            if_match: None,
            replay_of: None,
        };
        let send = move |core: &Core| {
            let sent = local_request(core, &id, draft)?.send(core, &limits, &recorder, None)?;
            let answer: Value = serde_json::from_slice(&sent.body).unwrap_or_default();
            if sent.status < 400 {
                return Ok(answer);
            }
            let detail = answer["detail"].as_str().unwrap_or("The directory refused the whole request.");
            Err(Error::invalid("id", detail))
        };
        self.core.run(send).await
    }
}

fn local_request(core: &Core, id: &DirectoryId, draft: RequestDraft) -> Result<LocalRequest, Error> {
    let scope = core.scopes.get(id).ok_or_else(|| Error::missing("directory", id))?;
    let RequestDraft { method, path, body, if_match, replay_of } = draft;
    if let Some(original) = replay_of {
        let (row, _) = core.store.read_with_requests(|c| recorded(c, original))?;
        if row.directory_id.as_ref() != Some(id) {
            return Err(Error::invalid("replayOf", "That request went to another directory."));
        }
    }
    let method = METHODS.into_iter().find(|known| known.as_str() == method);
    let method = method.ok_or_else(|| Error::invalid("method", "The method is GET, POST, PUT, PATCH or DELETE."))?;
    if !path.starts_with('/') {
        return Err(Error::invalid("path", "The path has to begin with a slash, as in /Users."));
    }
    let target = format!("{}{path}", scope.path());
    let mut request = Request::builder().method(method).header(USER_AGENT, AGENT);
    request = match SentTarget::encode(target.as_bytes()) {
        Some((encoded, sent)) => request.uri(encoded).extension(sent),
        None => request.uri(target),
    };
    if body.is_some() {
        request = request.header(CONTENT_TYPE, MEDIA_TYPE);
    }
    if let Some(version) = if_match {
        let version = HeaderValue::try_from(version);
        request = request.header(IF_MATCH, version.map_err(|_| Error::invalid("ifMatch", "That is not a version."))?);
    }
    let unusable = || Error::invalid("path", "The path is too long, or has a character that no URL can have.");
    let (head, ()) = request.body(()).map_err(|_| unusable())?.into_parts();
    Ok(LocalRequest { head, body: Bytes::from(body.unwrap_or_default()), access: Access::Person })
}
