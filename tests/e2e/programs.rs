//! The programs of a journey, and waiting for them.

use std::{
    process::{Child, Command},
    time::{Duration, Instant},
};

/// What a cold browser needs on a busy machine with two cores.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A program that ends with the journey.
pub(crate) struct Program(Child);

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(
            command
                .spawn()
                .unwrap_or_else(|error| panic!("{command:?} does not start: {error}; see script/setup tests")),
        )
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Asks it to end, and waits for that. Not `kill()`: drivers that are asked take along what they have started.
    fn end(&mut self) {
        if let Err(error) = Command::new("kill").arg(self.0.id().to_string()).status() {
            eprintln!("a program could not be ended: {error}");
        }
        if let Err(error) = self.0.wait() {
            eprintln!("a program did not end: {error}");
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
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
