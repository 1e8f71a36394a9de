//! Writes down what was asked and answered, behind the answer: whoever asks does not wait for it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response};
use bytes::Bytes;
use scim::redact::{self, MASK};
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::task::JoinHandle;

use super::error::ErrorText;
use super::guard;
use crate::clock::Millis;
use crate::core::Core;
use crate::directory::api_calls;
use crate::directory::api_keys::KeyHolder;
use crate::model::DirectoryKey;
use crate::secret::{last_four, mask_tokens};
use crate::store::api_calls::{ApiCallMessages, NewApiCall};

/// Requests that wait to be written down. Of more at once, some are not recorded: reading goes on.
const WAITING: usize = 1_024;

/// Requests that are written down in one transaction.
const AT_ONCE: usize = 128;

/// Bytes of an answer, of a target and of each header that are kept.
const BODY_KEPT: usize = 64 << 10;
const TEXT_KEPT: usize = 2 << 10;

/// Whose people an answer has, by the keys of the directories: what is kept of it goes with them.
#[derive(Clone, Debug, Default)]
pub(super) struct ReadDirectories(pub(super) BTreeSet<DirectoryKey>);

/// Records requests to the integration API. Cheap to clone.
#[derive(Clone)]
pub(super) struct Recorder {
    sender: Arc<Mutex<Option<mpsc::Sender<NewApiCall>>>>,
    writer: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Recorder {
    pub(super) fn start(core: Core) -> Self {
        let (sender, mut received) = mpsc::channel(WAITING);
        let writer = tokio::spawn(async move {
            let mut calls = Vec::new();
            while received.recv_many(&mut calls, AT_ONCE).await > 0 {
                let calls = std::mem::take(&mut calls);
                if let Err(error) = core.run(move |core| api_calls::record(core, calls)).await {
                    tracing::warn!(%error, "requests to the integration API could not be recorded");
                }
            }
        });
        Self { sender: Arc::new(Mutex::new(Some(sender))), writer: Arc::new(tokio::sync::Mutex::new(Some(writer))) }
    }

    /// Writes down what waits.
    pub(super) async fn finish(&self) {
        drop(self.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(writer) = self.writer.lock().await.take()
            && let Err(error) = writer.await
        {
            tracing::error!(%error, "the recorder of the integration API failed");
        }
    }

    /// Records a request with its answer, which it returns as it is. `times` are when it arrived, as a date and as a stopwatch.
    pub(super) async fn record(
        &self,
        asked: &Parts,
        holder: Option<&KeyHolder>,
        is_accepted: bool,
        response: Response<Body>,
        times: (Millis, Instant),
    ) -> Response<Body> {
        let (head, body) = response.into_parts();
        let is_stream = head.headers.get(CONTENT_TYPE).is_some_and(|found| found == "text/event-stream");
        // Every answer but a stream, which does not end, is in memory as a whole already.
        let (body, stream) = match is_stream {
            true => (Bytes::new(), Some(body)),
            false => (to_bytes(body, usize::MAX).await.unwrap_or_default(), None),
        };
        let kept = String::from_utf8_lossy(&body[..body.len().min(BODY_KEPT)]);
        let text = |name| asked.headers.get(name).and_then(|value| value.to_str().ok());
        let call = NewApiCall {
            environment: holder.map(|holder| holder.environment.clone()),
            api_key: holder.map(|holder| holder.key.clone()),
            is_accepted,
            at: times.0,
            has_key: guard::presented(&asked.headers).is_some(),
            directories: head.extensions.get::<ReadDirectories>().map(|read| read.0.clone()).unwrap_or_default(),
            method: cut(asked.method.as_str()),
            target: target(asked),
            status: head.status.as_u16(),
            duration_micros: times.1.elapsed().as_micros().try_into().unwrap_or(u64::MAX),
            client: text(USER_AGENT).map(|client| cut(mask_tokens(client.into()).as_ref())),
            error: head.extensions.get::<ErrorText>().map(|text| cut(&text.0)),
            messages: ApiCallMessages {
                request_headers: headers(&asked.headers),
                response_headers: headers(&head.headers),
                response_body: kept.trim_end_matches('\u{fffd}').to_owned(),
                response_bytes: body.len() as u64,
            },
        };
        if let Some(sender) = self.sender.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && let Err(TrySendError::Full(_)) = sender.try_send(call)
        {
            tracing::warn!("a request to the integration API was not recorded: too many at once");
        }
        Response::from_parts(head, stream.unwrap_or_else(|| Body::from(body)))
    }
}

/// Path and query. A key that somebody has put there is masked.
fn target(asked: &Parts) -> String {
    let path = mask_tokens(asked.uri.path().into()).into_owned();
    let Some(query) = asked.uri.query() else { return cut(&path) };
    let part = |part: &str| match part.split_once('=') {
        Some((name, value))
            if redact::names_secret(name) && !value.is_empty() && !name.eq_ignore_ascii_case("pageToken") =>
        {
            format!("{name}={MASK}")
        }
        _ => part.to_owned(),
    };
    let query = query.split('&').map(part).collect::<Vec<_>>().join("&");
    cut(&format!("{path}?{}", mask_tokens(query.as_str().into())))
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let masked = |name: &str, value: &str| match value.split_once(' ') {
        // The end of other credentials can be the end of a password.
        Some((scheme, key)) if name == AUTHORIZATION.as_str() && scheme.eq_ignore_ascii_case("Bearer") => {
            format!("{} {MASK}{}", cut(scheme), last_four(key))
        }
        _ if redact::is_secret_header(name) => MASK.to_owned(),
        _ => cut(mask_tokens(value.into()).as_ref()),
    };
    let each = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        (name.as_str().to_owned(), masked(name.as_str(), &String::from_utf8_lossy(value.as_bytes())))
    };
    headers.iter().map(each).collect()
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(TEXT_KEPT)].to_owned()
}
