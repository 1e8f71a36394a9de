//! JUnit's XML, in the form that Jenkins, GitLab and GitHub read.

use std::fmt::Write;
use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::check::{CheckOutcome, CheckVerdict};

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let mut junit = quick_junit::Report::new(format!("SCIM compliance of {}", report.target));
    junit.set_time(Duration::from_millis(report.duration_ms));
    for suite in &report.suites {
        let of_suite = || report.outcomes.iter().filter(|outcome| outcome.check.suite == suite.suite);
        let mut tests = TestSuite::new(suite.title);
        tests.set_time(Duration::from_millis(of_suite().map(|outcome| outcome.duration_ms).sum()));
        tests.add_test_cases(of_suite().map(case));
        junit.add_test_suite(tests);
    }
    // The characters that XML 1.0 does not have and the library lets through.
    junit.to_string().expect("a text can be written to").replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn case(outcome: &CheckOutcome) -> TestCase {
    let check = &outcome.check;
    let mut status = match outcome.verdict {
        CheckVerdict::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        CheckVerdict::Skipped => TestCaseStatus::skipped(),
        CheckVerdict::Passed | CheckVerdict::Warning => TestCaseStatus::success(),
    };
    if let Some(finding) = outcome.findings.first().filter(|_| outcome.verdict == CheckVerdict::Failed) {
        status.set_message(&finding.because).set_type(check.section).set_description(text(outcome));
    }
    if let Some(why) = &outcome.skipped {
        status.set_message(why);
    }
    let mut case = TestCase::new(format!("{} {}", check.id, check.title), status);
    case.set_classname(format!("scim.{}", check.suite.id())).set_time(Duration::from_millis(outcome.duration_ms));
    if outcome.verdict == CheckVerdict::Warning {
        // JUnit has no warnings; what is printed is shown with the test.
        case.set_system_out(format!("Warning: {}", text(outcome)));
    }
    case
}

/// What was found, the rule, and the requests.
fn text(outcome: &CheckOutcome) -> String {
    let check = &outcome.check;
    let mut text = String::new();
    // Writing to a String cannot fail.
    for finding in &outcome.findings {
        let _ = writeln!(text, "{}\nexpected {}\nactual   {}", finding.because, finding.expected, finding.actual);
    }
    let _ = writeln!(text, "{} ({})\n{}", check.rule, check.section, check.fix);
    for exchange in &outcome.exchanges {
        let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let _ = writeln!(text, "{} {} → {status}", exchange.method, exchange.url);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::check::report::sample;

    #[test]
    fn every_check_is_a_case_and_nothing_breaks_out() {
        let xml = sample().to_junit();
        let (all, suites) = (xml.lines().nth(1).expect("the root"), xml.matches("<testsuite ").count());
        for (name, value) in [("tests", "4"), ("failures", "1"), ("skipped", "1"), ("time", "1.234")] {
            assert!(all.contains(&format!("{name}=\"{value}\"")), "{all}");
        }
        assert_eq!(suites, 2);
        assert_eq!(xml.matches("<testcase ").count(), 4);
        assert_eq!(xml.matches("<failure ").count(), 1);
        assert_eq!(xml.matches("<skipped ").count(), 1);
        assert_eq!(xml.matches("<system-out>").count(), 1);
        assert!(!xml.contains("<script") && !xml.contains(['\u{1}', '\u{ffff}']), "{xml}");
        // Every tag that is opened is closed.
        for tag in ["testsuites", "testsuite", "failure", "system-out"] {
            assert_eq!(
                xml.matches(&format!("<{tag}")).count() - xml.matches(&format!("<{tag}s ")).count(),
                xml.matches(&format!("</{tag}>")).count(),
                "{tag}"
            );
        }
    }
}
