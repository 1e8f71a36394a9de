//! What is wrong with the answer that a server gave to a real identity provider: the rules of the checks and of the simulated providers, held
//! against traffic that somebody else began.

use idp::{IdpId, Operation};
use scim::ResourceKind;
use serde_json::{Value, json};
use wire::Answer;

use crate::check::{CheckInfo, Suite};
use crate::response::{Expected, Finding, Response, fails, warns};

/// What an identity provider asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Who asked; `None`: nobody that is known.
    pub idp: Option<IdpId>,
    /// What for.
    pub operation: Operation,
    /// The `id` that the path names.
    pub id: Option<&'a str>,
    /// The attribute that a filter compares with a value, and the value.
    pub sought: Option<(&'a str, &'a str)>,
    /// The body; `None`: there is none, or something else than JSON.
    pub body: Option<&'a Value>,
    /// Whether it asks for some attributes only.
    pub is_projected: bool,
}

/// A rule that an answer breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The check that has the rule, with what to change.
    pub check: CheckInfo,
    /// What is wrong with this answer.
    pub finding: Finding,
}

/// Attributes that an identity provider finds somebody by.
const SOUGHT: [&str; 3] = ["userName", "displayName", "externalId"];

/// What is wrong with an answer; each rule once.
pub fn faults(asked: &Asked<'_>, answer: Answer) -> Vec<Fault> {
    let response = Response::new(answer);
    let mut found: Vec<(&'static str, Finding)> = media_type(asked, &response).into_iter().collect();
    // To refuse is not a fault; how it is said may be.
    if response.status() >= 400 && !is_lookup_without_match(asked, &response) {
        found.extend(of("rfc-error-body", &Expected::Error, &response));
    } else {
        found.extend(by_operation(asked, &response));
    }
    let mut faults: Vec<Fault> = Vec::new();
    for (id, finding) in found {
        if let Some(check) = check(id).filter(|check| faults.iter().all(|fault| fault.check.id != check.id)) {
            faults.push(Fault { check, finding: finding.shortened() });
        }
    }
    faults
}

fn by_operation(asked: &Asked<'_>, response: &Response) -> Vec<(&'static str, Finding)> {
    match asked.operation {
        Operation::Query(_) | Operation::Search(_) => query(asked, response),
        Operation::List(_) | Operation::TestConnection => of("rfc-list", &Expected::List, response),
        Operation::Create(kind) => {
            let mut found = of("rfc-create", &Expected::Status(&[201]), response);
            found.extend(of("rfc-id-is-the-servers", &Expected::Id, response));
            found.extend(location(response));
            found.extend(resource(asked, kind, response));
            found
        }
        Operation::Read(kind) => one(asked, kind, response),
        Operation::Replace(kind) => {
            let mut found = of("rfc-replace", &Expected::Status(&[200]), response);
            found.extend(one(asked, kind, response));
            found
        }
        Operation::Modify(kind) => {
            let mut found = of("rfc-patch-replace", &Expected::Status(&[200, 204]), response);
            found.extend(one(asked, kind, response));
            found
        }
        Operation::Delete(_) => of("rfc-delete", &Expected::Status(&[204]), response),
        Operation::Bulk | Operation::Discover(_) | Operation::Me | Operation::Other => Vec::new(),
    }
}

/// The resource that the path names. Only a 200 has it: 304 and 204 have no body.
fn one(asked: &Asked<'_>, kind: ResourceKind, response: &Response) -> Vec<(&'static str, Finding)> {
    if response.status() != 200 {
        return Vec::new();
    }
    let mut found = same_id(asked, response);
    found.extend(resource(asked, kind, response));
    found
}

fn query(asked: &Asked<'_>, response: &Response) -> Vec<(&'static str, Finding)> {
    let sought = asked.sought.and_then(|(attribute, value)| {
        let attribute = SOUGHT.into_iter().find(|known| known.eq_ignore_ascii_case(attribute))?;
        Some(Expected::Matches { attribute, value: value.to_owned() })
    });
    match sought.filter(|_| response.status() == 404 || !asked.is_projected) {
        // `List` says what is wrong with the list; the rest is about the filter.
        Some(matches) if response.status() != 404 => {
            let list = Expected::List.unmet(response);
            let filter = matches.unmet(response).into_iter().filter(|finding| !list.contains(finding));
            let list = list.iter().map(|finding| ("rfc-list", finding.clone()));
            list.chain(filter.map(|finding| ("rfc-filter-eq", finding))).collect()
        }
        Some(matches) => of("rfc-filter-no-match", &matches, response),
        None => of("rfc-list", &Expected::List, response),
    }
}

/// A resource in an answer says what it is, shows no password, and a group its members.
fn resource(asked: &Asked<'_>, kind: ResourceKind, response: &Response) -> Vec<(&'static str, Finding)> {
    if !response.json.is_object() {
        return Vec::new();
    }
    let password = Expected::Absent {
        attribute: "password",
        because: "The answer has a password. It goes through tunnels and logs on its way.",
        section: "RFC 7643 §4.1.1",
    };
    let mut found = of("rfc-password-never", &password, response);
    if asked.is_projected {
        return found;
    }
    let urn = if kind == ResourceKind::User { scim::USER } else { scim::GROUP };
    if !response.names_schema(urn) {
        let (expected, actual) = (json!({ "schemas": [urn] }), json!({ "schemas": response.json["schemas"] }));
        let because = format!("schemas does not name {urn}. Identity providers tell by it what the answer is.");
        found.push(("rfc-schemas-attribute", warns(expected, actual, because, "RFC 7643 §3")));
    }
    let sent = asked.body.and_then(|body| body["members"].as_array()).is_some_and(|members| !members.is_empty());
    if kind == ResourceKind::Group && sent && response.json["members"].is_null() {
        let expected = json!({ "members": asked.body.map(|body| &body["members"]) });
        let because = "The group was sent with members, and the answer has none: identity providers take them for lost, and send them again.";
        found.push(("okta-group-create", warns(expected, json!({ "members": null }), because, "RFC 7643 §4.2")));
    }
    found
}

fn same_id(asked: &Asked<'_>, response: &Response) -> Vec<(&'static str, Finding)> {
    match asked.id {
        Some(id) => of("rfc-id-is-the-servers", &Expected::SameId(id.to_owned()), response),
        None => of("rfc-id-is-the-servers", &Expected::Id, response),
    }
}

/// Where what was created is: as a header, and as a whole URL.
fn location(response: &Response) -> Option<(&'static str, Finding)> {
    let found = response.answer.header("location");
    if found.is_some_and(|location| location.starts_with("http://") || location.starts_with("https://")) {
        return None;
    }
    let because = match found {
        Some(_) => "Location is relative. It has to be the whole URL of the resource, the same as meta.location.",
        None => "The answer to a POST has a Location, the URL of what was created.",
    };
    let (expected, actual) = (json!({ "Location": "https://…/Users/{id}" }), json!({ "Location": found }));
    Some(("rfc-create", warns(expected, actual, because, "RFC 7644 §3.3")))
}

fn media_type(asked: &Asked<'_>, response: &Response) -> Option<(&'static str, Finding)> {
    const EXPECTED: &str = "application/scim+json";
    let found = response.answer.header("content-type");
    let essence = found.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if response.answer.body.is_empty() || essence == EXPECTED {
        return None;
    }
    let (expected, actual) = (json!({ "Content-Type": EXPECTED }), json!({ "Content-Type": found }));
    let (section, is_json) = ("RFC 7644 §3.8", essence == "application/json");
    if asked.idp == Some(IdpId::Entra) {
        let because = "Entra ID’s validator refuses every answer that is not application/scim+json.";
        return Some(("entra-media-type", fails(expected, actual, because, section)));
    }
    let because = match is_json {
        true => "The media type of SCIM is application/scim+json; some identity providers refuse application/json.",
        false => "Identity providers do not read an answer of another media type as SCIM.",
    };
    let finding = if is_json { warns } else { fails };
    Some(("rfc-media-type", finding(expected, actual, because, section)))
}

/// Whether nobody was found where a list was asked for, and that was answered as an error.
fn is_lookup_without_match(asked: &Asked<'_>, response: &Response) -> bool {
    response.status() == 404 && matches!(asked.operation, Operation::Query(_) | Operation::List(_))
}

fn of(check: &'static str, expected: &Expected, response: &Response) -> Vec<(&'static str, Finding)> {
    expected.unmet(response).into_iter().map(|finding| (check, finding)).collect()
}

fn check(id: &str) -> Option<CheckInfo> {
    Suite::ALL.into_iter().flat_map(Suite::list).find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::response::Weight;

    const SCIM: (&str, &str) = ("content-type", "application/scim+json; charset=utf-8");

    fn asked(operation: Operation) -> Asked<'static> {
        let sought = matches!(operation, Operation::Query(_)).then_some(("userName", "ada@example.com"));
        Asked { idp: Some(IdpId::Okta), operation, id: None, sought, body: None, is_projected: false }
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Answer { status, reason: String::new(), headers, body: body.as_bytes().to_vec(), duration: Duration::ZERO }
    }

    fn found(asked: &Asked<'_>, status: u16, headers: &[(&str, &str)], body: &str) -> Vec<(&'static str, Weight)> {
        let faults = faults(asked, answer(status, headers, body));
        faults.iter().map(|fault| (fault.check.id, fault.finding.weight)).collect()
    }

    #[test]
    fn each_fault_has_the_rule_of_its_check() {
        use Weight::{Fails, Warns};
        const USER: ResourceKind = ResourceKind::User;
        let query = Operation::Query(Some(USER));
        let list =
            |total: &str| format!(r#"{{"schemas":["{}"],"totalResults":{total},"Resources":[]}}"#, scim::LIST_RESPONSE);
        let ada = format!(r#"{{"schemas":["{}"],"id":"7","userName":"ada@example.com"}}"#, scim::USER);
        let there = ("location", "https://ada.example/Users/7");
        for (operation, status, headers, body, expected) in [
            (query, 200, &[SCIM][..], list("0"), &[][..]),
            (query, 200, &[SCIM], list("\"0\""), &[("rfc-list", Fails)]),
            (query, 404, &[SCIM], String::new(), &[("rfc-filter-no-match", Warns)]),
            (
                query,
                200,
                &[SCIM],
                list("1").replace("[]}", r#"[{"id":"8","userName":"bob"}]}"#),
                &[("rfc-filter-eq", Fails)],
            ),
            (query, 200, &[("content-type", "application/json")], list("0"), &[("rfc-media-type", Warns)]),
            (
                query,
                200,
                &[("content-type", "text/html")],
                "<html>".into(),
                &[("rfc-media-type", Fails), ("rfc-list", Fails)],
            ),
            (query, 500, &[SCIM], r#"{"error":"boom"}"#.into(), &[("rfc-error-body", Warns)]),
            (Operation::Create(USER), 201, &[SCIM, there], ada.clone(), &[]),
            (Operation::Create(USER), 201, &[SCIM, ("location", "/Users/7")], ada.clone(), &[("rfc-create", Warns)]),
            (Operation::Create(USER), 200, &[SCIM, there], ada.clone(), &[("rfc-create", Fails)]),
            (
                Operation::Create(USER),
                201,
                &[SCIM, there],
                ada.replace("\"7\"", "7"),
                &[("rfc-id-is-the-servers", Fails)],
            ),
            (
                Operation::Read(USER),
                200,
                &[SCIM],
                r#"{"id":"7","password":"x"}"#.into(),
                &[("rfc-password-never", Fails), ("rfc-schemas-attribute", Warns)],
            ),
            (Operation::Modify(USER), 204, &[], String::new(), &[]),
            (Operation::Delete(USER), 204, &[], String::new(), &[]),
            (Operation::Delete(USER), 200, &[SCIM], "{}".into(), &[("rfc-delete", Fails)]),
        ] {
            assert_eq!(found(&asked(operation), status, headers, &body), expected, "{operation:?} {status} {body}");
        }
    }

    #[test]
    fn what_matters_depends_on_who_asks() {
        let entra = Asked { idp: Some(IdpId::Entra), ..asked(Operation::Read(ResourceKind::User)) };
        let ada = format!(r#"{{"schemas":["{}"],"id":"7"}}"#, scim::USER);
        let json = [("content-type", "application/json")];
        assert_eq!(found(&entra, 200, &json, &ada), [("entra-media-type", Weight::Fails)]);
        let members = json!({"members": [{"value": "7"}]});
        let group = Asked { body: Some(&members), ..asked(Operation::Replace(ResourceKind::Group)) };
        let answered = format!(r#"{{"schemas":["{}"],"id":"g"}}"#, scim::GROUP);
        assert_eq!(found(&group, 200, &[SCIM], &answered), [("okta-group-create", Weight::Warns)]);
        let read = Asked { id: Some("7"), ..asked(Operation::Read(ResourceKind::User)) };
        assert_eq!(found(&read, 304, &[], ""), [], "it has no body");
        let names = format!(r#"{{"schemas":["{}"],"totalResults":1,"Resources":[{{"id":"7"}}]}}"#, scim::LIST_RESPONSE);
        let lookup = Asked { is_projected: true, ..asked(Operation::Query(Some(ResourceKind::User))) };
        assert_eq!(found(&lookup, 200, &[SCIM], &names), [], "userName was not asked for");
        let projected = Asked { is_projected: true, ..group };
        assert_eq!(found(&projected, 200, &[SCIM], &answered), [], "members were not asked for");
    }
}
