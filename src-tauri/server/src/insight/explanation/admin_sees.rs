//! What the administrator of the identity provider is told. Only where it is known: the sentences are Okta's own, put together from its
//! documentation and from logs that others published; nobody here has seen a tenant.

use http::StatusCode;
use idp::IdpId;

use super::Case;
use crate::facts::Operation;
use crate::model::{AdminView, ResourceKind};

/// Which sentence, `{user}`, `{display}` and `{reason}` in it, and how well it is known.
type Template = (&'static str, &'static str);

const CREATE: Template = (
    "Automatic provisioning of user {user} to app … failed: Error while creating user {display}: {reason}",
    "The beginning is from Okta\u{2019}s documentation, the end as a published log shows it.",
);
const UPDATE: Template = (
    "Automatic profile push of user {user} to app … failed: Error while trying to push profile update for {user}: {reason}",
    "The beginning is as another vendor\u{2019}s guide quotes it, the end as a published log shows it.",
);
const DEACTIVATE: Template = (
    "Task: Application accounts need deprovisioning. {reason}",
    "As a published log shows it. The task has no Retry, only marking it complete.",
);
const LOOKUP: Template = (
    "Error while verifying if user {user} exists: {reason}",
    "The beginning is as another vendor\u{2019}s guide quotes it, the end as a published log shows it.",
);
const TEST: Template = ("Error authenticating: {reason}", "As another vendor\u{2019}s guide quotes it.");
const READ: Template =
    ("{reason}", "As a published log shows it: a red banner and a task, whose Retry repeats the same read.");
const GROUP: Template = (
    "System Log: application.provision.group.add, FAILURE. {reason}",
    "The event is as a published log shows it; where the reason stands in it is not known.",
);

pub(super) fn of(case: &Case<'_>) -> Option<AdminView> {
    if case.idp != Some(IdpId::Okta) {
        return None;
    }
    if !case.is_error() {
        // okta-01-test-connection
        let is_test = case.operation == Operation::TestConnection;
        return is_test.then(|| {
            view("Connector configured successfully", "As a published log shows it, for Test Connector Configuration.")
        });
    }
    let (template, evidence) = match case.operation {
        Operation::TestConnection => TEST,
        Operation::Query(Some(ResourceKind::User)) => LOOKUP,
        Operation::Create(ResourceKind::User) => CREATE,
        Operation::Read(ResourceKind::User) => READ,
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) if case.facts.deactivates => {
            DEACTIVATE
        }
        Operation::Replace(ResourceKind::User) | Operation::Modify(ResourceKind::User) => UPDATE,
        Operation::Create(ResourceKind::Group)
        | Operation::Replace(ResourceKind::Group)
        | Operation::Modify(ResourceKind::Group)
        | Operation::Delete(ResourceKind::Group) => GROUP,
        _ => return None,
    };
    let resource = &case.facts.resource;
    let user = case.facts.sought().or(resource.user_name.as_deref()).or(resource.name.as_deref()).unwrap_or("…");
    let display = resource.name.as_deref().unwrap_or(user);
    let text = template.replace("{user}", user).replace("{display}", display).replace("{reason}", &reason(case));
    Some(view(&text, evidence))
}

/// `Bad Request. Errors reported by remote server: department is required` (LabA incident 05).
fn reason(case: &Case<'_>) -> String {
    let phrase =
        StatusCode::from_u16(case.status()).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
    match case.detail() {
        Some(detail) => format!("{phrase}. Errors reported by remote server: {detail}"),
        None => phrase.to_owned(),
    }
}

fn view(text: &str, evidence: &str) -> AdminView {
    AdminView { provider: IdpId::Okta.name().to_owned(), text: text.to_owned(), evidence: evidence.to_owned() }
}
