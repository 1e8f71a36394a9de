//! Plays identity providers against any SCIM 2.0 server, and checks what it answers.
//!
//! An identity provider is a state machine: what it knows ([`Tenant`]) decides what it sends next. Each of its requests is sent as the
//! real one sends it, byte for byte where that is known, and says how it is known ([`Evidence`]). A [`Target`] is a server seen from
//! outside: nothing here knows a database, a window, or SCIM Setup's own server.

#![deny(missing_docs)]

mod arrange;
pub mod check;
mod dialect;
mod event;
mod exchange;
pub mod live;
mod owned_resources;
mod pace;
mod people;
mod precondition;
mod progress;
mod provider;
mod random;
mod rehearsal;
mod response;
pub mod run;
mod scenario;
mod session;
mod target;
mod tenant;
mod transport;
mod verification;

pub use event::Event;
pub use exchange::{Credential, Exchange, Message, Request, TOKEN_MASK};
pub use idp::admin::Shown;
pub use idp::evidence::{Evidence, Mark, SOURCES};
pub use pace::{Pace, Stop};
pub use people::{DEFAULT_SEED, People, Person};
pub use progress::{Leftover, PlannedStep, Progress, Role, StepReport, Summary, Verdict};
pub use provider::SimulatedProvider;
pub use response::{Finding, Weight};
pub use scenario::{Scenario, ScenarioKind};
pub use target::{Target, Token};
pub use tenant::Tenant;
pub use wire::Address;
