//! What Okta shows its administrator when something fails, in Okta's words.

use idp::admin::{Failure, Job, Shown};
use idp::okta::admin::{reason, shown as okta_shown};
use wire::NoAnswer;

use crate::need::Reply;
use crate::provider::dialect::Trouble;

/// What the application is called in messages.
const APP: &str = "SCIM Setup";

/// What the administrator sees.
pub(in crate::provider) fn shown(job: &Job, trouble: &Trouble<'_>) -> Shown {
    let error = error_text(trouble);
    let failure = match trouble {
        Trouble::NoAnswer(_) => Failure::NoAnswer(&error),
        Trouble::Answer(reply, _) if *job == Job::Connect && reply.status() == 200 => Failure::NoList,
        Trouble::Answer(reply, _) if matches!(job, Job::Create(_)) && is_without_id(reply) => Failure::NoUser,
        Trouble::Answer(reply, _) if matches!(job, Job::Reactivate(_)) && reply.json["active"] == false => {
            Failure::StillInactive
        }
        Trouble::Answer(..) => Failure::Answer(&error),
    };
    okta_shown(job, failure, APP)
}

/// `Bad Request. Errors reported by remote server: department is required`
fn error_text(trouble: &Trouble<'_>) -> String {
    match trouble {
        Trouble::NoAnswer(NoAnswer::TimedOut { .. }) => "Read timed out".into(),
        Trouble::NoAnswer(NoAnswer::Refused { at }) => format!("Connect to {at} failed: Connection refused"),
        Trouble::NoAnswer(NoAnswer::UnknownHost { host }) => format!("{host}: Name or service not known"),
        Trouble::NoAnswer(other) => other.to_string(),
        Trouble::Answer(reply, findings) if (200..300).contains(&reply.status()) => match invalid_json(reply) {
            Some(text) => text,
            None => findings.first().map(|finding| finding.because.clone()).unwrap_or_default(),
        },
        Trouble::Answer(reply, _) => reason(&reply.answer.reason, invalid_json(reply).as_deref().or(reply.detail())),
    }
}

/// What Okta says of a body that is no JSON: `Invalid JSON: Unrecognized token 'error' … line: 1, column: 6` (LabA).
fn invalid_json(reply: &Reply) -> Option<String> {
    reply.syntax.as_ref()?;
    let text = String::from_utf8_lossy(&reply.answer.body);
    let text = text.trim_start();
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Some(match text.chars().next() {
        Some(_) if !word.is_empty() => {
            let column = word.chars().count() + 1;
            format!(
                "Invalid JSON: Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [line: 1, column: {column}]"
            )
        }
        Some(other) => format!(
            "Invalid JSON: Unexpected character ('{other}' (code {})): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [line: 1, column: 1]",
            other as u32
        ),
        None => "Invalid JSON".into(),
    })
}

fn is_without_id(reply: &Reply) -> bool {
    (200..300).contains(&reply.status()) && reply.syntax.is_none() && reply.id().is_empty()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use idp::admin::Who;
    use wire::Answer;

    use super::*;
    use crate::need::Need;

    fn text(job: &Job, status: u16, body: &str) -> String {
        let reason = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            409 => "Conflict",
            502 => "Bad Gateway",
            _ => "OK",
        };
        let body = body.as_bytes().to_vec();
        let reply =
            Reply::new(Answer { status, reason: reason.into(), headers: Vec::new(), body, duration: Duration::ZERO });
        let findings =
            [Need::Status(&[201]), Need::List].iter().flat_map(|need| need.unmet(&reply)).collect::<Vec<_>>();
        shown(job, &Trouble::Answer(&reply, &findings)).text
    }

    fn ada() -> Who {
        Who { user_name: "ada@example.com".into(), name: "Ada Lovelace".into() }
    }

    #[test]
    fn the_words_are_okta_s() {
        for (job, status, body, expected) in [
            (
                Job::Create(ada()),
                400,
                r#"{"detail":"department is required"}"#,
                "Automatic provisioning of user ada@example.com to app SCIM Setup failed: Error while creating user Ada Lovelace: Bad Request. Errors reported by remote server: department is required",
            ),
            (
                Job::Create(ada()),
                201,
                "{}",
                "Automatic provisioning of user ada@example.com to app SCIM Setup failed: Error while creating user Ada Lovelace: Create new user returned empty user.",
            ),
            (
                Job::Create(ada()),
                201,
                "",
                "Automatic provisioning of user ada@example.com to app SCIM Setup failed: Error while creating user Ada Lovelace: Create new user returned empty user.",
            ),
            (Job::Connect, 200, "[]", "No results for users returned"),
            (Job::Connect, 200, "<html>", "No results for users returned"),
            (Job::Connect, 401, "", "Error authenticating: Unauthorized"),
            (
                Job::Reactivate(ada()),
                200,
                r#"{"active":false}"#,
                "User ada@example.com provision to app failed due to delay in reactivating remote User. Rescheduling provision job.",
            ),
        ] {
            assert_eq!(text(&job, status, body), expected, "{job:?} {status} {body}");
        }
    }

    #[test]
    fn a_page_of_a_tunnel_is_invalid_json() {
        let seen = text(&Job::Verify(ada()), 502, "error code: 502");
        assert!(
            seen.contains("Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token 'error'"),
            "{seen}"
        );
        assert!(seen.ends_with("line: 1, column: 6]"), "{seen}");
        let seen = text(&Job::Update(ada()), 502, "<html>");
        assert!(seen.contains("Invalid JSON: Unexpected character ('<' (code 60))"), "{seen}");
        let dead = NoAnswer::Refused { at: "x:1".into() };
        let seen = shown(&Job::Verify(ada()), &Trouble::NoAnswer(&dead)).text;
        assert!(seen.ends_with("Error while verifying if user exists: null"), "{seen}");
    }
}
