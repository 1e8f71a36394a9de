//! The simulator verifies that the server kept what it was sent. No identity provider does.

use serde_json::json;

use crate::exchange::Request;
use crate::precondition::Precondition;
use crate::progress::Role;
use crate::response::{Expected, Weight};
use crate::session::{Played, Session, Step};
use crate::tenant::Account;

/// What is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    /// The first active user, by id.
    ReadBack,
    /// The same, by user name in capitals.
    FindInCapitals,
    /// The members of the newest group.
    Members,
    /// The user who was deactivated last.
    StillThere,
}

impl Verification {
    pub(crate) fn precondition(self) -> Precondition {
        match self {
            Self::ReadBack | Self::FindInCapitals => Precondition::ActivePerson,
            Self::Members => Precondition::Group,
            Self::StillThere => Precondition::InactivePerson,
        }
    }

    /// Verifies it. What is found wrong is told; nothing depends on it.
    pub(crate) async fn verify(self, s: &mut Session<'_>) -> Played {
        match self {
            Self::ReadBack => read_back(s).await,
            Self::FindInCapitals => find_in_capitals(s).await,
            Self::Members => members(s).await,
            Self::StillThere => still_there(s).await,
        }
    }
}

async fn read_back(s: &mut Session<'_>) -> Played {
    let Some(account) = s.tenant.active() else { return Ok(()) };
    let account = s.tenant.accounts[account].clone();
    let (person, request) = (&account.person, Request::get(account.target()));
    let kept = |pointer: &str, value: &str, weight| Expected::Value {
        pointer: pointer.into(),
        value: value.into(),
        weight,
        because: "The server did not keep what it was sent.",
        section: "RFC 7644 §3.3",
    };
    let mut step = Step::own(Role::Check, format!("Read {} back", person.display_name()), request)
        .status(&[200])
        .expects(kept("/userName", &person.user_name, Weight::Fails))
        .expects(Expected::Absent {
            attribute: "password",
            because: "A password is never returned.",
            section: "RFC 7643 §4.1.1",
        })
        .expects(kept("/name/givenName", &person.given, Weight::Warns))
        .expects(kept("/name/familyName", &person.family, Weight::Warns))
        .expects(kept("/emails/0/value", &person.email, Weight::Warns));
    if !person.title.is_empty() {
        step = step.expects(kept("/title", &person.title, Weight::Warns));
    }
    s.send(step).await.map(drop)
}

async fn find_in_capitals(s: &mut Session<'_>) -> Played {
    let Some(account) = s.tenant.active() else { return Ok(()) };
    let person = s.tenant.accounts[account].person.clone();
    let name = person.user_name.to_uppercase();
    let filter = s.filter("userName", "eq", &name);
    let request = Request::get(format!("/Users?filter={filter}"));
    let step = Step::own(Role::Check, "Find it by userName in capitals", request)
        .status(&[200])
        .expects(Expected::Value {
            pointer: "/totalResults".into(),
            value: json!(1),
            weight: Weight::Fails,
            because: "userName is not case-sensitive.",
            section: "RFC 7643 §4.1.1",
        })
        .expects(Expected::Matches { attribute: "userName", value: name });
    s.send(step).await.map(drop)
}

async fn members(s: &mut Session<'_>) -> Played {
    let Some(group) = s.tenant.group() else { return Ok(()) };
    let pushed = &s.tenant.groups[group];
    let ids = s.tenant.member_ids(group, Account::is_on_server).into_iter().map(|(id, _)| id).collect();
    let title = format!("Look at the members of {}", pushed.name);
    let step = Step::own(Role::Check, title, Request::get(pushed.target())).status(&[200]);
    let because = "The group should have exactly the members that were sent.";
    s.send(step.expects(Expected::Members { ids, weight: Weight::Fails, because })).await.map(drop)
}

async fn still_there(s: &mut Session<'_>) -> Played {
    let Some(account) = s.tenant.inactive() else { return Ok(()) };
    let account = s.tenant.accounts[account].clone();
    let (person, request) = (&account.person, Request::get(account.target()));
    let step = Step::own(Role::Check, format!("Look whether {} is deactivated", person.display_name()), request)
        .status(&[200])
        .expects(Expected::value("/active", false, "Whoever is deactivated is still there, and not active."));
    s.send(step).await.map(drop)
}
