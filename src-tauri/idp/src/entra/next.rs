//! What Entra ID does after a request: EntraHow, EntraUse.

use scim::ResourceKind::Group;

use crate::next::{Answered, Next};
use crate::{Operation, Situation};

pub(super) fn next(answered: &Answered) -> Option<Next> {
    if answered.situation != Situation::Fine {
        return after_error(answered).map(Next::nothing);
    }
    Some(match (answered.operation, answered.total) {
        // entra-01-test-connection-guid
        (Operation::Query(Some(kind)), Some(0)) if answered.is_for_guid => Next::nothing(format!(
            "Nothing: Entra ID asks for a {} that cannot exist to see whether the connection works.",
            kind.noun()
        )),
        (Operation::Query(Some(kind)), Some(0)) => {
            Next::request(format!("Entra ID creates it next: POST /{}.", kind.endpoint()), [Operation::Create(kind)])
        }
        (Operation::Create(Group), _) => {
            Next::request("Entra ID adds the members next: PATCH /Groups and the id.", [Operation::Modify(Group)])
        }
        (Operation::Query(Some(kind)) | Operation::Read(kind) | Operation::Create(kind), _) => Next::request(
            "Entra ID sends what differs: PATCH. If nothing does, it sends nothing.",
            [Operation::Modify(kind)],
        ),
        _ => return None,
    })
}

fn after_error(answered: &Answered) -> Option<&'static str> {
    Some(match (answered.situation, answered.operation) {
        (Situation::Visit, _) => return None,
        (Situation::Gone(_), Operation::Read(_)) => {
            "Entra ID matches the object anew, and creates it if nothing matches. (Documented for matching, inferred for the 404.)"
        }
        (Situation::NothingToRemove(_), _) => {
            "Entra ID shows the failure in its provisioning logs and tries again in its next cycles. (Documented for errors, inferred for the 404.)"
        }
        (Situation::Taken(_) | Situation::NewNameTaken(_) | Situation::TakenByOtherIdentifier, _) => {
            "Entra ID reports a duplicate and matches again in the next cycle, about 40 minutes later."
        }
        _ => {
            "Entra ID tries again in its next cycles, with growing pauses. Too many errors put the job into quarantine, and after four weeks it is disabled."
        }
    })
}
