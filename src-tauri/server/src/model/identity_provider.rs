//! The identity providers that a directory can be set up for.

use serde::Serialize;
use simulator::SimulatedProvider;
use utoipa::ToSchema;

use super::{GuideTrackId, IdpId};

/// An identity provider that a directory can be set up for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityProvider {
    /// Which one; `generic`: any other.
    pub id: IdpId,
    /// In a list: "Okta", "Other".
    pub name: String,
    /// Its guides, one for each kind of app that it has, the usual one first.
    pub tracks: Vec<GuideTrack>,
}

/// A guide.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuideTrack {
    /// Which one.
    pub id: GuideTrackId,
    /// The kind of app: "Custom app with SCIM enabled"; empty if there is one alone.
    pub app: String,
    /// Who plays it in the simulator.
    pub simulated: SimulatedProvider,
}
