//! What the identity provider does after a request. If it has done so already, the request in which it did is named.

use super::situation::Situation;
use super::{Case, Provider};
use crate::clock::Millis;
use crate::facts::{Operation, Query};
use crate::model::{NextStep, ResourceKind};

/// How long to wait for what has to follow before it is called missing. Okta creates within 300 ms of the look-up.
const PATIENCE: Millis = 10_000;

pub(super) fn of(case: &Case<'_>) -> Option<NextStep> {
    match case.provider {
        Provider::Okta => okta(case),
        Provider::Entra => entra(case),
        Provider::Other => None,
    }
}

/// Sources: idp-protocol §1.5 to §1.11.
fn okta(case: &Case<'_>) -> Option<NextStep> {
    const USER: ResourceKind = ResourceKind::User;
    const GROUP: ResourceKind = ResourceKind::Group;
    let found = case.facts.total();
    if case.is_error() {
        return okta_after_error(case).map(plain);
    }
    match (case.operation, found) {
        (Operation::Query(Some(USER)), Some(0)) => Some(followed(
            case,
            "Okta creates the user next: POST /Users.",
            |next| next == Operation::Create(USER),
            Some(
                "No POST /Users followed. In Okta: Provisioning › To App, Create Users has to be on; an import looks people up without creating them.",
            ),
        )),
        (Operation::Query(Some(USER)), Some(1)) => Some(followed(
            case,
            "Okta takes over the user who is here: it reads them by id, then replaces them with PUT.",
            |next| matches!(next, Operation::Read(USER) | Operation::Replace(USER) | Operation::Modify(USER)),
            None,
        )),
        (Operation::Query(Some(GROUP)), Some(0)) => Some(followed(
            case,
            "Okta creates the group next: POST /Groups.",
            |next| next == Operation::Create(GROUP),
            None,
        )),
        (Operation::Query(Some(GROUP)), Some(1)) => Some(followed(
            case,
            "Okta takes over the group that is here: it reads it by id, then replaces it.",
            |next| matches!(next, Operation::Read(GROUP) | Operation::Replace(GROUP) | Operation::Modify(GROUP)),
            None,
        )),
        (Operation::Read(USER), _) => Some(followed(
            case,
            "Okta changes what it has just read and sends the whole user back: PUT /Users and the id.",
            |next| matches!(next, Operation::Replace(USER) | Operation::Modify(USER)),
            None,
        )),
        (Operation::Read(GROUP), _) => Some(followed(
            case,
            "Okta sends the whole group back with its members: PUT /Groups and the id.",
            |next| matches!(next, Operation::Replace(GROUP) | Operation::Modify(GROUP)),
            None,
        )),
        (Operation::Create(USER), _) => Some(plain(
            "Okta remembers the id from this answer and uses it from now on. If groups of the person are pushed, their members follow.",
        )),
        (Operation::Create(GROUP), _) => Some(followed(
            case,
            "A custom app reads the group back and replaces it with its members; a catalogue app sends them with PATCH.",
            |next| matches!(next, Operation::Read(GROUP) | Operation::Replace(GROUP) | Operation::Modify(GROUP)),
            None,
        )),
        (Operation::List(Some(kind)), Some(total)) => okta_import(case, kind, total),
        _ => None,
    }
}

/// An import goes on by 100 as long as totalResults says that there is more.
fn okta_import(case: &Case<'_>, kind: ResourceKind, total: u64) -> Option<NextStep> {
    let query = case.facts.query.as_ref()?;
    let (start, count) = (query.start_index?, query.count?);
    let next = start.checked_add(count).filter(|next| *next <= total && count >= 100)?;
    let text = format!("Okta reads the next page: startIndex={next}&count={count}.");
    Some(followed(case, &text, |operation| operation == Operation::List(Some(kind)), None))
}

fn okta_after_error(case: &Case<'_>) -> Option<&'static str> {
    const USER: ResourceKind = ResourceKind::User;
    const GROUP: ResourceKind = ResourceKind::Group;
    Some(match (case.situation, case.operation) {
        (Situation::Visit | Situation::Fine, _) => return None,
        (_, Operation::TestConnection) => "Nothing until somebody presses Test Connector Configuration or Save again.",
        (_, Operation::Replace(USER) | Operation::Modify(USER)) if case.facts.deactivates => {
            "Okta does not try again: this person stays active here until somebody deactivates them by hand, or they are assigned and removed once more."
        }
        (Situation::Gone(USER), _) => {
            "Okta does not look the person up and does not create them again. Retry in its Tasks repeats the same read."
        }
        (Situation::Taken(_) | Situation::TakenByOtherIdentifier, Operation::Create(USER)) => {
            "The job stops here; Okta shows the detail of this answer. Retry repeats the whole sequence."
        }
        (_, _) if case.status() == 429 => {
            "Okta pauses the job for as many seconds as Retry-After says, else for 5 minutes; each further wait doubles, and after 10 attempts it gives up."
        }
        (
            _,
            Operation::Create(USER)
            | Operation::Query(Some(USER))
            | Operation::Replace(USER)
            | Operation::Modify(USER)
            | Operation::Read(USER),
        ) => {
            "Okta makes a task of it (Dashboard › Tasks). Retry there runs the whole sequence again; nothing happens by itself as far as is known."
        }
        (
            _,
            Operation::Create(GROUP)
            | Operation::Query(Some(GROUP))
            | Operation::Replace(GROUP)
            | Operation::Modify(GROUP)
            | Operation::Read(GROUP),
        ) => "Push Groups shows the group in error. It is pushed again with its next change, or with Push now.",
        _ => return None,
    })
}

/// Sources: idp-protocol §2.2 to §2.5.
fn entra(case: &Case<'_>) -> Option<NextStep> {
    let found = case.facts.total();
    if case.is_error() {
        return Some(plain(match (case.situation, case.operation) {
            (Situation::Visit, _) => return None,
            (Situation::Gone(_), Operation::Read(_)) => {
                "Entra ID matches the object anew, and creates it if nothing matches. (Documented for matching, inferred for the 404.)"
            }
            (Situation::Taken(_) | Situation::NewNameTaken(_) | Situation::TakenByOtherIdentifier, _) => {
                "Entra ID reports a duplicate and matches again in the next cycle, about 40 minutes later."
            }
            _ => {
                "Entra ID tries again in its next cycles, with growing pauses. Too many errors put the job into quarantine, and after four weeks it is disabled."
            }
        }));
    }
    match (case.operation, found) {
        (Operation::Query(Some(kind)), Some(0)) if is_probe(case) => {
            let what = if kind == ResourceKind::User { "a user" } else { "a group" };
            Some(plain(&format!(
                "Nothing: Entra ID asks for {what} that cannot exist to see whether the connection works."
            )))
        }
        (Operation::Query(Some(kind)), Some(0)) => {
            let endpoint = if kind == ResourceKind::User { "/Users" } else { "/Groups" };
            let text = format!("Entra ID creates it next: POST {endpoint}.");
            Some(followed(case, &text, |next| next == Operation::Create(kind), None))
        }
        (Operation::Create(ResourceKind::Group), _) => Some(followed(
            case,
            "Entra ID adds the members next: PATCH /Groups and the id.",
            |next| matches!(next, Operation::Modify(ResourceKind::Group)),
            None,
        )),
        (Operation::Query(Some(kind)) | Operation::Read(kind) | Operation::Create(kind), _) => Some(followed(
            case,
            "Entra ID sends what differs: PATCH. If nothing does, it sends nothing.",
            |next| next == Operation::Modify(kind),
            None,
        )),
        _ => None,
    }
}

/// entra-01-test-connection-guid
fn is_probe(case: &Case<'_>) -> bool {
    case.facts.query.as_ref().is_some_and(Query::is_for_guid)
}

fn plain(text: &str) -> NextStep {
    NextStep { text: text.to_owned(), exchange_id: None }
}

/// What is expected, with the request of the story in which it happened; `missing` is said once it should have come.
fn followed(case: &Case<'_>, text: &str, is_it: impl Fn(Operation) -> bool, missing: Option<&str>) -> NextStep {
    let later = case.recorded.story.iter().filter(|(row, _)| row.id > case.recorded.row.id);
    let came = later.into_iter().find(|(_, facts)| is_it(facts.operation)).map(|(row, _)| row.id);
    let is_overdue = case.recorded.now - case.recorded.at > PATIENCE;
    match (came, missing) {
        (None, Some(missing)) if is_overdue => NextStep { text: format!("{text} {missing}"), exchange_id: None },
        _ => NextStep { text: text.to_owned(), exchange_id: came },
    }
}
