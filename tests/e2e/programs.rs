//! The programs of a journey, and waiting for them.

use std::{
    ffi::OsStr,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What a cold browser needs on a busy machine with two cores.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Runs its arguments as a program until its own input ends. Then it asks the program to end, gives it ten seconds, and ends
/// all that the program has started: chromedriver leaves its browser behind.
const WATCH: &str = r#"
"$@" &
program=$!
exec >/dev/null 2>&1
read -r _
kill "$program"
(sleep 10; kill -KILL 0) &
wait "$program"
kill -KILL 0
"#;

/// A program that ends with the journey, and with it all that it has started: after a panic, too, and when the tests are
/// interrupted. A shell watches over it, in a process group of their own.
pub(crate) struct Program(Child);

impl Program {
    /// Starts `program`; `set_up` adds its arguments, environment and output.
    pub(crate) fn start(program: impl AsRef<OsStr>, set_up: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "journey"]).arg(program).stdin(Stdio::piped()).process_group(0);
        set_up(&mut command);
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Waiting closes the input.
        if let Err(error) = self.0.wait() {
            eprintln!("a program did not end: {error}");
        }
    }
}

/// Polls `condition`, and fails the test by its `name` when it does not come true.
pub(crate) async fn until(name: &str, condition: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {name}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
