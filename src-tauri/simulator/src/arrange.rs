//! The simulator makes what a scenario begins with: things that happened on the server before, or behind the identity provider's back.

use serde_json::json;

use crate::exchange::Request;
use crate::precondition::Precondition;
use crate::progress::Role;
use crate::session::{Played, Session, Step};

/// Something to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrange {
    /// The group that is pushed next is there already.
    GroupThere,
    /// The next person is there under their user name, and the identity provider looks for their address, which is another.
    NameTaken,
    /// The first active user is deleted on the server.
    DeletedBehindItsBack,
}

impl Arrange {
    pub(crate) fn precondition(self) -> Option<Precondition> {
        match self {
            Self::GroupThere | Self::DeletedBehindItsBack => Some(Precondition::ActivePerson),
            Self::NameTaken => None,
        }
    }

    /// Makes it.
    pub(crate) async fn make(self, s: &mut Session<'_>) -> Played {
        match self {
            Self::GroupThere => {
                let body = json!({ "schemas": [scim::GROUP], "displayName": s.tenant.next_group_name() });
                create(s, "Make a group on the server", "/Groups", &body).await
            }
            Self::NameTaken => {
                s.tenant.finds_by_email = true;
                let account = s.tenant.assign_next();
                let person = &mut s.tenant.accounts[account].person;
                // `ada.lovelace@…` as user name and `ada@…` as address.
                let (local, domain) = person.user_name.split_once('@').unwrap_or((&person.user_name, "example.com"));
                person.email = format!("{}@{domain}", local.split('.').next().unwrap_or(local));
                let person = person.clone();
                let body = json!({
                    "schemas": [scim::USER],
                    "userName": person.user_name,
                    "name": { "givenName": person.given, "familyName": person.family },
                    "emails": [{ "value": person.email, "type": "work", "primary": true }],
                    "active": true,
                });
                create(s, "Make a user on the server whose userName is not the email", "/Users", &body).await
            }
            Self::DeletedBehindItsBack => {
                let Some(account) = s.tenant.active() else { return Ok(()) };
                let account = &s.tenant.accounts[account];
                let title = format!("Delete {} on the server", account.person.display_name());
                let request = Request::delete(account.target());
                s.send(Step::own(Role::Arrange, title, request).status(&[204, 200])).await.map(drop)
            }
        }
    }
}

async fn create(s: &mut Session<'_>, title: &str, target: &str, body: &serde_json::Value) -> Played {
    let request = Request::with_body("POST", target, body);
    // There already, from an earlier run: just as good.
    s.send(Step::own(Role::Arrange, title, request).status(&[201, 200, 409])).await.map(drop)
}
