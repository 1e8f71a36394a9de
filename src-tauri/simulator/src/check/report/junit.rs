//! JUnit's XML, in the form that Jenkins, GitLab and GitHub read.

use std::fmt::Write;

use super::Report;
use crate::check::{CheckVerdict, Outcome};

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let score = report.score;
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "<testsuites name=\"SCIM compliance of {}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{}\">",
        escaped(&report.target),
        report.outcomes.len(),
        score.failed,
        score.skipped,
        seconds(report.duration_ms)
    );
    for suite in &report.suites {
        let outcomes: Vec<&Outcome> =
            report.outcomes.iter().filter(|outcome| outcome.check.suite == suite.suite).collect();
        let took = outcomes.iter().map(|outcome| outcome.duration_ms).sum();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{}\">",
            escaped(suite.title),
            outcomes.len(),
            suite.score.failed,
            suite.score.skipped,
            seconds(took)
        );
        for outcome in outcomes {
            case(&mut xml, outcome);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(xml: &mut String, outcome: &Outcome) {
    let check = &outcome.check;
    let _ = write!(
        xml,
        "    <testcase classname=\"scim.{}\" name=\"{} {}\" time=\"{}\"",
        check.suite.id(),
        escaped(check.id),
        escaped(check.title),
        seconds(outcome.duration_ms)
    );
    let text = || {
        let mut text = String::new();
        for finding in &outcome.findings {
            let _ = writeln!(text, "{}\nexpected {}\nactual   {}", finding.because, finding.expected, finding.actual);
        }
        let _ = writeln!(text, "{} ({})\n{}", check.rule, check.section, check.fix);
        for exchange in &outcome.exchanges {
            let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            let _ = writeln!(text, "{} {} → {status}", exchange.method, exchange.url);
        }
        text
    };
    let because = outcome.findings.first().map(|finding| finding.because.as_str()).unwrap_or_default();
    let inner = match outcome.verdict {
        CheckVerdict::Passed => String::new(),
        CheckVerdict::Failed => {
            format!(
                "      <failure message=\"{}\" type=\"{}\">{}</failure>\n",
                escaped(because),
                escaped(check.section),
                escaped(&text())
            )
        }
        CheckVerdict::Skipped => {
            format!("      <skipped message=\"{}\"/>\n", escaped(outcome.skipped.as_deref().unwrap_or_default()))
        }
        // JUnit has no warnings; what is printed is shown with the test.
        CheckVerdict::Warning => {
            format!("      <system-out>{}</system-out>\n", escaped(&format!("Warning: {}", text())))
        }
    };
    if inner.is_empty() {
        xml.push_str("/>\n");
    } else {
        let _ = write!(xml, ">\n{inner}    </testcase>\n");
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1_000, milliseconds % 1_000)
}

/// A text in XML 1.0, which has no characters for most controls.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::check::report::sample;

    #[test]
    fn every_check_is_a_case_and_nothing_breaks_out() {
        let xml = sample().to_junit();
        assert!(xml.contains("tests=\"4\" failures=\"1\" skipped=\"1\" time=\"1.234\""), "{xml}");
        assert_eq!(xml.matches("<testcase ").count(), 4);
        assert_eq!(xml.matches("<failure ").count(), 1);
        assert_eq!(xml.matches("<skipped ").count(), 1);
        assert_eq!(xml.matches("<system-out>").count(), 1);
        assert!(!xml.contains("<script") && !xml.contains('\u{1}'), "{xml}");
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
