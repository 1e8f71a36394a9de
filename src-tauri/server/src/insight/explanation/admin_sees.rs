//! What the administrator of the identity provider is told. Only of Okta it is known.

use http::StatusCode;
use idp::IdpId;
use idp::admin::{Failure, Job, Who};
use idp::okta::admin::{CONNECTED, message, reason};

use super::Case;
use crate::facts::Operation;
use crate::model::{AdminView, ResourceKind};

/// The application, whose name in Okta nobody here knows.
const APP: &str = "…";

pub(super) fn of(case: &Case<'_>) -> Option<AdminView> {
    if case.idp != Some(IdpId::Okta) {
        return None;
    }
    let (job, reason) = (job(case)?, reason_of(case));
    let failure = Failure::Answer(&reason);
    let message = match case.operation {
        _ if case.is_error() => message(&job, failure),
        // okta-01-test-connection
        Operation::TestConnection => &CONNECTED,
        _ => return None,
    };
    Some(AdminView {
        provider: IdpId::Okta.name().to_owned(),
        text: message.text(&job, failure, APP),
        evidence: message.known_from.to_owned(),
    })
}

/// What Okta was doing.
fn job(case: &Case<'_>) -> Option<Job> {
    let resource = &case.facts.resource;
    let user = case.facts.sought().or(resource.user_name.as_deref()).or(resource.name.as_deref()).unwrap_or("…");
    let who = || Who { user_name: user.to_owned(), name: resource.name.as_deref().unwrap_or(user).to_owned() };
    Some(match case.operation {
        Operation::TestConnection => Job::Connect,
        Operation::Query(Some(ResourceKind::User)) => Job::Verify(who()),
        Operation::Create(ResourceKind::User) => Job::Create(who()),
        Operation::Read(ResourceKind::User) => Job::Read(who()),
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) if case.facts.deactivates => {
            Job::Deactivate(who())
        }
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) => Job::Update(who()),
        Operation::Create(ResourceKind::Group)
        | Operation::Replace(ResourceKind::Group)
        | Operation::Modify(ResourceKind::Group)
        | Operation::Delete(ResourceKind::Group) => Job::PushGroup(resource.name.clone().unwrap_or_default()),
        _ => return None,
    })
}

fn reason_of(case: &Case<'_>) -> String {
    let status = StatusCode::from_u16(case.status()).ok();
    reason(status.and_then(|status| status.canonical_reason()).unwrap_or("Error"), case.detail())
}
