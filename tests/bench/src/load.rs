//! Sends a phase over some connections, and takes the time of each answer.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, TryStreamExt};

use crate::connection::Connection;
use crate::phase::Expected;

/// When a slice of a phase ends: at `most` operations, or after `time`, once there were `least`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) least: usize,
    pub(crate) most: usize,
    pub(crate) time: Duration,
}

/// What a slice of a phase has taken.
#[derive(Debug)]
pub(crate) struct Load {
    /// From the first request to the last answer.
    pub(crate) time: Duration,
    /// Of each answer, ascending.
    pub(crate) latencies: Vec<Duration>,
}

impl Load {
    /// Operations per second.
    pub(crate) fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.time.as_secs_f64()
    }
}

/// Sends the operations 0, 1, … over all the connections at once.
///
/// # Errors
/// The first answer that is not what it has to be, with its request.
pub(crate) async fn play(
    connections: &mut [Connection],
    operation: impl Fn(usize) -> (String, Expected),
    bound: Bound,
) -> Result<Load, String> {
    let began = Instant::now();
    let issued = Cell::new(0);
    let next = || {
        let nth = issued.get();
        let is_over = nth >= bound.most || (nth >= bound.least && began.elapsed() >= bound.time);
        issued.set(nth + usize::from(!is_over));
        (!is_over).then_some(nth)
    };
    let one = async |connection: &mut Connection| {
        let mut latencies = Vec::new();
        while let Some(nth) = next() {
            let (request, expected) = operation(nth);
            latencies.push(ask(connection, &request, &expected).await?);
        }
        Ok::<_, String>(latencies)
    };
    let playing: FuturesUnordered<_> = connections.iter_mut().map(one).collect();
    let mut latencies = playing.try_concat().await?;
    let time = began.elapsed();
    latencies.sort_unstable();
    Ok(Load { time, latencies })
}

/// Sends a request, holds the answer against what is expected, and returns how long it took.
///
/// # Errors
/// If it is something else, with the request.
pub(crate) async fn ask(connection: &mut Connection, request: &str, expected: &Expected) -> Result<Duration, String> {
    let began = Instant::now();
    let answer = connection.ask(request.as_bytes()).await;
    let took = began.elapsed();
    match answer.and_then(|answer| expected.check(&answer)) {
        Ok(()) => Ok(took),
        Err(error) => Err(format!("{error}\nto: {}", brief(request))),
    }
}

/// The request line and the beginning of the body: no token.
pub(crate) fn brief(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let line = head.lines().next().unwrap_or_default();
    format!("{line}\n{}", body.chars().take(500).collect::<String>())
}

/// The time that `share` of the sorted times do not exceed (nearest rank); nothing of nothing.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> Duration {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 0.5), Duration::from_millis(100));
        assert_eq!(percentile(&times, 0.99), Duration::from_millis(198));
        assert_eq!(percentile(&times, 1.0), Duration::from_millis(200));
        assert_eq!(percentile(&times[..1], 0.99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn what_is_shown_of_a_request_has_no_token() {
        let request = "GET /Users HTTP/1.1\r\nAuthorization: Bearer secret\r\n\r\n";
        assert!(!brief(request).contains("secret"));
    }
}
