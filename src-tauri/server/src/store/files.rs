//! The files of a data folder.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::clock::Millis;

/// The name of the truth inside the data folder.
pub(super) const TRUTH: &str = "scim-setup.sqlite3";

/// The name of the database of requests, and that of its schema where it is attached.
pub(super) const REQUESTS: &str = "requests.sqlite3";
pub(super) const REQUESTS_SCHEMA: &str = "requests";

/// The folder of backups inside the data folder, and what the names of its files end in.
pub(super) const BACKUPS: &str = "backups";
pub(super) const BACKUP: &str = ".backup";

/// What the names of folders begin with that have what a restore has replaced.
pub(super) const BEFORE_RESTORE: &str = "before-restore-";

/// What the names of damaged records of requests begin with that were put aside.
pub(super) const DAMAGED: &str = "requests.sqlite3.damaged-";

/// The folder with the unpacked backup that the next start puts in the place of what is there.
pub(super) const STAGED: &str = "restore-at-start";

/// What is in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) is_folder: bool,
    /// When it was last changed; of a folder, when something came into it or went.
    pub(crate) at: Millis,
    /// Of a folder: all files in it.
    pub(crate) bytes: u64,
}

/// What is in a folder; nothing, if there is no folder. What has gone meanwhile is left out.
pub(super) fn entries(folder: &Path) -> std::io::Result<Vec<Entry>> {
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => Ok(entries?.filter_map(|entry| Entry::of(&entry.ok()?)).collect()),
    }
}

impl Entry {
    fn of(entry: &std::fs::DirEntry) -> Option<Self> {
        let file = entry.metadata().ok()?;
        let at = file.modified().ok()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let inside = if file.is_dir() { std::fs::read_dir(entry.path()).ok() } else { None };
        let inside = inside.into_iter().flatten().filter_map(|one| Some(one.ok()?.metadata().ok()?.len())).sum();
        Some(Self {
            name: entry.file_name().to_string_lossy().into_owned(),
            path: entry.path(),
            is_folder: file.is_dir(),
            at: Millis::try_from(at).unwrap_or(Millis::MAX),
            bytes: if file.is_dir() { inside } else { file.len() },
        })
    }
}

/// Makes something under the first free name, for the numbers from 1 on. `make` says that a name is taken with an error for which `is_taken` is
/// true.
pub(super) fn make_numbered<T, E>(
    name: impl Fn(u32) -> String,
    is_taken: impl Fn(&E) -> bool,
    make: impl Fn(&str) -> Result<T, E>,
) -> Result<(String, T), E> {
    let mut number = 1;
    loop {
        let name = name(number);
        match make(&name) {
            Err(error) if is_taken(&error) => number += 1,
            made => return made.map(|made| (name, made)),
        }
    }
}

/// `begin.end`, of the second `begin-2.end`
pub(super) fn numbered(begin: &str, number: u32, end: &str) -> String {
    if number == 1 { format!("{begin}{end}") } else { format!("{begin}-{number}{end}") }
}

/// Opens the file that says who owns the folder. Nobody else can open it.
pub(super) fn open_lock(folder: &Path) -> std::io::Result<File> {
    let path = folder.join("lock");
    let lock = private().write(true).open(&path)?;
    tighten(&path, &lock)?;
    #[cfg(unix)]
    if let Some(danger) = danger(folder, &lock)? {
        tracing::warn!(folder = %folder.display(), "{danger}");
    }
    Ok(lock)
}

/// Who else may change what is in a folder, as a sentence. `own` is a file that this process has made or may write.
#[cfg(unix)]
fn danger(folder: &Path, own: &File) -> std::io::Result<Option<&'static str>> {
    use std::os::unix::fs::MetadataExt;
    let (folder, own) = (std::fs::metadata(folder)?, own.metadata()?);
    Ok(match folder.mode() & 0o022 {
        _ if folder.uid() != own.uid() => {
            Some("the data folder belongs to another user, who can replace what is in it; choose another with --data")
        }
        0 => None,
        _ => Some("other users may replace what is in the data folder; take that from them with: chmod go-w"),
    })
}

fn private() -> OpenOptions {
    let mut options = owners();
    options.create(true);
    options
}

/// How a file is opened that, if it is made, only its owner can read.
fn owners() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes sure that the database is there, and if it was not, that nobody else can read it. SQLite's other files take after it.
pub(super) fn create_private_file(path: &Path) -> std::io::Result<()> {
    match private().append(true).open(path) {
        // One that may only be read is told apart later, by what is in it.
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied && path.exists() => {}
        opened => tighten(path, &opened?)?,
    }
    for path in beside(path) {
        if let Ok(file) = File::open(&path) {
            tighten(&path, &file)?;
        }
    }
    Ok(())
}

/// Makes a file that nobody else can read, where nothing is yet. Follows no link.
pub(super) fn create_new_private_file(path: &Path) -> std::io::Result<File> {
    owners().read(true).write(true).create_new(true).open(path)
}

/// Copies what can still be read of a file to one where nothing is yet. On an error none is left.
pub(super) fn copy_to_new(from: &mut File, path: &Path) -> std::io::Result<()> {
    let mut copy = create_new_private_file(path)?;
    let copied = std::io::copy(from, &mut copy).and_then(|_| copy.sync_all());
    if copied.is_err() {
        // It is ours, and why there is none is said anyway.
        let _ = std::fs::remove_file(path);
    }
    copied
}

/// What SQLite keeps beside a database.
fn beside(database: &Path) -> [PathBuf; 3] {
    ["-wal", "-shm", "-journal"].map(|ending| {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        path.into()
    })
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
    for path in beside(database) {
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn who_else_may_change_the_folder_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = open_lock(folder.path()).expect("it is made");
        let said = |mode| {
            std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(mode)).expect("it is ours");
            danger(folder.path(), &lock).expect("it can be looked at")
        };
        for (mode, is_said) in [(0o700, false), (0o755, false), (0o775, true), (0o777, true)] {
            assert_eq!(said(mode).is_some(), is_said, "{mode:o}");
        }
    }

    #[test]
    fn a_database_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(TRUTH);
        let mode = || std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
        create_private_file(&path).expect("it is made");
        assert_eq!(mode(), 0o600);
        std::fs::write(&path, "what is in it").expect("it is written");
        let journal = &beside(&path)[0];
        std::fs::write(journal, "what is in it").expect("it is written");
        for open in [0o644, 0o660, 0o777] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(open)).expect("it is given away");
            create_private_file(&path).expect("it is there");
            assert_eq!(mode(), 0o600, "{open:o}");
        }
        let journal = std::fs::metadata(journal).expect("a file").permissions().mode() & 0o777;
        assert_eq!(journal, 0o600, "what an end without warning left");
        assert_eq!(std::fs::read(&path).expect("a file"), b"what is in it");
    }
}
