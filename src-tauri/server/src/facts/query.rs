//! What a query looked for and found.

use idp::has_filter;
use scim::Filter;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::shown;

/// What a query looked for and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Query {
    /// Whether it has a filter.
    pub(crate) is_filtered: bool,
    /// Whether its filter compares with a GUID, whether or not anybody has read it.
    #[serde(skip_serializing_if = "super::is_default")]
    pub(crate) is_for_guid: bool,
    /// The one value that its filter compares with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sought: Option<Sought>,
    /// As it was asked for; `None`: it was not, or not with a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_index: Option<u64>,
    /// The same of `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u64>,
    /// How many match in all; `None`: it was not answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
    /// How the one user that it found was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matched: Option<Match>,
}

/// What a filter compares with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sought {
    /// `userName`, `emails.value`.
    pub(crate) attribute: String,
    /// `ada@example.com`.
    pub(crate) value: String,
}

/// How a user was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Match {
    /// `userName`, `emails[work].value`.
    pub(crate) attribute: String,
    /// Of the user.
    pub(crate) user_name: String,
}

impl Query {
    /// What its parameters say, before the filter has been read.
    pub(crate) fn of(parameters: &[(String, String)]) -> Self {
        let number = |name: &str| {
            let (_, value) = parameters.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
            value.trim().parse().ok()
        };
        Self {
            is_filtered: has_filter(parameters),
            is_for_guid: parameters
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("filter"))
                .any(|(_, filter)| filter.split('"').nth(1).is_some_and(is_guid)),
            start_index: number("startIndex"),
            count: number("count"),
            ..Self::default()
        }
    }

    /// Whether it looks for somebody by a GUID: entra-01-test-connection-guid does so for one who cannot exist.
    pub(crate) fn is_for_guid(&self) -> bool {
        self.is_for_guid || self.sought.as_ref().is_some_and(|sought| is_guid(&sought.value))
    }
}

impl Sought {
    /// What a filter compares with, if it is one value.
    pub(crate) fn of(filter: &Filter) -> Option<Self> {
        let (attribute, value) = (filter.sought_in()?.to_string(), filter.sought()?);
        Some(Self { attribute: shown(&attribute), value: shown(value) })
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use scim::{Notes, Policy};

    use super::*;

    #[test]
    fn a_filter_compares_an_attribute_with_a_value() {
        for (filter, expected) in [
            ("userName eq \"ada\"", Some(("userName", "ada"))),
            ("emails[type eq \"work\" and value eq \"a@b\"]", Some(("emails.value", "a@b"))),
            ("emails.value eq \"a@b\"", Some(("emails.value", "a@b"))),
            ("active eq true and externalId eq \"7\"", Some(("externalId", "7"))),
            ("userName pr", None),
            ("userName eq \"a\" or userName eq \"b\"", None),
        ] {
            let parsed = Filter::parse(filter, &Policy::tolerant(), &mut Notes::new()).expect("a filter");
            let sought = Sought::of(&parsed);
            assert_eq!(sought.as_ref().map(|it| (it.attribute.as_str(), it.value.as_str())), expected, "{filter}");
        }
    }

    #[test]
    fn numbers_are_read_where_they_stand() {
        let of = |parameters: &[(&str, &str)]| {
            let owned: Vec<_> =
                parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let query = Query::of(&owned);
            (query.is_filtered, query.start_index, query.count)
        };
        assert_eq!(of(&[("startIndex", "101"), ("count", "100")]), (false, Some(101), Some(100)));
        assert_eq!(of(&[("STARTINDEX", "-1"), ("filter", "x=startIndex=7&count=3")]), (true, None, None));
    }
}
