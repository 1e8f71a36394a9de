//! What a run tells while it goes on.

use idp::admin::Shown;
use idp::evidence::Evidence;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::exchange::{Exchange, Request};
use crate::response::Finding;

/// Steps of a plan that are told.
pub const UPCOMING: usize = 100;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Progress {
    /// What is going to be sent, as far as that is known.
    Planned {
        /// How many steps there are in all, those taken included.
        total: u32,
        /// The next ones, at most [`UPCOMING`].
        upcoming: Vec<PlannedStep>,
    },
    /// A step is being taken.
    Began {
        /// Counts from 1.
        number: u32,
        /// Which.
        step: PlannedStep,
    },
    /// The server asked for patience.
    Waiting {
        /// The step.
        number: u32,
        /// How long.
        seconds: u64,
        /// How often it was tried.
        attempt: u32,
        /// The same in a sentence, with what the server asked for: `The server asked to wait 7 s (attempt 1).`
        text: String,
    },
    /// A step was taken.
    Ended {
        /// What came of it.
        step: Box<StepReport>,
    },
    /// The run is over.
    Finished {
        /// What came of it.
        summary: Summary,
    },
}

/// A step that has not been taken yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedStep {
    /// `Create Ada Lovelace`.
    pub title: String,
    /// `POST`.
    pub method: String,
    /// `/Users`; ids are made up.
    pub target: String,
}

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StepRole))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// The identity provider sends it.
    Provider,
    /// The simulator looks whether the server kept what it was sent.
    Check,
    /// The simulator makes what the scenario begins with.
    Arrange,
    /// The simulator removes what it made.
    CleanUp,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Counts from 1.
    pub number: u32,
    /// `Create Ada Lovelace`.
    pub title: String,
    /// Whose step it is.
    pub role: Role,
    /// How it is known that the identity provider does this.
    pub evidence: Evidence,
    /// `POST`; empty if nothing was sent.
    pub method: String,
    /// Path and query below the base URL, readable: `/Users?filter=userName eq "ada@example.com"`.
    pub target: String,
    /// How it ended.
    pub verdict: Verdict,
    /// `None`: nothing was sent, or no answer came.
    pub status: Option<u16>,
    /// How long the last attempt took.
    pub duration_ms: u32,
    /// How often it was sent.
    pub attempts: u32,
    /// How long the identity provider waited because the server asked for it. `Retry-After` is obeyed up to a minute.
    pub waited_seconds: u64,
    /// What is wrong with the answer.
    pub findings: Vec<Finding>,
    /// What the identity provider shows its administrator.
    pub admin: Option<Shown>,
    /// Why nothing was sent, or what else there is to say of it.
    pub note: Option<String>,
    /// Request and answer.
    pub exchange: Option<Exchange>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StepVerdict))]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// The answer is what the identity provider needs.
    Passed,
    /// It goes on, but something should be otherwise.
    Warning,
    /// It cannot go on.
    Failed,
    /// It could not be tried.
    Skipped,
    /// The identity provider sends nothing here.
    Silent,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RunSummary))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Steps that passed.
    pub passed: u32,
    /// Steps with a warning.
    pub warnings: u32,
    /// Steps that failed.
    pub failed: u32,
    /// Steps that could not be tried.
    pub skipped: u32,
    /// From the first request to the last answer.
    pub duration_ms: u64,
    /// Why the run ended before its end.
    pub stopped: Option<String>,
    /// Users that the run created and that are still there, or may be.
    pub users_left: Vec<Leftover>,
    /// Groups likewise.
    pub groups_left: Vec<Leftover>,
}

/// Something that a run made and left on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Leftover {
    /// Its id there; empty if the answer that had it never came.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Summary {
    /// Whether nothing failed and nothing stopped the run.
    pub fn is_good(&self) -> bool {
        self.failed == 0 && self.stopped.is_none()
    }

    /// Counts a step.
    pub(crate) fn count(&mut self, step: &StepReport) {
        match step.verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Warning => self.warnings += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Skipped => self.skipped += 1,
            Verdict::Silent => {}
        }
    }
}

impl StepReport {
    /// A step in which nothing was sent.
    pub(crate) fn silent(number: u32, title: String, evidence: Evidence, role: Role, request: &Request) -> Self {
        Self {
            number,
            title,
            role,
            evidence,
            method: request.method.to_owned(),
            target: readable(&request.target),
            verdict: Verdict::Silent,
            status: None,
            duration_ms: 0,
            attempts: 0,
            waited_seconds: 0,
            findings: Vec::new(),
            admin: None,
            note: None,
            exchange: None,
        }
    }
}

/// A target without its percent-encoding, for people.
pub(crate) fn readable(target: &str) -> String {
    percent_decode_str(&target.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_shown_as_people_read_it() {
        for (target, expected) in [
            ("/Users?filter=userName%20eq%20%22a%2Bb%40c%22&count=1", "/Users?filter=userName eq \"a+b@c\"&count=1"),
            ("/Users?filter=userName+eq+%22%C3%BC%22&", "/Users?filter=userName eq \"ü\"&"),
            ("/Users?x=100%", "/Users?x=100%"),
            ("/Users?x=%zz", "/Users?x=%zz"),
        ] {
            assert_eq!(readable(target), expected);
        }
    }
}
