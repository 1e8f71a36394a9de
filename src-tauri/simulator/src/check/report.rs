//! What came of a run of checks, as a value and in the forms that other programs and people read.

mod html;
mod junit;

use std::time::Duration;

use scim::ResourceKind;
use serde::Serialize;

use super::probe::{Capabilities, Probe};
use super::{CheckOutcome, CheckVerdict, Suite};
use crate::progress::Leftover;
use crate::target::Target;

/// What came of a run of checks.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckReport))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The server that was looked at.
    pub target: String,
    /// When the run began, RFC 3339, if whoever asks for the report knows.
    pub date: Option<String>,
    /// All suites together.
    pub score: Score,
    /// Each suite, in the order in which they ran.
    pub suites: Vec<SuiteScore>,
    /// From the first request to the last answer.
    pub duration_ms: u64,
    /// Every check, in the order in which they ran.
    pub outcomes: Vec<CheckOutcome>,
    /// Users that the run made and could not remove.
    pub users_left: Vec<Leftover>,
    /// Groups likewise.
    pub groups_left: Vec<Leftover>,
}

/// How many checks passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckScore))]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Checks that passed.
    pub passed: u32,
    /// Checks with a warning. They do not lower the score.
    pub warnings: u32,
    /// Checks that failed.
    pub failed: u32,
    /// Checks that could not be tried. They do not count.
    pub skipped: u32,
    /// Of those that were tried, how many did not fail: 100 only if none did. `None`: none was tried.
    pub percent: Option<u32>,
}

/// The score of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SuiteScore {
    /// Which.
    pub suite: Suite,
    /// Its title.
    pub title: &'static str,
    /// Its score.
    pub score: Score,
}

impl Report {
    pub(crate) fn new(target: String, outcomes: Vec<CheckOutcome>, took: Duration) -> Self {
        Self::of(target, outcomes, u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
    }

    /// A report of these outcomes.
    pub fn of(target: String, outcomes: Vec<CheckOutcome>, duration_ms: u64) -> Self {
        let of = |suite: Suite| Score::of(outcomes.iter().filter(|outcome| outcome.check.suite == suite));
        let mut suites: Vec<SuiteScore> = Vec::new();
        for outcome in &outcomes {
            let suite = outcome.check.suite;
            if suites.iter().all(|score| score.suite != suite) {
                suites.push(SuiteScore { suite, title: suite.title(), score: of(suite) });
            }
        }
        let (score, users_left, groups_left) = (Score::of(&outcomes), Vec::new(), Vec::new());
        Self { target, date: None, score, suites, duration_ms, outcomes, users_left, groups_left }
    }

    pub(super) fn with_left(mut self, left: impl IntoIterator<Item = (ResourceKind, Leftover)>) -> Self {
        for (kind, left) in left {
            let list = match kind {
                ResourceKind::User => &mut self.users_left,
                ResourceKind::Group => &mut self.groups_left,
            };
            // Several checks, and runs, may have come upon the same.
            if !list.contains(&left) {
                list.push(left);
            }
        }
        self
    }

    /// The same with what an earlier run left on the same server, as far as it is still there: it is removed if it can be, unless the
    /// server was left alone.
    pub async fn with_earlier(self, users: Vec<Leftover>, groups: Vec<Leftover>, target: &Target) -> Self {
        let of = |kind: ResourceKind, left: Vec<Leftover>| left.into_iter().map(move |left| (kind, left));
        let mut earlier: Vec<_> = of(ResourceKind::Group, groups).chain(of(ResourceKind::User, users)).collect();
        if let (None, false, Some((_, check))) = (self.left_alone(), earlier.is_empty(), Suite::Rfc.checks().next()) {
            let (mut connection, capabilities) = (target.open(), Capabilities::default());
            let remover = Probe::new(&mut connection, Suite::Rfc, check, &capabilities, "");
            earlier = remover.remove_earlier(earlier).await;
        }
        self.with_left(earlier)
    }

    /// Why the server was left alone before all checks had run, if it was: it could not be reached, fell silent, or sent us to another
    /// host.
    pub fn left_alone(&self) -> Option<&str> {
        let last = self.outcomes.last()?;
        let because = last.findings.first()?.because.as_str();
        let tail = self
            .outcomes
            .iter()
            .rev()
            .filter_map(CheckOutcome::is_answered)
            .take_while(|is_answered| !is_answered)
            .count();
        let is_silent = tail >= super::MOST_SILENT.min(self.outcomes.len());
        (is_silent || because == super::probe::AWAY).then_some(because)
    }

    /// What to fix first: the causes of failed checks with how many each has, those of the most checks first, and what only one check says
    /// last.
    pub fn causes(&self) -> Vec<(&str, usize)> {
        let mut causes: Vec<(&str, usize)> = Vec::new();
        for outcome in self.outcomes.iter().filter(|outcome| outcome.verdict == CheckVerdict::Failed) {
            let text = outcome.cause.as_deref().unwrap_or(outcome.check.fix);
            match causes.iter_mut().find(|(known, _)| *known == text) {
                Some((_, count)) => *count += 1,
                None => causes.push((text, 1)),
            }
        }
        causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        causes
    }

    /// What the run made and could not remove, each with what it is: "user", "group".
    pub fn left(&self) -> impl Iterator<Item = (&'static str, &Leftover)> {
        let of = |kind: ResourceKind, left| std::iter::repeat(kind.noun()).zip(left);
        of(ResourceKind::User, &self.users_left).chain(of(ResourceKind::Group, &self.groups_left))
    }

    /// Indented JSON.
    pub fn to_json(&self) -> String {
        // A value of texts, numbers and lists: nothing that JSON cannot hold.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// JUnit's XML, which build servers read: a suite of tests per suite.
    pub fn to_junit(&self) -> String {
        junit::write(self)
    }

    /// One HTML file that needs nothing else: no script, no font, no picture. Light and dark.
    pub fn to_html(&self) -> String {
        html::write(self)
    }
}

impl Score {
    /// What these outcomes add up to.
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a CheckOutcome>) -> Self {
        let mut score = Self::default();
        for outcome in outcomes {
            match outcome.verdict {
                CheckVerdict::Passed => score.passed += 1,
                CheckVerdict::Warning => score.warnings += 1,
                CheckVerdict::Failed => score.failed += 1,
                CheckVerdict::Skipped => score.skipped += 1,
            }
        }
        let good = score.passed + score.warnings;
        let tried = good + score.failed;
        // Rounded down, so that 100 means all.
        score.percent = (good * 100).checked_div(tried);
        score
    }
}

/// Some outcomes of every kind, as reports have to show them.
#[cfg(test)]
pub(super) fn sample() -> Report {
    use serde_json::json;

    use crate::exchange::{Exchange, Message};
    use crate::response::{Finding, Weight};

    let hostile = "<script>alert(1)</script> & \"quotes\" ' \u{1}\u{202e}\u{ffff} ]]>";
    let checks: Vec<_> = Suite::Okta.list().take(3).chain(Suite::Rfc.list().take(1)).collect();
    let verdicts = [CheckVerdict::Passed, CheckVerdict::Failed, CheckVerdict::Skipped, CheckVerdict::Warning];
    let outcomes = checks.into_iter().zip(verdicts).map(|(check, verdict)| CheckOutcome {
        check,
        verdict,
        findings: match verdict {
            CheckVerdict::Failed | CheckVerdict::Warning => vec![Finding {
                weight: Weight::Fails,
                expected: json!({ "totalResults": 1 }),
                actual: json!({ "totalResults": hostile }),
                because: hostile.into(),
                section: "RFC 7643 §4.1.1",
            }],
            _ => Vec::new(),
        },
        cause: (verdict == CheckVerdict::Failed).then(|| format!("Mend {hostile}.")),
        skipped: (verdict == CheckVerdict::Skipped).then(|| "needs a user".to_owned()),
        exchanges: vec![Exchange {
            method: "GET".into(),
            url: format!("https://scim.example.com/scim/v2/Users?filter={hostile}"),
            request: Message {
                headers: vec![("Authorization".into(), "Bearer $SCIM_TOKEN".into())],
                ..Message::default()
            },
            status: Some(200),
            response: Message { body: Some(format!("{{\"a\":\"{hostile}\"}}")), ..Message::default() },
            duration_ms: 7,
            failure: None,
            redirects: Vec::new(),
            is_kept: true,
        }],
        duration_ms: 7,
    });
    let left = |name: &str| Leftover { id: hostile.into(), name: name.into() };
    let report =
        Report::new("https://scim.example.com/scim/v2".into(), outcomes.collect(), Duration::from_millis(1_234));
    let report = Report { date: Some("2026-06-07T12:03:11.480Z".into()), ..report };
    report.with_left(vec![(ResourceKind::User, left("sim-ada")), (ResourceKind::Group, left("sim-group"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_full_only_if_nothing_failed() {
        let score = |passed, warnings, failed, skipped| {
            let verdicts = [
                (CheckVerdict::Passed, passed),
                (CheckVerdict::Warning, warnings),
                (CheckVerdict::Failed, failed),
                (CheckVerdict::Skipped, skipped),
            ];
            let template = sample().outcomes.remove(0);
            let outcomes: Vec<CheckOutcome> = verdicts
                .into_iter()
                .flat_map(|(verdict, count)| vec![CheckOutcome { verdict, ..template.clone() }; count])
                .collect();
            Score::of(&outcomes).percent
        };
        assert_eq!(score(3, 1, 0, 9), Some(100));
        assert_eq!(score(199, 0, 1, 0), Some(99));
        assert_eq!(score(0, 0, 3, 0), Some(0));
        assert_eq!(score(0, 0, 0, 3), None);
    }

    #[test]
    fn json_has_everything() {
        let report: serde_json::Value = serde_json::from_str(&sample().to_json()).expect("JSON");
        assert_eq!(report["score"]["percent"], 66);
        assert_eq!(report["suites"][0]["suite"], "okta");
        assert_eq!(report["outcomes"][1]["check"]["id"], "okta-list-users");
        assert_eq!(report["outcomes"][1]["exchanges"][0]["status"], 200);
        assert_eq!(
            (&report["usersLeft"][0]["name"], &report["groupsLeft"][0]["name"]),
            (&"sim-ada".into(), &"sim-group".into())
        );
    }
}
