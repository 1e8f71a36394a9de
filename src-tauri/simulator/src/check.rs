//! Compliance: what an identity provider, or the RFCs, expect of a server, one check at a time.
//!
//! A check makes what it needs, looks, and removes what it made; it changes nothing else. Checks depend on nothing but the server, so each
//! can be run again alone.

mod cause;
mod entra;
mod okta;
mod outcomes;
mod probe;
mod report;
mod rfc;

use std::pin::Pin;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::outcomes::Outcomes;
pub use self::report::{Report, Score, SuiteScore};

pub(crate) use self::probe::{Checked, Fault, Probe};

use self::probe::{Capabilities, Unreached};
use crate::exchange::Exchange;
use crate::pace::Stop;
use crate::response::{Finding, Weight, fails, shortened};
use crate::target::Target;

/// A set of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
    /// What Okta's published SPEC and CRUD tests look at, and what its requests need.
    Okta,
    /// What Microsoft's SCIM Validator looks at, and what Entra ID's requests need.
    Entra,
    /// What RFC 7643 and RFC 7644 say and implementers get wrong.
    Rfc,
}

/// How much a check matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CheckLevel))]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// It fails.
    Must,
    /// It warns: recommended, or deliberately otherwise in tolerant servers.
    Should,
    /// It fails, though the RFCs do not ask for it, or ask for the contrary: the identity provider does.
    Beyond,
}

/// A check as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckInfo {
    /// `rfc-filter-no-match`. It never changes.
    pub id: &'static str,
    /// Which suite it belongs to.
    pub suite: Suite,
    /// What is looked at, in a few words.
    pub title: &'static str,
    /// The rule, in a sentence.
    pub rule: &'static str,
    /// Where the rule stands: `RFC 7644 §3.4.2`.
    pub section: &'static str,
    /// What to change when it fails, in a sentence.
    pub fix: &'static str,
    /// How much it matters.
    pub level: Level,
}

/// A check. Tables of them begin with [`must`], [`should`] or [`beyond`] and go on with title, rule and fix; see [`CheckInfo`].
pub(crate) struct Check {
    id: &'static str,
    title: &'static str,
    rule: &'static str,
    section: &'static str,
    fix: &'static str,
    level: Level,
    run: Run,
}

/// Checks of one kind.
pub(crate) struct Part {
    checks: &'static [Check],
    /// The feature without which none of them makes sense.
    feature: Option<&'static str>,
}

/// What a check does.
pub(crate) type Run = for<'a, 'b> fn(&'a mut Probe<'b>) -> Pin<Box<dyn Future<Output = Checked> + Send + 'a>>;

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckOutcome {
    /// Which check.
    pub check: CheckInfo,
    /// How it ended.
    pub verdict: CheckVerdict,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What to mend first, in a sentence that all failed checks with the same cause share; `None`: nothing but its own fix.
    pub cause: Option<String>,
    /// Why it was skipped.
    pub skipped: Option<String>,
    /// The requests with their answers.
    pub exchanges: Vec<Exchange>,
    /// How long all of it took.
    pub duration_ms: u64,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum CheckVerdict {
    /// As it should be.
    Passed,
    /// It could be better.
    Warning,
    /// It is wrong.
    Failed,
    /// It could not be tried.
    Skipped,
}

/// What a run of checks tells while it goes on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum CheckProgress {
    /// A check has begun.
    Began {
        /// Counts from 1.
        number: usize,
        /// How many there are.
        total: usize,
        /// Which.
        check: CheckInfo,
    },
    /// A check has ended.
    Ended {
        /// What came of it.
        outcome: Box<CheckOutcome>,
    },
}

impl Suite {
    /// All suites.
    pub const ALL: [Self; 3] = [Self::Okta, Self::Entra, Self::Rfc];

    /// What it is called on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Rfc => "rfc",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Entra => "Entra ID",
            Self::Rfc => "RFC 7643 and 7644",
        }
    }

    /// Its checks, as they are listed.
    pub fn list(self) -> impl Iterator<Item = CheckInfo> {
        self.checks().map(move |(_, check)| check.info(self))
    }

    /// Its checks, each with the feature that it needs.
    fn checks(self) -> impl Iterator<Item = (Option<&'static str>, &'static Check)> {
        let parts: &'static [Part] = match self {
            Self::Okta => okta::PARTS,
            Self::Entra => entra::PARTS,
            Self::Rfc => rfc::PARTS,
        };
        parts.iter().flat_map(|part| part.checks.iter().map(|check| (part.feature, check)))
    }
}

impl std::str::FromStr for Suite {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|suite| suite.id() == text)
            .ok_or_else(|| format!("there is no suite {text:?}; there are okta, entra and rfc"))
    }
}

/// A check that fails: its id, where its rule stands, and what it does.
pub(crate) const fn must(id: &'static str, section: &'static str, run: Run) -> Check {
    Check { id, title: "", rule: "", section, fix: "", level: Level::Must, run }
}

/// A check that warns.
pub(crate) const fn should(id: &'static str, section: &'static str, run: Run) -> Check {
    Check { level: Level::Should, ..must(id, section, run) }
}

/// A check that fails for the identity provider's sake alone.
pub(crate) const fn beyond(id: &'static str, section: &'static str, run: Run) -> Check {
    Check { level: Level::Beyond, ..must(id, section, run) }
}

impl Part {
    pub(crate) const fn of(checks: &'static [Check]) -> Self {
        Self { checks, feature: None }
    }

    /// The same, and they are skipped if the server says that it lacks a feature.
    pub(crate) const fn needs(self, feature: &'static str) -> Self {
        Self { feature: Some(feature), ..self }
    }
}

impl Check {
    pub(crate) const fn title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    pub(crate) const fn rule(self, rule: &'static str) -> Self {
        Self { rule, ..self }
    }

    pub(crate) const fn fix(self, fix: &'static str) -> Self {
        Self { fix, ..self }
    }

    fn info(&self, suite: Suite) -> CheckInfo {
        let Self { id, title, rule, section, fix, level, .. } = *self;
        CheckInfo { id, suite, title, rule, section, fix, level }
    }
}

/// Checks in a row without any answer after which the server counts as gone: each may have waited for a minute.
const MOST_SILENT: usize = 3;

/// Runs the checks of suites, in order; `only` chooses some by their ids, and all if it is empty.
///
/// `notify` hears everything. After `stop` the check under way is finished and none is begun; the report has those that ran. A server that
/// cannot be reached, falls silent, or sends us to another host is left alone: the report ends with the check that found out. However a run
/// ends, what is still there of it is looked for, removed, and named in the report if it stays; not on a server that sends us away.
pub async fn run(
    suites: &[Suite],
    only: &[String],
    target: &Target,
    stop: &Stop,
    notify: &mut (dyn FnMut(CheckProgress) + Send),
) -> Report {
    let started = Instant::now();
    let all = suites.iter().flat_map(|suite| suite.checks().map(move |(feature, check)| (*suite, feature, check)));
    let is_wanted = |check: &Check| only.is_empty() || only.iter().any(|id| id == check.id);
    let checks: Vec<(Suite, Option<&str>, &Check)> = all.filter(|(_, _, check)| is_wanted(check)).collect();
    let mut connection = target.open();
    let mut outcomes = Outcomes::default();
    let run = format!("{}{}", probe::PREFIX, probe::run_id());
    let capabilities = match Capabilities::read(&mut connection).await {
        Ok(capabilities) => capabilities,
        Err(unreached) => {
            if let Some((suite, _, check)) = checks.first() {
                notify(CheckProgress::Began { number: 1, total: checks.len(), check: check.info(*suite) });
                let outcome = unreached.outcome(check.info(*suite));
                notify(CheckProgress::Ended { outcome: Box::new(outcome.clone()) });
                outcomes.push(outcome);
            }
            return Report::new(target.address().to_string(), outcomes.into_vec(), started.elapsed());
        }
    };
    let (mut silent, mut left, mut is_away) = (0, probe::Left::new(), false);
    for (position, (suite, feature, check)) in checks.iter().enumerate() {
        if stop.is_stopped() {
            break;
        }
        notify(CheckProgress::Began { number: position + 1, total: checks.len(), check: check.info(*suite) });
        let name = format!("{run}-{position}");
        let mut probe = Probe::new(&mut connection, *suite, check, &capabilities, &name);
        let began = Instant::now();
        let checked = match feature.map_or(Ok(()), |feature| probe.unless_lacking(feature)) {
            Ok(()) => (check.run)(&mut probe).await,
            lacking => lacking,
        };
        let mut done = probe.finish().await;
        left.append(&mut done.left);
        let outcome = judge(check.info(*suite), checked, done, began.elapsed());
        notify(CheckProgress::Ended { outcome: Box::new(outcome.clone()) });
        is_away = outcome.findings.iter().any(|finding| finding.because == probe::AWAY);
        silent = match outcome.is_answered() {
            Some(true) => 0,
            Some(false) => silent + 1,
            None => silent,
        };
        outcomes.push(outcome);
        if is_away || silent == MOST_SILENT {
            break;
        }
    }
    // Whoever sends us away is asked for nothing more.
    if let (false, Some((suite, _, check))) = (is_away, checks.first()) {
        let sweeper = Probe::new(&mut connection, *suite, check, &capabilities, &run);
        left = sweeper.sweep(&format!("{run}-"), left).await;
    }
    let report = Report::new(target.address().to_string(), outcomes.into_vec(), started.elapsed());
    report.with_left(left)
}

impl CheckOutcome {
    /// Whether any of its requests was answered; `None`: it sent none.
    fn is_answered(&self) -> Option<bool> {
        let is_any = self.exchanges.iter().any(|exchange| exchange.status.is_some());
        (!self.exchanges.is_empty()).then_some(is_any)
    }
}

impl Unreached {
    /// The first check, which could not be begun.
    fn outcome(self, check: CheckInfo) -> CheckOutcome {
        let Self { because, exchange } = self;
        let finding = fails(json!({ "answer": "any" }), json!({ "answer": null }), because, "");
        let duration_ms = u64::from(exchange.duration_ms);
        let (verdict, findings, exchanges) = (CheckVerdict::Failed, vec![finding], vec![exchange]);
        with_cause(CheckOutcome { check, verdict, findings, cause: None, skipped: None, exchanges, duration_ms })
    }
}

fn judge(check: CheckInfo, checked: Checked, done: probe::Done, took: std::time::Duration) -> CheckOutcome {
    let mut findings = done.warnings;
    let mut skipped = None;
    match checked {
        Ok(()) => {}
        Err(Fault::Skipped(why)) => skipped = Some(why),
        Err(Fault::Wrong(finding)) => {
            let weight = if check.level == Level::Should { Weight::Warns } else { Weight::Fails };
            findings.insert(0, Finding { weight, ..*finding });
        }
    }
    let verdict = match (&skipped, findings.first().map(|finding| finding.weight)) {
        (Some(_), _) => CheckVerdict::Skipped,
        (None, None) => CheckVerdict::Passed,
        (None, Some(Weight::Warns)) => CheckVerdict::Warning,
        (None, Some(Weight::Fails)) => CheckVerdict::Failed,
    };
    let findings = findings.into_iter().map(Finding::shortened).collect();
    let skipped = skipped.map(shortened);
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    with_cause(CheckOutcome { check, verdict, findings, cause: None, skipped, exchanges: done.exchanges, duration_ms })
}

fn with_cause(outcome: CheckOutcome) -> CheckOutcome {
    let cause = if outcome.verdict == CheckVerdict::Failed { cause::of(&outcome) } else { None };
    CheckOutcome { cause, ..outcome }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Reports are compared over years, and people look checks up by what stands here: that it changes is decided, not an accident.
    #[test]
    fn the_checks_are_those_that_are_listed() {
        let word = |level: Level| serde_json::to_value(level).expect("a word").as_str().unwrap_or_default().to_owned();
        let line = |it: CheckInfo| format!("{} | {} | {} | {}\n", it.id, word(it.level), it.section, it.title);
        let listed: String = Suite::ALL.into_iter().flat_map(Suite::list).map(line).collect();
        assert_eq!(listed, include_str!("check/listed.txt"), "if this is meant, change check/listed.txt");
    }

    #[test]
    fn every_check_has_an_id_of_its_own_and_says_what_to_do() {
        let mut ids = HashSet::new();
        for suite in Suite::ALL {
            for check in suite.list() {
                assert!(check.id.starts_with(&format!("{}-", suite.id())), "{}", check.id);
                assert!(
                    check.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
                );
                assert!(ids.insert(check.id), "{} stands there twice", check.id);
                for sentence in [check.rule, check.fix] {
                    assert!(sentence.len() > 10 && sentence.ends_with('.'), "{}: {sentence}", check.id);
                }
                assert!(!check.title.is_empty() && !check.title.ends_with('.'), "{}", check.id);
                assert!(!check.section.is_empty(), "{}", check.id);
                let is_from_rfc = check.level != Level::Beyond || suite != Suite::Rfc;
                assert!(is_from_rfc, "{} is not a rule of the RFCs", check.id);
            }
        }
        assert!(ids.len() >= 130, "there are {} checks", ids.len());
    }
}
