//! What Okta does after a request: LabA, LabB, OktaRef.

use scim::ResourceKind::{Group, User};

use crate::next::{Answered, Next};
use crate::{Operation, Situation};

/// Resources that an import asks for at once.
const IMPORTED_AT_ONCE: u64 = 100;

pub(super) fn next(answered: &Answered) -> Option<Next> {
    if answered.situation != Situation::Fine {
        return after_error(answered).map(Next::nothing);
    }
    Some(match (answered.operation, answered.total) {
        (Operation::List(_), Some(total)) => return next_page(answered, total),
        (Operation::Query(Some(User)), Some(0)) => Next {
            missing: "No POST /Users followed. In Okta: Provisioning › To App, Create Users has to be on; an import looks people up without creating them.",
            ..Next::request("Okta creates the user next: POST /Users.", [Operation::Create(User)])
        },
        (Operation::Query(Some(User)), Some(1)) => Next::request(
            "Okta takes over the user who is here: it reads them by id, then replaces them with PUT.",
            [Operation::Read(User), Operation::Replace(User), Operation::Modify(User)],
        ),
        (Operation::Query(Some(Group)), Some(0)) => {
            Next::request("Okta creates the group next: POST /Groups.", [Operation::Create(Group)])
        }
        (Operation::Query(Some(Group)), Some(1)) => Next::request(
            "Okta takes over the group that is here: it reads it by id, then replaces it.",
            [Operation::Read(Group), Operation::Replace(Group), Operation::Modify(Group)],
        ),
        (Operation::Read(User), _) => Next::request(
            "Okta changes what it has just read and sends the whole user back: PUT /Users and the id.",
            [Operation::Replace(User), Operation::Modify(User)],
        ),
        (Operation::Read(Group), _) => Next::request(
            "Okta sends the whole group back with its members: PUT /Groups and the id.",
            [Operation::Replace(Group), Operation::Modify(Group)],
        ),
        (Operation::Create(User), _) => Next::nothing(
            "Okta remembers the id from this answer and uses it from now on. If groups of the person are pushed, their members follow.",
        ),
        (Operation::Create(Group), _) => Next::request(
            "A custom app reads the group back and replaces it with its members; a catalog app sends them with PATCH.",
            [Operation::Read(Group), Operation::Replace(Group), Operation::Modify(Group)],
        ),
        _ => return None,
    })
}

/// An import goes on by 100 as long as totalResults says that there is more.
fn next_page(answered: &Answered, total: u64) -> Option<Next> {
    let (start, count) = answered.page.filter(|(_, count)| *count >= IMPORTED_AT_ONCE)?;
    let next = start.checked_add(count).filter(|next| *next <= total)?;
    let text = format!("Okta reads the next page: startIndex={next}&count={count}.");
    Some(Next::request(text, [answered.operation]))
}

fn after_error(answered: &Answered) -> Option<&'static str> {
    Some(match (answered.situation, answered.operation) {
        (Situation::Visit, _) => return None,
        (_, Operation::TestConnection) => "Nothing until somebody presses Test Connector Configuration or Save again.",
        (Situation::NothingToRemove(User), _) => {
            "Okta does not try again. Its task Application accounts need deprovisioning stays until somebody marks it as complete."
        }
        (_, Operation::Replace(User) | Operation::Modify(User)) if answered.deactivates => {
            "Okta does not try again: if this person is active here, they stay so until somebody deactivates them by hand, or they are assigned and removed once more."
        }
        (Situation::Gone(User), _) => {
            "Okta does not look the person up and does not create them again. Retry in its Tasks repeats the same read."
        }
        (Situation::Taken(_) | Situation::TakenByOtherIdentifier, Operation::Create(User)) => {
            "The job stops here; Okta shows the detail of this answer. Retry repeats the whole sequence."
        }
        (_, _) if answered.status == 429 => {
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
            "Okta makes a task of it (Dashboard › Tasks). Retry there runs the whole sequence again; Okta is not known to retry on its own."
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::RETRY;

    #[test]
    fn what_is_said_of_a_429_is_how_it_is_obeyed() {
        let answered = Answered {
            operation: Operation::Create(User),
            situation: Situation::Other,
            status: 429,
            deactivates: false,
            total: None,
            page: None,
            is_for_guid: false,
        };
        let text = next(&answered).expect("it is known").text;
        assert!(text.contains(&format!("for {} minutes", RETRY.untold.as_secs() / 60)), "{text}");
        assert!(text.contains(&format!("after {} attempts", RETRY.most_attempts)), "{text}");
    }
}
