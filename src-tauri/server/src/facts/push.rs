//! What an identity provider did, or failed to do, to users: who falls out of step with it, and who comes back.

use serde::{Deserialize, Serialize};

use super::{Facts, Operation};
use crate::model::{DriftKind, ResourceKind};

/// What an identity provider did, or failed to do, to one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Push {
    pub(crate) whom: Whom,
    /// `None`: it worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<Failure>,
}

/// Whom a push is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Whom {
    /// The SCIM `id`.
    Id(String),
    /// The `userName` that a POST sends.
    UserName(String),
}

/// How a push failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) kind: DriftKind,
    pub(crate) method: String,
    pub(crate) status: u16,
    pub(crate) reason: String,
}

impl Push {
    /// The push in a request about a user; `None`: it changes no user.
    ///
    /// A PUT, PATCH or DELETE is about the user it addresses, a POST about the one who has the `userName` already; both count whatever the
    /// reason for a failure, a refused token included: the identity provider does not care why.
    pub(super) fn of(facts: &Facts, method: &str) -> Option<Self> {
        const USER: ResourceKind = ResourceKind::User;
        let id = || facts.resource.id.clone().map(Whom::Id);
        let (whom, kind) = match facts.operation {
            Operation::Create(USER) => (facts.resource.user_name.clone().map(Whom::UserName), DriftKind::NotLinked),
            Operation::Replace(USER) | Operation::Modify(USER) if facts.deactivates => {
                (id(), DriftKind::NotDeactivated)
            }
            Operation::Replace(USER) | Operation::Modify(USER) => (id(), DriftKind::NotUpdated),
            Operation::Delete(USER) => (id(), DriftKind::NotDeactivated),
            _ => return None,
        };
        Some(Self::to(whom?, kind, facts, method))
    }

    /// A push to somebody who is known, that failed if the request did.
    pub(super) fn to(whom: Whom, kind: DriftKind, facts: &Facts, method: &str) -> Self {
        let failure = facts.refusal.as_ref().map(|refusal| Failure {
            kind,
            method: method.to_owned(),
            status: refusal.status,
            reason: refusal.detail.clone().unwrap_or_default(),
        });
        Self { whom, failure }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::facts::{Refusal, read_refused_value};

    /// A request of tests/data/fixtures, as if it had been answered with `status`.
    fn fixture(provider: &str, name: &str, status: u16) -> Vec<Push> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/fixtures");
        let text = std::fs::read_to_string(folder.join(provider).join(format!("{name}.json"))).expect("a fixture");
        let fixture: Value = serde_json::from_str(&text.replace("{{userA.id}}", "u1")).expect("a fixture is JSON");
        let request = &fixture["request"];
        let target = request["target"].as_str().expect("a target");
        let path = target.split('?').next().unwrap_or_default();
        answered(request["method"].as_str().expect("a method"), path, &request["body"], status, "")
    }

    /// A request that no handler has read the body of.
    fn answered(method: &str, path: &str, body: &Value, status: u16, error: &str) -> Vec<Push> {
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let mut facts = Facts::of(method, &segments, &[]);
        facts.refusal = (status >= 400).then(|| Refusal {
            status,
            scim_type: None,
            detail: Some(error.to_owned()),
            taken_by: None,
        });
        read_refused_value(&mut facts, method, body, false);
        facts.note_push(method);
        facts.pushes
    }

    fn kinds(pushes: &[Push]) -> Vec<(Whom, Option<DriftKind>)> {
        let kind = |push: &Push| push.failure.as_ref().map(|failure| failure.kind);
        pushes.iter().map(|push| (push.whom.clone(), kind(push))).collect()
    }

    #[test]
    fn a_failed_push_is_told_by_what_it_would_have_done() {
        use DriftKind::{NotDeactivated, NotLinked, NotUpdated};
        let id = || Whom::Id("u1".into());
        for (provider, name, status, expected) in [
            ("okta", "okta-16-put-profile-echoes-readonly", 500, Some((id(), Some(NotUpdated)))),
            ("okta", "okta-16-put-profile-echoes-readonly", 200, Some((id(), None))),
            ("okta", "okta-17-put-deactivate", 401, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-20-put-rename-userName", 409, Some((id(), Some(NotUpdated)))),
            ("okta", "okta-23-template-patch-deactivate", 503, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-23-template-patch-deactivate", 204, Some((id(), None))),
            ("okta", "okta-25-template-patch-password", 400, Some((id(), Some(NotUpdated)))),
            ("entra", "entra-13-patch-active-string-False", 400, Some((id(), Some(NotDeactivated)))),
            ("entra", "entra-15-flag-patch-active-boolean", 400, Some((id(), Some(NotDeactivated)))),
            ("entra", "entra-16-patch-multi-replace", 400, Some((id(), Some(NotUpdated)))),
            ("entra", "entra-41-hard-delete-user", 500, Some((id(), Some(NotDeactivated)))),
            ("okta", "okta-01-test-connection", 401, None),
            ("okta", "okta-15-get-user-by-id", 500, None),
            ("okta", "okta-32-group-put-full-list", 500, None),
        ] {
            let found = kinds(&fixture(provider, name, status));
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{name} {status}");
        }
        let conflict = fixture("okta", "okta-14-create-conflict-409", 409);
        assert!(
            matches!(&kinds(&conflict)[..], [(Whom::UserName(name), Some(NotLinked))] if name.contains('@')),
            "{conflict:?}"
        );
    }

    #[test]
    fn a_refused_bulk_request_is_a_failed_push_for_each_user() {
        let asked = json!({"Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ada@example.com"}},
            {"method": "PATCH", "path": "/Users/u2", "data": {"Operations": [{"op": "replace", "path": "active", "value": false}]}},
            {"method": "DELETE", "path": "/Users/u3"},
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Engineering"}},
        ]});
        let refused = answered("POST", "/Bulk", &asked, 401, "no");
        assert_eq!(refused.len(), 3, "a refused bulk request is three failed pushes");
        assert!(refused.iter().all(|push| push.failure.as_ref().is_some_and(|failure| failure.reason == "no")));
        use DriftKind::{NotDeactivated, NotLinked};
        let expected = [
            (Whom::UserName("ada@example.com".into()), Some(NotLinked)),
            (Whom::Id("u2".into()), Some(NotDeactivated)),
            (Whom::Id("u3".into()), Some(NotDeactivated)),
        ];
        assert_eq!(kinds(&refused), expected);
    }

    #[test]
    fn nonsense_is_nobodys_push() {
        for (method, path, body) in [
            ("POST", "/Users", json!("x")),
            ("POST", "/Users", json!({"userName": 7})),
            ("POST", "/Users/.search", json!({"userName": "ada"})),
            ("POST", "/Bulk", json!([])),
            ("PUT", "/Users", json!({})),
            ("PUT", "/", json!({})),
        ] {
            assert_eq!(answered(method, path, &body, 400, ""), [], "{method} {path}");
        }
    }
}
