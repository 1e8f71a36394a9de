//! What Okta shows its administrator when something fails, in Okta's words: put together from its documentation and from logs that others
//! published; nobody here has seen a tenant.

use serde_json::Value;

use crate::admin::{Failure, Job, NoAnswer, Response, Shown};
use crate::evidence::{Evidence, documented, inferred, observed, secondary};

const TASKS: &str = "Dashboard → Tasks";
const TEST: &str = "Provisioning → Integration, Test Connector Configuration";
const RETRY: &str = "Nothing by itself. Retry under Tasks runs the whole sequence again.";
const NOT_SAVED: &str = "Nothing: the connection is not saved.";

/// What Okta says of one thing.
struct Message {
    place: &'static str,
    /// With `{user}`, `{display}`, `{app}` and `{reason}` in it.
    text: &'static str,
    then: &'static str,
    evidence: Evidence,
    /// In a sentence or two, what of the words is known from where.
    known_from: &'static str,
}

/// After a test of the connection that worked.
const CONNECTED: Message = Message {
    place: TEST,
    text: "Connector configured successfully",
    then: "",
    evidence: observed("LabA §1"),
    known_from: "As a published log shows it, for Test Connector Configuration.",
};
const CONNECT: Message = Message {
    place: TEST,
    text: "Error authenticating: {reason}",
    then: NOT_SAVED,
    evidence: secondary("Snowflake's guide; OktaKB"),
    known_from: "As another vendor\u{2019}s guide quotes it.",
};
const NO_LIST: Message = Message {
    place: TEST,
    text: "No results for users returned",
    then: NOT_SAVED,
    evidence: documented("OktaKB"),
    known_from: "As Okta\u{2019}s knowledge base has it.",
};
const IMPORT: Message = Message {
    place: "Provisioning → Integration, import",
    text: "Import failed: {reason}",
    then: "Nothing by itself. Import again.",
    evidence: inferred("OktaRef"),
    known_from: "The words are not known.",
};
const VERIFY: Message = Message {
    place: TASKS,
    text: "Error while verifying if user {user} exists: {reason}",
    then: RETRY,
    evidence: observed("LabB part 2; Forest Admin's guide"),
    known_from: "The beginning is as another vendor\u{2019}s guide quotes it, the end as a published log shows it.",
};
/// A dead connection leaves Okta without words (LabB part 2).
const VERIFY_UNANSWERED: Message = Message {
    text: "Error while verifying if user exists: null",
    evidence: observed("LabB part 2"),
    known_from: "As a published log shows it.",
    ..VERIFY
};
const READ: Message = Message {
    place: TASKS,
    text: "{reason}",
    then: "Nothing by itself: no search, no new user. Retry under Tasks repeats the same request.",
    evidence: observed("LabA; LabB §8"),
    known_from: "As a published log shows it: a red banner and a task, whose Retry repeats the same read.",
};
const CREATE: Message = Message {
    place: TASKS,
    text: "Automatic provisioning of user {user} to app {app} failed: Error while creating user {display}: {reason}",
    then: RETRY,
    evidence: documented("OktaRef"),
    known_from: "The beginning is from Okta\u{2019}s documentation, the end as a published log shows it.",
};
const UPDATE: Message = Message {
    place: TASKS,
    text: "Automatic profile push of user {user} to app {app} failed: Error while trying to push profile update for {user}: {reason}",
    then: RETRY,
    evidence: secondary("AWS guide; LabB §8"),
    known_from: "The beginning is as another vendor\u{2019}s guide quotes it, the end as a published log shows it.",
};
const DEACTIVATE: Message = Message {
    place: TASKS,
    text: "Task: Application accounts need deprovisioning. {reason}",
    then: "Nothing, ever: Okta tries a deactivation once. The task can only be marked as complete.",
    evidence: observed("LabB part 2"),
    known_from: "As a published log shows it. The task has no Retry, only marking it complete.",
};
const PROVISION: Message = Message {
    place: TASKS,
    text: "Automatic provisioning of user {user} to app {app} failed: {reason}",
    then: RETRY,
    evidence: inferred("OktaRef"),
    known_from: "The beginning is from Okta\u{2019}s documentation, for another failure.",
};
const STILL_INACTIVE: Message = Message {
    place: TASKS,
    text: "User {user} provision to app failed due to delay in reactivating remote User. Rescheduling provision job.",
    then: "Okta tries again later.",
    evidence: observed("grokability/snipe-it#14481"),
    known_from: "As a report quotes it.",
};
const GROUP: Message = Message {
    place: "System Log; Push Groups shows the group in error",
    text: "System Log: application.provision.group.add, FAILURE. {reason}",
    then: "Nothing by itself. It is pushed again with its next change, or with Push now.",
    evidence: observed("LabA"),
    known_from: "The event is as a published log shows it; where the reason stands in it is not known.",
};

/// What the administrator of the app with this name sees of a job.
pub(super) fn shown(job: &Job, failure: Option<&Failure<'_>>, app: &str) -> Option<Shown> {
    let (message, reason) = match failure {
        Some(failure) => (message(job, failure), reason(job, failure)),
        // okta-01-test-connection
        None if *job == Job::Connect => (&CONNECTED, String::new()),
        None => return None,
    };
    let &Message { place, then, evidence, known_from, .. } = message;
    Some(Shown { place, text: message.text(job, &reason, app), then, evidence, known_from })
}

/// What is said of a failure.
fn message(job: &Job, failure: &Failure<'_>) -> &'static Message {
    match (job, failure) {
        (Job::Connect, Failure::Response(Response { status: 200, .. })) => &NO_LIST,
        (Job::Connect, _) => &CONNECT,
        (Job::Import, _) => &IMPORT,
        (Job::Verify(_), Failure::Response(_)) => &VERIFY,
        (Job::Verify(_), _) => &VERIFY_UNANSWERED,
        (Job::Read(_), _) => &READ,
        (Job::Create(_), _) => &CREATE,
        (Job::Update(_), _) => &UPDATE,
        (Job::Deactivate(_), _) => &DEACTIVATE,
        (Job::Reactivate(_), Failure::Response(Response { json: Some(user), .. })) if user["active"] == false => {
            &STILL_INACTIVE
        }
        (Job::Reactivate(_) | Job::Delete(_), _) => &PROVISION,
        (Job::PushGroup(_), _) => &GROUP,
    }
}

/// The reason that stands in messages: `Bad Request. Errors reported by remote server: department is required` (LabA incident 05).
fn reason(job: &Job, failure: &Failure<'_>) -> String {
    match failure {
        Failure::NoAnswer(NoAnswer::TimedOut, _) => "Read timed out".to_owned(),
        Failure::NoAnswer(NoAnswer::Refused(at), _) => format!("Connect to {at} failed: Connection refused"),
        Failure::NoAnswer(NoAnswer::UnknownHost(host), _) => format!("{host}: Name or service not known"),
        Failure::NoAnswer(NoAnswer::Other, words) => (*words).to_owned(),
        Failure::Response(answer) if answer.is_success() => match answer.json {
            None if matches!(job, Job::Create(_)) && !answer.is_garbled() => EMPTY_USER.to_owned(),
            Some(user) if matches!(job, Job::Create(_)) && !has_id(user) => EMPTY_USER.to_owned(),
            None if answer.is_garbled() => invalid_json(answer.body),
            _ => answer.because.to_owned(),
        },
        Failure::Response(answer) => {
            let invalid = answer.is_garbled().then(|| invalid_json(answer.body));
            match invalid.as_deref().or(answer.detail) {
                Some(reported) => format!("{}. Errors reported by remote server: {reported}", answer.phrase),
                None => answer.phrase.to_owned(),
            }
        }
    }
}

const EMPTY_USER: &str = "Create new user returned empty user.";

fn has_id(user: &Value) -> bool {
    user["id"].as_str().is_some_and(|id| !id.is_empty())
}

/// What Okta says of a body that is not JSON: `Invalid JSON: Unrecognized token 'error' … line: 1, column: 6` (LabA).
fn invalid_json(body: &str) -> String {
    let text = body.trim_start();
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    match text.chars().next() {
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
    }
}

impl Message {
    /// The words, for the administrator of the app with this name.
    fn text(&self, job: &Job, reason: &str, app: &str) -> String {
        let (user, display) = job.who().map_or(("", ""), |who| (who.user_name.as_str(), who.name.as_str()));
        let mut text = String::new();
        let mut rest = self.text;
        // Names and reasons may look like a placeholder: each is put in once.
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            text.push_str(before);
            text.push_str(match name {
                "user" => user,
                "display" => display,
                "app" => app,
                _ => reason,
            });
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::Who;

    fn ada() -> Who {
        Who { user_name: "ada@example.com".into(), name: "{app} Lovelace".into() }
    }

    fn text(job: &Job, status: u16, body: &str) -> String {
        let phrase = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            404 => "Not Found",
            409 => "Conflict",
            502 => "Bad Gateway",
            _ => "OK",
        };
        let json: Option<Value> = serde_json::from_str(body).ok();
        let detail = json.as_ref().and_then(|json| json["detail"].as_str());
        let answer = Response { status, phrase, body, json: json.as_ref(), detail, because: "It has no list." };
        shown(job, Some(&Failure::Response(answer)), "Acme {reason}").expect("a message").text
    }

    #[test]
    fn the_words_are_okta_s_and_filled_in_once() {
        const CREATING: &str = "Automatic provisioning of user ada@example.com to app Acme {reason} failed: Error while creating user {app} Lovelace: ";
        for (job, status, body, expected) in [
            (
                Job::Create(ada()),
                400,
                r#"{"detail":"department is {user}"}"#,
                &*format!("{CREATING}Bad Request. Errors reported by remote server: department is {{user}}"),
            ),
            (Job::Create(ada()), 201, "{}", &format!("{CREATING}{EMPTY_USER}")),
            (Job::Create(ada()), 201, "", &format!("{CREATING}{EMPTY_USER}")),
            (Job::Create(ada()), 409, "", &format!("{CREATING}Conflict")),
            (Job::Connect, 200, "[]", "No results for users returned"),
            (Job::Connect, 200, "<html>", "No results for users returned"),
            (Job::Connect, 401, "", "Error authenticating: Unauthorized"),
            (Job::Read(ada()), 404, "", "Not Found"),
            (Job::Import, 204, "", "Import failed: It has no list."),
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
    fn the_words_have_sources() {
        for message in [
            CONNECTED,
            CONNECT,
            NO_LIST,
            IMPORT,
            VERIFY,
            VERIFY_UNANSWERED,
            READ,
            CREATE,
            UPDATE,
            DEACTIVATE,
            PROVISION,
            STILL_INACTIVE,
            GROUP,
        ] {
            assert!(message.evidence.is_sourced() && !message.known_from.is_empty(), "{}", message.text);
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
    }

    #[test]
    fn without_an_answer_okta_has_few_words() {
        let text = |job: &Job, failure| shown(job, Some(&failure), "Acme").expect("a message").text;
        let refused = Failure::NoAnswer(NoAnswer::Refused("x:1"), "");
        assert_eq!(text(&Job::Verify(ada()), refused), "Error while verifying if user exists: null");
        assert_eq!(
            text(&Job::Connect, Failure::NoAnswer(NoAnswer::TimedOut, "")),
            "Error authenticating: Read timed out"
        );
        assert!(text(&Job::Update(ada()), refused).ends_with("Connect to x:1 failed: Connection refused"));
    }

    #[test]
    fn of_what_works_only_a_test_is_told() {
        let connected = shown(&Job::Connect, None, "Acme").expect("it is told");
        assert_eq!(connected.text, "Connector configured successfully");
        assert_eq!(shown(&Job::Create(ada()), None, "Acme"), None);
    }
}
