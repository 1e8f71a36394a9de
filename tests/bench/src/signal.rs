//! How the bench is asked to end before it is done.

/// Resolves when the person or the system asks for it: SIGINT or SIGTERM. It listens from the call on.
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

/// Never resolves: only Linux tells what is measured, so that there is nothing to leave behind elsewhere.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub(crate) fn end() -> Result<impl Future<Output = ()> + use<>, String> {
    Ok(std::future::pending())
}
