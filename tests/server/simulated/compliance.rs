//! The compliance suites against our own server, and against servers that do one thing wrong.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::check::{self, CheckProgress, CheckVerdict, Level, Report, Suite};
use simulator::run::Options;
use simulator::{Leftover, Pace, Scenario, SimulatedProvider, Stop};
use wire::Limits;

use super::faulty::{Fault, Faulty, Reply};
use super::play::{options, play, target, tenant};
use crate::harness::{Directory, Running, user};

/// Checks that a strict directory does not pass: what Entra ID needs beyond the RFCs, or contrary to them.
const CONTRARY_TO_STRICT: &[&str] = &[
    "entra-create-with-nulls",
    "entra-match-work-email",
    "entra-disable-text",
    "entra-replace-without-path",
    "entra-add-typed-value",
    "entra-add-address-parts",
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

/// A server whose ids lead elsewhere when they stand in a path as they are.
fn ids_are(to_id: fn(&str) -> String, to_own: fn(&str) -> String) -> Fault {
    Fault::instead(move |sent| {
        sent.target = to_own(&sent.target);
        None
    })
    .and_after(move |_, reply| {
        reply.edit(|json| {
            if let Some(id) = json["id"].as_str().map(to_id) {
                json["id"] = id.into();
            }
            for resource in json["Resources"].as_array_mut().into_iter().flatten() {
                resource["id"] = to_id(resource["id"].as_str().unwrap_or_default()).into();
            }
        });
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_never_leads_elsewhere() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let before = contents(&directory).await;
    let only = ["okta-read-user", "rfc-patch-replace", "rfc-delete"].map(str::to_owned);
    // One that needs encoding is the server's right, and works.
    let slashes = ids_are(
        |id| format!("../Groups/{id}?a=b#c"),
        |target| target.replace("..%2FGroups%2F", "").replace("%3Fa=b%23c", ""),
    );
    let server = Faulty::start(&directory, slashes).await;
    let to = target(&server.base_url, &directory.token);
    let report = check::run(&Suite::ALL, &only, &to, &Stop::new(), &mut |_| {}).await;
    assert_eq!(
        ids(&report, CheckVerdict::Passed),
        ["okta-read-user", "rfc-delete", "rfc-patch-replace"],
        "{report:#?}"
    );
    let (steps, summary) = play(&foreign(), &to, &mut tenant("sim-")).await;
    assert!(summary.is_good() && summary.users_left.is_empty(), "{steps:#?}");
    assert!(server.heard().iter().all(|heard| !heard.contains("/../")), "{:?}", server.heard());
    assert_eq!(contents(&directory).await, before, "all of it is removed");
    // One that no path can hold is used in none.
    for (name, id) in [("one", (|_| ".".to_owned()) as fn(&str) -> String), ("two", |_| "..".to_owned())] {
        let directory = running.directory(name).await;
        let server = Faulty::start(&directory, ids_are(id, str::to_owned)).await;
        let to = target(&server.base_url, &directory.token);
        let report = check::run(&Suite::ALL, &only, &to, &Stop::new(), &mut |_| {}).await;
        let left = report.left().count();
        let (steps, summary) = play(&foreign(), &to, &mut tenant("sim-")).await;
        assert!(left > 0 && summary.users_left.len() == 1, "what cannot be removed is said: {steps:#?}");
        // Somebody of the name is there now, whom nobody can address.
        let (steps, _) = play(&foreign(), &to, &mut tenant("sim-")).await;
        assert!(steps[0].findings.iter().any(|finding| finding.because.contains("another path")), "{steps:#?}");
        for heard in server.heard() {
            let (method, path) = heard.split_once(' ').expect("a method");
            let path = path.split('?').next().unwrap_or_default();
            let is_write = ["PUT", "PATCH", "DELETE"].contains(&method);
            assert!(!is_write && !path.ends_with('.'), "{heard}");
        }
    }
    running.server.shutdown().await;
}

fn foreign() -> Options {
    Options { cleans_up: true, ..options(SimulatedProvider::OktaTemplate, Scenario::AssignUser) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_cannot_make_a_run_stand_still_or_show_the_token() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let token = directory.token.clone();
    let is_first = std::sync::atomic::AtomicBool::new(true);
    let fault = Fault::instead(move |sent| {
        let is_refused = sent.method == "POST" && is_first.swap(false, std::sync::atomic::Ordering::Relaxed);
        let spelled: String = token.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        let body = format!(r#"{{"detail":"Slow down, {spelled}."}}"#);
        is_refused
            .then(|| Reply::new(429, &body).with("retry-after", "86400").with("x-echo", &token.replace('-', "%2D")))
    });
    let server = Faulty::start(&directory, fault).await;
    let waited: std::sync::Arc<std::sync::Mutex<Vec<u64>>> = Default::default();
    let noted = waited.clone();
    let pace = Pace::none().sleeping(move |time| {
        noted.lock().expect("no panic").push(time.as_secs());
        Box::pin(std::future::ready(()))
    });
    let options = Options { pace, ..foreign() };
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert!(summary.is_good(), "{steps:#?}");
    assert_eq!(*waited.lock().expect("no panic"), [60], "a minute, and not a day");
    let note = steps.iter().find_map(|step| step.note.clone());
    assert_eq!(note.as_deref(), Some("The server asked to wait 86400 s; the simulator waits 60 s and goes on."));

    let token = directory.token.clone();
    let echo = Fault::instead(move |sent| {
        let spelled: String = token.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        let body = format!(r#"{{"detail":"Not with {spelled}."}}"#);
        (sent.method == "POST").then(|| Reply::new(400, &body).with("x-echo", &token.replace('-', "%2D")))
    });
    let server = Faulty::start(&directory, echo).await;
    let report = run(&server.base_url, &directory.token).await;
    for text in [report.to_json(), report.to_html(), report.to_junit()] {
        let shown = percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned();
        assert!(!shown.contains(&directory.token) && !shown.contains("\\u0073\\u0063"), "the token is in a report");
        assert!(text.contains("SCIM_TOKEN"));
    }
    running.server.shutdown().await;
}

/// A server that takes a search, and the replacement of somebody who is not there, for creations.
fn creates_at_every_turn() -> Fault {
    let count = std::sync::atomic::AtomicU32::new(0);
    Fault::instead(move |sent| {
        let name = format!("searched-{}", count.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let (endpoint, body) = match (sent.method.as_str(), sent.path()) {
            ("POST", "/Users/.search") => ("/Users", user(&name)),
            ("POST", "/.search") => {
                ("/Groups", json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": name }))
            }
            ("PUT", path) if path.starts_with("/Users/00000000-0000-4000-8000-") => ("/Users", sent.json()),
            _ => return None,
        };
        sent.headers.push(("x-meant".into(), sent.method.clone()));
        (sent.method, sent.target, sent.body) = ("POST".into(), endpoint.into(), body.to_string().into_bytes());
        None
    })
}

fn names(left: &[Leftover]) -> Vec<&str> {
    left.iter().map(|left| left.name.as_str()).collect()
}

/// Three users and a group stayed on such a server, and nobody said so.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_server_made_of_a_request_is_removed_too() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    directory.people(["ada"]).await;
    let before = contents(&directory).await;
    let server = Faulty::start(&directory, creates_at_every_turn()).await;
    let report = run(&server.base_url, &directory.token).await;
    assert_eq!(report.left().count(), 0, "{report:?}");
    assert_eq!(contents(&directory).await, before);

    // The answer does not say what came of it, and no filter finds it.
    let silent = creates_at_every_turn().and_after(|sent, reply| {
        if sent.target.contains("%20sw%20") {
            *reply = Reply::new(400, r#"{"detail":"sw?"}"#);
        } else if sent.headers.contains(&("x-meant".into(), "PUT".into())) {
            *reply = Reply::new(204, "");
        }
    });
    let server = Faulty::start(&directory, silent).await;
    let report = run(&server.base_url, &directory.token).await;
    assert_eq!(report.left().count(), 0, "{report:?}");
    assert_eq!(contents(&directory).await, before, "what has the prefix of the run is looked for");
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_removed_is_named_and_looked_for_after_a_run_that_was_stopped() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let stubborn = Fault::instead(|sent| {
        // It says that it has deleted somebody, who is there as before.
        (sent.method == "DELETE" && sent.path().starts_with("/Users/")).then(|| Reply::new(204, ""))
    });
    let server = Faulty::start(&directory, stubborn).await;
    let stop = Stop::new();
    let to = target(&server.base_url, &directory.token);
    let mut hear = |progress| {
        if matches!(progress, CheckProgress::Ended { .. }) {
            stop.stop();
        }
    };
    let only = ["rfc-delete", "rfc-replace"].map(str::to_owned);
    let report = check::run(&Suite::ALL, &only, &to, &stop, &mut hear).await;
    assert_eq!(report.outcomes.len(), 1, "it was stopped");
    assert_eq!(report.users_left.len(), 1, "{report:?}");
    assert!(report.users_left[0].name.starts_with("sim-") && !report.users_left[0].id.is_empty(), "{report:?}");
    let there = directory.idp("GET", "/Users", None).await.json();
    assert_eq!(there["Resources"][0]["userName"], names(&report.users_left)[0]);
    for text in [report.to_json(), report.to_html()] {
        assert!(text.contains(&report.users_left[0].id), "every report names it");
    }
    running.server.shutdown().await;
}

/// A server that never answers about one group kept the users from being removed, and from being found.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_answered_keeps_nothing_else_from_being_removed() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let hangs = || Reply { delay: Duration::from_secs(600), ..Reply::new(204, "") };
    let made = creates_at_every_turn();
    let silent = Fault::instead(move |sent| {
        let is_silent = sent.method == "DELETE" && sent.path().starts_with("/Groups/")
            || sent.target.starts_with("/Groups?filter=displayName%20sw%20");
        if is_silent { Some(hangs()) } else { made.answers_instead(sent) }
    })
    .and_after(|sent, reply| {
        // Only by its name can it be found.
        if sent.headers.contains(&("x-meant".into(), "PUT".into())) {
            *reply = Reply::new(204, "");
        }
    });
    let server = Faulty::start(&directory, silent).await;
    let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
    let to = target(&server.base_url, &directory.token).with_limits(limits);
    let only = ["okta-group-put-twice", "rfc-replace-never-creates"].map(str::to_owned);
    let report = check::run(&Suite::ALL, &only, &to, &Stop::new(), &mut |_| {}).await;
    assert_eq!((report.users_left.len(), report.groups_left.len()), (0, 1), "{report:?}");
    let there = directory.idp("GET", "/Users", None).await.json();
    assert_eq!(there["totalResults"], 0, "{there}");
    running.server.shutdown().await;
}

/// After three requests in a row that are not answered, a server is asked for nothing more.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_deletes_nothing_any_more_is_given_up() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let is_silent = Mutex::new(false);
    let silent = Fault::instead(move |sent| {
        let mut is_silent = is_silent.lock().expect("no panic");
        *is_silent |= sent.method == "DELETE";
        is_silent.then(|| Reply { delay: Duration::from_secs(600), ..Reply::new(204, "") })
    });
    let server = Faulty::start(&directory, silent).await;
    let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
    let to = target(&server.base_url, &directory.token).with_limits(limits);
    let only = ["rfc-filter-and-or".to_owned(), "okta-group-put".to_owned()];
    let report = check::run(&Suite::ALL, &only, &to, &Stop::new(), &mut |_| {}).await;
    assert!(report.left().count() >= 3, "{report:?}");
    let heard = server.heard();
    let first = heard.iter().position(|heard| heard.starts_with("DELETE ")).expect("a deletion");
    assert!(heard[first..].len() <= 9, "{heard:?}");
    running.server.shutdown().await;
}

/// Somebody who was there before is shown as if a search had made them.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_there_before_is_named_and_not_removed() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let [ada] = directory.people(["ada"]).await;
    let before = contents(&directory).await;
    let mut shown = directory.idp("GET", &format!("/Users/{ada}"), None).await.json();
    shown["meta"]["created"] = "2020-01-01T00:00:00Z".into();
    let finds = Fault::instead(move |sent| {
        (sent.method == "POST" && sent.path() == "/Users/.search").then(|| Reply::new(201, &shown.to_string()))
    });
    let server = Faulty::start(&directory, finds).await;
    let report = run(&server.base_url, &directory.token).await;
    assert_eq!(contents(&directory).await, before);
    let left: Vec<&str> = report.left().map(|(_, left)| left.id.as_str()).collect();
    assert_eq!(left, [ada.as_str()], "once");
    let heard = server.heard();
    assert!(!heard.contains(&format!("DELETE /Users/{ada}")), "{heard:?}");
    running.server.shutdown().await;
}

/// Who sends us away is not asked for more: nobody knows who answers there.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_looked_for_behind_a_redirect_to_another_host() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let away = Fault::after(|sent, reply| {
        if sent.method == "POST" {
            *reply = Reply::new(302, "").with("location", "https://login.example.com/");
        }
    });
    let server = Faulty::start(&directory, away).await;
    let report = run(&server.base_url, &directory.token).await;
    assert!(report.left_alone().is_some(), "{report:?}");
    let heard = server.heard();
    assert!(heard.iter().all(|heard| !heard.contains("%20sw%20")), "{heard:?}");
    assert!(heard.last().is_some_and(|last| last.starts_with("POST ")), "{heard:?}");
    running.server.shutdown().await;
}
