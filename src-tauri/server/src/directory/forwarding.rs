//! Directories that pass on what they are asked: where to, and with which token.

use wire::{Address, Client, Limits, NoAnswer};

use super::{Error, Result};
use crate::core::Core;
use crate::forwarding::Targets;
use crate::model::{DirectoryId, ForeignToken, ForwardingCheck, ForwardingRequest, TokenForwarding};
use crate::secret::PlainToken;
use crate::store::directories::StoredForwarding;

/// What a server is asked for to find out whether it is there: every SCIM server has it (RFC 7644 §4).
const ASKED: &str = "/ServiceProviderConfig";

/// Bytes of a token at the most: no server accepts a longer header.
const MOST_TOKEN: usize = 16 << 10;

/// Where to pass requests on to, as it is stored.
///
/// # Errors
/// If it is not a base URL, or the server is elsewhere and nobody has agreed.
pub(crate) fn checked(request: &ForwardingRequest) -> Result<StoredForwarding> {
    let to = address(&request.to, request.confirmed)?;
    if let Some(secret) = &request.secret {
        token(secret)?;
    }
    Ok(StoredForwarding { to: to.to_string(), token: request.token })
}

/// Takes in the token of a request, once the rest of it is stored.
///
/// # Errors
/// If it cannot be one.
pub(super) fn keep_token(targets: &Targets, id: &DirectoryId, request: &ForwardingRequest) -> Result<()> {
    match (request.token, &request.secret) {
        (TokenForwarding::PassOn, _) => targets.forget_token(id),
        (TokenForwarding::Replace, Some(secret)) => {
            targets.set_token(id, &address(&request.to, request.confirmed)?, token(secret)?);
        }
        // The one that is known stays, for the server that it was given for.
        (TokenForwarding::Replace, None) => {}
    }
    Ok(())
}

/// Asks a server whether it is there, with the token that would go to it, if that is known.
///
/// # Errors
/// If it is not a base URL, or the server is elsewhere and nobody has agreed.
pub(crate) async fn check(
    core: &Core,
    directory: Option<&DirectoryId>,
    request: &ForwardingRequest,
) -> Result<ForwardingCheck> {
    let to = address(&request.to, request.confirmed)?;
    let known = directory.and_then(|id| core.targets.token(id, &to));
    let token = match &request.secret {
        Some(secret) => Some(token(secret)?),
        None => known.filter(|_| request.token == TokenForwarding::Replace),
    };
    let mut headers = vec![("Accept".to_owned(), "application/scim+json".to_owned())];
    headers.extend(token.as_ref().map(|token| ("Authorization".to_owned(), format!("Bearer {}", token.reveal()))));
    let started = std::time::Instant::now();
    let answer = Client::new(Limits::default()).send(&to, "GET", &to.below(ASKED), &headers, None).await;
    let duration_ms = started.elapsed().as_secs_f64() * 1_000.0;
    let status = answer.as_ref().ok().map(|answer| answer.status);
    let is_ready = status == Some(200) && answer.as_ref().is_ok_and(|answer| is_object(&answer.body));
    let text = outcome(&to, &answer, token.is_some(), is_ready);
    Ok(ForwardingCheck { is_ready, status, text, duration_ms })
}

fn outcome(to: &Address, answer: &Result<wire::Answer, NoAnswer>, has_token: bool, is_ready: bool) -> String {
    match answer {
        Err(error) => format!("Your server at {to} could not be reached. {error}"),
        Ok(_) if is_ready => format!("Your server at {to} answers."),
        Ok(answer) => match answer.status {
            200 => format!(
                "There is a server at {to}, but its answer to {ASKED} is not SCIM. Check the path of the base URL."
            ),
            401 | 403 if has_token => {
                format!("Your server at {to} answers, but refuses the token with {}.", answer.status)
            }
            401 | 403 => format!(
                "Your server at {to} answers, and wants a token ({}). It gets the identity provider’s.",
                answer.status
            ),
            404 => format!("There is a server at {to}, but nothing at {ASKED} (404). Check the path of the base URL."),
            status @ 300..=399 => format!(
                "Your server at {to} redirects ({status}){}. Redirects are passed on, not followed: enter the address that it leads to.",
                answer.header("location").map(|place| format!(" to {place}")).unwrap_or_default()
            ),
            status => format!("Your server at {to} answered {status} to GET {ASKED}."),
        },
    }
}

fn is_object(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(body).is_ok_and(|body| body.is_object())
}

fn address(to: &str, confirmed: bool) -> Result<Address> {
    let address = Address::parse(to).map_err(|message| Error::invalid("to", message))?;
    if !address.is_private() && !confirmed {
        return Err(Error::invalid("confirmed", consent(&address)));
    }
    Ok(address)
}

/// What a person has to agree to.
fn consent(address: &Address) -> String {
    let clear = if address.is_https() { "" } else { " The token can be read in transit: the URL starts with http." };
    format!(
        "{address} is not on this machine or in a private network. Everything that arrives at this directory will be sent there, and can change users and groups there.{clear} Confirm this first."
    )
}

fn token(secret: &ForeignToken) -> Result<PlainToken> {
    let text = secret.reveal().trim();
    let invalid = |message: &str| Err(Error::invalid("secret", message.to_owned()));
    if text.is_empty() {
        return invalid("The token is empty.");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return invalid(
            "The token has characters that no HTTP header can hold. Paste only the token, without the word Bearer.",
        );
    }
    if text.len() > MOST_TOKEN {
        return invalid("The token is longer than 16 KiB, which no server accepts.");
    }
    Ok(PlainToken::from_client(text))
}
