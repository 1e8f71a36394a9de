//! The provisioning listener: what the tunnel exposes. It answers SCIM, always with a SCIM body, and nothing else.
//!
//! One request, in order: by the head find the directory and check the token → read the body within limits → carry it out → answer → hand the
//! whole exchange to the recorder. A request that is refused by its head is answered before its body is looked at. Whatever goes wrong on the way, a panic included, ends in a SCIM error that is recorded like any answer.
//! Before all that comes the app's question to itself through the tunnel (`self_check.rs`), which is nobody's exchange.

mod addresses;
mod admission;
mod answer;
mod answer_faults;
mod arrived;
mod auth;
mod body;
mod bulk;
mod call;
mod content;
mod discovery;
mod dispatch;
mod draft;
mod endpoints;
mod forward;
mod limits;
mod lists;
mod local_request;
mod mask;
mod outcome;
mod passage;
mod query;
mod recorder;
mod replay;
mod reply;
mod resources;
mod route;
mod self_check;
mod sent_target;
mod strangers;
mod visits;

pub(crate) use answer::Provisioning;
pub(crate) use arrived::OfValidToken;
pub use limits::Limits;
pub(crate) use recorder::Recorder;
pub(crate) use sent_target::SentTarget;
