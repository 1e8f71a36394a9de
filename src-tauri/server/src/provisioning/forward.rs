//! Requests of directories that pass them on: to the server of the person's own, and its answer back. Nothing of either is changed but what
//! HTTP wants of whoever stands between two (RFC 9110 §7.6), the token where another takes its place, and addresses below one base URL.
//!
//! A request is read first, so that no half of one reaches the server, and no answer is waited for longer than its client waits. What is
//! very large goes through as it comes. Nothing is asked twice that changes something.

mod addresses;
mod failure;
mod heads;
mod passing;
mod verdict;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use scim::{Notes, ScimError};
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;
use wire::NoAnswer;

use self::failure::Failure;
use self::passing::{Begun, Ended, Passing, Turn};
use super::admission::AdmittedRequest;
use super::arrived::{Arrived, mark};
use super::body::RequestBody;
use super::limits::Limits;
use super::outcome::HandlerOutcome;
use super::passage::{Passage, Passed};
use super::recorder::{RecordedRequest, Recorder};
use super::reply::Sent;
use super::route;
use crate::core::Core;
use crate::model::{AnsweredBy, ForwardedExchange, TokenForwarding};
use crate::scopes::{ForwardingScope, Scope};
use crate::secret::PlainToken;

/// Bytes of an answer that are read without asking for room: most have fewer.
const SMALL_ANSWER: usize = 64 << 10;

/// Bytes of an answer that is read to its end before it is passed on, so that addresses in it can be made those of the directory: a page of
/// 1,000 users. Of a larger one they stay as they are.
const MOST_READ: usize = 4 << 20;

/// What the server answered, or what is answered in its place.
struct Asked {
    outcome: HandlerOutcome,
    status: StatusCode,
    headers: HeaderMap,
    body: Begun,
    /// For what has been read of the body.
    room: Option<OwnedSemaphorePermit>,
    /// The pieces of the request's body that are known, and what became of the rest.
    asked: Passed,
    rest_of_asked: Option<oneshot::Receiver<Ended>>,
    /// What went there in the place of the token that was shown.
    token: Option<PlainToken>,
}

/// The body of a request that has not been passed on yet.
struct Waiting {
    body: Begun,
    /// For what has been read of it.
    rooms: Vec<OwnedSemaphorePermit>,
    /// Ends when its client hangs up.
    gone: oneshot::Receiver<()>,
}

/// The head of the server's answer, and its body as far as it has been read.
struct TheirAnswer {
    status: StatusCode,
    headers: HeaderMap,
    body: Begun,
    room: Option<OwnedSemaphorePermit>,
    forwarded: ForwardedExchange,
}

/// Reads the body of a request before anything of it goes on, up to what one may have here; the rest of a larger one goes on as it comes.
///
/// # Errors
/// 400 if it breaks off, 408 if it takes too long, 503 if the server ends.
pub(super) async fn read_request(core: &Core, body: Body, limits: &Limits) -> Result<Begun, ScimError> {
    tokio::select! {
        biased;
        read = tokio::time::timeout(limits.body, Begun::read(body, limits.body_bytes)) => match read {
            Ok(Ok(begun)) => Ok(begun),
            Ok(Err(_)) => Err(ScimError::invalid_syntax("The connection ended before the whole body had arrived. Nothing was passed on.")),
            Err(_) => {
                let seconds = limits.body.as_secs_f32();
                Err(ScimError::request_timeout(format!("The body did not arrive within {seconds} seconds. Nothing was passed on.")))
            }
        },
        () = core.ended() => Err(ScimError::unavailable("SCIM Setup is being closed. Nothing was passed on.")),
    }
}

/// Passes on what was admitted, answers with what comes back, and has both recorded. It goes on though the client hangs up meanwhile.
pub(super) async fn pass_on(
    core: Core,
    limits: Limits,
    recorder: Recorder,
    arrived: Arrived,
    admitted: AdmittedRequest,
    (body, rooms): (Begun, Vec<OwnedSemaphorePermit>),
) -> Response<Body> {
    // Is dropped with the connection.
    let (_present, gone) = oneshot::channel();
    let waiting = arrived.clone();
    let (recording, head) = (recorder.clone(), arrived.head.clone());
    let passing = async move {
        let asked = ask(&core, &limits, &arrived, admitted, Waiting { body, rooms, gone }).await;
        respond(&core, recorder, arrived, asked, limits.target)
    };
    match tokio::spawn(passing).await {
        Ok(response) => response,
        Err(_) => {
            let body = Arc::new(RequestBody::none());
            let outcome = HandlerOutcome { directory: None, ..waiting.panicked() };
            let (response, recorded) = waiting.answered(outcome, body);
            recording.record_now(recorded);
            tracing::debug!(method = %head.method, "a request could not be passed on");
            response
        }
    }
}

/// The same for a request of a person in the window, whose answer is awaited whole.
pub(super) async fn pass_on_locally(
    core: &Core,
    limits: &Limits,
    arrived: &Arrived,
    admitted: AdmittedRequest,
    body: Bytes,
) -> (HandlerOutcome, Sent, Passage) {
    let pieces = VecDeque::from_iter(Some(body).filter(|body| !body.is_empty()));
    let (_present, gone) = oneshot::channel();
    let waiting = Waiting { body: Begun { pieces, rest: None }, rooms: Vec::new(), gone };
    let asked = ask(core, limits, arrived, admitted, waiting).await;
    let Asked { outcome, status, headers, body, asked, token, .. } = asked;
    let answered = Passed::of(body.pieces);
    let bytes: Vec<u8> = answered.pieces.iter().flatten().copied().collect();
    let sent = Sent { status, headers, length: answered.length, body: bytes.into() };
    (outcome, sent, Passage { asked, answered, secret: token })
}

/// The answer for the connection. What went through is recorded once all of it has.
fn respond(core: &Core, recorder: Recorder, arrived: Arrived, asked: Asked, time: Duration) -> Response<Body> {
    let Asked { outcome, status, headers, body, room, asked, rest_of_asked, token } = asked;
    let Arrived { id, at, started, head } = arrived;
    let sender = outcome.sender;
    let mut passage = Passage { asked, answered: Passed::of(body.pieces.clone()), secret: token };
    let is_whole = body.rest.is_none();
    let (passing, rest) = body.pass_on(Instant::from_std(started) + time, room.into_iter().collect());
    let mut response = Response::new(Body::new(passing));
    (*response.status_mut(), *response.headers_mut()) = (status, headers.clone());
    mark(&mut response, sender);
    let sent = Sent { status, headers, body: Bytes::new(), length: passage.answered.length };
    let mut recorded = RecordedRequest {
        id,
        at,
        duration: started.elapsed(),
        head,
        body: Arc::new(RequestBody::none()),
        outcome,
        sent,
        replay_of: None,
        passage: None,
    };
    let rest = (!is_whole).then_some(rest);
    if rest.is_none() && rest_of_asked.is_none() {
        recorded.passage = Some(passage);
        recorder.record_now(recorded);
        return response;
    }
    let ended = core.ended();
    let record = async move {
        if let Some(rest) = rest_of_asked {
            passage.asked.length = rest.await.unwrap_or_default().length;
        }
        if let Some(rest) = rest {
            let Ended { length, is_whole } = rest.await.unwrap_or_default();
            passage.answered.length = length;
            if let Some(forwarded) = recorded.outcome.facts.forwarded.as_mut().filter(|_| !is_whole) {
                forwarded.remarks.push(format!(
                    "The answer broke off after {length} bytes. Its head had gone out, so the connection was cut: the client sees that something is missing."
                ));
            }
        }
        (recorded.duration, recorded.passage) = (started.elapsed(), Some(passage));
        recorder.record_now(recorded);
    };
    tokio::spawn(async move {
        tokio::select! {
            biased;
            () = record => {}
            () = async { ended.await; tokio::time::sleep(time).await } => {}
        }
    });
    response
}

/// Asks the server that the directory of a request passes them on to.
async fn ask(core: &Core, limits: &Limits, arrived: &Arrived, admitted: AdmittedRequest, waiting: Waiting) -> Asked {
    let Waiting { mut body, rooms, gone } = waiting;
    let AdmittedRequest { scope, mut outcome, notes, .. } = admitted;
    let Some(forwarding) = &scope.forwarding else {
        // Only what passes on comes here.
        return refuse(core, arrived, outcome, notes, Failure::nobodys_token(), ForwardedExchange::default());
    };
    let mut forwarded = ForwardedExchange { to: forwarding.to.to_string(), ..ForwardedExchange::default() };
    if heads::has_come_round(&arrived.head, &scope.directory_id) {
        return refuse(core, arrived, outcome, notes, Failure::circle(&forwarding.to), forwarded);
    }
    let ready = below(&arrived.head).and_then(|below| Ok((below, token(core, &scope, forwarding, &outcome)?)));
    let (below, token) = match ready {
        Ok(ready) => ready,
        Err(failure) => return refuse(core, arrived, outcome, notes, failure, forwarded),
    };
    let (theirs, ours) = (forwarding.to.to_string(), scope.base_url.clone());
    if body.rest.is_none() && !arrived.head.headers.contains_key(CONTENT_ENCODING) {
        let (pieces, count) = addresses::rewrite(std::mem::take(&mut body.pieces), &ours, &theirs);
        body.pieces = pieces;
        if count > 0 {
            let (addresses, became) = if count == 1 { ("address", "was") } else { ("addresses", "were") };
            forwarded.remarks.push(format!(
                "{count} {addresses} of this directory in the request {became} made those of your server."
            ));
        }
    }
    let mut asked = Passed::kept(&core.targets, &body.pieces);
    let (is_streamed, is_large) = (body.rest.is_some(), !rooms.is_empty());
    let (passing, rest_of_asked) = body.pass_on(Instant::from_std(arrived.started) + limits.target, rooms);
    let turn = Turn::default();
    let passing = passing.after(turn.clone());
    let rest_of_asked = is_streamed.then_some(rest_of_asked);
    let began = Instant::now();
    let request = request(&arrived.head, &below, &scope, forwarding, token.as_ref(), passing);
    let answer = match request {
        Ok(request) => {
            let until = Instant::from_std(arrived.started) + limits.target;
            let asking = answer(core, &scope, &arrived.head, forwarding, request);
            tokio::select! {
                biased;
                answer = tokio::time::timeout_at(until, asking) => {
                    answer.unwrap_or(Err(NoAnswer::TimedOut { seconds: limits.target.as_secs() }))
                }
                () = hung_up(gone, turn), if is_large => {
                    return refuse(core, arrived, outcome, notes, Failure::hung_up(), forwarded);
                }
            }
        }
        Err(error) => Err(error),
    };
    forwarded.target_ms = Some(began.elapsed().as_secs_f64() * 1_000.0);
    match answer {
        Ok(their) => {
            forwarded.answered_by = AnsweredBy::YourServer;
            forwarded.rewritten = their.forwarded.rewritten;
            forwarded.remarks.extend(their.forwarded.remarks);
            if forwarding.token == TokenForwarding::PassOn {
                verdict::note(core, &scope, &arrived.head, their.status, &mut outcome);
            }
            outcome.status = their.status.as_u16();
            outcome.notes = notes.into_vec();
            outcome.facts.forwarded = Some(forwarded);
            let TheirAnswer { status, headers, body, room, .. } = their;
            Asked { outcome, status, headers, body, room, asked, rest_of_asked, token }
        }
        Err(error) => {
            let may_be_done = !arrived.head.method.is_safe();
            let failure = Failure::no_answer(&forwarding.to, &error, may_be_done);
            asked.length = asked.length.max(asked.pieces.iter().map(|piece| piece.len() as u64).sum());
            let refused = refuse(core, arrived, outcome, notes, failure, forwarded);
            Asked { asked, rest_of_asked, ..refused }
        }
    }
}

/// Ends when a client hangs up before anything of its request has been sent.
async fn hung_up(gone: oneshot::Receiver<()>, turn: Turn) {
    // An error is what ends it.
    let _ = gone.await;
    if !turn.take() {
        std::future::pending::<()>().await;
    }
}

/// The token that takes the place of the one that was shown; `None`: that one goes on.
fn token(
    core: &Core,
    scope: &Scope,
    forwarding: &ForwardingScope,
    outcome: &HandlerOutcome,
) -> Result<Option<PlainToken>, Failure> {
    match forwarding.token {
        TokenForwarding::Replace => {
            let known = core.targets.token(&scope.directory_id, &forwarding.to);
            known.map(Some).ok_or_else(|| Failure::no_token(core, &scope.directory_id))
        }
        // What they show, if anything, is good for nothing there.
        TokenForwarding::PassOn if outcome.is_simulated || outcome.actor.is_in_window() => {
            Err(Failure::nobodys_token())
        }
        TokenForwarding::PassOn => Ok(None),
    }
}

fn request(
    head: &Parts,
    below: &str,
    scope: &Scope,
    forwarding: &ForwardingScope,
    token: Option<&PlainToken>,
    body: Passing,
) -> Result<Request<wire::PassedBody>, NoAnswer> {
    use http_body_util::BodyExt;
    let ForwardingScope { to, .. } = forwarding;
    let unsendable =
        |_| NoAnswer::Unsendable { reason: "the path has characters that no request line can hold".into() };
    let uri: axum::http::Uri = to.below(below).parse().map_err(unsendable)?;
    let mut request = Request::new(body.boxed_unsync());
    *request.method_mut() = head.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = heads::request(head, to.authority(), &scope.directory_id, token);
    Ok(request)
}

/// Path and query below the base URL, byte for byte.
///
/// # Errors
/// If the server could take the path for one that is not below it.
fn below(head: &Parts) -> Result<String, Failure> {
    let path = route::below_directory(head.uri.path()).ok_or_else(Failure::nowhere)?;
    if route::has_dot_segments(path) {
        return Err(Failure::leaves_base_url());
    }
    Ok(head.uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// Asks, and reads the answer, or of a very large one the beginning.
async fn answer(
    core: &Core,
    scope: &Scope,
    head: &Parts,
    ForwardingScope { to, .. }: &ForwardingScope,
    request: Request<wire::PassedBody>,
) -> Result<TheirAnswer, NoAnswer> {
    let (theirs, body) = core.targets.pool(to).send(request).await?.into_parts();
    if theirs.status == StatusCode::SWITCHING_PROTOCOLS {
        let reason = "it switched to another protocol, which nobody asked for".to_owned();
        return Err(NoAnswer::BrokeOff { reason });
    }
    let mut forwarded = ForwardedExchange::default();
    let (base, ours) = (to.to_string(), scope.base_url.as_str());
    let (mut headers, rewritten) = heads::answer(&theirs.headers, theirs.version, &scope.directory_id, &base, ours);
    forwarded.rewritten = rewritten;
    let broke_off = |(length, error): (usize, wire::BodyError)| NoAnswer::BrokeOff {
        reason: format!("{length} bytes of the body had come; {}", cause(&*error)),
    };
    let mut body = Begun::read(body, SMALL_ANSWER).await.map_err(broke_off)?;
    let mut room = None;
    if body.rest.is_some() {
        room = core.targets.room_for_answer();
        if room.is_some() {
            body = body.read_on(MOST_READ).await.map_err(broke_off)?;
        }
    }
    if heads::has_no_body(&head.method, theirs.status) {
        if theirs.status == StatusCode::RESET_CONTENT && head.method != Method::HEAD {
            // Of the three, this one says so by its length (RFC 9110 §15.3.6).
            body = Begun { pieces: VecDeque::new(), rest: None };
            headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        return Ok(TheirAnswer { status: theirs.status, headers, body, room, forwarded });
    }
    if body.rest.is_some() {
        let text = "The answer is too large to be looked through, so the addresses in it are those of your server.";
        forwarded.remarks.push(text.to_owned());
    } else if theirs.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        let text = "The answer is compressed and was passed on as is, so the addresses in it are those of your server.";
        forwarded.remarks.push(text.to_owned());
    } else {
        let (pieces, count) = addresses::rewrite(std::mem::take(&mut body.pieces), &base, ours);
        body.pieces = pieces;
        forwarded.rewritten += count;
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.length()));
    }
    Ok(TheirAnswer { status: theirs.status, headers, body, room, forwarded })
}

/// What hyper says of why a body broke off: its own words say only what it was doing.
fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// An answer in the place of the server's.
fn refuse(
    core: &Core,
    arrived: &Arrived,
    outcome: HandlerOutcome,
    notes: Notes,
    failure: Failure,
    forwarded: ForwardedExchange,
) -> Asked {
    let Failure { error, proxy_error } = failure;
    let mut outcome = outcome.finish(core, notes, Err(error.into()));
    let proxy_status = format!("scim-setup; error={proxy_error}");
    let reply =
        std::mem::take(&mut outcome.reply).with_header(header::HeaderName::from_static("proxy-status"), proxy_status);
    let Sent { status, headers, body, length: _ } = reply.into_parts(&arrived.head);
    outcome.facts.forwarded = Some(forwarded);
    let pieces = VecDeque::from_iter(Some(body).filter(|body| !body.is_empty()));
    Asked {
        outcome,
        status,
        headers,
        body: Begun { pieces, rest: None },
        room: None,
        asked: Passed::default(),
        rest_of_asked: None,
        token: None,
    }
}
