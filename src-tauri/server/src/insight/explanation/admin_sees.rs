//! What the administrator of the identity provider is told, where that is known.

use http::StatusCode;
use idp::ConnectionTest;
use idp::admin::{Failure, Job, Response, Who};
use serde_json::Value;

use super::Case;
use crate::facts::{Operation, Sought};
use crate::model::{AdminView, ResourceKind};

/// The application, whose name at the identity provider nobody here knows.
const APP: &str = "…";

pub(super) fn of(case: &Case<'_>) -> Option<AdminView> {
    let idp = case.idp?;
    let (admin, job) = (idp.idp().admin.value()?, job(case)?);
    let status = case.status();
    let body = case.recorded.answer.unwrap_or_default();
    // Only what a refusal says is told.
    let json: Option<Value> = case.is_error().then(|| serde_json::from_str(body).ok()).flatten();
    let answer = Response {
        status,
        phrase: StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error"),
        body,
        json: json.as_ref(),
        detail: case.detail(),
        because: "",
    };
    let failure = case.is_error().then_some(Failure::Response(answer));
    let shown = admin(&job, failure.as_ref(), APP)?;
    Some(AdminView { provider: idp.name().to_owned(), text: shown.text, evidence: shown.known_from.to_owned() })
}

/// Whether it was the request with which this identity provider tests a connection.
fn is_connection_test(case: &Case<'_>) -> bool {
    match case.idp.and_then(|idp| idp.idp().connection_test.value()) {
        Some(ConnectionTest::TwoUsers) => case.operation == Operation::TestConnection,
        Some(ConnectionTest::Guid) => case.facts.query.as_ref().is_some_and(|query| {
            let is_user_name = |sought: &Sought| sought.attribute == "userName";
            case.operation == Operation::Query(Some(ResourceKind::User))
                && query.is_for_guid()
                && query.sought.as_ref().is_none_or(is_user_name)
        }),
        None => false,
    }
}

/// What the identity provider was doing.
fn job(case: &Case<'_>) -> Option<Job> {
    let resource = &case.facts.resource;
    let user = case.facts.sought().or(resource.user_name.as_deref()).or(resource.name.as_deref()).unwrap_or("…");
    let who = || Who { user_name: user.to_owned(), name: resource.name.as_deref().unwrap_or(user).to_owned() };
    if is_connection_test(case) {
        return Some(Job::Connect);
    }
    Some(match case.operation {
        Operation::TestConnection => Job::Import,
        Operation::Query(Some(ResourceKind::User)) => Job::Verify(who()),
        Operation::List(Some(_)) => Job::Import,
        Operation::Create(ResourceKind::User) => Job::Create(who()),
        Operation::Read(ResourceKind::User) => Job::Read(who()),
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) if case.facts.deactivates => {
            Job::Deactivate(who())
        }
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) => Job::Update(who()),
        Operation::Delete(ResourceKind::User) => Job::Delete(who()),
        Operation::Query(Some(ResourceKind::Group))
        | Operation::Read(ResourceKind::Group)
        | Operation::Create(ResourceKind::Group)
        | Operation::Replace(ResourceKind::Group)
        | Operation::Modify(ResourceKind::Group)
        | Operation::Delete(ResourceKind::Group) => Job::PushGroup(resource.name.clone().unwrap_or_default()),
        _ => return None,
    })
}
