//! The compliance suites against our own server, and against servers that do one thing wrong.

use serde_json::{Value, json};
use simulator::Stop;
use simulator::check::{self, CheckVerdict, Level, Report, Suite};

use super::faulty::{Fault, Faulty, Reply};
use super::play::target;
use crate::harness::{Directory, Running};

/// Checks that a strict directory does not pass: what Entra ID needs beyond the RFCs, or contrary to them.
const CONTRARY_TO_STRICT: &[&str] = &[
    "entra-create-with-nulls",
    "entra-match-work-email",
    "entra-disable-text",
    "entra-replace-without-path",
    "entra-add-typed-value",
    "entra-manager-as-text",
    "entra-group-create",
    "entra-group-duplicate",
    "entra-group-remove-listed",
];

/// Recommendations that a tolerant directory deliberately does not follow.
const TOLERATED: &[&str] = &["rfc-patch-no-match", "rfc-patch-read-only"];

async fn run(base_url: &str, token: &str) -> Report {
    check::run(&Suite::ALL, &[], &target(base_url, token), &Stop::new(), &mut |_| {}).await
}

/// The checks that ended so. How fast groups are listed depends on how busy the machine is.
fn ids(report: &Report, verdict: CheckVerdict) -> Vec<&'static str> {
    let ended = report.outcomes.iter().filter(|outcome| outcome.verdict == verdict);
    ended.map(|outcome| outcome.check.id).filter(|id| *id != "okta-list-groups-fast").collect()
}

/// Everything that the directory has, but for times.
async fn contents(directory: &Directory) -> String {
    let users = directory.idp("GET", "/Users?count=200", None).await.json();
    let groups = directory.idp("GET", "/Groups?count=200", None).await.json();
    json!([users, groups]).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_server_passes_every_suite() {
    let running = Running::start().await;
    for mode in ["tolerant", "strict"] {
        let directory = running.directory(mode).await;
        directory.set_policy(&running, json!({ "mode": mode })).await;
        // Whoever is there already is none of the checks' business.
        let [ada, grace] = directory.people(["ada", "grace"]).await;
        directory.group("Engineering", &[&ada, &grace]).await;
        let before = contents(&directory).await;
        let report = run(&directory.base_url, &directory.token).await;
        let is_strict = mode == "strict";
        let (contrary, tolerated) = if is_strict { (CONTRARY_TO_STRICT, &[][..]) } else { (&[][..], TOLERATED) };
        assert_eq!(ids(&report, CheckVerdict::Failed), contrary, "{mode}");
        assert_eq!(ids(&report, CheckVerdict::Warning), tolerated, "{mode}");
        assert_eq!(ids(&report, CheckVerdict::Skipped), [""; 0], "{mode}");
        for outcome in report.outcomes.iter().filter(|outcome| outcome.verdict == CheckVerdict::Failed) {
            assert_eq!(outcome.check.level, Level::Beyond, "{}", outcome.check.id);
        }
        for suite in report.suites.iter().filter(|suite| !is_strict || suite.suite != Suite::Entra) {
            assert_eq!(suite.score.percent, Some(100), "{} {mode}", suite.title);
        }
        assert_eq!(report.left_alone(), None);
        assert_eq!(contents(&directory).await, before, "nothing is left behind and nobody was changed");
    }
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_check_can_be_run_again_alone() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let only = ["rfc-delete".to_owned(), "okta-lookup-capitals".to_owned()];
    let report = check::run(&Suite::ALL, &only, &directory.simulated(), &Stop::new(), &mut |_| {}).await;
    assert_eq!(ids(&report, CheckVerdict::Passed), ["okta-lookup-capitals", "rfc-delete"]);
    assert_eq!(report.suites.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_sends_us_elsewhere_gets_one_check() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let away = Fault::instead(|_| Some(Reply::new(302, "").with("location", "https://login.example.com/")));
    let server = Faulty::start(&directory, away).await;
    let report = run(&server.base_url, &directory.token).await;
    assert_eq!(report.outcomes.len(), 1, "nothing follows");
    assert!(report.outcomes[0].findings[0].because.contains("another host"), "{:?}", report.outcomes[0]);
    assert_eq!(report.left_alone(), Some(report.outcomes[0].findings[0].because.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_names_the_attribute_that_is_null() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let nulls = Fault::after(|sent, reply| {
        if sent.method == "GET" && sent.path().starts_with("/Users/") {
            reply.edit(|user| user["nickName"] = Value::Null);
        }
    });
    let server = Faulty::start(&directory, nulls).await;
    let only = ["rfc-no-nulls".to_owned()];
    let target = target(&server.base_url, &directory.token);
    let report = check::run(&Suite::ALL, &only, &target, &Stop::new(), &mut |_| {}).await;
    assert_eq!(report.outcomes[0].findings[0].actual, json!({ "nulls": ["nickName"] }));
}
