//! What Entra ID shows its administrator when something fails.

use crate::admin::{Failure, Job, NoAnswer, Shown};
use crate::evidence::observed;

const CYCLES: &str = "Tries again every cycle, with growing pauses; too many failures put the job into quarantine.";

/// Characters of an answer that the log repeats.
const BODY_SHOWN: usize = 600;

pub(super) fn shown(job: &Job, failure: Option<&Failure<'_>>, _app: &str) -> Option<Shown> {
    let failure = failure?;
    Some(match job {
        Job::Connect => Shown {
            place: "Provisioning → New configuration, Test Connection",
            text: "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.".to_owned(),
            then: "Nothing: the credentials are not saved.",
            evidence: observed("MicrosoftDocs/azure-docs#54231"),
            known_from: "As a report quotes it.",
        },
        _ => Shown {
            place: "Provisioning logs",
            text: error_text(failure),
            then: CYCLES,
            evidence: observed("learn.microsoft.com Q&A 1185756; EntraHow"),
            known_from: "As a report quotes it; what stands around the answer is the same for each error.",
        },
    })
}

/// `StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. … Web Response: …`
fn error_text(failure: &Failure<'_>) -> String {
    match failure {
        Failure::NoAnswer(NoAnswer::TimedOut, _) => "The operation has timed out.".to_owned(),
        Failure::NoAnswer(_, words) => format!("An error occurred while sending the request. {words}"),
        Failure::Response(answer) if answer.is_success() => answer.because.to_owned(),
        Failure::Response(answer) => {
            let status: String = answer.phrase.split(' ').collect();
            let body: String = answer.body.chars().take(BODY_SHOWN).collect();
            format!(
                "StatusCode: {status} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: {body}"
            )
        }
    }
}
