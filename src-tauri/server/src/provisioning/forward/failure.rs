//! What is answered where the server that a request is for cannot be asked, or gives no answer.

use scim::ScimError;
use wire::{Address, NoAnswer};

use crate::core::Core;
use crate::model::DirectoryId;

/// Who says so, and that it is not the identity provider's fault: its administrator reads this.
const WHO: &str = "SCIM Setup says this in its place; the identity provider’s request is not the reason.";

/// Why there is no answer of the server that a request is for.
pub(super) struct Failure {
    /// What is answered.
    pub(super) error: ScimError,
    /// The type of error in `Proxy-Status`, RFC 9209 §2.3.
    pub(super) proxy_error: &'static str,
}

impl Failure {
    /// It could not be asked, or did not answer. `may_be_done`: a part of the request was sent, and it changes something.
    pub(super) fn no_answer(to: &Address, error: &NoAnswer, may_be_done: bool) -> Self {
        let done = if may_be_done { " It may have carried the request out all the same." } else { "" };
        let reached = |reason: &str| format!("Your SCIM server at {to} could not be reached. {reason} {WHO}");
        let (detail, proxy_error) = match error {
            NoAnswer::UnknownHost { .. } => (reached(&error.to_string()), "dns_error"),
            NoAnswer::NotAccepted { .. } => (reached(&error.to_string()), "destination_ip_prohibited"),
            NoAnswer::Refused { .. } => (reached(&format!("{error} Is it running?")), "connection_refused"),
            NoAnswer::Tls { .. } => (reached(&error.to_string()), "tls_protocol_error"),
            NoAnswer::TimedOut { seconds } => {
                let detail = format!("Your SCIM server at {to} did not answer within {seconds} seconds.{done} {WHO}");
                return Self { error: ScimError::gateway_timeout(detail), proxy_error: "http_response_timeout" };
            }
            NoAnswer::Unsendable { .. } => (reached(&error.to_string()), "http_request_error"),
            NoAnswer::BrokeOff { reason } => (
                format!(
                    "Your SCIM server at {to} ended the connection before its answer was complete ({reason}).{done} {WHO}"
                ),
                "http_response_incomplete",
            ),
            NoAnswer::TooLarge { .. } | NoAnswer::TooManyValues { .. } | NoAnswer::RedirectedAway { .. } => {
                (format!("Your SCIM server at {to}: {error} {WHO}"), "http_protocol_error")
            }
        };
        Self { error: ScimError::bad_gateway(detail), proxy_error }
    }

    /// Its own requests come back to it.
    pub(super) fn circle(to: &Address) -> Self {
        let detail = format!(
            "The server at {to}, which this directory forwards to, forwards to this directory. Enter the base URL of your own SCIM server."
        );
        Self { error: ScimError::loop_detected(detail), proxy_error: "proxy_loop_detected" }
    }

    /// Its path could lead out of the base URL.
    pub(super) fn leaves_base_url() -> Self {
        let detail = "The path has a segment that is \".\" or \"..\", which can lead out of the base URL of your SCIM server. Nothing was passed on. Send the path without it.";
        Self { error: ScimError::invalid_path(detail), proxy_error: "http_request_denied" }
    }

    /// Its client is gone, and nothing of it was sent.
    pub(super) fn hung_up() -> Self {
        let detail = "The client hung up before its request could be passed on. Nothing reached your SCIM server.";
        Self { error: ScimError::request_timeout(detail), proxy_error: "http_request_error" }
    }

    /// Its path names no directory.
    pub(super) fn nowhere() -> Self {
        let detail =
            "Nothing is at this path: it does not begin with the base URL of the directory. Nothing was passed on.";
        Self { error: ScimError::not_found(detail), proxy_error: "http_request_error" }
    }

    /// The token that is to go there is not known.
    pub(super) fn no_token(core: &Core, directory: &DirectoryId) -> Self {
        let name = core.scopes.get(directory).map(|scope| scope.name.clone()).unwrap_or_default();
        let detail = format!(
            "SCIM Setup has no token for your SCIM server: it is kept in memory only and sent to no other server, and SCIM Setup has been restarted or the base URL now names another server. Open {name:?} in SCIM Setup and enter the token."
        );
        Self { error: ScimError::bad_gateway(detail), proxy_error: "proxy_configuration_error" }
    }

    /// A person, or the simulator, sends it, who does not have the token that the server wants.
    pub(super) fn nobodys_token() -> Self {
        let detail = "This directory passes on the identity provider’s token, and SCIM Setup has none of its own for your server. Give it one in the directory’s settings: put a token in the place of the identity provider’s.";
        Self { error: ScimError::bad_gateway(detail), proxy_error: "proxy_configuration_error" }
    }
}
