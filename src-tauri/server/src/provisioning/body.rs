//! Reading a request body within its limits.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use bytes::BytesMut;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use scim::{Notes, ScimError};

use super::limits::Limits;
use crate::core::Core;

/// Bytes that are kept of the body of a request that was refused by its head: one user, whole.
const SKIMMED: usize = 8 << 10;

/// How long the rest of such a body is read on. Its answer has gone out.
const SKIMMING: Duration = Duration::from_secs(2);

/// Bytes of a body that nobody needs that are taken in all the same, and how long one that is too large may take.
const LET_GO: u64 = 32 << 20;
const LETTING_GO: Duration = Duration::from_secs(10);

/// What arrived after the head, or why it did not.
pub(super) enum RequestBody {
    /// All of it.
    Whole(Bytes),
    /// The beginning of one that nobody needs, and the length of it in bytes as far as it arrived.
    Beginning(Bytes, u64),
    /// Not usable; this is the answer.
    Refused(ScimError),
}

impl RequestBody {
    /// Of a request whose body is not looked at.
    pub(super) fn none() -> Self {
        Self::Beginning(Bytes::new(), 0)
    }

    /// How much arrived, in bytes.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Beginning(_, length) => *length,
            other => other.bytes().len() as u64,
        }
    }

    /// What arrived; nothing of a body that was refused.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) | Self::Beginning(bytes, _) => bytes,
            Self::Refused(_) => &[],
        }
    }
}

/// Reads a body; one that is too large or too slow is refused. What has not arrived when the server ends is not waited for.
pub(super) async fn read(core: &Core, head: &Parts, mut body: Body, limits: &Limits) -> RequestBody {
    let announced = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let read = if announced.is_some_and(|length| length > limits.body_bytes as u64) {
        Err(Unread::TooLarge)
    } else {
        tokio::select! {
            // Who asks in the last moment is answered.
            biased;
            read = tokio::time::timeout(limits.body, collect(&mut body, limits.body_bytes)) => read.unwrap_or(Err(Unread::TooSlow)),
            () = core.ended() => Err(Unread::Ending),
        }
    };
    RequestBody::Refused(match read {
        Ok(bytes) => return RequestBody::Whole(bytes),
        Err(Unread::TooLarge) => {
            // Most clients send all of it before they read an answer. It is let go of behind the answer, or the connection would be reset
            // under them and nobody would learn why.
            let ended = core.ended();
            tokio::spawn(async move { drain(&mut body, LETTING_GO, ended, |_| {}).await });
            ScimError::payload_too_large(format!(
                "The body is larger than {} MiB. Send the members of a large group in several PATCH requests.",
                limits.body_bytes >> 20
            ))
        }
        Err(Unread::CutOff) => ScimError::invalid_syntax("The connection ended before the whole body had arrived."),
        Err(Unread::TooSlow) => {
            ScimError::request_timeout(format!("The body did not arrive within {} seconds.", limits.body.as_secs_f32()))
        }
        Err(Unread::Ending) => ScimError::unavailable("SCIM Setup is being closed. Nothing was changed."),
    })
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    CutOff,
    TooSlow,
    Ending,
}

async fn collect(body: &mut Body, most: usize) -> Result<Bytes, Unread> {
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        Err(_) => Err(Unread::CutOff),
    }
}

/// Reads the beginning of a body that nobody needs, and lets go of the rest, so that the client can send it and read the answer.
pub(super) async fn skim(core: &Core, mut body: Body, limits: &Limits) -> RequestBody {
    let mut kept = BytesMut::new();
    let keep = |data: &[u8]| kept.extend_from_slice(&data[..data.len().min(SKIMMED - kept.len())]);
    let length = drain(&mut body, SKIMMING.min(limits.body), core.ended(), keep).await;
    RequestBody::Beginning(kept.freeze(), length)
}

/// Lets go of a body of which nothing is kept.
pub(super) fn discard(core: &Core, mut body: Body) {
    if !body.is_end_stream() {
        let ended = core.ended();
        tokio::spawn(async move { drain(&mut body, SKIMMING, ended, |_| {}).await });
    }
}

/// Takes in what arrives of a body within `time` and before the server ends, up to [`LET_GO`], and returns how many bytes that were.
async fn drain(body: &mut Body, time: Duration, ended: impl Future<Output = ()>, mut take: impl FnMut(&[u8])) -> u64 {
    let mut length = 0;
    let reading = async {
        while length < LET_GO
            && let Some(Ok(frame)) = body.frame().await
        {
            let Some(data) = frame.data_ref() else { continue };
            take(data);
            length += data.len() as u64;
        }
    };
    // Whatever has not arrived by then is not waited for.
    tokio::select! {
        () = reading => {}
        () = tokio::time::sleep(time) => {}
        () = ended => {}
    }
    length
}

/// The JSON text of a POST, PUT or PATCH. A missing media type counts as JSON; another one is let pass if the body is JSON all the same,
/// because that is what `curl -d` sends. An operation of a bulk request has no head.
///
/// # Errors
/// 415 for another media type, 400 `invalidSyntax` for no body.
pub(super) fn json<'a>(head: Option<&Parts>, body: &'a [u8], notes: &mut Notes) -> Result<&'a [u8], ScimError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ScimError::invalid_syntax("The request has no body; a JSON object is needed."));
    }
    let media_type = head.and_then(|head| head.headers.get(CONTENT_TYPE));
    let media_type = media_type.map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase());
    let Some(media_type) = media_type.filter(|media_type| !media_type.contains("json")) else { return Ok(body) };
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(ScimError::unsupported_media_type(format!(
            "The Content-Type {media_type:?} is not supported. Send application/scim+json."
        )));
    }
    notes.add(
        "media-type",
        "RFC 7644 §3.8",
        format!("The Content-Type was {media_type:?} instead of application/scim+json; the body is JSON and was read as that."),
    );
    Ok(body)
}
