//! How many files the system lets this process have open. A connection is one.

/// Files that are asked for: on most desktops the limit is 1,024 until a process asks for more.
#[cfg(unix)]
const WANTED: u64 = 8_192;

/// How many connections each of the two listeners may have at once: those that are wanted, or a third of what the system allows. The last
/// third is for the databases.
pub(super) fn connections(wanted: usize) -> usize {
    #[cfg(unix)]
    match rlimit::increase_nofile_limit(WANTED) {
        Ok(allowed) => return wanted.min(usize::try_from(allowed / 3).unwrap_or(usize::MAX)),
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be read"),
    }
    wanted
}
