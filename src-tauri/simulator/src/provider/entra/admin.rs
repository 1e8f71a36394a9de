//! What Entra ID shows its administrator when something fails.

use idp::admin::{Job, Shown};
use idp::evidence::observed;
use scim::redact;
use wire::NoAnswer;

use crate::provider::dialect::Trouble;

const CYCLES: &str = "Tries again every cycle, with growing pauses; too many failures put the job into quarantine.";

pub(in crate::provider) fn shown(job: &Job, trouble: &Trouble<'_>) -> Shown {
    if *job == Job::Connect {
        let text = "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.";
        return Shown {
            place: "Provisioning → Admin Credentials, Test Connection",
            text: text.into(),
            then: "Nothing: the credentials are not saved.",
            evidence: observed("MicrosoftDocs/azure-docs#54231"),
        };
    }
    Shown {
        place: "Provisioning logs",
        text: error_text(trouble),
        then: CYCLES,
        evidence: observed("learn.microsoft.com Q&A 1185756; EntraHow"),
    }
}

/// `StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. … Web Response: …`
fn error_text(trouble: &Trouble<'_>) -> String {
    match trouble {
        Trouble::NoAnswer(NoAnswer::TimedOut { .. }) => "The operation has timed out.".into(),
        Trouble::NoAnswer(error) => format!("An error occurred while sending the request. {error}"),
        Trouble::Answer(reply, findings) if (200..300).contains(&reply.status()) => {
            findings.first().map(|finding| finding.because.clone()).unwrap_or_default()
        }
        Trouble::Answer(reply, _) => {
            let status: String = reply.answer.reason.split(' ').collect();
            let body = redact::body(String::from_utf8_lossy(&reply.answer.body));
            format!(
                "StatusCode: {status} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: {}",
                body.chars().take(600).collect::<String>()
            )
        }
    }
}
