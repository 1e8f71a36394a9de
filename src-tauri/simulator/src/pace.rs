//! How fast a run goes, and how it is stopped.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// How fast a run goes. Waiting is a value, so that tests own it.
#[derive(Clone)]
pub struct Pace {
    pub(crate) between_requests: Duration,
    pub(crate) between_events: Duration,
    sleep: Sleep,
}

type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl Pace {
    /// As fast as the server answers.
    pub fn none() -> Self {
        Self::new(Duration::ZERO, Duration::ZERO)
    }

    /// With pauses that are just seen.
    pub fn quick() -> Self {
        Self::new(Duration::from_millis(60), Duration::from_millis(200))
    }

    /// As the real ones do: Okta leaves 200 to 300 ms between requests that depend on one another (LabA).
    pub fn real() -> Self {
        Self::new(Duration::from_millis(250), Duration::from_millis(1_500))
    }

    /// Slow enough to follow with the eye.
    pub fn watchable() -> Self {
        Self::new(Duration::from_millis(350), Duration::from_millis(2_500))
    }

    /// Any other.
    pub fn new(between_requests: Duration, between_events: Duration) -> Self {
        Self { between_requests, between_events, sleep: Arc::new(|time| Box::pin(tokio::time::sleep(time))) }
    }

    /// The same, waiting in another way.
    pub fn sleeping(
        self,
        sleep: impl Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self { sleep: Arc::new(sleep), ..self }
    }

    /// The same without pauses of its own.
    pub(crate) fn without_pauses(&self) -> Self {
        Self { sleep: self.sleep.clone(), ..Self::none() }
    }

    /// Waits; false: the run was stopped meanwhile.
    pub(crate) async fn wait(&self, time: Duration, stop: &Stop) -> bool {
        if stop.is_stopped() {
            return false;
        }
        if time.is_zero() {
            return true;
        }
        tokio::select! {
            () = (self.sleep)(time) => true,
            () = stop.stopped() => false,
        }
    }
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pace({:?}, {:?})", self.between_requests, self.between_events)
    }
}

/// Stops a run: the request under way is finished, then nothing more is sent but what cleans up. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Nothing is stopped yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Stops.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when it is stopped.
    pub(crate) async fn stopped(&self) {
        let mut watching = self.0.subscribe();
        // An error means that nobody is left who could stop it; this clone is one.
        let _ = watching.wait_for(|is_stopped| *is_stopped).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
