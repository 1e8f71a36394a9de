//! Webhooks of the program that people run: nothing is lost when it is killed, and `scim-setup listen` prints what is sent.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};

use serde_json::{Value, json};

use crate::receiver::{Received, Receiver, Reply};
use crate::role::Role;
use crate::serve::{Serving, serve};

/// Changes of a normal run. `script/safety` asks for more, by `WEBHOOK_CHANGES`.
const CHANGES: usize = 400;

/// How often the program is killed meanwhile.
const KILLS: usize = 4;

/// Those who change, side by side.
const PEOPLE: usize = 8;

fn webhooks(person: &mut Role) -> String {
    let tree = person.get("/api/tree");
    format!("/api/environments/{}/webhooks", tree["environments"][0]["id"].as_str().expect("an id"))
}

fn user(name: &str) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name})
}

/// Whose event it is, and its place among all.
fn place(received: &Received) -> (String, u64) {
    let seq = received.id().split('-').next().and_then(|seq| seq.parse().ok());
    let user = received.json()["data"]["user"]["id"].as_str().expect("an id").to_owned();
    (user, seq.expect("a number"))
}

#[test]
fn nothing_is_lost_when_the_program_is_killed() {
    let changes = std::env::var("WEBHOOK_CHANGES").map_or(CHANGES, |changes| changes.parse().expect("a number"));
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let (token, base_url) = (serving.text("bearerToken"), serving.text("scimBaseUrl"));
    let directory = base_url.rsplit('/').next().expect("an id").to_owned();
    // Every third attempt fails; the wait after it is the real one, of 5 s, at first.
    let receiver = Receiver::start(|number, _| Reply::Status(if number % 3 == 2 { 500 } else { 200 }));
    let mut person = Role::person(&serving);
    person.ask("PATCH", "/api/settings", Some(&json!({"keepChanges": 100_000})));
    let path = webhooks(&mut person);
    person.ask("POST", &path, Some(&json!({"url": receiver.url()})));
    let mut okta = Role::idp(&serving, &directory, &token);
    let name = |number: usize| format!("person-{number}@example.com");
    let ids: Vec<String> = (0..PEOPLE)
        .map(|number| okta.ask("POST", "/Users", Some(&user(&name(number))))["id"].as_str().expect("an id").to_owned())
        .collect();
    let mut acknowledged = PEOPLE;
    for kill in 0..=KILLS {
        while acknowledged < changes * (kill + 1) / (KILLS + 1) {
            let title = json!({"Operations": [{"op": "replace", "path": "title", "value": format!("{acknowledged}")}]});
            okta.ask("PATCH", &format!("/Users/{}", ids[acknowledged % PEOPLE]), Some(&title));
            acknowledged += 1;
        }
        if kill < KILLS {
            serving.child.kill().expect("SIGKILL, or its like");
            serving.child.wait().expect("the end");
            serving = serve(data.path(), &[]);
            okta = Role::idp(&serving, &directory, &token);
        }
    }
    // What waits is sent at once where a person changes something: three days are too long for a test.
    let mut person = Role::person(&serving);
    let id = person.get(&path)[0]["id"].as_str().expect("an id").to_owned();
    receiver.answer(|_, _| Reply::Status(200));
    for is_enabled in [false, true] {
        person.ask("PATCH", &format!("/api/webhooks/{id}"), Some(&json!({ "isEnabled": is_enabled })));
    }
    let arrived = |all: &[Received]| all.iter().filter(|it| it.is_accepted).map(place).collect::<BTreeSet<_>>();
    let all = receiver.wait("every change", |all| {
        all.iter().filter(|it| it.is_accepted).count() >= acknowledged && arrived(all).len() == acknowledged
    });
    for id in &ids {
        let mut seen = BTreeSet::new();
        let mine: Vec<u64> = all
            .iter()
            .filter(|it| it.is_accepted)
            .map(place)
            .filter(|(user, _)| user == id)
            .map(|(_, seq)| seq)
            .collect();
        let first_times: Vec<u64> = mine.into_iter().filter(|seq| seen.insert(*seq)).collect();
        assert!(first_times.is_sorted(), "each event of a user arrives after those before it: {first_times:?}");
    }
    let again = all.iter().filter(|it| it.is_accepted).count() - acknowledged;
    eprintln!("{acknowledged} changes arrived, {KILLS} kills had {again} of them sent once more");
}

fn listen(serving: &Serving, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-setup"));
    command.arg("listen").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args(["--control-url", &serving.text("controlUrl")]);
    command.env("SCIM_SETUP_CONTROL_KEY", serving.text("controlKey"));
    command
}

#[cfg(unix)]
#[test]
fn listening_prints_what_is_sent_and_leaves_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    let mut okta = Role::idp(&serving, &directory, &serving.text("bearerToken"));
    let receiver = Receiver::start(|number, _| Reply::Status(if number == 1 { 422 } else { 200 }));
    let mut listening = listen(&serving, &["--to", &receiver.url(), "--types", "user.created,user.deleted"]);
    let mut listening = listening.spawn().expect("it runs");
    let mut lines = BufReader::new(listening.stdout.take().expect("its output")).lines();
    let mut line = || lines.next().expect("a line").expect("text");
    assert!(line().starts_with("The webhook secret is whsec_"));
    assert_eq!(line(), format!("What happens in Local is sent to {} until Ctrl C.", receiver.url()));
    let ada = okta.ask("POST", "/Users", Some(&user("ada@example.com")))["id"].as_str().expect("an id").to_owned();
    let created = line();
    assert!(created.contains("  200  ") && created.ends_with("user.created           ada@example.com"), "{created}");
    assert_eq!(okta.send("DELETE", &format!("/Users/{ada}"), None).expect("an answer").status, 204);
    let deleted = line();
    assert!(
        deleted.contains("  422  ") && deleted.ends_with("Your app answered 422 Unprocessable Entity."),
        "{deleted}"
    );

    let mut person = Role::person(&serving);
    let path = webhooks(&mut person);
    assert_eq!(person.get(&path).as_array().map(Vec::len), Some(1));
    let pid = listening.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    assert!(listening.wait().expect("it ends").success());
    assert_eq!(person.get(&path), json!([]), "it is gone with the command");
}

#[test]
fn it_ends_with_its_webhook_and_prints_each_attempt_whenever_it_began() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &["--new-directory", "Acme Corp"]);
    let directory = serving.text("scimBaseUrl").rsplit('/').next().expect("an id").to_owned();
    let mut okta = Role::idp(&serving, &directory, &serving.text("bearerToken"));
    let mut person = Role::person(&serving);
    let path = webhooks(&mut person);
    for (change, said) in
        [("PATCH", "somebody has turned the webhook off"), ("DELETE", "somebody has deleted the webhook")]
    {
        // The test takes longer than what begins after it.
        let release = Arc::new(Barrier::new(2));
        let held = release.clone();
        let receiver = Receiver::start(move |_, received| match received.body.contains("webhook.test") {
            true => Reply::Held(held.clone(), 200),
            false => Reply::Status(200),
        });
        let mut listening =
            listen(&serving, &["--to", &receiver.url()]).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut lines = BufReader::new(listening.stdout.take().expect("its output")).lines();
        let mut line = || lines.next().expect("a line").expect("text");
        [line(), line()].iter().for_each(|told| assert!(!told.is_empty()));
        let id = person.get(&path)[0]["id"].as_str().expect("an id").to_owned();
        let mut other = Role::person(&serving);
        let tested = std::thread::spawn({
            let path = format!("/api/webhooks/{id}/test");
            move || other.ask("POST", &path, None)
        });
        receiver.wait_for(1);
        okta.ask("POST", "/Users", Some(&user(&format!("{change}@example.com"))));
        assert!(line().contains("user.created"));
        release.wait();
        assert!(line().contains("webhook.test"), "though it began before");
        tested.join().expect("it is answered");

        let body = (change == "PATCH").then(|| json!({"isEnabled": false}));
        let answer = person.send(change, &format!("/api/webhooks/{id}"), body.as_ref()).expect("an answer");
        assert!(answer.status < 300, "{answer:?}");
        let output = listening.wait_with_output().expect("it ends by itself");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
        assert_eq!(person.get(&path), json!([]), "it is gone with the command");
    }
}

#[test]
fn it_says_what_it_needs() {
    let data = tempfile::tempdir().expect("a folder");
    let serving = serve(data.path(), &[]);
    for (arguments, said) in [
        (vec!["--to", "https://app.example.com/webhooks"], "--yes does so."),
        (vec!["--to", "localhost"], "Enter the whole address"),
        (vec!["--to", "http://localhost:3000", "--types", "user.renamed"], "there are user.created, user.updated"),
        (vec!["--to", "http://localhost:3000", "--types", "user.created,"], "there is no such type"),
        (vec!["--to", "http://localhost:3000", "--environment", "Staging"], "there are: Local"),
    ] {
        let output = listen(&serving, &arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
    }
}
