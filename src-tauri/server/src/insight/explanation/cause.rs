//! Why a request failed, in a sentence.

use idp::Situation;

use super::Case;
use crate::model::{ChangeKind, DatedText, ResourceKind};

pub(super) fn of(case: &Case<'_>) -> Option<DatedText> {
    let detail = || case.detail().map_or_else(|| format!("The answer was {}.", case.status()), str::to_owned);
    Some(match case.situation {
        Situation::Fine => return None,
        Situation::Visit => visit(case).into(),
        situation if situation != Situation::Token && case.facts.is_their_answer() => theirs(case).into(),
        Situation::Misaddressed => {
            case.recorded.misaddressed.map_or_else(detail, |misaddressed| misaddressed.text.clone()).into()
        }
        Situation::Token => case.recorded.authorization.text.clone(),
        Situation::Gone(kind) | Situation::NothingToRemove(kind) => gone(case, kind),
        Situation::Placeholder => placeholder(case).into(),
        Situation::TakenByOtherIdentifier => format!(
            "{} The lookup just before found nobody: it asked for a different attribute or value than the stored one.",
            detail()
        )
        .into(),
        _ => detail().into(),
    })
}

/// In the words of the server that the request was passed on to.
fn theirs(case: &Case<'_>) -> String {
    match case.detail() {
        Some(detail) => format!("Your server answered {}: {detail}", case.status()),
        None => format!("Your server answered {} without saying why.", case.status()),
    }
}

fn visit(case: &Case<'_>) -> &'static str {
    match case.status() {
        401 => {
            "A person opened this address in a browser. It can be reached; a browser has no token, so 401 is correct."
        }
        _ => "A person opened this address in a browser, not an identity provider.",
    }
}

fn placeholder(case: &Case<'_>) -> String {
    let id = case.facts.resource.id.as_deref().unwrap_or_default();
    format!("{id:?} is a placeholder that was never replaced by an id.")
}

fn gone(case: &Case<'_>, kind: ResourceKind) -> DatedText {
    let kind = kind.noun();
    match case.recorded.last_change {
        Some(change) if change.kind == ChangeKind::Deleted => {
            let (name, by) = (&change.resource_name, &change.actor);
            let text = format!("The {kind} {name} is no longer here: deleted by {by} ");
            DatedText::from(text).at(change.at.clone()).and(".")
        }
        _ => format!("No {kind} with this id, now or in the recorded past.").into(),
    }
}
