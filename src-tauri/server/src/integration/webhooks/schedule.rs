//! When an event is sent again.

use std::net::IpAddr;
use std::time::Duration;

use crate::clock::Millis;
use crate::directory::webhooks::is_near;
use crate::ids::random;

/// How webhooks are sent.
#[derive(Clone, Debug)]
pub struct WebhookOptions {
    /// For one attempt, from connecting to the answer. 20 s: Standard Webhooks recommends 15 to 30 s.
    pub timeout: Duration,
    /// Before each attempt, after the one before it failed. What fails at the last one is given up.
    pub schedule: Vec<Duration>,
    /// Of nothing but failures, after which a webhook is disabled.
    pub most_failing: Duration,
    /// Which addresses nobody has to confirm: those on this machine and in private networks.
    pub is_near: fn(IpAddr) -> bool,
}

impl Default for WebhookOptions {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Deliverability and reliability".
        let schedule = [0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
        Self {
            timeout: Duration::from_secs(20),
            schedule: schedule.map(Duration::from_secs).into(),
            most_failing: Duration::from_secs(5 * 24 * HOUR),
            is_near,
        }
    }
}

/// The longest that an answer may have us wait.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

impl WebhookOptions {
    /// When to send again what the schedule has had sent `tries` times; `None`: never. Later by up to a tenth, so that not all comes at once.
    pub(super) fn next_try(&self, tries: u32, retry_after: Option<Duration>, now: Millis) -> Option<Millis> {
        let wait = *self.schedule.get(usize::try_from(tries).unwrap_or(usize::MAX))?;
        let later = wait.mul_f64(f64::from(random::<1>()[0]) / 2_560.0);
        let wait = (wait + later).max(retry_after.unwrap_or_default().min(LONGEST_ASKED));
        Some(now + millis(wait))
    }

    /// Until when nothing is to be sent to who asks to be left alone for a while.
    pub(super) fn paused_until(retry_after: Duration, now: Millis) -> Millis {
        now + millis(retry_after.min(LONGEST_ASKED))
    }

    /// In milliseconds: no attempt is put off for longer, and none that is said to be was before the clock was set back.
    pub(super) fn longest_wait(&self) -> Millis {
        let scheduled = self.schedule.iter().max().copied().unwrap_or_default();
        millis(scheduled.mul_f64(1.1).max(LONGEST_ASKED))
    }
}

fn millis(wait: Duration) -> Millis {
    Millis::try_from(wait.as_millis()).unwrap_or(Millis::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_seldom_and_end() {
        let options = WebhookOptions::default();
        let wait = |tries, retry_after| options.next_try(tries, retry_after, 0).map(|millis| millis / 1_000);
        for (tries, least) in [(1, 5), (2, 300), (3, 1_800), (9, 86_400)] {
            let waited = wait(tries, None).expect("another attempt");
            assert!((least..=least * 11 / 10).contains(&waited), "{tries}: {waited}");
        }
        assert_eq!(wait(10, None), None, "three days were enough");
        assert_eq!(wait(1, Some(Duration::from_secs(600))), Some(600), "the answer asks for more");
        assert_eq!(wait(1, Some(Duration::from_secs(600 * 86_400))), Some(86_400), "but not for anything");
        assert_eq!(options.longest_wait(), 95_040_000, "a day, and a tenth of it");
    }
}
