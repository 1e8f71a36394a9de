//! The files of a data folder.

use std::fs::{File, OpenOptions};
use std::path::Path;

/// The name of the truth inside the data folder.
pub(super) const TRUTH: &str = "scim-setup.sqlite3";

/// The name of the database of requests, and that of its schema where it is attached.
pub(super) const REQUESTS: &str = "requests.sqlite3";
pub(super) const REQUESTS_SCHEMA: &str = "requests";

/// Makes sure that the database is there, and if it was not, that nobody else can read it. SQLite's other files take after it.
pub(super) fn create_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // One that may only be read is told apart later, by what is in it.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied && path.exists() => Ok(()),
        opened => tighten(path, &opened?),
    }
}

/// Takes from everybody else what an earlier version, a copy or a person gave them.
#[cfg(unix)]
fn tighten(path: &Path, file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    match file.set_permissions(permissions) {
        Ok(()) => tracing::info!(path = %path.display(), "others could read this file; now only its owner can"),
        Err(error) => tracing::warn!(%error, path = %path.display(), "others can read this file"),
    }
    Ok(())
}

#[cfg(not(unix))]
fn tighten(_path: &Path, _file: &File) -> std::io::Result<()> {
    Ok(())
}

/// Removes what SQLite keeps beside a database that is closed, or was moved away.
pub(super) fn remove_journal(database: &Path) -> std::io::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes sure that files that were renamed keep their new names after a power cut.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and renaming is durable by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes sure that the folder is there, and if it was not, that nobody else can look into it.
#[cfg(unix)]
pub(super) fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn create_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
