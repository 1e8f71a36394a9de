//! What is known of a request that was answered: filled in once, where it is known, stored with the request and read by every rule.
//!
//! Plain values, below the store and the rules. Nobody has to read a sentence, a path that is shown or a kept body to learn what happened;
//! only [`earlier`] does, for requests that an earlier version recorded.

mod active;
mod answer;
pub(crate) mod earlier;
mod exchange_details;
mod push;
mod query;
mod refused_body;
mod resource;
mod search_text;
mod sighting;

pub(crate) use idp::{Discovery, ENDPOINTS, Operation, leads_nowhere};
use scim::{ScimError, ScimType, shortened};
use serde::{Deserialize, Serialize};

pub(crate) use active::{is_deactivation, is_inactive};
pub(crate) use answer::{Answer, read_answer};
pub(crate) use exchange_details::ExchangeDetails;
pub(crate) use push::{Push, Whom};
pub(crate) use query::{Match, Query, Sought};
pub(crate) use refused_body::{read_refused_body, read_refused_value};
pub(crate) use resource::NamedResource;
pub(crate) use search_text::SearchText;
pub(crate) use sighting::Sighting;

use crate::model::{AnsweredBy, ForwardedExchange};

/// Characters of a text that are kept and shown. Nobody reads more; who sends a million gets an ellipsis.
const TEXT_SHOWN: usize = 1_000;

/// Pushes of a bulk request that are stored. All of them count; nobody looks through more afterwards.
const PUSHES_STORED: usize = 200;

/// What is known of a request that was answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Facts {
    /// What it asked for.
    pub(crate) operation: Operation,
    /// The resource that it is about.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) resource: NamedResource,
    /// What it looked for and found; `None`: it is not a query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<Query>,
    /// What came of its operations; `None`: it is not a bulk request, or one that was refused as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bulk: Option<BulkTally>,
    /// Whether it sets a user's `active` to false, whatever came of it.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) deactivates: bool,
    /// What it did to users, or failed to do.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "first_pushes")]
    pub(crate) pushes: Vec<Push>,
    /// Why it was refused; `None`: it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<Refusal>,
    /// Whether it was refused because a value has another type than its attribute.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) has_wrong_type: bool,
    /// Somebody opened the address in a browser.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) is_visit: bool,
    /// Its address leads to no directory, or to nothing in one.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) leads_nowhere: bool,
    /// What is nearly right about an address that leads nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nearly_right: Option<String>,
    /// What became of it where it was to be passed on; `None`: it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) forwarded: Option<ForwardedExchange>,
}

/// Why a request was refused. Why its token was is in [`crate::model::Authorization`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Refusal {
    /// The HTTP status: 400 or more.
    pub(crate) status: u16,
    /// RFC 7644 Table 9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scim_type: Option<ScimType>,
    /// What the client was told; `None`: nothing, or it was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// The `id` of the resource that has already what no two may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) taken_by: Option<String>,
}

/// How many operations of a bulk request worked and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BulkTally {
    pub(crate) worked: u64,
    pub(crate) failed: u64,
}

impl Facts {
    /// What the head of a request says. `segments` are those below the base URL, decoded: `["Users", "2819c223"]`; `parameters` those of
    /// the query, decoded.
    pub(crate) fn of(method: &str, segments: &[&str], parameters: &[(String, String)]) -> Self {
        let operation = Operation::of(method, segments, parameters);
        Self {
            operation,
            resource: NamedResource::addressed(segments),
            query: operation.is_query().then(|| Query::of(parameters)),
            ..Self::default()
        }
    }

    /// Whether another server, to which the request was passed on, gave the answer.
    pub(crate) fn is_their_answer(&self) -> bool {
        self.forwarded.as_ref().is_some_and(|forwarded| forwarded.answered_by == AnsweredBy::YourServer)
    }

    /// How many a query found; `None`: it is not a query, or it was not answered.
    pub(crate) fn total(&self) -> Option<u64> {
        self.query.as_ref()?.total
    }

    /// What a query compared with: `ada@example.com`.
    pub(crate) fn sought(&self) -> Option<&str> {
        Some(self.query.as_ref()?.sought.as_ref()?.value.as_str())
    }

    /// Makes texts that come from the address of a request, or that repeat parts of its body, what `mask` makes of them.
    pub(crate) fn mask(&mut self, mask: impl Fn(&str) -> String) {
        let detail = self.refusal.as_mut().and_then(|refusal| refusal.detail.as_mut());
        let sought = self.query.as_mut().and_then(|query| query.sought.as_mut()).map(|sought| &mut sought.value);
        for text in [detail, sought, self.resource.id.as_mut()].into_iter().flatten() {
            *text = mask(text);
        }
    }

    /// Takes in what the request did to the user that it addresses, once everything else is known. A bulk request has taken it in, one
    /// operation after the other.
    pub(crate) fn note_push(&mut self, method: &str) {
        if self.pushes.is_empty() {
            self.pushes = Push::of(self, method).into_iter().collect();
        }
    }
}

impl From<&ScimError> for Refusal {
    fn from(error: &ScimError) -> Self {
        let ScimError { status, scim_type, detail, taken_by, .. } = error;
        Self { status: *status, scim_type: *scim_type, detail: Some(shown(detail)), taken_by: taken_by.clone() }
    }
}

/// As much of a text that may be very long as is kept and shown.
pub(crate) fn shown(text: &str) -> String {
    shortened(text, TEXT_SHOWN)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn first_pushes<S: serde::Serializer>(pushes: &[Push], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pushes.iter().take(PUSHES_STORED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResourceKind;

    #[test]
    fn facts_are_stored_as_they_are() {
        let mut facts = Facts::of(
            "GET",
            &["Users"],
            &[("filter".into(), "userName eq \"a\"".into()), ("count".into(), "9".into())],
        );
        facts.refusal = Some(Refusal::from(&ScimError::no_target("There is no such value.")));
        facts.bulk = Some(BulkTally { worked: 1, failed: 2 });
        facts.pushes = vec![Push { whom: Whom::Id("2819c223".into()), failure: None }];
        let stored = serde_json::to_string(&facts).expect("JSON");
        assert_eq!(serde_json::from_str::<Facts>(&stored).expect("facts"), facts, "{stored}");
        let nothing = serde_json::to_string(&Facts::default()).expect("JSON");
        assert_eq!(nothing, r#"{"operation":"other"}"#, "what is not known takes no place");
    }

    #[test]
    fn what_is_stored_is_bounded() {
        let long = "ü".repeat(1_000_000);
        let user = serde_json::json!({
            "id": long, "userName": long, "displayName": long, "externalId": long, "emails": [{"value": long}],
        });
        let mut facts = Facts::of("PUT", &["Users", &long], &[("filter".into(), long.clone())]);
        facts.resource = NamedResource::of(ResourceKind::User, &long, user.as_object().expect("an object"));
        facts.refusal = Some(Refusal::from(&ScimError::invalid_value(&*long)));
        facts.nearly_right = Some(shown(&long));
        let refused = Push { whom: Whom::Id(shown(&long)), failure: None };
        facts.pushes = vec![refused; 1_000];
        let stored = serde_json::to_string(&facts).expect("JSON");
        assert!(stored.len() < 500_000, "{} bytes", stored.len());
        facts.pushes.clear();
        facts.note_push("PUT");
        let stored = serde_json::to_string(&facts).expect("JSON");
        assert!(stored.len() < 25_000, "{} bytes", stored.len());
    }
}
