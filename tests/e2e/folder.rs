//! The folder of one journey: the product's data, and beside it what the programs said.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// A temporary folder that outlives restarts of the product.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    /// What `--data` names.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// A new file beside the data.
    pub(crate) fn log(&self) -> (PathBuf, File) {
        let file = tempfile::Builder::new().suffix(".log").tempfile_in(self.0.path()).expect("the log can be created");
        let (file, path) = file.keep().expect("the log can be kept");
        (path, file)
    }

    /// Whether no program has the data open.
    pub(crate) fn is_free(&self) -> bool {
        File::open(self.data().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
    }

    /// The files of the data that contain `secret`.
    pub(crate) fn files_with(&self, secret: &str) -> Vec<PathBuf> {
        files_with(&self.data(), secret)
    }
}

fn files_with(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            found.extend(files_with(&path, secret));
        } else {
            let bytes = fs::read(&path).expect("its files can be read");
            if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
                found.push(path);
            }
        }
    }
    found
}
