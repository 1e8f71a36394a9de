//! How runs go on, and how they end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use simulator::check::{self, Suite};
use simulator::run::{self, Options};
use simulator::{Pace, Progress, Role, Scenario, SimulatedProvider, StepReport, Stop, Verdict};
use wire::Limits;

use super::faulty::{Fault, Faulty, Reply};
use super::play::{options, play, target, tenant};
use crate::harness::Running;

/// Longer than anybody waits here.
const NEVER: Duration = Duration::from_secs(600);

fn titles(steps: &[StepReport], verdict: Verdict) -> Vec<&str> {
    steps.iter().filter(|step| step.verdict == verdict).map(|step| step.title.as_str()).collect()
}

fn foreign(provider: SimulatedProvider, scenario: Scenario) -> Options {
    Options { cleans_up: true, ..options(provider, scenario) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_of_every_provider_passes_and_leaves_nothing() {
    let running = Running::start().await;
    let mut failed = Vec::new();
    for provider in SimulatedProvider::ALL {
        let directory = running.directory(provider.id()).await;
        let short = |scenario: &Scenario| *scenario != Scenario::ImportThousand;
        for scenario in Scenario::ALL.into_iter().filter(|scenario| scenario.is_for(provider)).filter(short) {
            let options = foreign(provider, scenario);
            let planned = run::count_steps(&options, &tenant("sim-")).await;
            let (steps, summary) = play(&options, &directory.simulated(), &mut tenant("sim-")).await;
            let name = format!("{} {}", provider.id(), scenario.id());
            failed
                .extend(steps.iter().filter(|step| !step.findings.is_empty()).map(|step| format!("{name}: {step:#?}")));
            assert_eq!(steps.len(), planned as usize, "{name} takes the steps that were planned");
            assert!(
                summary.is_good() && summary.users_left.is_empty() && summary.groups_left.is_empty(),
                "{name}: {summary:?}"
            );
        }
        let left = directory.idp("GET", "/Users", None).await.json();
        assert_eq!(left["totalResults"], 0, "{} left {left}", provider.id());
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    running.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_repeats_exactly() {
    let running = Running::start().await;
    let mut traffic = Vec::new();
    for name in ["first", "second"] {
        let directory = running.directory(name).await;
        let (steps, _) =
            play(&options(SimulatedProvider::Entra, Scenario::Demo), &directory.simulated(), &mut tenant("")).await;
        let bodies = directory.exchanges(&running, steps.len()).await.into_iter();
        let bodies: Vec<_> =
            bodies.map(|exchange| (exchange["row"]["method"].clone(), exchange["request"]["body"].clone())).collect();
        // Only ids of the server differ.
        traffic.push(bodies.into_iter().filter(|(method, _)| method == "POST").collect::<Vec<_>>());
    }
    assert_eq!(traffic[0], traffic[1]);
    assert_eq!(traffic[0].len(), 4, "three people and a group");
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_waits_as_long_as_it_is_told() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let refused = AtomicUsize::new(0);
    let fault = Fault::instead(move |sent| {
        let is_refused = sent.method == "POST" && refused.fetch_add(1, Ordering::Relaxed) < 3;
        let answer = Reply::new(429, r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"429"}"#);
        is_refused.then(|| if refused.load(Ordering::Relaxed) == 1 { answer.with("retry-after", "7") } else { answer })
    });
    let server = Faulty::start(&directory, fault).await;
    let waited: Arc<Mutex<Vec<u64>>> = Arc::default();
    let noted = waited.clone();
    let pace = Pace::none().sleeping(move |time| {
        noted.lock().expect("no panic").push(time.as_secs());
        Box::pin(std::future::ready(()))
    });
    let options = Options { pace, ..options(SimulatedProvider::OktaAiw, Scenario::AssignUser) };
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("")).await;
    assert!(summary.is_good(), "{steps:#?}");
    assert_eq!((steps[1].attempts, steps[1].waited_seconds), (4, 7 + 600 + 1_200));
    assert_eq!(*waited.lock().expect("no panic"), [7, 600, 1_200], "told once; then its own five minutes, doubled");
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_gives_up_after_ten_attempts_and_says_so() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| {
        (sent.method == "POST").then(|| Reply::new(429, r#"{"detail":"Slow down."}"#).with("retry-after", "0"))
    });
    let server = Faulty::start(&directory, fault).await;
    let (steps, _) = play(
        &options(SimulatedProvider::OktaAiw, Scenario::AssignUser),
        &target(&server.base_url, &directory.token),
        &mut tenant(""),
    )
    .await;
    let step = steps.last().expect("a step");
    assert_eq!((step.attempts, step.verdict, step.status), (10, Verdict::Failed, Some(429)));
    let shown = step.admin.as_ref().expect("what the administrator sees");
    assert!(shown.text.ends_with("Too Many Requests. Errors reported by remote server: Slow down."), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_gets_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let count = AtomicUsize::new(0);
    let fault = Fault::instead(move |sent| {
        let is_refused = sent.method != "POST" && count.fetch_add(1, Ordering::Relaxed).is_multiple_of(3);
        is_refused.then(|| Reply::new(429, "").with("retry-after", "0"))
    });
    let server = Faulty::start(&directory, fault).await;
    let to = target(&server.base_url, &directory.token);
    let options = Options { people: 5, ..foreign(SimulatedProvider::OktaTemplate, Scenario::AssignUser) };
    let (steps, summary) = play(&options, &to, &mut tenant("sim-")).await;
    assert!(summary.is_good() && summary.users_left.is_empty(), "{steps:#?}");
    assert!(steps.iter().any(|step| step.role == Role::CleanUp && step.attempts == 2), "{steps:#?}");
    let report = check::run(&[Suite::Okta], &[], &to, &Stop::new(), &mut |_| {}).await;
    assert_eq!((report.score.percent, report.score.skipped), (Some(100), 0), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_another_host_stops_the_run_before_the_token_leaves() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let stranger = Faulty::start(&directory, Fault::instead(|_| Some(Reply::new(200, "{}")))).await;
    let to = stranger.base_url.clone();
    let fault = Fault::instead(move |sent| {
        (sent.method == "POST").then(|| Reply::new(307, "").with("location", &format!("{to}/Users")))
    });
    let server = Faulty::start(&directory, fault).await;
    let options = foreign(SimulatedProvider::OktaAiw, Scenario::Lifecycle);
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert!(summary.stopped.is_some(), "{summary:?}");
    assert_eq!(steps.len(), 3, "nothing follows: {steps:#?}");
    assert!(stranger.heard().is_empty(), "{:?}", stranger.heard());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_on_the_same_host_is_followed_and_told() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| {
        let is_moved = sent.path() == "/Users" && !sent.target.contains("moved");
        let query = sent.target.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        is_moved.then(|| Reply::new(308, "").with("location", &format!("/scim/Users?{query}&moved=1")))
    });
    let server = Faulty::start(&directory, fault).await;
    let (steps, summary) = play(
        &options(SimulatedProvider::OktaAiw, Scenario::AssignUser),
        &target(&server.base_url, &directory.token),
        &mut tenant(""),
    )
    .await;
    assert!(summary.is_good(), "{steps:#?}");
    let redirects = &steps[1].exchange.as_ref().expect("an exchange").redirects;
    assert!(redirects.len() == 1 && redirects[0].ends_with("&moved=1"), "{redirects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_a_run_leaves_nothing_behind() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let stop = Stop::new();
    let (mut created, stopping) = (0, stop.clone());
    let mut steps = Vec::new();
    let mut tell = |progress: Progress| {
        if let Progress::Ended { step } = progress {
            created += usize::from(step.method == "POST");
            if created == 3 {
                stopping.stop();
            }
            steps.push(*step);
        }
    };
    let options = Options { people: 50, ..foreign(SimulatedProvider::OktaAiw, Scenario::AssignUser) };
    let summary = run::run(&options, &directory.simulated(), &mut tenant("sim-"), &stop, &mut tell).await;
    assert!(summary.stopped.is_some() && summary.users_left.is_empty(), "{summary:?}");
    assert_eq!(steps.iter().filter(|step| step.role == Role::CleanUp).count(), 3);
    assert_eq!(directory.idp("GET", "/Users", None).await.json()["totalResults"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_removed_is_listed() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| (sent.method == "DELETE").then(|| Reply::new(405, "")));
    let server = Faulty::start(&directory, fault).await;
    let options = foreign(SimulatedProvider::OktaTemplate, Scenario::PushGroup);
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert_eq!(summary.users_left[0].name, "sim-ada.lovelace@example.com");
    assert_eq!(summary.groups_left[0].name, "sim-Engineering");
    assert!(titles(&steps, Verdict::Failed).iter().all(|title| title.starts_with("Remove ")), "{steps:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_not_waited_for_again_and_again() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| (sent.method == "DELETE").then(|| Reply { delay: NEVER, ..Reply::new(204, "") }));
    let server = Faulty::start(&directory, fault).await;
    let limits = Limits { time: Duration::from_secs(3), ..Limits::default() };
    let to = target(&server.base_url, &directory.token).with_limits(limits);
    let options = Options { people: 8, ..foreign(SimulatedProvider::OktaAiw, Scenario::AssignUser) };
    let (steps, summary) = play(&options, &to, &mut tenant("sim-")).await;
    assert_eq!(steps.iter().filter(|step| step.role == Role::CleanUp).count(), 3, "{steps:#?}");
    assert_eq!(summary.users_left.len(), 8, "all are listed: {summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_created_without_an_answer_is_found_and_removed() {
    let running = Running::start().await;
    let many = format!("[0{}]", ",0".repeat(2_000_000));
    for (what, answer, says) in [
        ("too late", None, "Read timed out"),
        ("empty", Some(Reply::new(201, "")), "Create new user returned empty user."),
        ("too much", Some(Reply::new(201, &many)), "The answer has more than 200,000 values."),
    ] {
        let directory = running.directory(what).await;
        let fault = Fault::after(move |sent, reply| {
            if sent.method == "POST" && sent.path() == "/Users" {
                match &answer {
                    Some(answer) => *reply = answer.clone(),
                    None => reply.delay = NEVER,
                }
            }
        });
        let server = Faulty::start(&directory, fault).await;
        let limits = Limits { time: Duration::from_secs(3), ..Limits::default() };
        let to = target(&server.base_url, &directory.token).with_limits(limits);
        let options = foreign(SimulatedProvider::OktaAiw, Scenario::AssignUser);
        let (steps, summary) = play(&options, &to, &mut tenant("sim-")).await;
        let create = steps.iter().find(|step| step.method == "POST").expect("a creation");
        assert_eq!(create.verdict, Verdict::Failed, "{create:#?}");
        let shown = create.admin.as_ref().expect("what the administrator sees");
        assert!(shown.text.ends_with(says), "{shown:?}");
        assert!(summary.users_left.is_empty(), "{summary:?}");
        let there = directory.idp("GET", "/Users", None).await.json();
        assert_eq!(there["totalResults"], 0, "{what}: {there}");
        // The same for checks.
        let only = ["okta-create-user".to_owned()];
        let report = check::run(&[Suite::Okta], &only, &to, &Stop::new(), &mut |_| {}).await;
        assert_eq!((report.score.failed, report.left().count()), (1, 0), "{report:?}");
        let there = directory.idp("GET", "/Users", None).await.json();
        assert_eq!(there["totalResults"], 0, "{what}: {there}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_left_alone() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let is_reached = AtomicUsize::new(0);
    let fault = Fault::instead(move |_| {
        // The capabilities are read; then nothing more is answered.
        let is_silent = is_reached.fetch_add(1, Ordering::Relaxed) > 0;
        is_silent.then(|| Reply { delay: NEVER, ..Reply::new(200, "") })
    });
    let server = Faulty::start(&directory, fault).await;
    let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
    let to = target(&server.base_url, &directory.token).with_limits(limits);
    let report = check::run(&Suite::ALL, &[], &to, &Stop::new(), &mut |_| {}).await;
    assert_eq!((report.outcomes.len(), report.score.failed), (3, 3), "{report:?}");
    assert_eq!(report.left_alone(), Some("No complete answer within 1 s."));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_changed_when_a_filter_is_ignored() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let [_] = directory.people(["director"]).await;
    let fault = Fault::instead(|sent| {
        if sent.target.contains("filter=") {
            sent.target = sent.path().to_owned();
        }
        None
    });
    let server = Faulty::start(&directory, fault).await;
    for provider in [
        SimulatedProvider::OktaAiw,
        SimulatedProvider::OktaTemplate,
        SimulatedProvider::Entra,
        SimulatedProvider::Onelogin,
        SimulatedProvider::Generic,
    ] {
        let options = foreign(provider, Scenario::AssignUser);
        let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
        assert_eq!((summary.failed, steps.len()), (1, 1), "{steps:#?}");
        assert!(steps[0].findings[0].because.contains("the filter was ignored"), "{:?}", steps[0].findings);
    }
    let writes: Vec<_> = server.heard().into_iter().filter(|heard| !heard.starts_with("GET")).collect();
    assert!(writes.is_empty(), "{writes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_406_is_explained_by_what_the_request_accepts() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|_| Some(Reply::new(406, "")));
    let server = Faulty::start(&directory, fault).await;
    for (provider, why) in [
        (SimulatedProvider::Entra, "The request has no Accept header, for this identity provider sends none"),
        (SimulatedProvider::OktaAiw, "The request accepts application/scim+json, which"),
    ] {
        let options = foreign(provider, Scenario::AssignUser);
        let (steps, _) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
        let because = &steps[0].findings[0].because;
        assert!(because.contains(why) && because.contains("Answer with application/scim+json."), "{because}");
    }
}

/// Of a server that keeps no addresses, Entra ID asks for each part of the one address by an operation of its own.
#[tokio::test(flavor = "multi_thread")]
async fn entra_sends_where_people_work_and_how_they_are_called() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| {
        if sent.method == "POST" && sent.path() == "/Users" {
            let mut body = sent.json();
            for attribute in ["addresses", "phoneNumbers"] {
                let dropped = body.as_object_mut().and_then(|body| body.remove(attribute));
                assert!(dropped.is_some_and(|values| values[0]["type"] == "work"), "{attribute}");
            }
            sent.body = body.to_string().into_bytes();
        }
        None
    });
    let server = Faulty::start(&directory, fault).await;
    let options = Options { people: 2, cleans_up: false, ..foreign(SimulatedProvider::Entra, Scenario::Rename) };
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert!(summary.is_good(), "{steps:#?}");
    let users = directory.idp("GET", "/Users", None).await.json();
    let changed = users["Resources"].as_array().expect("a list").iter().find(|user| user["addresses"].is_array());
    let changed = changed.unwrap_or_else(|| panic!("nobody has an address: {users}"));
    assert_eq!(changed["addresses"].as_array().map(Vec::len), Some(1), "{changed}");
    assert_eq!(changed["phoneNumbers"].as_array().map(Vec::len), Some(2), "{changed}");
    for attribute in ["streetAddress", "locality", "region", "postalCode", "country"] {
        assert!(changed["addresses"][0][attribute].is_string(), "{attribute}: {changed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_depends_on_a_failure_is_skipped_with_the_reason() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let fault = Fault::instead(|sent| {
        (sent.method == "POST").then(|| Reply::new(400, r#"{"detail":"department is required"}"#))
    });
    let server = Faulty::start(&directory, fault).await;
    let options = foreign(SimulatedProvider::OktaAiw, Scenario::Lifecycle);
    let (steps, summary) = play(&options, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert_eq!(titles(&steps, Verdict::Failed), ["Create Ada Lovelace"]);
    let create = steps.iter().find(|step| step.verdict == Verdict::Failed).expect("a failed step");
    assert_eq!(
        create.admin.as_ref().map(|shown| shown.text.as_str()),
        Some(
            "Automatic provisioning of user sim-ada.lovelace@example.com to app SCIM Setup failed: Error while creating \
             user Ada Lovelace: Bad Request. Errors reported by remote server: department is required"
        )
    );
    assert!(summary.skipped > 10, "{summary:?}");
    let skipped = steps.iter().find(|step| step.verdict == Verdict::Skipped).expect("a skipped step");
    assert_eq!(skipped.note.as_deref(), Some("Skipped: needs a user who is active on the server."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_repeats_what_was_sent_is_told_without_the_secrets() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    // The second is not JSON.
    for body in [r#"{"status":"400","detail":"not with TOKEN"}"#, r#"{"detail":"not with TOKEN","password":"hunter2""#]
    {
        let echo = Fault::instead(move |sent| {
            let token = &sent.headers.iter().find(|(name, _)| name == "authorization")?.1;
            let reply = Reply::new(400, &body.replace("TOKEN", token)).with("x-seen", token);
            (sent.method == "POST").then_some(reply)
        });
        let server = Faulty::start(&directory, echo).await;
        for provider in [SimulatedProvider::OktaAiw, SimulatedProvider::Entra] {
            let to = target(&server.base_url, &directory.token);
            let (steps, _) = play(&options(provider, Scenario::AssignUser), &to, &mut tenant("")).await;
            let told = json!(steps).to_string();
            assert!(told.contains("not with Bearer $SCIM_TOKEN"), "{told}");
            assert!(!told.contains(&directory.token) && !told.contains("hunter2"), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_told_has_a_secret_in_it() {
    let running = Running::start().await;
    let directory = running.directory("Acme").await;
    let echo = Fault::after(|sent, reply| {
        let sent = sent.clone();
        reply.edit(|json| {
            json["authorization"] = sent.headers.iter().map(|(_, value)| value.clone()).collect();
            json["password"] = sent.json()["password"].clone();
        });
    });
    let server = Faulty::start(&directory, echo).await;
    let (steps, _) = play(
        &options(SimulatedProvider::OktaAiw, Scenario::AssignUser),
        &target(&server.base_url, &directory.token),
        &mut tenant(""),
    )
    .await;
    let told = json!(steps).to_string();
    assert!(told.contains("$SCIM_TOKEN") && told.contains("••••"), "{told}");
    assert!(!told.contains(&directory.token), "{told}");
    let sent = serde_json::from_str::<serde_json::Value>(&server.posted()).expect("JSON");
    let password = sent["password"].as_str().expect("Okta sends a password");
    assert!(!told.contains(password), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn authentik_does_what_the_server_says_that_it_can() {
    let running = Running::start().await;
    let can = |feature: &'static str, name: &'static str, value: serde_json::Value| {
        Fault::after(move |sent, reply| {
            if sent.path() == "/ServiceProviderConfig" {
                reply.edit(|json| json[feature][name] = value.clone());
            }
        })
    };
    let directory = running.directory("without PATCH").await;
    let server = Faulty::start(&directory, can("patch", "supported", false.into())).await;
    let lifecycle = foreign(SimulatedProvider::Authentik, Scenario::Lifecycle);
    let (steps, summary) = play(&lifecycle, &target(&server.base_url, &directory.token), &mut tenant("sim-")).await;
    assert!(summary.is_good(), "{steps:#?}");
    let heard = server.heard();
    assert!(heard.iter().all(|heard| !heard.starts_with("PATCH")), "{heard:?}");
    assert!(heard.iter().any(|heard| heard.starts_with("PUT /Groups/")), "{heard:?}");
    let directory = running.directory("two at a time").await;
    let server = Faulty::start(&directory, can("bulk", "maxOperations", 2.into())).await;
    let to = target(&server.base_url, &directory.token);
    let mut tenant = tenant("sim-");
    for scenario in [Scenario::AssignUser, Scenario::PushGroup] {
        let options = Options { people: 5, ..options(SimulatedProvider::Authentik, scenario) };
        let (steps, summary) = play(&options, &to, &mut tenant).await;
        assert!(summary.is_good(), "{steps:#?}");
    }
    let heard = server.heard();
    assert_eq!(heard.iter().filter(|heard| heard.starts_with("PATCH")).count(), 3, "five members: {heard:?}");
    assert_eq!(
        heard.iter().filter(|heard| heard.contains("ServiceProviderConfig")).count(),
        1,
        "asked once: {heard:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_end_as_they_should() {
    let running = Running::start().await;
    for (scenario, refused, status) in [
        (Scenario::WrongToken, "Test the connection", 401),
        (Scenario::UserNameNotEmail, "Create Ada Lovelace", 409),
        (Scenario::DeletedRemotely, "Read Ada Lovelace", 404),
    ] {
        let directory = running.directory(scenario.id()).await;
        let (steps, summary) =
            play(&options(SimulatedProvider::OktaAiw, scenario), &directory.simulated(), &mut tenant("")).await;
        let mistake = steps.iter().find(|step| step.status == Some(status)).expect("a refusal");
        assert_eq!(mistake.title, refused, "{steps:#?}");
        assert!(summary.is_good() && mistake.admin.is_some() && mistake.note.is_some(), "{mistake:#?}");
        if scenario == Scenario::DeletedRemotely {
            let after: Vec<_> = steps.iter().rev().take(3).map(|step| (step.title.as_str(), step.status)).collect();
            let way_out =
                [("Create Ada Lovelace", Some(201)), ("Look for Ada Lovelace", Some(200)), (refused, Some(404))];
            assert_eq!(after, way_out, "unassigned and assigned again, the person is created anew");
        }
    }
    let directory = running.directory("too early").await;
    let (steps, _) =
        play(&options(SimulatedProvider::OktaAiw, Scenario::AssignedTooEarly), &directory.simulated(), &mut tenant(""))
            .await;
    assert_eq!(titles(&steps, Verdict::Silent), ["Assign Ada Lovelace", "Force Sync: Ada Lovelace"]);
    assert_eq!(steps.last().map(|step| step.title.as_str()), Some("Create Ada Lovelace"));
}
