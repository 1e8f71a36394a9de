//! A report for people, in one file.

use std::fmt::Write;

use super::Report;
use crate::check::{CheckVerdict, Level, Outcome};
use crate::exchange::{Exchange, Message};
use crate::progress::readable;

const STYLE: &str = include_str!("html.css");

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let mut html = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Writing to a String cannot fail. Nothing is loaded and nothing runs, and the browser is told so.
    let _ = write!(
        html,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>SCIM compliance of {target}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>SCIM compliance</h1>\n<p class=\"target\">{target}</p>\n",
        target = escaped(&report.target)
    );
    scores(&mut html, report);
    let wrong = |verdict| report.outcomes.iter().filter(move |outcome| outcome.verdict == verdict);
    if report.score.failed > 0 {
        html.push_str("<h2>What to fix</h2>\n<ul class=\"fixes\">\n");
        for outcome in wrong(CheckVerdict::Failed) {
            let check = &outcome.check;
            let _ = writeln!(
                html,
                "<li><a href=\"#{id}\">{title}</a> <span class=\"section\">{suite}</span><br>{fix}</li>",
                id = escaped(check.id),
                title = escaped(check.title),
                suite = escaped(check.suite.title()),
                fix = escaped(check.fix)
            );
        }
        html.push_str("</ul>\n");
    }
    for suite in &report.suites {
        let _ = write!(html, "<h2>{}</h2>\n<div class=\"checks\">\n", escaped(suite.title));
        for outcome in report.outcomes.iter().filter(|outcome| outcome.check.suite == suite.suite) {
            check(&mut html, outcome, &report.target);
        }
        html.push_str("</div>\n");
    }
    let _ = write!(
        html,
        "<footer>SCIM Setup {} · {} requests in {} s</footer>\n</main>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        report.outcomes.iter().map(|outcome| outcome.exchanges.len()).sum::<usize>(),
        report.duration_ms.div_ceil(1_000)
    );
    html
}

fn scores(html: &mut String, report: &Report) {
    html.push_str(
        "<div class=\"scores\">\n<table>\n<thead><tr><th>Suite</th><th>Score</th><th>Passed</th><th>Warnings</th><th>Failed</th><th>Skipped</th></tr></thead>\n<tbody>\n",
    );
    let rows = report.suites.iter().map(|suite| (suite.title, suite.score));
    for (title, score) in rows.chain((report.suites.len() > 1).then_some(("All", report.score))) {
        let percent = score.percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"));
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{percent}</td><td>{}</td><td>{}</td><td{}>{}</td><td>{}</td></tr>",
            escaped(title),
            score.passed,
            score.warnings,
            if score.failed > 0 { " class=\"failed\"" } else { "" },
            score.failed,
            score.skipped
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn check(html: &mut String, outcome: &Outcome, target: &str) {
    let check = &outcome.check;
    let (class, word) = match outcome.verdict {
        CheckVerdict::Passed => ("passed", "Passed"),
        CheckVerdict::Warning => ("warning", "Warning"),
        CheckVerdict::Failed => ("failed", "Failed"),
        CheckVerdict::Skipped => ("skipped", "Skipped"),
    };
    let open = if outcome.verdict == CheckVerdict::Failed { " open" } else { "" };
    let _ = write!(
        html,
        "<details id=\"{}\"{open}>\n<summary><span class=\"verdict {class}\">{word}</span> {} <code>{}</code></summary>\n\
         <p>{} <span class=\"section\">{}</span></p>\n",
        escaped(check.id),
        escaped(check.title),
        escaped(check.id),
        escaped(check.rule),
        escaped(check.section)
    );
    if let Some(why) = &outcome.skipped {
        let _ = writeln!(html, "<p>Skipped: {}.</p>", escaped(why));
    }
    if check.level == Level::Beyond {
        html.push_str("<p class=\"section\">The identity provider needs this; the RFCs do not ask for it.</p>\n");
    }
    for finding in &outcome.findings {
        if finding.because != check.rule {
            let _ = writeln!(html, "<p class=\"because\">{}</p>", escaped(&finding.because));
        }
        let _ = writeln!(
            html,
            "<div class=\"both\"><div><h3>Expected</h3><pre>{}</pre></div><div><h3>Actual</h3><pre>{}</pre></div></div>",
            escaped(&pretty(&finding.expected)),
            escaped(&pretty(&finding.actual))
        );
    }
    if !outcome.findings.is_empty() {
        let _ = writeln!(html, "<p class=\"fix\"><strong>Fix:</strong> {}</p>", escaped(check.fix));
    }
    for left in &outcome.left {
        let _ = writeln!(html, "<p>Left on the server: {} ({})</p>", escaped(&left.name), escaped(&left.id));
    }
    for one in &outcome.exchanges {
        exchange(html, one, target);
    }
    html.push_str("</details>\n");
}

/// A request with its answer. What stands below the base URL is shown as people read it; the request has the URL as it was sent.
fn exchange(html: &mut String, exchange: &Exchange, target: &str) {
    let below = exchange.url.strip_prefix(target).unwrap_or(&exchange.url);
    let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let _ = write!(
        html,
        "<details class=\"exchange\">\n<summary><code>{} {}</code> → {status} in {} ms</summary>\n",
        escaped(&exchange.method),
        escaped(&readable(below)),
        exchange.duration_ms
    );
    if let Some(failure) = &exchange.failure {
        let _ = writeln!(html, "<p>{}</p>", escaped(failure));
    }
    let request = format!("{} {}\n{}", exchange.method, exchange.url, text(&exchange.request));
    let _ = write!(html, "<h3>Request</h3>\n<pre>{}</pre>\n", escaped(&request));
    if exchange.status.is_some() {
        let _ = write!(html, "<h3>Answer</h3>\n<pre>{}</pre>\n", escaped(&text(&exchange.response)));
    }
    html.push_str("</details>\n");
}

fn text(message: &Message) -> String {
    let mut text = String::new();
    for (name, value) in &message.headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    if let Some(body) = &message.body {
        let body = serde_json::from_str(body).map_or_else(|_| body.clone(), |json| pretty(&json));
        let _ = write!(text, "\n{body}{}", if message.is_truncated { "…" } else { "" });
    }
    text
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // What has no shape is shown as a mark, and what turns the writing round as well.
            '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                escaped.push('\u{fffd}');
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::check::report::sample;

    #[test]
    fn nothing_in_a_report_runs_or_is_loaded() {
        let html = sample().to_html();
        assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("url(http"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "hostile text is shown");
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn a_report_says_what_to_fix_first() {
        let html = sample().to_html();
        let (fixes, checks) =
            (html.find("What to fix").expect("fixes"), html.find("class=\"checks\"").expect("checks"));
        assert!(fixes < checks);
        assert!(html.contains("<td>66 %</td>") && html.contains("<details id=\"okta-list-users\" open>"), "{html}");
        assert_eq!(html.matches("<details").count(), html.matches("</details>").count());
    }
}
