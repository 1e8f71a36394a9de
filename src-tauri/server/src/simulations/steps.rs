//! The steps of a run that are kept: all of most runs, and of a very long one the newest and what failed.

use std::collections::VecDeque;

use simulator::{Exchange, StepReport, Verdict};

/// A thousand people assigned by Okta are about 3,000 steps: such a run is kept whole.
const NEWEST: usize = 5_000;

/// 64 MiB of bodies: a step usually has some KB, but a server may answer each with as much as is kept of an answer.
const NEWEST_BYTES: usize = 64 << 20;

/// Failures that are kept though they are not among the newest. Whoever has as many needs no more to see what is wrong.
const FAILED: usize = 1_000;

/// A quarter of [`NEWEST_BYTES`].
const FAILED_BYTES: usize = 16 << 20;

/// Steps in their order, each once.
#[derive(Default)]
pub(super) struct Steps {
    /// Those that failed before the newest.
    failed: Vec<StepReport>,
    failed_bytes: usize,
    newest: VecDeque<StepReport>,
    newest_bytes: usize,
    dropped: u32,
}

impl Steps {
    /// Takes in the next step, and lets go of the oldest for it if there are too many.
    pub(super) fn push(&mut self, step: StepReport) {
        self.newest_bytes += bytes(&step);
        self.newest.push_back(step);
        while self.newest.len() > NEWEST || (self.newest_bytes > NEWEST_BYTES && self.newest.len() > 1) {
            let Some(oldest) = self.newest.pop_front() else { return };
            let bytes = bytes(&oldest);
            self.newest_bytes -= bytes;
            let has_room = self.failed.len() < FAILED && self.failed_bytes + bytes <= FAILED_BYTES;
            if oldest.verdict == Verdict::Failed && has_room {
                self.failed_bytes += bytes;
                self.failed.push(oldest);
            } else {
                self.dropped += 1;
            }
        }
    }

    /// Those that are kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = &StepReport> {
        self.failed.iter().chain(&self.newest)
    }

    /// How many there were.
    pub(super) fn taken(&self) -> u32 {
        self.dropped + self.failed.len() as u32 + self.newest.len() as u32
    }

    /// How many are no longer kept.
    pub(super) fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The number of the step from which on all are kept.
    pub(super) fn kept_from(&self) -> u32 {
        self.newest.front().map_or(1, |step| step.number)
    }
}

/// What a step roughly takes in memory, in bytes.
fn bytes(step: &StepReport) -> usize {
    let exchange = step.exchange.as_ref().map_or(0, Exchange::bytes);
    let findings =
        step.findings.iter().map(|it| it.because.len() + it.expected.to_string().len() + it.actual.to_string().len());
    exchange + findings.sum::<usize>() + step.admin.as_ref().map_or(0, |shown| shown.text.len())
}

#[cfg(test)]
pub(super) mod tests {
    use simulator::{Message, Role};

    use super::*;

    pub(crate) fn step(number: u32, verdict: Verdict, body: usize) -> StepReport {
        let response = Message { body: Some("x".repeat(body)), ..Message::default() };
        let exchange = Exchange {
            method: "POST".into(),
            url: "https://scim.example.com/scim/v2/Users".into(),
            request: Message::default(),
            status: Some(201),
            response,
            duration_ms: 1,
            failure: None,
            redirects: Vec::new(),
            is_kept: true,
        };
        StepReport {
            number,
            title: "Create Ada Lovelace".into(),
            role: Role::Provider,
            evidence: idp::evidence::OUR_OWN,
            method: "POST".into(),
            target: "/Users".into(),
            verdict,
            status: Some(201),
            duration_ms: 1,
            attempts: 1,
            waited_seconds: 0,
            findings: Vec::new(),
            admin: None,
            note: None,
            exchange: Some(exchange),
        }
    }

    /// The numbers of those that are kept.
    fn kept(steps: &Steps) -> Vec<u32> {
        steps.iter().map(|step| step.number).collect()
    }

    #[test]
    fn a_run_of_usual_length_is_kept_whole() {
        let mut steps = Steps::default();
        (1..=NEWEST as u32).for_each(|number| steps.push(step(number, Verdict::Passed, 10)));
        assert_eq!((steps.taken(), steps.dropped(), steps.kept_from()), (5_000, 0, 1));
        assert_eq!(kept(&steps).len(), NEWEST);
    }

    #[test]
    fn of_a_long_run_the_newest_and_the_failures_are_kept() {
        let mut steps = Steps::default();
        for number in 1..=30_000 {
            let verdict = if number % 100 == 0 { Verdict::Failed } else { Verdict::Passed };
            steps.push(step(number, verdict, 10));
        }
        assert_eq!((steps.taken(), steps.dropped(), steps.kept_from()), (30_000, 24_750, 25_001));
        let kept = kept(&steps);
        assert_eq!(kept[..3], [100, 200, 300], "what failed is kept");
        assert_eq!(kept[249..252], [25_000, 25_001, 25_002], "and then the newest");
        assert_eq!(kept.len(), 5_250);
    }

    #[test]
    fn neither_failures_nor_bodies_are_without_bounds() {
        let mut steps = Steps::default();
        (1..=10_000).for_each(|number| steps.push(step(number, Verdict::Failed, 10)));
        assert_eq!((steps.taken(), steps.dropped()), (10_000, 4_000));
        assert_eq!(kept(&steps)[999..1_001], [1_000, 5_001], "the first failures say what is wrong");

        let mut steps = Steps::default();
        (1..=2_000).for_each(|number| steps.push(step(number, Verdict::Failed, 64 << 10)));
        assert_eq!(steps.iter().map(bytes).sum::<usize>(), NEWEST_BYTES + FAILED_BYTES);
        assert_eq!(steps.taken(), 2_000);
    }
}
