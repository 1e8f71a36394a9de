//! A report for people, in one file.

use std::fmt::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Report;
use crate::check::{CheckOutcome, CheckVerdict, Level};
use crate::exchange::{Exchange, Message};
use crate::progress::readable;

const STYLE: &str = include_str!("html.css");

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let failed = || report.outcomes.iter().filter(|outcome| outcome.verdict == CheckVerdict::Failed);
    let requests = report.outcomes.iter().flat_map(|outcome| &outcome.exchanges);
    let gone = requests.clone().filter(|exchange| !exchange.is_kept).count();
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                // Nothing is loaded and nothing runs, and the browser is told so.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title { "SCIM compliance of " (report.target) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "SCIM compliance" }
                    p.target {
                        (report.target)
                        @if let Some(date) = &report.date { br; time datetime=(date) { (day(date)) } }
                    }
                    (scores(report))
                    @if report.left().next().is_some() {
                        h2 { "Left on the server" }
                        p { "The run made these and could not remove them. Delete them there." }
                        ul {
                            @for (noun, left) in report.left() { li { (noun) " " (left.name) " " code { (left.id) } } }
                        }
                    }
                    @if report.score.failed > 0 {
                        h2 { "Fix these first" }
                        ul.fixes {
                            @for (cause, count) in report.causes() {
                                li {
                                    (cause) @if count > 1 { " " strong { (count) " checks" } }
                                    ul {
                                        @for check in failed().filter(|one| is_of(one, cause)).map(|one| &one.check) {
                                            li { a href={ "#" (check.id) } { (check.title) } " " span.section { (check.suite.title()) } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    @for suite in &report.suites {
                        h2 { (suite.title) }
                        div.checks {
                            @for outcome in report.outcomes.iter().filter(|outcome| outcome.check.suite == suite.suite) {
                                (check(outcome, &report.target))
                            }
                        }
                    }
                    footer {
                        "SCIM Setup " (env!("CARGO_PKG_VERSION")) " · " (requests.count()) " requests in "
                        (report.duration_ms.div_ceil(1_000)) " s"
                        @if gone > 0 { ". Headers and bodies of " (gone) " of them are no longer kept." }
                    }
                }
            }
        }
    };
    html.into_string().chars().map(visible).collect()
}

/// Whether a failed check counts for a cause.
fn is_of(outcome: &CheckOutcome, cause: &str) -> bool {
    outcome.cause.as_deref().unwrap_or(outcome.check.fix) == cause
}

/// `2026-06-07T12:03:11.480Z` as people read it: `2026-06-07 12:03 UTC`.
fn day(date: &str) -> String {
    date.get(..16).map_or_else(|| date.to_owned(), |minute| format!("{} UTC", minute.replace('T', " ")))
}

/// A place where a rule stands; one in an RFC leads there: `RFC 7644 §3.4.2`.
fn section(place: &str) -> Markup {
    let link = place.strip_prefix("RFC ").and_then(|place| {
        let (rfc, section) = place.split_once(" §")?;
        // Of several sections, the first.
        let section = section.split([',', ' ']).next()?;
        Some(format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}"))
    });
    html! {
        @match link {
            Some(link) => a.section href=(link) { (place) },
            None => span.section { (place) },
        }
    }
}

fn scores(report: &Report) -> Markup {
    let suites = report.suites.iter().map(|suite| (suite.title, suite.score));
    html! {
        div.scores {
            table {
                thead {
                    tr { @for title in ["Suite", "Score", "Passed", "Warnings", "Failed", "Skipped"] { th { (title) } } }
                }
                tbody {
                    @for (title, score) in suites.chain((report.suites.len() > 1).then_some(("All", report.score))) {
                        tr {
                            th scope="row" { (title) }
                            td { @if let Some(percent) = score.percent { (percent) " %" } @else { "–" } }
                            td { (score.passed) }
                            td { (score.warnings) }
                            td class=[(score.failed > 0).then_some("failed")] { (score.failed) }
                            td { (score.skipped) }
                        }
                    }
                }
            }
        }
    }
}

fn check(outcome: &CheckOutcome, target: &str) -> Markup {
    let check = &outcome.check;
    let (class, word) = match outcome.verdict {
        CheckVerdict::Passed => ("passed", "Passed"),
        CheckVerdict::Warning => ("warning", "Warning"),
        CheckVerdict::Failed => ("failed", "Failed"),
        CheckVerdict::Skipped => ("skipped", "Skipped"),
    };
    html! {
        details id=(check.id) open[outcome.verdict == CheckVerdict::Failed] {
            summary { span.verdict.(class) { (word) } " " (check.title) " " a href={ "#" (check.id) } { code { (check.id) } } }
            p { (check.rule) @for place in check.section.split("; ") { " " (section(place)) } }
            @if let Some(why) = &outcome.skipped { p { "Skipped: " (why) "." } }
            @if check.level == Level::Beyond {
                p.section { "The identity provider needs this; the RFCs do not ask for it." }
            }
            @for finding in &outcome.findings {
                @if finding.because != check.rule { p.because { (finding.because) } }
                div.both {
                    div { h3 { "Expected" } pre { (pretty(&finding.expected)) } }
                    div { h3 { "Actual" } pre { (pretty(&finding.actual)) } }
                }
            }
            @if !outcome.findings.is_empty() { p.fix { strong { "Fix:" } " " (check.fix) } }
            @for one in &outcome.exchanges { (exchange(one, target)) }
        }
    }
}

/// A request with its answer. What stands below the base URL is shown as people read it; the request has the URL as it was sent.
fn exchange(exchange: &Exchange, target: &str) -> Markup {
    let below = exchange.url.strip_prefix(target).unwrap_or(&exchange.url);
    html! {
        details.exchange {
            summary {
                code { (exchange.method) " " (readable(below)) }
                " → " @if let Some(status) = exchange.status { (status) } @else { "no answer" }
                " in " (exchange.duration_ms) " ms"
            }
            @if let Some(failure) = &exchange.failure { p { (failure) } }
            h3 { "Request" }
            pre { (exchange.method) " " (exchange.url) "\n" (text(&exchange.request)) }
            @if exchange.status.is_some() {
                h3 { "Answer" }
                pre { (text(&exchange.response)) }
            }
        }
    }
}

fn text(message: &Message) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
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

/// What has no shape is shown as a mark, and what turns the writing round as well.
fn visible(character: char) -> char {
    match character {
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other => other,
    }
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
        assert!(!html.contains(['\u{1}', '\u{202e}']), "nothing is hidden or turned round");
        assert!(!html.contains("\"quotes\""), "nothing ends an attribute");
    }

    #[test]
    fn a_report_says_what_to_fix_first() {
        let html = sample().to_html();
        let (fixes, checks) =
            (html.find("Fix these first").expect("fixes"), html.find("class=\"checks\"").expect("checks"));
        assert!(fixes < checks);
        assert!(html.contains("<td>66 %</td>") && html.contains("<details id=\"okta-list-users\" open>"), "{html}");
        assert_eq!(html.matches("<details").count(), html.matches("</details>").count());
        assert!(html.contains("<time datetime=\"2026-06-07T12:03:11.480Z\">2026-06-07 12:03 UTC</time>"), "{html}");
        assert!(html.matches("href=\"#okta-list-users\"").count() == 2, "what to fix and the check itself lead to it");
        assert!(html.contains("href=\"https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2"), "{html}");
    }
}
