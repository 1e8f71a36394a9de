//! How the program is asked to end.

/// Resolves when the person or the system asks the program to end: SIGINT or SIGTERM. It listens from the call on.
///
/// # Errors
/// A sentence if signals cannot be received.
#[cfg(unix)]
pub(crate) fn end() -> Result<impl Future<Output = ()> + use<>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| format!("signals cannot be received: {error}"));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves when the person asks the program to end: Ctrl C.
///
/// # Errors
/// None here; the other systems have some.
#[cfg(not(unix))]
pub(crate) fn end() -> Result<impl Future<Output = ()> + use<>, String> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl C cannot be received");
            std::future::pending::<()>().await;
        }
    })
}
