//! What Okta shows its administrator when something fails, in Okta's words.

use wire::NoAnswer;

use crate::admin::{Job, Shown, Who};
use crate::evidence::{Evidence, documented, inferred, observed, secondary};
use crate::need::Reply;
use crate::provider::dialect::Trouble;

/// What the application is called in messages.
const APP: &str = "SCIM Setup";

const TASKS: &str = "Dashboard → Tasks";
const RETRY: &str = "Nothing by itself. Retry under Tasks runs the whole sequence again.";

/// What the administrator sees.
pub(super) fn shown(job: &Job, trouble: &Trouble<'_>) -> Shown {
    let error = error_text(trouble);
    match job {
        Job::Connect => connection(trouble, &error),
        Job::Import => task(
            "Provisioning → Integration, import",
            format!("Import failed: {error}"),
            "Nothing by itself. Import again.",
            inferred("OktaRef"),
        ),
        Job::Verify(who) => {
            // A dead connection leaves Okta without words (LabB part 2).
            let text = match trouble {
                Trouble::NoAnswer(_) => provisioning(who, "Error while verifying if user exists: null"),
                Trouble::Answer(..) => {
                    provisioning(who, &format!("Error while verifying if user {} exists: {error}", who.user_name))
                }
            };
            task(TASKS, text, RETRY, observed("LabB part 2; Forest Admin's guide"))
        }
        Job::Create(who) => {
            let text = if is_without_id(trouble) {
                provisioning(
                    who,
                    &format!("Error while creating user {}: Create new user returned empty user.", who.name),
                )
            } else {
                provisioning(who, &format!("Error while creating user {}: {error}", who.name))
            };
            task(TASKS, text, RETRY, documented("OktaRef"))
        }
        Job::Update(who) => {
            let text = format!(
                "Automatic profile push of user {0} to app {APP} failed: Error while trying to push profile update for {0}: {error}",
                who.user_name
            );
            task(
                TASKS,
                text,
                "Nothing by itself: no search, no new user. Retry under Tasks repeats the same request.",
                secondary("AWS guide; LabB §8"),
            )
        }
        Job::Reactivate(who) if is_still_inactive(trouble) => {
            let text = format!(
                "User {} provision to app failed due to delay in reactivating remote User. Rescheduling provision job.",
                who.user_name
            );
            task(TASKS, text, "Okta tries again later.", observed("grokability/snipe-it#14481"))
        }
        Job::Reactivate(who) => task(TASKS, provisioning(who, &error), RETRY, inferred("OktaRef")),
        Job::Deactivate(who) => {
            let text = format!("Application accounts need deprovisioning: {} ({APP}): {error}", who.user_name);
            let then = "Nothing, ever: Okta tries a deactivation once. The task can only be marked as complete.";
            task(TASKS, text, then, observed("LabB part 2; the words after the name are inferred"))
        }
        Job::Delete(who) => task(TASKS, provisioning(who, &error), RETRY, inferred("")),
        Job::PushGroup(name) => {
            let text = format!("Unable to push group {name}: {error}");
            task(
                "Push Groups, the group\u{2019}s status",
                text,
                "Nothing by itself. Push now sends everything again.",
                observed("LabA: application.provision.group.add FAILURE; the words are inferred"),
            )
        }
    }
}

fn task(place: &'static str, text: String, then: &'static str, evidence: Evidence) -> Shown {
    Shown { place, text, then, evidence }
}

fn provisioning(who: &Who, error: &str) -> String {
    format!("Automatic provisioning of user {} to app {APP} failed: {error}", who.user_name)
}

fn connection(trouble: &Trouble<'_>, error: &str) -> Shown {
    const PLACE: &str = "Provisioning → Integration, Test Connector Configuration";
    const THEN: &str = "Nothing: the connection is not saved.";
    let is_unreadable_list = match trouble {
        Trouble::Answer(reply, _) => reply.status() == 200,
        Trouble::NoAnswer(_) => false,
    };
    if is_unreadable_list {
        return task(PLACE, "No results for users returned".into(), THEN, documented("OktaKB"));
    }
    task(PLACE, format!("Error authenticating: {error}"), THEN, secondary("Snowflake's guide; OktaKB"))
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
        Trouble::Answer(reply, _) => {
            let reported = match (invalid_json(reply), reply.detail()) {
                (Some(text), _) => text,
                (None, Some(detail)) => detail.to_owned(),
                (None, None) => return reply.answer.reason.clone(),
            };
            format!("{}. Errors reported by remote server: {reported}", reply.answer.reason)
        }
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

fn is_without_id(trouble: &Trouble<'_>) -> bool {
    matches!(trouble, Trouble::Answer(reply, _) if (200..300).contains(&reply.status()) && reply.syntax.is_none() && reply.id().is_empty())
}

fn is_still_inactive(trouble: &Trouble<'_>) -> bool {
    matches!(trouble, Trouble::Answer(reply, _) if reply.json["active"] == false)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
