//! Saving what the control API answers among the person's downloads, as a browser would.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

use crate::core::Core;

/// Copies of one name that are kept side by side: `requests.har`, `requests (1).har`, ….
const MOST_COPIES: u32 = 1_000;

/// Asks the control API for `path`, saves the answer as `file_name` in the downloads folder, and returns where it is. Nothing is overwritten.
///
/// # Errors
/// A sentence: the answer was a refusal, or the file cannot be written.
#[tauri::command]
pub(crate) async fn save_download(app: AppHandle, path: String, file_name: String) -> Result<String, String> {
    let control = app.state::<Core>().control().ok_or("The server is not running.")?;
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = folder.map_err(|error| format!("This system names no folder for downloads: {error}."))?;
    let mut saving = Saving { folder, file_name, begun: None };
    let saved = control.download(&path, |piece| tokio::task::block_in_place(|| saving.write(piece))).await;
    saving.end(saved)
}

/// A file that is being saved. It begins with its first piece: of what is refused, nothing is left.
struct Saving {
    folder: PathBuf,
    file_name: String,
    begun: Option<(File, PathBuf)>,
}

impl Saving {
    fn write(&mut self, piece: &[u8]) -> Result<(), String> {
        let (file, path) = match &mut self.begun {
            Some(begun) => begun,
            None => self.begun.insert(create(&self.folder, &self.file_name)?),
        };
        file.write_all(piece).map_err(|error| format!("{} cannot be written: {error}.", path.display()))
    }

    /// Returns where it is. What is not whole goes.
    fn end(mut self, saved: Result<(), String>) -> Result<String, String> {
        let saved = saved.and_then(|()| self.write(b""));
        match (saved, self.begun) {
            (Ok(()), Some((_, path))) => Ok(path.display().to_string()),
            (Ok(()), None) => Err("The file could not be saved.".to_owned()),
            (Err(problem), begun) => {
                if let Some((_, path)) = begun
                    && let Err(error) = std::fs::remove_file(&path)
                {
                    tracing::warn!(%error, "a file that is not whole could not be removed");
                }
                Err(problem)
            }
        }
    }
}

/// Begins a new file, under another name where there is one of this name already.
fn create(folder: &Path, file_name: &str) -> Result<(File, PathBuf), String> {
    let problem = |error: std::io::Error| format!("{} cannot be written: {error}.", folder.display());
    std::fs::create_dir_all(folder).map_err(problem)?;
    let name: String = file_name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let (stem, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or(("download", "json"));
    for copy in 0..MOST_COPIES {
        let number = if copy == 0 { String::new() } else { format!(" ({copy})") };
        let path = folder.join(format!("{stem}{number}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(problem(error)),
        }
    }
    Err(format!("There are too many files called {stem}.{ending} in {}.", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_and_nothing_is_written_elsewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("Downloads");
        let name = |path: PathBuf| path.strip_prefix(&folder).expect("inside the folder").display().to_string();
        let saving = |file_name: &str| Saving { folder: folder.clone(), file_name: file_name.to_owned(), begun: None };
        let saved = |file_name: &str| {
            let mut saving = saving(file_name);
            let pieces = file_name.as_bytes().chunks(4).try_for_each(|piece| saving.write(piece));
            name(saving.end(pieces).expect("a file").into())
        };
        assert_eq!(saved("requests.har"), "requests.har");
        assert_eq!(saved("requests.har"), "requests (1).har");
        assert_eq!(saved("../../etc/passwd.har"), "....etcpasswd.har");
        assert_eq!(saved(""), "download.json");
        assert_eq!(std::fs::read(folder.join("requests.har")).expect("a file"), b"requests.har");
        std::fs::write(folder.join("file"), "").expect("a file");
        let mut half = saving("half.har");
        half.write(b"half").expect("a piece");
        assert_eq!(half.end(Err("It broke off.".to_owned())), Err("It broke off.".to_owned()));
        assert!(!folder.join("half.har").exists(), "nothing by halves is left");
        let problem = create(&folder.join("file"), "a.har").expect_err("a file is not a folder");
        assert!(problem.contains("cannot be written"), "{problem}");
    }
}
