//! `control.json` in the data folder: how a script, the command line or a second window reaches the program that owns the folder.

use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The file's name inside the data folder.
const NAME: &str = "control.json";

/// Loopback answers at once, or nobody is there.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// How to reach a running SCIM Setup: `{"url":"http://127.0.0.1:7247","key":"…","pid":4711}`.
///
/// Its owner alone may read the file, and it goes away when the program ends. What a crash left behind is recognized by
/// [`ControlFile::find`] and replaced by the next start.
#[derive(Clone, Deserialize, PartialEq, Eq, Serialize)]
pub struct ControlFile {
    /// Where the control listener is.
    pub url: String,
    /// What to present there: `Authorization: Bearer <key>`.
    pub key: String,
    /// The process.
    pub pid: u32,
}

/// Why no running SCIM Setup was found on a data folder.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// None runs on it.
    #[error("No SCIM Setup is running on the data folder {0}. Start it, or name its folder with --data.")]
    NotRunning(PathBuf),
    /// It cannot be told.
    #[error("{0} cannot be read: {1}. Is it the data folder of a SCIM Setup that you may use?")]
    Unreadable(PathBuf, String),
}

impl ControlFile {
    /// Finds the program that owns a data folder. A file whose address nobody answers at is left from a crash.
    ///
    /// Whoever answers may still be another program that took the port over: it does not know the key.
    ///
    /// # Errors
    /// If none runs there, or the file cannot be read.
    pub fn find(folder: &Path) -> Result<Self, FindError> {
        let path = folder.join(NAME);
        let unreadable = |reason: String| FindError::Unreadable(path.clone(), reason);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(FindError::NotRunning(folder.to_owned())),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let found: Self = serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?;
        let address = found.address().ok_or_else(|| unreadable(format!("{:?} is not an address", found.url)))?;
        match TcpStream::connect_timeout(&address, ANSWERS_WITHIN) {
            Ok(_) => Ok(found),
            Err(_) => Err(FindError::NotRunning(folder.to_owned())),
        }
    }

    fn address(&self) -> Option<SocketAddr> {
        self.url.strip_prefix("http://")?.parse().ok()
    }
}

impl std::fmt::Debug for ControlFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControlFile").field("url", &self.url).field("pid", &self.pid).finish_non_exhaustive()
    }
}

/// The file of this process; dropping it takes it away.
pub(super) struct Published {
    path: PathBuf,
    file: ControlFile,
}

impl Published {
    /// Writes the file into a data folder that this process owns. Whoever reads it sees the whole of it or the one before.
    pub(super) fn new(folder: &Path, url: &str, key: &str) -> std::io::Result<Self> {
        let (path, unfinished) = (folder.join(NAME), folder.join(format!("{NAME}.new")));
        let file = ControlFile { url: url.to_owned(), key: key.to_owned(), pid: std::process::id() };
        // Left by a crash, it might be somebody else's to read.
        remove(&unfinished)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&unfinished)?.write_all(&serde_json::to_vec(&file)?)?;
        fs::rename(&unfinished, &path)?;
        Ok(Self { path, file })
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        // The next owner of the folder may have put its own there already.
        let is_own = fs::read(&self.path)
            .is_ok_and(|text| serde_json::from_slice::<ControlFile>(&text).is_ok_and(|file| file == self.file));
        if is_own && let Err(error) = remove(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "the way to this process is still written down");
        }
    }
}

/// Takes away what a crash left behind, from a data folder that this process owns.
pub(super) fn clear(folder: &Path) -> std::io::Result<()> {
    remove(&folder.join(NAME))
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
