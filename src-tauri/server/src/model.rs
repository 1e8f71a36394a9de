//! The product's nouns as they are read by every client: what the domain returns and the control API sends.
//!
//! All times are RFC 3339 in UTC with milliseconds (`2026-06-07T12:03:11.482Z`). Field names are camelCase on the wire.

mod dated_text;
mod explanation;
mod found;
mod guide;
mod ids;
mod notice;
mod people;
mod replay;
mod simulation;
mod summary;

pub use scim::{FieldChange, Note};
use scim::{Policy, Preset};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use dated_text::{DatedText, TextPart};
pub use explanation::{AdminView, ExchangeNote, Explanation, Fix, FixAction, NextStep, RfcRemark};
pub use guide::{
    BearerWord, Guide, GuideAction, GuideBox, GuideCause, GuideField, GuidePatch, GuideRemark, GuideStep,
    GuideStepState, GuideTrackId, GuideValue, SeenApp,
};

pub use found::{Found, FoundResource};
pub use ids::{ChangeSeq, DirectoryId, DirectoryKey, EnvironmentId, ExchangeId, OrganizationId, ResourceKey};
pub use notice::{Notice, NoticeKind, NoticePlace, NoticeTab, Notify};
pub use people::{
    Drift, DriftKind, GroupCounts, GroupDetail, GroupPage, GroupRow, HistoryEntry, Moved, ResourceAt, ResourceState,
    UserCounts, UserDetail, UserPage, UserRow,
};
pub use replay::{ExpectedOutcome, ReplayPlan};
pub use simulation::{
    ForeignToken, NewSimulation, ProviderInfo, ScenarioInfo, Simulation, SimulationPace, SimulationPage,
    SimulationState, SimulationTarget, SimulationTargetKind, SimulationWhat, Simulator, SourceInfo, SuiteInfo,
};
pub use summary::{RecentDirectory, Summary, SummaryState};

/// The port that the provisioning listener asks for when nobody says otherwise.
pub const DEFAULT_PORT: u16 = 7246;

/// An RFC 3339 instant in UTC with milliseconds. utoipa knows it by this name as a string with the format `date-time`.
pub type Timestamp = String;

/// A place with one public address, such as "Local": the tunnel URL belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Opaque, lower-case letters and digits.
    pub id: EnvironmentId,
    /// Unique, whatever the letter case.
    pub name: String,
    /// The address under which identity providers reach this machine: scheme and host, no trailing slash. `None`: this machine only.
    #[schema(required)]
    pub public_url: Option<String>,
    /// Whether `public_url` may be `http` or a private host.
    pub local_only: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A customer of the software under test, such as "Acme Corp".
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Opaque, lower-case letters and digits.
    pub id: OrganizationId,
    /// The environment it belongs to.
    pub environment_id: EnvironmentId,
    /// Unique in its environment, whatever the letter case.
    pub name: String,
    /// The id that the software under test knows it by; unique in its environment.
    #[schema(required)]
    pub external_id: Option<String>,
    /// Domains that its people's e-mail addresses should have: `example.com`.
    pub email_domains: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// One SCIM service provider: a base URL, a bearer token, users and groups.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Directory {
    /// Opaque, lower-case letters and digits; the last segment of the base URL.
    pub id: DirectoryId,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Unique in its organization, whatever the letter case.
    pub name: String,
    /// At most one per organization.
    pub is_primary: bool,
    /// Whether it was made to look around, and has nothing that matters.
    pub is_demo: bool,
    /// How lenient it is.
    pub policy: Policy,
    /// Extensions of its users and groups that its schemas declare, the enterprise extension aside.
    pub schemas: Vec<DeclaredSchema>,
    /// The identity provider that it is for, as far as it is known.
    pub provider: Provider,
    /// What to paste into the identity provider; derived when read.
    pub base_url: String,
    /// Whether `base_url` works on this machine only, because the environment has no public URL.
    pub base_url_is_local: bool,
    /// What the identity provider still has after the base URL changed, until a request arrives at the new one.
    #[schema(required)]
    pub former_url: Option<FormerUrl>,
    /// The bearer token in force, without the token.
    #[schema(required)]
    pub token: Option<TokenInfo>,
    /// How many users, groups and recorded requests it has.
    pub counts: Counts,
    /// When it was created.
    pub created_at: Timestamp,
    /// The newest request, whatever its outcome.
    #[schema(required)]
    pub last_request: Option<LastRequest>,
    /// Requests that were refused for their token since the last accepted one.
    #[schema(required)]
    pub rejected: Option<Rejected>,
}

/// An identity provider as the window speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Whose guide leads to it.
    pub track: GuideTrackId,
    /// In running text: "Okta", "your provider".
    pub name: String,
    /// The name of its field for the base URL: "SCIM connector base URL".
    #[schema(required)]
    pub base_url_field: Option<String>,
}

/// A ready-made policy.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreset {
    /// Which one.
    pub preset: Preset,
    /// What to set on a directory: only the switches that the preset is about.
    pub policy: Policy,
    /// The same with every switch set to what it is. That of `tolerant` and `strictRfc` says what a mode decides.
    pub effective: Policy,
}

/// An extension of users or groups that a directory declares, RFC 7643 §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclaredSchema {
    /// What it extends.
    pub resource_kind: ResourceKind,
    /// The schema in the form in which `/Schemas` serves it: `id`, `name`, `attributes`.
    pub schema: Value,
}

/// The base URL that an identity provider still has.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormerUrl {
    /// The whole base URL.
    pub base_url: String,
    /// When the base URL changed.
    pub since: Timestamp,
}

/// What is kept of a bearer token.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    /// The last four characters.
    pub last_four: String,
    /// When it was generated.
    pub created_at: Timestamp,
    /// When it was last accepted.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
    /// Whether it replaced an earlier one.
    pub is_rotated: bool,
}

/// The one answer that carries a plain token. It is not kept anywhere.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenCreated {
    /// The token: `scimsetup-` and 43 characters.
    pub token: String,
    /// The last four characters.
    pub last_four: String,
    /// When it was generated.
    pub created_at: Timestamp,
}

/// How many resources and recorded requests a directory has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All users.
    pub users: u64,
    /// Users with `active` true.
    pub active_users: u64,
    /// All groups.
    pub groups: u64,
    /// Recorded requests still kept.
    pub exchanges: u64,
    /// Those of them with a status of 400 or more.
    pub errors: u64,
    /// Those of them that create, change or delete.
    pub writes: u64,
    /// Those of them with notes.
    pub notes: u64,
}

/// The newest request of a directory.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastRequest {
    /// When it arrived.
    pub at: Timestamp,
    /// Its HTTP status.
    pub status: u16,
}

/// A run of refused requests that no accepted one has ended.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rejected {
    /// How many.
    pub count: u64,
    /// When the first arrived.
    pub since: Timestamp,
    /// What the newest got wrong, as a sentence: "They sent a token ending …x7Kd."
    pub reason: DatedText,
    /// The same in a word; `None`: recorded by an earlier version.
    #[schema(required)]
    pub verdict: Option<AuthVerdict>,
}

/// Everything the sidebar shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tree {
    /// By name.
    pub environments: Vec<Environment>,
    /// By name.
    pub organizations: Vec<Organization>,
    /// Primary first, then by name.
    pub directories: Vec<Directory>,
    /// Requests that address no directory.
    pub unattributed: Counts,
}

/// What goes when something is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Organizations in it.
    pub organizations: u64,
    /// Directories in it.
    pub directories: u64,
    /// Users in it.
    pub users: u64,
    /// Groups in it.
    pub groups: u64,
    /// Recorded requests in it.
    pub exchanges: u64,
}

/// A user or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResourceKind {
    /// A SCIM User.
    User,
    /// A SCIM Group.
    Group,
}

impl ResourceKind {
    /// What people call one of them.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

/// A window of a longer list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// How many match in all.
    pub total: u64,
    /// The rows asked for.
    pub items: Vec<T>,
}

/// A named pointer to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// The SCIM `id`.
    pub id: String,
    /// What it is; `None`: no resource here has this id.
    #[schema(required)]
    pub kind: Option<ResourceKind>,
    /// The name to show.
    pub name: String,
}

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// Attributes changed.
    Updated,
    /// `active` went from true to false.
    Deactivated,
    /// `active` went from false to true.
    Reactivated,
    /// Members came or went.
    MembersChanged,
    /// It is gone.
    Deleted,
}

/// One change of one resource, with what was before and after.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Grows with each change of this data folder.
    pub seq: ChangeSeq,
    /// When it was committed.
    pub at: Timestamp,
    /// The directory it happened in.
    pub directory_id: DirectoryId,
    /// What changed.
    pub resource_kind: ResourceKind,
    /// The SCIM `id` of what changed.
    pub resource_id: String,
    /// Its name after the change.
    pub resource_name: String,
    /// What happened.
    pub kind: ChangeKind,
    /// How many attributes changed.
    pub field_count: u64,
    /// Attribute by attribute, long texts cut; in rows and events, of what was created or deleted none, else the first 20.
    pub fields: Vec<FieldChange>,
    /// Who came and went, for groups.
    #[schema(required)]
    pub members: Option<MembersChange>,
    /// Who did it: "Okta".
    pub actor: String,
    /// The request that caused it.
    #[schema(required)]
    pub exchange_id: Option<ExchangeId>,
}

/// Who came to a group and who left it; at most 100 of each are named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembersChange {
    /// How many came.
    pub added_count: u64,
    /// How many left.
    pub removed_count: u64,
    /// The first of those who came.
    pub added: Vec<ResourceRef>,
    /// The first of those who left.
    pub removed: Vec<ResourceRef>,
}

/// What happened, for a person: "Okta checked whether ada@example.com exists" with the outcome "no match".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// The whole sentence without the outcome.
    pub text: String,
    /// The part of `text` to set in bold: "Ada Lovelace".
    #[schema(required)]
    pub subject: Option<String>,
    /// Shown after an arrow and never cut: "no match".
    #[schema(required)]
    pub outcome: Option<String>,
}

/// How the credentials of a request were judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// The verdict.
    pub verdict: AuthVerdict,
    /// The verdict as a sentence.
    pub text: DatedText,
    /// What to do about it.
    #[serde(default)]
    #[schema(required)]
    pub advice: Option<String>,
    /// The last four characters of what was sent.
    #[schema(required)]
    pub last_four: Option<String>,
}

impl Authorization {
    /// A verdict that needs no advice.
    pub(crate) fn new(verdict: AuthVerdict, text: impl Into<DatedText>) -> Self {
        Self { verdict, text: text.into(), advice: None, last_four: None }
    }
}

/// The verdict on the credentials of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AuthVerdict {
    /// The token in force.
    Matched,
    /// The endpoint needs none.
    NotNeeded,
    /// No `Authorization` header.
    Missing,
    /// Not `Bearer` and a token.
    Malformed,
    /// Nobody's token.
    Unknown,
    /// A token that was replaced.
    Retired,
    /// The token of another directory.
    OtherDirectory,
    /// The directory has no token yet.
    NoTokenYet,
    /// The directory in the path does not exist.
    UnknownDirectory,
    /// The request did not get that far.
    NotChecked,
}

/// A row of the requests list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRow {
    /// Grows in order of arrival.
    pub id: ExchangeId,
    /// The directory that was addressed; `None`: none, or an unknown one.
    #[schema(required)]
    pub directory_id: Option<DirectoryId>,
    /// When it arrived.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// Path and query below the base URL, decoded for reading: `/Users?filter=userName eq "ada@example.com"`.
    pub path: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// From the last byte of the request's head to the answer, in milliseconds.
    pub duration_ms: f64,
    /// Who asked: "Okta".
    pub actor: String,
    /// What happened.
    pub summary: Sentence,
    /// How many notes it has.
    pub note_count: u64,
    /// Whether it creates, changes or deletes.
    pub is_write: bool,
    /// The first request of those that it belongs to; `None`: it stands alone.
    #[schema(required)]
    pub story: Option<ExchangeId>,
    /// The request that it repeats.
    #[schema(required)]
    pub replay_of: Option<ExchangeId>,
    /// Whether the simulator sent it, in the place of the one who asks.
    pub is_simulated: bool,
}

/// A recorded request with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The row of the requests list.
    pub row: ExchangeRow,
    /// Path and query as they arrived.
    pub target: String,
    /// How the credentials were judged.
    pub authorization: Authorization,
    /// The `User-Agent`, if any.
    #[schema(required)]
    pub client: Option<String>,
    /// The host name it was sent to, as the tunnel passed it on.
    #[schema(required)]
    pub came_through: Option<String>,
    /// The request.
    pub request: Message,
    /// The answer.
    pub response: Message,
    /// Why it came out as it did, and what follows from it.
    pub explanation: Explanation,
    /// What was accepted although it is not standard, and other remarks.
    pub notes: Vec<ExchangeNote>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// The requests that it belongs to, itself included, in order; empty: it stands alone.
    pub story: Vec<ExchangeRow>,
}

/// Headers and body of a request or an answer. Secrets are masked, bodies are capped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Name and value, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body as text; `None`: there was none.
    #[schema(required)]
    pub body: Option<String>,
    /// The size of the body in bytes, before it was capped.
    pub body_bytes: u64,
    /// Whether `body` is only the beginning.
    pub is_truncated: bool,
}

/// The state of the provisioning listener.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum ListenerState {
    /// It answers.
    #[serde(rename_all = "camelCase")]
    Listening {
        /// `127.0.0.1:7246`.
        address: String,
        /// The port that is bound.
        port: u16,
    },
    /// It could not be bound.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// The port that was asked for.
        port: u16,
        /// What is wrong and what to do.
        message: String,
        /// A port that is free.
        #[schema(required)]
        suggested_port: Option<u16>,
    },
}

/// How the program is doing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// Where everything is kept.
    pub data_folder: String,
    /// How much that is, in bytes.
    pub data_bytes: u64,
    /// The listener that the tunnel forwards to.
    pub listener: ListenerState,
    /// Where a browser finds this interface; `None`: only the window has it.
    #[schema(required)]
    pub control_url: Option<String>,
    /// A sentence when requests could not be recorded since the start.
    #[schema(required)]
    pub recording_problem: Option<String>,
    /// The newest check of each environment's public URL since the start.
    pub tunnels: Vec<TunnelCheck>,
    /// For how long nobody was there to answer, until a person has read it.
    #[schema(required)]
    pub absence: Option<Absence>,
}

/// A time in which identity providers got no answer, because the program was not running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Absence {
    /// Why.
    pub cause: AbsenceCause,
    /// When the program was last seen running.
    pub since: Timestamp,
    /// When it was there again.
    pub until: Timestamp,
    /// Who may have tried something meanwhile, the one that was last active first.
    pub providers: Vec<AbsentFor>,
}

/// Why the program was not running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AbsenceCause {
    /// It was closed, or ended by force.
    Closed,
    /// The computer slept.
    Slept,
}

/// An identity provider that may have missed the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AbsentFor {
    /// "Okta", "your provider".
    pub provider: String,
    /// The directories that it uses.
    pub directory_ids: Vec<DirectoryId>,
    /// What it does with what it could not deliver, and what to do about it.
    pub advice: String,
}

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
    #[schema(required)]
    pub advice: Option<String>,
    /// A command that does it.
    #[schema(required)]
    pub command: Option<String>,
    /// From the request to its answer, when it came from here.
    #[schema(required)]
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
    #[schema(required)]
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
    #[schema(required)]
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
    #[schema(required)]
    pub upstream: Option<String>,
}

/// What a person can set for the whole program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The port of the provisioning listener; 0 picks one.
    #[schema(required)]
    pub port: u16,
    /// `system`, `light` or `dark`.
    #[schema(required)]
    pub theme: Theme,
    /// How many recorded requests each directory keeps.
    #[schema(required)]
    pub keep_exchanges: u32,
    /// After how many days recorded requests are deleted; `null`: whatever their age.
    #[schema(required)]
    pub keep_days: Option<u32>,
    /// Which notifications the desktop shows.
    #[schema(required)]
    pub notify: Notify,
    /// Whether closing the window leaves the program running in the tray, where there is one.
    #[schema(required)]
    pub stay_in_tray: bool,
}

/// Which colours the window uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            theme: Theme::System,
            keep_exchanges: 5_000,
            keep_days: None,
            notify: Notify::default(),
            stay_in_tray: false,
        }
    }
}

/// What a pasted public URL becomes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedUrl {
    /// Scheme, host and port, without a trailing slash.
    pub url: String,
    /// What was taken away, in words: "Removed the path /scim/v2: the app adds it itself."
    #[schema(required)]
    pub trimmed: Option<String>,
}

/// What a client needs to redraw, in order. Each event can be applied twice without harm.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Event {
    /// A request was recorded.
    #[serde(rename_all = "camelCase")]
    Exchange {
        /// Its row.
        exchange: ExchangeRow,
    },
    /// A resource changed.
    #[serde(rename_all = "camelCase")]
    Change {
        /// What changed.
        change: Change,
    },
    /// Counts, last request, token or rejections of a directory changed: here it is.
    #[serde(rename_all = "camelCase")]
    Directory {
        /// As it is now.
        directory: Box<Directory>,
    },
    /// Users came into step with the identity provider or fell out of it, or members of groups were recognized: their rows changed.
    #[serde(rename_all = "camelCase")]
    Drift {
        /// The directory they are in.
        directory_id: DirectoryId,
        /// The users and groups.
        ids: Vec<String>,
    },
    /// Counts of the requests that address no directory changed.
    #[serde(rename_all = "camelCase")]
    Unattributed {
        /// As they are now.
        counts: Counts,
    },
    /// Recorded requests were deleted: read the list of them again.
    #[serde(rename_all = "camelCase")]
    ExchangesDeleted {
        /// Of this directory; `None`: of no directory.
        #[schema(required)]
        directory_id: Option<DirectoryId>,
    },
    /// Something came to a run of the simulator: read on from where you are.
    #[serde(rename_all = "camelCase")]
    Simulation {
        /// Which run.
        simulation_id: String,
        /// The directory that it belongs to.
        directory_id: DirectoryId,
    },
    /// Environments, organizations or directories came, went or were renamed: read the tree again.
    Tree,
    /// Settings or the listener changed: read status and settings again.
    Status,
    /// Something is worth a notification on the desktop. Whoever reads everything again may have missed one.
    #[serde(rename_all = "camelCase")]
    Notice {
        /// What to show.
        notice: Notice,
    },
    /// Too much happened to tell: read everything again.
    Resync,
}

impl Event {
    /// Tells of a directory.
    pub(crate) fn directory(directory: Directory) -> Self {
        Self::Directory { directory: Box::new(directory) }
    }
}
