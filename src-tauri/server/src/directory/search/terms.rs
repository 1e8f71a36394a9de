//! What of a filter an index can answer.

use scim::{CompareOp, Filter, FilterValue};

use crate::model::ResourceKind;
use crate::store::resources::Term;
use crate::store::sql::fold;

/// What the indexes can narrow a filter to. Every resource of the kind that the filter matches meets all of the terms.
pub(super) fn of(kind: ResourceKind, filter: &Filter) -> Vec<Term> {
    let term = match kind {
        ResourceKind::User => user_term,
        ResourceKind::Group => group_term,
    };
    conjuncts(filter).into_iter().filter_map(|filter| term(filter).or_else(|| modified_term(filter))).collect()
}

fn user_term(filter: &Filter) -> Option<Term> {
    if let Filter::ValuePath { path, filter, .. } = filter {
        let is_email = path.schema.is_none() && path.attribute.eq_ignore_ascii_case("emails");
        return conjuncts(filter).into_iter().find_map(|inner| match equality(inner) {
            Some((name, FilterValue::String(text))) if is_email && name == "value" => Some(Term::Email(fold(text))),
            _ => None,
        });
    }
    match equality(filter)? {
        (name, FilterValue::String(text)) => match name.as_str() {
            "id" => Some(Term::Id(text.clone())),
            "username" => Some(Term::Name(fold(text))),
            "externalid" => Some(Term::ExternalId(text.clone())),
            "emails.value" | "emails" => Some(Term::Email(fold(text))),
            _ => None,
        },
        (name, FilterValue::Bool(value)) if name == "active" => Some(Term::Active(*value)),
        _ => None,
    }
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

fn group_term(filter: &Filter) -> Option<Term> {
    if let Filter::ValuePath { path, filter, .. } = filter {
        let is_members = path.schema.is_none() && path.attribute.eq_ignore_ascii_case("members");
        return conjuncts(filter).into_iter().find_map(|inner| match equality(inner) {
            Some((name, FilterValue::String(id))) if is_members && name == "value" => Some(Term::Member(id.clone())),
            _ => None,
        });
    }
    let (name, FilterValue::String(text)) = equality(filter)? else { return None };
    match name.as_str() {
        "id" => Some(Term::Id(text.clone())),
        "displayname" => Some(Term::Name(fold(text))),
        "externalid" => Some(Term::ExternalId(text.clone())),
        "members.value" | "members" => Some(Term::Member(text.clone())),
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

/// `(userName, "ada")` of `userName eq "ada"`, the name in lower case.
fn equality(filter: &Filter) -> Option<(String, &FilterValue)> {
    match filter {
        Filter::Compare { path, op: CompareOp::Eq, value } => Some((unqualified(path), value)),
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
