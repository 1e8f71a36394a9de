//! The product's nouns as they are read by every client: what the domain returns and the control API sends.
//!
//! All times are RFC 3339 in UTC with milliseconds (`2026-06-07T12:03:11.482Z`). Field names are camelCase on the wire.

mod absence;
mod actor;
mod api_call;
mod api_key;
mod app_event;
mod authorization;
mod backup;
mod batch;
mod case;
mod change;
mod data_check;
mod dated_text;
mod directory;
mod environment;
mod event;
mod exchange;
mod explanation;
mod forwarding;
mod found;
mod guide;
mod identity_provider;
mod ids;
mod notice;
mod organization;
mod people;
mod replay;
mod request_draft;
mod resource;
mod settings;
mod simulation;
mod status;
mod storage;
mod summary;
mod token;
mod tree;
mod tunnel;
mod webhook;

pub use idp::{GuideTrackId, IdpId};
pub use scim::{FieldChange, Note, ResourceKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use absence::{Absence, AbsenceCause, AbsentFor};
pub(crate) use actor::PERSON;
pub use actor::{Actor, NamedActor};
pub use api_call::{ApiCall, ApiCallDetail, ApiCallPage};
pub use api_key::{ApiKey, ApiKeyCreated};
pub use app_event::AppEventType;
pub use authorization::{AuthVerdict, Authorization};
pub use backup::{Backup, SetAside, SetAsideWhat, StagedRestore};
pub use batch::{
    Batch, BatchProblem, BatchState, BatchWhat, ImportAction, ImportColumn, ImportCounts, ImportFormat, ImportPreview,
    ImportRow, ListStatus, NewBatch, NewImport, NewSamples, OnExisting, Selection, SelectionChange,
};
pub use case::{Case, CaseAbout, CaseFormat, CasePreview, CaseRow, OpenedCase, Replacement};
pub use change::{Change, ChangeKind, MembersChange};
pub use data_check::{DataCheck, DataFinding, DataOutcome};
pub use dated_text::{DatedText, TextPart};
pub use directory::{
    Counts, DeclaredSchema, Directory, DirectoryProvider, FormerUrl, LastRequest, MisaddressedRequests, NameCollision,
    PathPart, PathPartState, PolicyPreset, Rejected,
};
pub use environment::{CheckedUrl, Environment};
pub use event::Event;
pub use exchange::{Exchange, ExchangeFilter, ExchangePage, ExchangeRow, Message, Sentence};
pub use explanation::{AdminView, ExchangeNote, Explanation, Fix, FixAction, NextStep, RfcRemark, TakenBy};
pub(crate) use forwarding::ITS_SERVER;
pub use forwarding::{
    AnswerFault, AnsweredBy, FaultWeight, ForwardedExchange, Forwarding, ForwardingCheck, ForwardingRequest,
    TokenForwarding,
};
pub use found::{Found, FoundResource};
pub use guide::{
    Guide, GuideAction, GuideCause, GuidePatch, GuideQuery, GuideRemark, GuideStep, GuideStepState, SeenApp,
};
pub use identity_provider::{GuideTrack, IdentityProvider};
pub use ids::{
    ApiCallId, ApiKeyId, ChangeSeq, DeliveryId, DirectoryId, DirectoryKey, EnvironmentId, ExchangeId, OrganizationId,
    ResourceKey, WebhookId,
};
pub use notice::{Notice, NoticeKind, NoticePlace, NoticeTab, Notify};
pub use organization::Organization;
pub use people::{
    Drift, DriftKind, GroupCounts, GroupDetail, GroupPage, GroupRow, History, HistoryEntry, Moved, ResourceAt,
    ResourceState, UserCounts, UserDetail, UserPage, UserRow,
};
pub use replay::{ExpectedOutcome, ReplayPlan};
pub use request_draft::RequestDraft;
pub use resource::ResourceRef;
pub use settings::{DEFAULT_PORT, Settings, Theme};
pub use simulation::{
    ForeignToken, NewSimulation, ProviderInfo, ScenarioInfo, Simulation, SimulationPace, SimulationPage,
    SimulationState, SimulationTarget, SimulationTargetKind, SimulationWhat, Simulator, SourceInfo, SuiteInfo,
};
pub use status::{ListenerState, RecentLog, Status};
pub use storage::{Storage, StoragePart, Stored};
pub use summary::{RecentDirectory, Summary, SummaryState};
pub use token::{TokenCreated, TokenInfo};
pub use tree::{Contents, DemoContents, Tree};
pub use tunnel::{
    DetectedTunnel, DetectedTunnels, TunnelCheck, TunnelCode, TunnelOutcome, TunnelStep, TunnelStepName,
    TunnelStepState,
};
pub use webhook::{
    Delivery, DeliveryAttempt, DeliveryDetail, DeliveryPage, DeliveryState, Webhook, WebhookDisabled,
    WebhookDisabledBecause, WebhookWithSecret,
};

/// An RFC 3339 instant in UTC with milliseconds. utoipa knows it by this name as a string with the format `date-time`.
pub type Timestamp = String;

/// A window of a longer list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// How many match in all.
    pub total: u64,
    /// The rows asked for.
    pub items: Vec<T>,
}
