//! How many files the system lets this process have open, and how large they may be.

/// Files that are asked for, of which each connection is one: on most desktops the limit is 1,024 until a process asks for more.
#[cfg(unix)]
const WANTED: u64 = 8_192;

/// Sent to a process that writes beyond the size that it is allowed, the same on Linux and macOS. Nobody names it.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// Makes a write beyond the size that files may have an error, as one to a full disk is, instead of the end of this process. To be called on
/// a runtime.
pub(super) fn survive_size_limit() {
    #[cfg(unix)]
    if let Err(error) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(SIGXFSZ)) {
        tracing::warn!(%error, "a file that grows too large will end this process");
    }
}

/// How many connections each of the three listeners may have at once: those that are wanted, or a quarter of what the system allows. The last
/// quarter is for the databases.
pub(super) fn connections(wanted: usize) -> usize {
    #[cfg(unix)]
    match rlimit::increase_nofile_limit(WANTED) {
        Ok(allowed) => return wanted.min(usize::try_from(allowed / 4).unwrap_or(usize::MAX)),
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be read"),
    }
    wanted
}
