//! An acknowledged write survives whatever happens next: the program is killed under the load of several writers, again and again.

mod found;
mod recorded;
mod writer;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use crate::dice::Dice;
use crate::role::Role;
use crate::serve::{Serving, serve};
use recorded::Recorded;
use writer::Writer;

const WRITERS: usize = 8;

/// Rounds of a normal run. `script/safety` asks for more, by `KILL_ROUNDS`.
const ROUNDS: usize = 5;

/// Rounds on one folder, which bounds what has to be read again after each.
const ROUNDS_ON_A_FOLDER: usize = 10;

/// Acknowledged writes before which no kill comes.
const ENOUGH: usize = 50;

/// The kill comes at the latest this long after enough writes.
const LATEST: Duration = Duration::from_millis(1_300);

/// A request is on its way to the record this long at the most: a batch waits 25 ms, and is written at once. What was acknowledged
/// before that has to be recorded; the last moments may be missing.
const RECORDED_WITHIN: Duration = Duration::from_secs(1);

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let rounds = from_environment("KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds as usize);
    let now = || SystemTime::UNIX_EPOCH.elapsed().expect("a clock after 1970").as_nanos() as u64;
    let seed = from_environment("KILL_SEED").unwrap_or_else(now);
    eprintln!("KILL_SEED={seed} repeats what the writers do, but not how the machine mixes it");
    let mut dice = Dice::new(seed);
    let mut rounds_left = rounds;
    while rounds_left > 0 {
        let here = rounds_left.min(ROUNDS_ON_A_FOLDER);
        on_a_folder(here, &mut dice);
        rounds_left -= here;
    }
}

fn from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} has to be a number, not {value:?}")))
}

/// Kills the program on one folder as often as this, and looks after each time what is there.
fn on_a_folder(rounds: usize, dice: &mut Dice) {
    let data = tempfile::tempdir().expect("a folder");
    let mut serving = serve(data.path(), &["--new-directory", "Burst"]);
    let (token, base_url) = (serving.text("bearerToken"), serving.text("scimBaseUrl"));
    let directory = base_url.rsplit('/').next().expect("an id").to_owned();
    // None is deleted for its age.
    Role::person(&serving).ask("PATCH", "/api/settings", Some(&json!({"keepExchanges": 1_000_000})));
    let mut writers: Vec<Writer> = (0..WRITERS).map(|number| Writer::new(number, dice.roll())).collect();
    let mut recorded = Recorded::default();
    for round in 1..=rounds {
        let moment = dice.below(LATEST.as_micros() as usize) as u64;
        // Once it is late for sure, so that there is something that has to be recorded.
        let moment = if round == 1 { LATEST } else { Duration::from_micros(moment) };
        let killed_at = kill_under_load(&mut serving, &token, &directory, &mut writers, moment);
        serving = serve(data.path(), &[]);
        let (mut person, mut idp) = (Role::person(&serving), Role::idp(&serving, &directory, &token));

        let acknowledged: Vec<_> = writers.iter_mut().flat_map(|writer| writer.acknowledged.drain(..)).collect();
        // First, because all that is asked over SCIM is recorded, too.
        let missing = recorded.read_on(&mut person, &directory, &acknowledged);
        let lost = missing.iter().map(|at| killed_at.saturating_duration_since(*at)).max().unwrap_or_default();
        assert!(lost <= RECORDED_WITHIN, "a request that was acknowledged {lost:?} before the kill is not recorded");
        let found = found::read(&mut idp);
        let happened = writers.iter_mut().map(|writer| usize::from(writer.settle(&found))).sum::<usize>();
        let known: usize = writers.iter().map(Writer::count).sum();
        assert_eq!(found.len(), known, "nothing is there but what the writers made");
        found::compare_with_interface(&found, &mut person, &directory);
        for writer in &writers {
            found::look_up(writer.touched(), &mut idp, &mut person, &directory);
        }
        eprintln!(
            "round {round}: killed after {moment:?} more; {} acknowledged, of which {} of the last {lost:?} are not recorded; \
             {happened} of {WRITERS} under way happened; {} resources are there",
            acknowledged.len(),
            missing.len(),
            found.len()
        );
    }
}

/// Lets the writers work until there is enough and then for `moment`; kills the program, and says when.
fn kill_under_load(
    serving: &mut Serving,
    token: &str,
    directory: &str,
    writers: &mut [Writer],
    moment: Duration,
) -> Instant {
    let acknowledged = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let working: Vec<_> = writers
            .iter_mut()
            .map(|writer| {
                let idp = Role::idp(serving, directory, token);
                let acknowledged = &acknowledged;
                scope.spawn(move || writer.work(idp, acknowledged))
            })
            .collect();
        while acknowledged.load(Ordering::Relaxed) < ENOUGH && !working.iter().any(|writer| writer.is_finished()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        // No condition is waited for: the point is that it can be any moment.
        std::thread::sleep(moment);
        let killed_at = Instant::now();
        serving.child.kill().expect("SIGKILL, or its like");
        serving.child.wait().expect("the end");
        for writer in working {
            writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        killed_at
    })
}
