//! Saving what the control API answers among the person's downloads, as a browser would.

use std::fs::OpenOptions;
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
    let content = control.download(&path).await?;
    let folder = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = folder.map_err(|error| format!("This system names no folder for downloads: {error}."))?;
    let saved = tauri::async_runtime::spawn_blocking(move || save(&folder, &file_name, &content));
    let saved = saved.await.map_err(|_| "The file could not be saved.".to_owned())??;
    Ok(saved.display().to_string())
}

/// Writes a new file, under another name where there is one of this name already.
fn save(folder: &Path, file_name: &str, content: &[u8]) -> Result<PathBuf, String> {
    let problem = |error: std::io::Error| format!("{} cannot be written: {error}.", folder.display());
    std::fs::create_dir_all(folder).map_err(problem)?;
    let name: String = file_name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let (stem, ending) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or(("download", "json"));
    for copy in 0..MOST_COPIES {
        let number = if copy == 0 { String::new() } else { format!(" ({copy})") };
        let path = folder.join(format!("{stem}{number}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(content).map_err(problem)?;
                return Ok(path);
            }
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
        let saved = |file_name: &str| name(save(&folder, file_name, file_name.as_bytes()).expect("a file"));
        assert_eq!(saved("requests.har"), "requests.har");
        assert_eq!(saved("requests.har"), "requests (1).har");
        assert_eq!(saved("../../etc/passwd.har"), "....etcpasswd.har");
        assert_eq!(saved(""), "download.json");
        assert_eq!(std::fs::read(folder.join("requests.har")).expect("a file"), b"requests.har");
        std::fs::write(folder.join("file"), "").expect("a file");
        let problem = save(&folder.join("file"), "a.har", b"").expect_err("a file is not a folder");
        assert!(problem.contains("cannot be written"), "{problem}");
    }
}
