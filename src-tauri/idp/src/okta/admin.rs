//! What Okta shows its administrator when something fails, in Okta's words: put together from its documentation and from logs that others
//! published; nobody here has seen a tenant.

use crate::admin::{Failure, Job, Shown};
use crate::evidence::{Evidence, documented, inferred, observed, secondary};

const TASKS: &str = "Dashboard → Tasks";
const TEST: &str = "Provisioning → Integration, Test Connector Configuration";
const RETRY: &str = "Nothing by itself. Retry under Tasks runs the whole sequence again.";
const NOT_SAVED: &str = "Nothing: the connection is not saved.";

/// What Okta says of one thing.
#[derive(Debug)]
pub struct Message {
    place: &'static str,
    /// With `{user}`, `{display}`, `{app}` and `{reason}` in it.
    text: &'static str,
    then: &'static str,
    evidence: Evidence,
    /// In a sentence or two, what of the words is known from where.
    pub known_from: &'static str,
}

/// After a test of the connection that worked.
pub const CONNECTED: Message = Message {
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
    evidence: observed("LabB part 2; the words after the title are inferred"),
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
    then: "Nothing by itself. Push now sends everything again.",
    evidence: observed("LabA; where the reason stands is inferred"),
    known_from: "The event is as a published log shows it; where the reason stands in it is not known.",
};

/// What is said of a failure.
pub fn message(job: &Job, failure: Failure<'_>) -> &'static Message {
    match (job, failure) {
        (Job::Connect, Failure::NoList) => &NO_LIST,
        (Job::Connect, _) => &CONNECT,
        (Job::Import, _) => &IMPORT,
        (Job::Verify(_), Failure::NoAnswer(_)) => &VERIFY_UNANSWERED,
        (Job::Verify(_), _) => &VERIFY,
        (Job::Read(_), _) => &READ,
        (Job::Create(_), _) => &CREATE,
        (Job::Update(_), _) => &UPDATE,
        (Job::Deactivate(_), _) => &DEACTIVATE,
        (Job::Reactivate(_), Failure::StillInactive) => &STILL_INACTIVE,
        (Job::Reactivate(_) | Job::Delete(_), _) => &PROVISION,
        (Job::PushGroup(_), _) => &GROUP,
    }
}

/// What the administrator of the app with this name sees of a failure.
pub fn shown(job: &Job, failure: Failure<'_>, app: &str) -> Shown {
    let message = message(job, failure);
    let &Message { place, then, evidence, .. } = message;
    Shown { place, text: message.text(job, failure, app), then, evidence }
}

/// The reason that stands in messages: `Bad Request. Errors reported by remote server: department is required` (LabA incident 05). `phrase`
/// is the one of the status, `reported` what the answer says.
pub fn reason(phrase: &str, reported: Option<&str>) -> String {
    match reported {
        Some(reported) => format!("{phrase}. Errors reported by remote server: {reported}"),
        None => phrase.to_owned(),
    }
}

impl Message {
    /// The words, for the administrator of the app with this name.
    pub fn text(&self, job: &Job, failure: Failure<'_>, app: &str) -> String {
        let (user, display) = match job {
            Job::Verify(who)
            | Job::Read(who)
            | Job::Create(who)
            | Job::Update(who)
            | Job::Deactivate(who)
            | Job::Reactivate(who)
            | Job::Delete(who) => (who.user_name.as_str(), who.name.as_str()),
            Job::Connect | Job::Import | Job::PushGroup(_) => ("", ""),
        };
        let reason = match failure {
            Failure::NoAnswer(reason) | Failure::Answer(reason) => reason,
            Failure::NoUser => "Create new user returned empty user.",
            Failure::StillInactive | Failure::NoList => "",
        };
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

    #[test]
    fn messages_are_filled_in_once() {
        let text = |job: &Job, failure| shown(job, failure, "Acme {reason}").text;
        for (job, failure, expected) in [
            (
                Job::Create(ada()),
                Failure::Answer("Conflict {user}"),
                "Automatic provisioning of user ada@example.com to app Acme {reason} failed: Error while creating user {app} Lovelace: Conflict {user}",
            ),
            (Job::Verify(ada()), Failure::NoAnswer("Read timed out"), "Error while verifying if user exists: null"),
            (Job::Connect, Failure::NoList, "No results for users returned"),
            (Job::Connect, Failure::NoAnswer("Read timed out"), "Error authenticating: Read timed out"),
            (Job::Read(ada()), Failure::Answer("Not Found"), "Not Found"),
        ] {
            assert_eq!(text(&job, failure), expected, "{job:?} {failure:?}");
        }
        assert_eq!(reason("Conflict", Some("taken")), "Conflict. Errors reported by remote server: taken");
        assert_eq!(reason("Conflict", None), "Conflict");
    }
}
