//! What the identity provider does after a request. If it has done so already, the request in which it did is named.

use idp::IdpId;

use super::Case;
use super::situation::Situation;
use crate::clock::Millis;
use crate::facts::{Operation, Query};
use crate::model::NextStep;
use crate::model::ResourceKind::{self, Group, User};

/// How long to wait for what has to follow before it is called missing. Okta creates within 300 ms of the look-up.
const PATIENCE: Millis = 10_000;

pub(super) fn of(case: &Case<'_>) -> Option<NextStep> {
    match case.idp {
        Some(IdpId::Okta) => okta(case),
        Some(IdpId::Entra) => entra(case),
        _ => None,
    }
}

/// Sources: idp-protocol §1.5 to §1.11.
fn okta(case: &Case<'_>) -> Option<NextStep> {
    if case.is_error() {
        return okta_after_error(case).map(plain);
    }
    let (text, follows): (&str, &[Operation]) = match (case.operation, case.facts.total()) {
        (Operation::List(Some(kind)), Some(total)) => return okta_import(case, kind, total),
        (Operation::Query(Some(User)), Some(0)) => {
            let next = followed(case, "Okta creates the user next: POST /Users.", &[Operation::Create(User)]);
            return Some(or_missing(
                case,
                next,
                "No POST /Users followed. In Okta: Provisioning › To App, Create Users has to be on; an import looks people up without creating them.",
            ));
        }
        (Operation::Query(Some(User)), Some(1)) => (
            "Okta takes over the user who is here: it reads them by id, then replaces them with PUT.",
            &[Operation::Read(User), Operation::Replace(User), Operation::Modify(User)],
        ),
        (Operation::Query(Some(Group)), Some(0)) => {
            ("Okta creates the group next: POST /Groups.", &[Operation::Create(Group)])
        }
        (Operation::Query(Some(Group)), Some(1)) => (
            "Okta takes over the group that is here: it reads it by id, then replaces it.",
            &[Operation::Read(Group), Operation::Replace(Group), Operation::Modify(Group)],
        ),
        (Operation::Read(User), _) => (
            "Okta changes what it has just read and sends the whole user back: PUT /Users and the id.",
            &[Operation::Replace(User), Operation::Modify(User)],
        ),
        (Operation::Read(Group), _) => (
            "Okta sends the whole group back with its members: PUT /Groups and the id.",
            &[Operation::Replace(Group), Operation::Modify(Group)],
        ),
        (Operation::Create(User), _) => (
            "Okta remembers the id from this answer and uses it from now on. If groups of the person are pushed, their members follow.",
            &[],
        ),
        (Operation::Create(Group), _) => (
            "A custom app reads the group back and replaces it with its members; a catalogue app sends them with PATCH.",
            &[Operation::Read(Group), Operation::Replace(Group), Operation::Modify(Group)],
        ),
        _ => return None,
    };
    Some(followed(case, text, follows))
}

/// An import goes on by 100 as long as totalResults says that there is more.
fn okta_import(case: &Case<'_>, kind: ResourceKind, total: u64) -> Option<NextStep> {
    let query = case.facts.query.as_ref()?;
    let (start, count) = (query.start_index?, query.count?);
    let next = start.checked_add(count).filter(|next| *next <= total && count >= 100)?;
    let text = format!("Okta reads the next page: startIndex={next}&count={count}.");
    Some(followed(case, &text, &[Operation::List(Some(kind))]))
}

fn okta_after_error(case: &Case<'_>) -> Option<&'static str> {
    Some(match (case.situation, case.operation) {
        (Situation::Visit | Situation::Fine, _) => return None,
        (_, Operation::TestConnection) => "Nothing until somebody presses Test Connector Configuration or Save again.",
        (_, Operation::Replace(User) | Operation::Modify(User)) if case.facts.deactivates => {
            "Okta does not try again: this person stays active here until somebody deactivates them by hand, or they are assigned and removed once more."
        }
        (Situation::Gone(User), _) => {
            "Okta does not look the person up and does not create them again. Retry in its Tasks repeats the same read."
        }
        (Situation::Taken(_) | Situation::TakenByOtherIdentifier, Operation::Create(User)) => {
            "The job stops here; Okta shows the detail of this answer. Retry repeats the whole sequence."
        }
        (_, _) if case.status() == 429 => {
            "Okta pauses the job for as many seconds as Retry-After says, else for 5 minutes; each further wait doubles, and after 10 attempts it gives up."
        }
        (
            _,
            Operation::Create(User)
            | Operation::Query(Some(User))
            | Operation::Replace(User)
            | Operation::Modify(User)
            | Operation::Read(User),
        ) => {
            "Okta makes a task of it (Dashboard › Tasks). Retry there runs the whole sequence again; nothing happens by itself as far as is known."
        }
        (
            _,
            Operation::Create(Group)
            | Operation::Query(Some(Group))
            | Operation::Replace(Group)
            | Operation::Modify(Group)
            | Operation::Read(Group),
        ) => "Push Groups shows the group in error. It is pushed again with its next change, or with Push now.",
        _ => return None,
    })
}

/// Sources: idp-protocol §2.2 to §2.5.
fn entra(case: &Case<'_>) -> Option<NextStep> {
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
    match (case.operation, case.facts.total()) {
        (Operation::Query(Some(kind)), Some(0)) if is_probe(case) => Some(plain(&format!(
            "Nothing: Entra ID asks for a {} that cannot exist to see whether the connection works.",
            kind.noun()
        ))),
        (Operation::Query(Some(kind)), Some(0)) => {
            let endpoint = if kind == User { "/Users" } else { "/Groups" };
            let text = format!("Entra ID creates it next: POST {endpoint}.");
            Some(followed(case, &text, &[Operation::Create(kind)]))
        }
        (Operation::Create(Group), _) => {
            let text = "Entra ID adds the members next: PATCH /Groups and the id.";
            Some(followed(case, text, &[Operation::Modify(Group)]))
        }
        (Operation::Query(Some(kind)) | Operation::Read(kind) | Operation::Create(kind), _) => {
            let text = "Entra ID sends what differs: PATCH. If nothing does, it sends nothing.";
            Some(followed(case, text, &[Operation::Modify(kind)]))
        }
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

/// What is expected, with the first request of the story that was one of `follows`.
fn followed(case: &Case<'_>, text: &str, follows: &[Operation]) -> NextStep {
    let mut later = case.recorded.story.iter().filter(|(row, _)| row.id > case.recorded.row.id);
    let came = later.find(|(_, facts)| follows.contains(&facts.operation)).map(|(row, _)| row.id);
    NextStep { text: text.to_owned(), exchange_id: came }
}

/// Says `missing`, too, once what is expected should have come.
fn or_missing(case: &Case<'_>, next: NextStep, missing: &str) -> NextStep {
    let is_overdue = case.recorded.now - case.recorded.at > PATIENCE;
    match next.exchange_id {
        None if is_overdue => NextStep { text: format!("{} {missing}", next.text), ..next },
        _ => next,
    }
}
