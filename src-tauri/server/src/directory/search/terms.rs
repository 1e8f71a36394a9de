//! What of a filter an index can answer.

use scim::{CompareOp, Filter, FilterValue, comparison_key};

use crate::model::ResourceKind;
use crate::store::resources::Term;

/// What the indexes can narrow a filter to. Every resource of the kind that the filter matches meets all of the terms.
pub(super) fn of(kind: ResourceKind, filter: &Filter) -> Vec<Term> {
    let parts = conjuncts(filter).into_iter();
    parts.filter_map(|part| equality_term(kind, part).or_else(|| modified_term(part))).collect()
}

fn equality_term(kind: ResourceKind, filter: &Filter) -> Option<Term> {
    use ResourceKind::{Group, User};
    let (name, value) = equality(filter)?;
    Some(match (kind, name.as_str(), value) {
        (_, "id", FilterValue::String(id)) => Term::Id(id.clone()),
        (_, "externalid", FilterValue::String(id)) => Term::ExternalId(id.clone()),
        (User, "username", FilterValue::String(name)) => Term::Name(comparison_key(name)),
        (User, "emails" | "emails.value", FilterValue::String(email)) => Term::Email(comparison_key(email)),
        (User, "active", FilterValue::Bool(value)) => Term::Active(*value),
        (Group, "displayname", FilterValue::String(name)) => Term::Name(comparison_key(name)),
        (Group, "members" | "members.value", FilterValue::String(id)) => Term::Member(id.clone()),
        _ => return None,
    })
}

fn modified_term(filter: &Filter) -> Option<Term> {
    let Filter::Compare { path, op, value: FilterValue::String(text) } = filter else { return None };
    if !path.to_string().eq_ignore_ascii_case("meta.lastModified") {
        return None;
    }
    let at = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    match op {
        CompareOp::Gt | CompareOp::Ge => Some(Term::ModifiedFrom(at)),
        // A time between two milliseconds was rounded down; the filter itself looks at every digit.
        CompareOp::Lt | CompareOp::Le => Some(Term::ModifiedUntil(at.saturating_add(1))),
        _ => None,
    }
}

/// The parts that must all be true.
fn conjuncts(filter: &Filter) -> Vec<&Filter> {
    let (mut parts, mut open) = (Vec::new(), vec![filter]);
    while let Some(filter) = open.pop() {
        match filter {
            Filter::And(left, right) => open.extend([&**left, &**right]),
            other => parts.push(other),
        }
    }
    parts
}

/// `("username", "Ada")` of `userName eq "Ada"`, and `("emails.value", "a@b.example")` of `emails[value eq "a@b.example"]`.
fn equality(filter: &Filter) -> Option<(String, &FilterValue)> {
    match filter {
        Filter::Compare { path, op: CompareOp::Eq, value } => Some((unqualified(path), value)),
        Filter::ValuePath { path, filter, .. } if path.schema.is_none() => {
            let inner = conjuncts(filter).into_iter().find_map(|inner| match equality(inner) {
                Some((name, value @ FilterValue::String(_))) if name == "value" => Some(value),
                _ => None,
            });
            Some((format!("{}.value", path.attribute.to_ascii_lowercase()), inner?))
        }
        _ => None,
    }
}

/// The name in lower case, without the URN of a core schema.
fn unqualified(path: &scim::AttrPath) -> String {
    let schema = path.schema.as_deref().unwrap_or_default();
    let name = match &path.sub {
        Some(sub) => format!("{}.{sub}", path.attribute),
        None => path.attribute.clone(),
    };
    if schema.is_empty() || schema.eq_ignore_ascii_case(scim::USER) || schema.eq_ignore_ascii_case(scim::GROUP) {
        name.to_ascii_lowercase()
    } else {
        format!("{schema}:{name}").to_ascii_lowercase()
    }
}

/// Whether a filter looks at an attribute.
pub(super) fn mention(filter: &Filter, attribute: &str) -> bool {
    let names = |path: &scim::AttrPath| path.attribute.eq_ignore_ascii_case(attribute);
    let mut open = vec![filter];
    while let Some(filter) = open.pop() {
        match filter {
            Filter::And(left, right) | Filter::Or(left, right) => open.extend([&**left, &**right]),
            Filter::Not(inner) => open.push(inner),
            Filter::Compare { path, .. } | Filter::Present(path) | Filter::ValuePath { path, .. } if names(path) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use scim::{Notes, Policy};

    use super::*;

    #[test]
    fn what_identity_providers_look_for_is_found_by_indexes() {
        use ResourceKind::{Group, User};
        let at = "2026-06-07T12:03:11.482Z";
        let millis = 1_780_833_791_482;
        let text = |text: &str| text.to_owned();
        for (kind, filter, expected) in [
            (User, "id eq \"u1\"".to_owned(), vec![Term::Id(text("u1"))]),
            (User, "userName eq \"Ada\"".to_owned(), vec![Term::Name(text("ada"))]),
            (User, "externalId eq \"E1\"".to_owned(), vec![Term::ExternalId(text("E1"))]),
            (
                User,
                "emails[type eq \"work\" and value eq \"A@b.example\"]".to_owned(),
                vec![Term::Email(text("a@b.example"))],
            ),
            (User, "emails.value eq \"A@b.example\"".to_owned(), vec![Term::Email(text("a@b.example"))]),
            (User, "active eq false".to_owned(), vec![Term::Active(false)]),
            (User, format!("meta.lastModified gt \"{at}\""), vec![Term::ModifiedFrom(millis)]),
            (User, format!("meta.lastModified ge \"{at}\""), vec![Term::ModifiedFrom(millis)]),
            (User, format!("meta.lastModified lt \"{at}\""), vec![Term::ModifiedUntil(millis + 1)]),
            (Group, format!("meta.lastModified gt \"{at}\""), vec![Term::ModifiedFrom(millis)]),
            (Group, "displayName eq \"Eng\"".to_owned(), vec![Term::Name(text("eng"))]),
            (
                Group,
                "id eq \"g1\" and members eq \"u1\"".to_owned(),
                vec![Term::Member(text("u1")), Term::Id(text("g1"))],
            ),
            (Group, "members[value eq \"u1\"]".to_owned(), vec![Term::Member(text("u1"))]),
            (User, "userName eq \"ada\" or active eq false".to_owned(), Vec::new()),
            (User, "not (userName eq \"ada\")".to_owned(), Vec::new()),
            (User, "meta.created gt \"2026-06-07T12:03:11Z\"".to_owned(), Vec::new()),
        ] {
            let parsed = Filter::parse(&filter, &Policy::tolerant(), &mut Notes::new()).expect("a filter");
            assert_eq!(of(kind, &parsed), expected, "{filter}");
        }
    }
}
