//! The outcomes of a run of checks that are kept: all of them, and of their exchanges as much as there is room for.

use super::{CheckOutcome, CheckVerdict};

/// 64 MiB of headers and bodies: all checks of all suites take about 2 on a server that answers as it should, but one may answer each
/// request with as much as is kept of an answer.
const MOST_BYTES: usize = 64 << 20;

/// Outcomes in the order in which the checks ran. Their requests, statuses and findings are all kept; once there are more than 64 MiB of
/// headers and bodies, those of the oldest checks go, and of those that found nothing before the others.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    all: Vec<CheckOutcome>,
    bytes: usize,
}

impl Outcomes {
    /// Takes in the outcome of the next check.
    pub fn push(&mut self, outcome: CheckOutcome) {
        self.bytes += bytes(&outcome);
        self.all.push(outcome);
        self.make_room();
    }

    /// The same, in the place of the former outcome of this check, if there is one.
    pub fn put(&mut self, outcome: CheckOutcome) {
        let Some(former) = self.all.iter_mut().find(|former| former.check.id == outcome.check.id) else {
            return self.push(outcome);
        };
        self.bytes = self.bytes + bytes(&outcome) - bytes(former);
        *former = outcome;
        self.make_room();
    }

    /// All of them.
    pub fn as_slice(&self) -> &[CheckOutcome] {
        &self.all
    }

    /// All of them, for a report.
    pub fn into_vec(self) -> Vec<CheckOutcome> {
        self.all
    }

    fn make_room(&mut self) {
        for is_of_interest in [false, true] {
            for outcome in &mut self.all {
                if self.bytes <= MOST_BYTES {
                    return;
                }
                let found = matches!(outcome.verdict, CheckVerdict::Failed | CheckVerdict::Warning);
                if found == is_of_interest {
                    self.bytes -= bytes(outcome);
                    outcome.exchanges.iter_mut().for_each(crate::Exchange::let_go);
                    self.bytes += bytes(outcome);
                }
            }
        }
    }
}

/// What the exchanges of an outcome roughly take in memory, in bytes.
fn bytes(outcome: &CheckOutcome) -> usize {
    outcome.exchanges.iter().map(crate::Exchange::bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::report::sample;
    use crate::{Exchange, Message};

    /// An outcome whose exchange is as large as one can be.
    fn large(verdict: CheckVerdict) -> CheckOutcome {
        let template = sample().outcomes.remove(0);
        let response = Message { body: Some("x".repeat(64 << 10)), ..Message::default() };
        let exchange = Exchange { response, ..template.exchanges[0].clone() };
        CheckOutcome { verdict, exchanges: vec![exchange], ..template }
    }

    fn is_whole(outcome: &CheckOutcome) -> bool {
        outcome.exchanges.iter().all(|exchange| exchange.is_kept)
    }

    #[test]
    fn what_is_kept_of_a_run_has_a_bound() {
        let mut outcomes = Outcomes::default();
        for number in 0..3_000 {
            let verdict = if number % 100 == 0 { CheckVerdict::Failed } else { CheckVerdict::Passed };
            outcomes.push(large(verdict));
            assert!(outcomes.bytes <= MOST_BYTES);
        }
        let all = outcomes.as_slice();
        assert_eq!(outcomes.bytes, all.iter().map(bytes).sum::<usize>(), "it counts right");
        assert_eq!(all.len(), 3_000, "every check is listed");
        assert!(all.iter().all(|outcome| outcome.exchanges[0].status == Some(200)), "with what was answered");
        assert!(is_whole(&all[0]) && is_whole(&all[100]), "what failed is kept longer");
        assert!(!is_whole(&all[1]) && is_whole(&all[2_999]), "the newest are kept");
        let gone = &all[1].exchanges[0];
        assert!(!gone.is_kept && gone.response == Message::default(), "what is gone says so");
    }

    #[test]
    fn failures_are_bounded_too() {
        let mut outcomes = Outcomes::default();
        (0..2_000).for_each(|_| outcomes.push(large(CheckVerdict::Failed)));
        assert!(outcomes.bytes <= MOST_BYTES);
        assert!(!is_whole(&outcomes.as_slice()[0]) && is_whole(&outcomes.as_slice()[1_999]));
    }

    #[test]
    fn a_check_that_ran_again_counts_once() {
        let mut outcomes = Outcomes::default();
        (0..2_000).for_each(|_| outcomes.put(large(CheckVerdict::Passed)));
        assert_eq!(outcomes.as_slice().len(), 1);
        assert_eq!(outcomes.bytes, bytes(&large(CheckVerdict::Passed)));
    }

    #[test]
    fn a_report_says_what_it_let_go_of() {
        let mut report = sample();
        assert!(!report.to_html().contains("no longer kept"));
        report.outcomes[0].exchanges.iter_mut().for_each(Exchange::let_go);
        assert!(
            report.to_html().contains("Headers and bodies of 1 of them are no longer kept."),
            "{}",
            report.to_html()
        );
    }
}
