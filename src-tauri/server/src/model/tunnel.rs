//! Public URLs that were checked, and tunnels that run on this machine.

use serde::Serialize;
use utoipa::ToSchema;

use super::{EnvironmentId, Timestamp};

/// What came of asking for this app through an environment's public URL.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TunnelCheck {
    /// The environment.
    pub environment_id: EnvironmentId,
    /// The public URL that was checked.
    pub url: String,
    /// When the check began.
    pub checked_at: Timestamp,
    /// What was found.
    pub code: TunnelCode,
    /// Whether it is good news, bad news, or no news.
    pub outcome: TunnelOutcome,
    /// What was found, in a few words: `The tunnel is offline`.
    pub title: String,
    /// What was seen, as a sentence.
    pub text: String,
    /// The one thing to do, as a sentence.
    pub advice: Option<String>,
    /// A command that does it.
    pub command: Option<String>,
    /// From the request to its answer, when it came from here.
    pub round_trip_ms: Option<u32>,
    /// What was looked at, in order.
    pub steps: Vec<TunnelStep>,
}

/// What a check of a public URL found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TunnelCode {
    /// The answer came from this running app.
    Works,
    /// Nobody knows the host name.
    DnsUnknown,
    /// No secure connection, or one with a certificate that cannot be trusted.
    TlsBad,
    /// No answer in time.
    TimedOut,
    /// The connection was refused or broke off.
    NoAnswer,
    /// The tunnel's operator says that the tunnel is not running.
    TunnelOffline,
    /// The tunnel runs, but nothing answers behind it.
    NothingOnPort,
    /// A web page: a warning, a sign-in, or a web site.
    HtmlPage,
    /// Something else answers.
    AnotherProgram,
    /// Another running copy of this app answers.
    AnotherCopy,
    /// It arrives here, but under another path.
    PathChanged,
    /// It arrives here, but without the `Authorization` header.
    AuthorizationLost,
    /// The address sends on to another.
    Redirected,
    /// The host name has an underscore, which Okta refuses.
    UnderscoreInHost,
    /// This machine cannot tell.
    CouldNotCheck,
}

/// What a check of a public URL means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TunnelOutcome {
    /// An identity provider can reach this app.
    Works,
    /// It cannot.
    Problem,
    /// Nobody knows from here.
    Unknown,
}

/// One thing that a check of a public URL looked at.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TunnelStep {
    /// What.
    pub name: TunnelStepName,
    /// How it was.
    pub state: TunnelStepState,
    /// What was seen: `ada.ngrok.app → 3.125.102.39`.
    pub seen: String,
    /// How long it took.
    pub duration_ms: Option<u32>,
}

/// What a check of a public URL looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TunnelStepName {
    /// The host name has an address.
    Dns,
    /// The connection is secure.
    Tls,
    /// The answer is this app's.
    App,
    /// The path arrived as it was sent.
    Path,
    /// The `Authorization` header arrived.
    Authorization,
}

/// How a thing was that a check looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum TunnelStepState {
    /// As it should be.
    Passed,
    /// Not as it should be.
    Failed,
    /// Not looked at.
    NotChecked,
}

/// Tunnels that run on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DetectedTunnels {
    /// Those that forward to this app, or may: the certain ones first.
    pub offers: Vec<DetectedTunnel>,
    /// Those that forward elsewhere.
    pub elsewhere: Vec<DetectedTunnel>,
    /// What was found, as a sentence or two.
    pub text: String,
    /// A command that starts a tunnel to this app, if none runs.
    pub command: Option<String>,
}

/// A tunnel that runs on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DetectedTunnel {
    /// The program that runs it: `ngrok` or `cloudflared`.
    pub agent: String,
    /// Its public address: `https://ada.ngrok.app`.
    pub url: String,
    /// Where it forwards to; `None`: the program does not say.
    pub upstream: Option<String>,
}
