//! What the standards say: titles of sections, and a sentence or two on each kind of request.

mod rules;
mod sections;

use scim::{Note, Policy, ScimType};

use crate::facts::Operation;
use crate::model::{ExchangeNote, RfcRemark};

/// The title of a section: `RFC 7644 §3.5.1` is "Replacing with PUT".
pub(crate) fn title(section: &str) -> Option<&'static str> {
    sections::SECTIONS.iter().find(|(known, _)| *known == section).map(|(_, title)| *title)
}

/// A note with the titles of its rule and of its section.
pub(crate) fn titled(note: Note) -> ExchangeNote {
    ExchangeNote {
        title: rules::title(&note.rule).map(str::to_owned),
        section_title: title(&note.section).map(str::to_owned),
        rule: note.rule,
        text: note.text,
        section: note.section,
    }
}

/// What the standard says of a request, or of the answer that it got.
pub(crate) fn remark(
    operation: Operation,
    status: u16,
    scim_type: Option<ScimType>,
    policy: &Policy,
) -> Option<RfcRemark> {
    let (section, text) = of_answer(operation, status, scim_type).or_else(|| of_request(operation))?;
    let text = match operation {
        Operation::Replace(_) if status < 400 => format!("{text} {}", what_this_server_keeps(policy)),
        _ => text.to_owned(),
    };
    Some(RfcRemark { text, section: section.to_owned(), title: title(section).map(str::to_owned) })
}

fn what_this_server_keeps(policy: &Policy) -> &'static str {
    match (policy.put_without_active_clears(), policy.put_without_members_clears()) {
        (true, true) => "This directory clears them.",
        (false, true) => "This directory clears them, all but active.",
        (true, false) => "This directory clears them, all but the members of groups.",
        (false, false) => "This directory clears them, all but active and the members of groups.",
    }
}

const ME: (&str, &str) = (
    "RFC 7644 §3.11",
    "/Me stands for the authenticated user’s resource. A server that does not support it answers 501.",
);

/// Where the answer says more than the request: section and text.
fn of_answer(operation: Operation, status: u16, scim_type: Option<ScimType>) -> Option<(&'static str, &'static str)> {
    let found = match (status, operation) {
        (401, _) => (
            "RFC 7644 §2",
            "Clients authenticate with every request, here with a bearer token. A request without one gets 401 and WWW-Authenticate.",
        ),
        (403, Operation::Discover(_)) => (
            "RFC 7644 §4",
            "Filters on discovery endpoints are refused with 403; paging and sorting parameters are ignored.",
        ),
        (409, _) => {
            ("RFC 7644 §3.3", "A resource that would be a duplicate is refused with 409 and the scimType uniqueness.")
        }
        (304 | 412, _) => (
            "RFC 7644 §3.14",
            "With If-Match a write happens only on the version that the client knows, otherwise 412; with If-None-Match a read of the same version gets 304.",
        ),
        (413, _) => ("RFC 7644 §3.12", "413 says that a request is larger than the server is willing to process."),
        (415, _) => (
            "RFC 7644 §3.8",
            "Bodies are JSON in UTF-8, sent as application/scim+json; servers should read application/json, too.",
        ),
        (405 | 501, _) if operation == Operation::Me => ME,
        (405, _) => (
            "RFC 7644 §3.2",
            "Each endpoint has its methods: GET and POST for a type of resource; GET, PUT, PATCH and DELETE for one resource.",
        ),
        (404, Operation::Other) => (
            "RFC 7644 §3.2",
            "The endpoints are /Users, /Groups, /Me, /ServiceProviderConfig, /ResourceTypes, /Schemas, /Bulk and .search, below the base URL.",
        ),
        (400, _) => ("RFC 7644 §3.12", of_scim_type(scim_type?)?),
        _ => return None,
    };
    Some(found)
}

/// RFC 7644 Table 9 in a sentence each.
fn of_scim_type(scim_type: ScimType) -> Option<&'static str> {
    Some(match scim_type {
        ScimType::InvalidFilter => {
            "invalidFilter: the filter is not written as §3.4.2.2 has it, or it compares what cannot be compared so."
        }
        ScimType::TooMany => "tooMany: the filter yields more than the server is willing to process.",
        ScimType::Uniqueness => "uniqueness: one of the values is taken, and has to be unique.",
        ScimType::Mutability => {
            "mutability: the change is not compatible with the attribute’s mutability, or with its present value."
        }
        ScimType::InvalidSyntax => "invalidSyntax: the body is not what the operation needs.",
        ScimType::InvalidPath => {
            "invalidPath: the path of a PATCH operation is malformed, or names nothing that there is."
        }
        ScimType::NoTarget => "noTarget: the path of a PATCH operation yields nothing that could be operated on.",
        ScimType::InvalidValue => "invalidValue: a required value is missing, or a value does not fit its attribute.",
        ScimType::InvalidVers => "invalidVers: this version of the protocol is not supported.",
        ScimType::Sensitive => "sensitive: the request has confidential information in its address.",
        ScimType::InvalidCursor | ScimType::ExpiredCursor | ScimType::InvalidCount => return None,
    })
}

fn of_request(operation: Operation) -> Option<(&'static str, &'static str)> {
    Some(match operation {
        Operation::TestConnection | Operation::List(_) => (
            "RFC 7644 §3.4.2.4",
            "Lists are read page by page: startIndex counts from 1, count is the most the client wants, and totalResults is the total number.",
        ),
        Operation::Query(_) => (
            "RFC 7644 §3.4.2",
            "A query that finds nothing is a success: 200 with totalResults 0. Attribute names and operators are compared regardless of case.",
        ),
        Operation::Search(_) => (
            "RFC 7644 §3.4.3",
            "POST to .search is a query whose parameters stand in the body, where they do not end up in logs.",
        ),
        Operation::Read(_) => {
            ("RFC 7644 §3.4.1", "GET reads one resource by its id. An id that there is not gets 404.")
        }
        Operation::Create(_) => (
            "RFC 7644 §3.3",
            "POST creates a resource. The server assigns the id and answers 201 with the whole resource and its Location; read-only attributes in the body are ignored.",
        ),
        Operation::Replace(_) => (
            "RFC 7644 §3.5.1",
            "PUT replaces the resource. Attributes left out are not asserted; a server may clear or keep them.",
        ),
        Operation::Modify(_) => (
            "RFC 7644 §3.5.2",
            "PATCH carries out its operations in order, all of them or none. add and replace may leave the path out, remove needs one.",
        ),
        Operation::Delete(_) => (
            "RFC 7644 §3.6",
            "DELETE answers 204 without a body. Afterwards the id gets 404, and the same userName must not be refused for a new user.",
        ),
        Operation::Bulk => (
            "RFC 7644 §3.7",
            "A bulk request carries many operations. Each has its own status; the whole is answered 200, and failOnErrors says when to stop.",
        ),
        Operation::Discover(_) => {
            ("RFC 7644 §4", "What a server can do is read with GET and needs no credentials. It is never filtered.")
        }
        Operation::Me => ME,
        Operation::Other => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::ResourceKind;

    const SOURCES: [&str; 3] = ["../scim/src", "src/provisioning", "src/directory"];

    /// Every text in quotes of the sources that `is_wanted`.
    fn literals(folder: &Path, is_wanted: &dyn Fn(&str, &str) -> bool, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                literals(&path, is_wanted, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).expect("a source");
                let source = source.split("#[cfg(test)]").next().unwrap_or_default();
                let parts: Vec<&str> = source.split('"').collect();
                let texts = parts.windows(2).step_by(2).filter_map(|pair| match pair {
                    [before, text] => Some((*before, *text)),
                    _ => None,
                });
                found.extend(texts.filter(|(before, text)| is_wanted(before, text)).map(|(_, text)| text.to_owned()));
            }
        }
    }

    fn all(is_wanted: &dyn Fn(&str, &str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for folder in SOURCES {
            literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), is_wanted, &mut found);
        }
        found
    }

    #[test]
    fn every_section_that_a_note_names_has_a_title() {
        let sections = all(&|_, text| text.starts_with("RFC ") && text.contains('§') && text.len() < 22);
        assert!(sections.len() > 30, "the sources are read: {sections:?}");
        for section in sections {
            assert!(title(&section).is_some(), "{section} has no title in sections.rs");
        }
    }

    #[test]
    fn every_rule_of_a_note_has_a_title() {
        let is_rule = |before: &str, text: &str| {
            let before = before.trim_end();
            before.ends_with(".add(")
                && !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        };
        let rules = all(&is_rule);
        assert!(rules.len() > 30, "the sources are read: {rules:?}");
        for rule in rules {
            assert!(rules::title(&rule).is_some(), "{rule} has no title in rules.rs");
        }
    }

    #[test]
    fn the_remark_is_about_the_request_or_its_answer() {
        const USER: ResourceKind = ResourceKind::User;
        let tolerant = Policy::tolerant();
        for (operation, status, scim_type, section) in [
            (Operation::Replace(USER), 200, None, "RFC 7644 §3.5.1"),
            (Operation::Create(USER), 201, None, "RFC 7644 §3.3"),
            (Operation::Create(USER), 400, Some(ScimType::InvalidValue), "RFC 7644 §3.12"),
            (Operation::Modify(USER), 400, None, "RFC 7644 §3.5.2"),
            (Operation::Read(USER), 401, None, "RFC 7644 §2"),
            (Operation::Read(USER), 404, None, "RFC 7644 §3.4.1"),
            (Operation::Other, 404, None, "RFC 7644 §3.2"),
            (Operation::Me, 501, None, "RFC 7644 §3.11"),
        ] {
            let remark =
                remark(operation, status, scim_type, &tolerant).unwrap_or_else(|| panic!("{operation:?} {status}"));
            assert_eq!(remark.section, section, "{operation:?} {status}");
            assert!(remark.title.is_some(), "{section}");
        }
        let text = |policy: &Policy| {
            remark(Operation::Replace(USER), 200, None, policy).map(|remark| remark.text).unwrap_or_default()
        };
        assert!(text(&tolerant).contains("all but active and the members"), "{}", text(&tolerant));
        assert!(text(&Policy::strict()).ends_with("This directory clears them."), "{}", text(&Policy::strict()));
        assert_eq!(remark(Operation::Other, 500, None, &tolerant), None);
    }
}
