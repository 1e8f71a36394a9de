//! The live feed as server-sent events.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event as SseEvent, KeepAlive};
use futures_util::{Stream, StreamExt};

use crate::core::Core;
use crate::model::Event;

/// Watches what is committed.
///
/// Each `data:` is a JSON array of events; the first is `[{"type":"resync"}]`. Who falls behind gets that again.
#[utoipa::path(get, path = "/api/live", tag = "live", responses((status = 200, content_type = "text/event-stream", body = Vec<Event>)))]
pub(super) async fn watch_live(core: State<Core>) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let events = core.live.watch().map(|batch| {
        let data = serde_json::to_string(&batch).unwrap_or_else(|error| {
            tracing::error!(%error, "a batch of events is not JSON");
            r#"[{"type":"resync"}]"#.to_owned()
        });
        Ok(SseEvent::default().data(data))
    });
    // A connection that never ends would hold up the end of the program.
    let events = events.take_until(Box::pin(core.ended()));
    Sse::new(events).keep_alive(KeepAlive::default())
}
