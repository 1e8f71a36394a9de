//! `scim-setup check`.

use std::path::{Path, PathBuf};

use simulator::check::{self, CheckOutcome, CheckProgress, CheckVerdict, Report, Suite};
use simulator::{Stop, Target};

use crate::foreign::{self, Foreign};
use crate::{Ended, print, visible};

#[derive(clap::Args)]
pub(crate) struct Check {
    /// What is looked at: okta, entra, rfc, or several with commas
    #[arg(long, value_name = "SUITES", value_delimiter = ',', default_value = "okta,entra,rfc")]
    suite: Vec<Suite>,
    #[command(flatten)]
    foreign: Foreign,
    /// Run only the checks with these ids, separated by commas; `list` names all
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Write JUnit's XML to a file
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a page to read to a file; it needs nothing else
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print the whole report as JSON instead of text
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(self) -> Result<Ended, String> {
        if self.only.iter().any(|id| id == "list") {
            return print(&list(&self.suite)).map(|()| Ended::Well);
        }
        let known = |id: &&String| self.suite.iter().any(|suite| suite.list().any(|check| check.id == **id));
        if let Some(unknown) = self.only.iter().find(|id| !known(id)) {
            return Err(format!("there is no check {unknown:?} in these suites; --only list names all"));
        }
        let target = self.foreign.target()?;
        // Before a minute of checks is run whose report has no place to go.
        self.junit.iter().chain(&self.html).try_for_each(|path| has_folder(path))?;
        self.foreign.confirm(&target, &warning(&target))?;
        let runtime = crate::runtime()?;
        let stop = Stop::new();
        let date = Some(server::Clock::system().timestamp());
        let report = runtime.block_on(async {
            foreign::stop_at_signal(stop.clone(), "what the check made is removed")?;
            let mut broken = None;
            let mut tell = |progress: CheckProgress| match progress {
                CheckProgress::Began { number, total, check } => {
                    foreign::show_line(&format!("{number} of {total} {}", check.title));
                }
                CheckProgress::Ended { outcome } if !self.json => {
                    foreign::show_line("");
                    if broken.is_none() {
                        broken = print(&outcome_text(&outcome)).err();
                    }
                    if broken.is_some() {
                        // Nobody reads what is found.
                        stop.stop();
                    }
                }
                _ => {}
            };
            let report = check::run(&self.suite, &self.only, &target, &stop, &mut tell).await;
            foreign::show_line("");
            match (broken, unreached(&report)) {
                (Some(error), _) | (None, Some(error)) => Err(error),
                (None, None) => Ok(Report { date, ..report }),
            }
        })?;
        print(&if self.json { visible::json(&report.to_json()).into_owned() + "\n" } else { score_text(&report) })?;
        write(self.junit.as_deref(), || report.to_junit())?;
        write(self.html.as_deref(), || report.to_html())?;
        if is_unauthorized(&report) {
            eprintln!("scim-setup: every POST was refused with 401: look at the token before anything else");
        }
        eprint!("{}", left_text(&report));
        if let Some(because) = report.left_alone() {
            let because = visible::line(because);
            eprintln!("scim-setup: the server was left alone after {} checks: {because}", report.outcomes.len());
        }
        if stop.is_stopped() {
            eprintln!("scim-setup: it was stopped after {} checks", report.outcomes.len());
            return Ok(Ended::Badly);
        }
        Ok(if report.score.failed == 0 { Ended::Well } else { Ended::Badly })
    }
}

fn warning(target: &Target) -> String {
    format!(
        "This creates users and groups on {} whose names begin with \"sim-\", a few at a time, and deletes them again.",
        target.address()
    )
}

fn list(suites: &[Suite]) -> String {
    suites.iter().flat_map(|suite| suite.list()).map(|check| format!("{:34} {}\n", check.id, check.title)).collect()
}

/// What kept every request from being answered.
fn unreached(report: &Report) -> Option<String> {
    let mut sent = report.outcomes.iter().flat_map(|outcome| &outcome.exchanges).peekable();
    sent.peek()?;
    let failures: Option<Vec<&String>> = sent.map(|exchange| exchange.failure.as_ref()).collect();
    failures?.last().map(|failure| (*failure).clone())
}

/// Whether the token opens nothing, so that the findings say little of the server.
fn is_unauthorized(report: &Report) -> bool {
    let posts = || report.outcomes.iter().flat_map(|outcome| &outcome.exchanges).filter(|one| one.method == "POST");
    posts().next().is_some() && posts().all(|one| one.status == Some(401))
}

fn has_folder(path: &Path) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.is_dir(), path.is_dir()) {
        (true, false) => Ok(()),
        (true, true) => Err(format!("{} is a folder; name a file in it", path.display())),
        (false, _) => Err(format!("there is no folder {} for {}", folder.display(), path.display())),
    }
}

fn outcome_text(outcome: &CheckOutcome) -> String {
    let mark = match outcome.verdict {
        CheckVerdict::Passed => "ok  ",
        CheckVerdict::Warning => "warn",
        CheckVerdict::Failed => "FAIL",
        CheckVerdict::Skipped => "skip",
    };
    let check = &outcome.check;
    let mut lines = vec![format!("{mark} {}: {}", check.id, check.title)];
    lines.extend(outcome.skipped.iter().map(|why| format!("     {why}")));
    for finding in &outcome.findings {
        lines.push(format!("     {} ({})", finding.because, check.section));
        lines.push(format!("     expected {}, came {}", finding.expected, finding.actual));
    }
    // Without an answer there is nothing to fix in it.
    if !outcome.findings.is_empty() && outcome.exchanges.iter().any(|one| one.status.is_some()) {
        lines.push(format!("     {}", check.fix));
    }
    visible::lines(&lines)
}

fn score_text(report: &Report) -> String {
    let rows = report.suites.iter().map(|suite| (suite.title, suite.score));
    rows.map(|(title, score)| {
        let percent = score.percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"));
        format!(
            "{title}: {percent}, {} passed, {} with warnings, {} failed, {} skipped\n",
            score.passed, score.warnings, score.failed, score.skipped
        )
    })
    .chain(first_lines(report))
    .collect()
}

/// What to fix first, where one cause has several checks.
fn first_lines(report: &Report) -> Vec<String> {
    const SHOWN: usize = 5;
    let shared = report.causes().into_iter().filter(|(_, count)| *count > 1).take(SHOWN);
    let lines: Vec<String> = shared.map(|(cause, count)| format!("  {count} checks: {cause}")).collect();
    let heading = (!lines.is_empty()).then(|| "Fix these first:".to_owned());
    heading.into_iter().chain(lines).map(|line| visible::line(&line).into_owned() + "\n").collect()
}

fn left_text(report: &Report) -> String {
    visible::lines(&foreign::left_lines(&report.users_left, &report.groups_left))
}

fn write(path: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, text()).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use simulator::{Finding, Leftover, Weight};

    use super::*;

    #[test]
    fn a_server_cannot_write_lines_of_its_own() {
        let check = Suite::Rfc.list().next().expect("a check");
        let foreign = "\u{1b}[2Jgone\nok   rfc-etag: \u{202e}all is well";
        let finding = Finding {
            weight: Weight::Fails,
            expected: json!("x"),
            actual: json!({ "detail": foreign }),
            because: foreign.into(),
            section: "",
        };
        let outcome = CheckOutcome {
            check,
            verdict: CheckVerdict::Failed,
            findings: vec![finding],
            cause: Some(foreign.into()),
            skipped: Some(foreign.into()),
            exchanges: Vec::new(),
            duration_ms: 1,
        };
        let text = outcome_text(&outcome);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        assert_eq!(text.lines().count(), 4, "{text}");
        let users_left = vec![Leftover { id: foreign.into(), name: foreign.into() }];
        let report = Report { users_left, ..Report::of(String::new(), vec![outcome], 1) };
        let text = left_text(&report);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}
