//! The live feed: what was committed, told to whoever listens.

use std::time::Duration;

use futures_util::Stream;
use tokio::sync::broadcast;

use crate::model::Event;

/// Events that a listener may fall behind before it is told to read everything again.
const CAPACITY: usize = 4_096;

/// How long events are gathered before they are sent on: at most 20 batches a second reach a client.
const GATHER: Duration = Duration::from_millis(50);

/// More events than this in one batch become one [`Event::Resync`].
const MOST_IN_A_BATCH: usize = 500;

/// Where committed events are published. Never a source of truth: a listener that falls behind is told to read again.
#[derive(Clone, Debug)]
pub(crate) struct Live(broadcast::Sender<Event>);

impl Live {
    /// Tells every listener. To be called after the commit.
    pub(crate) fn publish(&self, event: Event) {
        // An error means that nobody listens.
        let _ = self.0.send(event);
    }

    /// Whether anybody listens. Who begins to listen later reads everything first.
    pub(crate) fn is_heard(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Batches of events, beginning with one [`Event::Resync`]: subscribe first, read then, and nothing is missed.
    pub(crate) fn watch(&self) -> impl Stream<Item = Vec<Event>> + Send + use<> {
        let receiver = self.0.subscribe();
        futures_util::stream::unfold((receiver, true), |(mut receiver, is_first)| async move {
            if is_first {
                return Some((vec![Event::Resync], (receiver, false)));
            }
            let batch = next_batch(&mut receiver).await?;
            Some((batch, (receiver, false)))
        })
    }
}

impl Default for Live {
    /// A feed without listeners.
    fn default() -> Self {
        Self(broadcast::channel(CAPACITY).0)
    }
}

/// Waits for an event, gathers what follows within [`GATHER`], and returns it; `None` when the feed has ended.
async fn next_batch(receiver: &mut broadcast::Receiver<Event>) -> Option<Vec<Event>> {
    let first = match receiver.recv().await {
        Ok(event) => event,
        Err(broadcast::error::RecvError::Lagged(_)) => Event::Resync,
        Err(broadcast::error::RecvError::Closed) => return None,
    };
    let mut batch = vec![first];
    tokio::time::sleep(GATHER).await;
    loop {
        match receiver.try_recv() {
            Ok(event) => batch.push(event),
            Err(broadcast::error::TryRecvError::Lagged(_)) => batch.push(Event::Resync),
            Err(_) => break,
        }
    }
    if batch.len() > MOST_IN_A_BATCH || batch.contains(&Event::Resync) {
        return Some(vec![Event::Resync]);
    }
    Some(newest_of_each_directory(batch))
}

/// Drops every directory state but the newest of each, and every repeated `Tree` or `Status`.
fn newest_of_each_directory(batch: Vec<Event>) -> Vec<Event> {
    let mut kept: Vec<Event> = Vec::with_capacity(batch.len());
    for event in batch.into_iter().rev() {
        let is_superseded = match &event {
            Event::Directory { directory } => kept
                .iter()
                .any(|other| matches!(other, Event::Directory { directory: newer } if newer.id == directory.id)),
            Event::Unattributed { .. } => kept.iter().any(|other| matches!(other, Event::Unattributed { .. })),
            Event::Tree | Event::Status | Event::Simulation { .. } | Event::Batch { .. } => kept.contains(&event),
            _ => false,
        };
        if !is_superseded {
            kept.push(event);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn a_listener_is_first_told_to_read_and_then_gets_batches() {
        let live = Live::default();
        let mut watch = pin!(live.watch());
        live.publish(Event::Tree);
        live.publish(Event::Tree);
        live.publish(Event::Status);
        assert_eq!(watch.next().await, Some(vec![Event::Resync]));
        assert_eq!(watch.next().await, Some(vec![Event::Tree, Event::Status]), "repeats are dropped");
    }

    #[tokio::test]
    async fn who_falls_behind_reads_again() {
        let live = Live::default();
        let mut watch = pin!(live.watch());
        assert_eq!(watch.next().await, Some(vec![Event::Resync]));
        for _ in 0..CAPACITY + 1 {
            live.publish(Event::Status);
        }
        assert_eq!(watch.next().await, Some(vec![Event::Resync]));
    }
}
