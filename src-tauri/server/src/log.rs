//! What the program says of itself: on standard error, in a file of the data folder that has a bound, and the newest warnings in memory.
//!
//! Secrets are masked in every line, whoever wrote it: what another library says of a request is not ours to know.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use scim::{redact, shortened};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::private_folder;
use crate::secret::mask_tokens;

/// The folder of the files, in the data folder.
const FOLDER: &str = "logs";

/// The file that is written, and the one before.
const NEWEST: &str = "scim-setup.log";
const FORMER: &str = "scim-setup.1.log";

/// Bytes of a file; there are two. Some days of a busy program.
const LONGEST: u64 = 1 << 20;

/// Characters of a line.
const LONGEST_LINE: usize = 4_000;

/// Lines that wait until it is known where they go.
const WAITING: usize = 200;

/// Warnings that are remembered.
const WARNINGS: usize = 50;

/// What goes into the file, whatever standard error is to say: ours from `info` on, of others what is wrong.
const IN_FILE: &str = "warn,server=info,scim_setup=info,scim_setup_app=info,scim_setup_desktop=info";

/// Where lines go. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    file: Option<LogFile>,
    /// What was said before there was a file.
    waiting: VecDeque<String>,
    /// The newest warnings and errors, the oldest first.
    warnings: VecDeque<String>,
}

/// The file that is written.
#[derive(Debug)]
struct LogFile {
    folder: PathBuf,
    file: File,
    bytes: u64,
}

impl Log {
    /// Has everything that this process says go to standard error as the environment variable `variable` or else `default` says, and here.
    ///
    /// # Panics
    /// If something in this process has done so before.
    pub fn init(variable: &str, default: &str) -> Self {
        let log = Self::default();
        let spoken = EnvFilter::try_from_env(variable).unwrap_or_else(|_| EnvFilter::new(default));
        let on_error = layer().with_writer(io::stderr).with_filter(spoken);
        let in_file = layer().with_ansi(false).with_writer(log.clone()).with_filter(EnvFilter::new(IN_FILE));
        tracing_subscriber::registry().with(on_error).with(in_file).init();
        log
    }

    /// Goes on in a data folder, which this process owns.
    ///
    /// # Errors
    /// If the file cannot be written; then lines stay in memory.
    pub(crate) fn open(&self, data: &Path) -> io::Result<()> {
        let mut lines = self.lines();
        let mut file = LogFile::open(data.join(FOLDER))?;
        lines.waiting.iter().try_for_each(|line| file.write(line))?;
        lines.waiting.clear();
        lines.file = Some(file);
        Ok(())
    }

    /// The folder of the files, once there is one.
    pub fn folder(&self) -> Option<PathBuf> {
        self.lines().file.as_ref().map(|file| file.folder.clone())
    }

    /// The newest warnings and errors of this process, the oldest first.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.lines().warnings.iter().cloned().collect()
    }

    fn write(&self, text: &str, is_warning: bool) {
        let line = tidied(text);
        let mut lines = self.lines();
        if is_warning {
            keep(&mut lines.warnings, line.clone(), WARNINGS);
        }
        match &mut lines.file {
            // There is nobody to be told that this cannot be told.
            Some(file) => drop(file.write(&line)),
            None => keep(&mut lines.waiting, line, WAITING),
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The newest of them, at the most so many.
fn keep(lines: &mut VecDeque<String>, line: String, most: usize) {
    lines.push_back(line);
    while lines.len() > most {
        lines.pop_front();
    }
}

/// One line, not too long, without a secret.
fn tidied(text: &str) -> String {
    let line = shortened(&text.trim_end().replace(['\n', '\r'], " "), LONGEST_LINE);
    mask_tokens(redact::expression(Cow::Owned(line))).into_owned()
}

impl LogFile {
    fn open(folder: PathBuf) -> io::Result<Self> {
        private_folder::create_part(&folder)?;
        let path = folder.join(NEWEST);
        let mut options = File::options();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { folder, file, bytes })
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        let length = line.len() as u64 + 1;
        if self.bytes + length > LONGEST {
            fs::rename(self.folder.join(NEWEST), self.folder.join(FORMER))?;
            *self = Self::open(std::mem::take(&mut self.folder))?;
        }
        self.bytes += length;
        self.file.write_all(format!("{line}\n").as_bytes())
    }
}

/// Takes one line in.
#[derive(Debug)]
pub struct LineWriter {
    log: Log,
    is_warning: bool,
}

impl Write for LineWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.log.write(&String::from_utf8_lossy(bytes), self.is_warning);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter { log: self.clone(), is_warning: false }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> LineWriter {
        LineWriter { log: self.clone(), is_warning: *meta.level() <= Level::WARN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(folder: &Path, name: &str) -> String {
        fs::read_to_string(folder.join(FOLDER).join(name)).unwrap_or_default()
    }

    #[test]
    fn a_line_is_one_line_without_a_secret() {
        let data = tempfile::tempdir().expect("a folder");
        let log = Log::default();
        let token = format!("{}{}", crate::secret::TOKEN_PREFIX, crate::secret::random_key());
        log.write("before there was a folder\n", false);
        log.open(data.path()).expect("a file");
        for planted in [
            format!("the header was Bearer {token}"),
            format!("GET /Users?filter=password eq \"k3Jd92xQ\" with {token}\nand\r\nmore"),
            "body {\"password\":\"k3Jd92xQ\",\"userName\":\"ada\"}".to_owned(),
            "x".repeat(100_000),
        ] {
            log.write(&planted, true);
        }
        let all = said(data.path(), NEWEST);
        assert_eq!(all.lines().count(), 5, "{all}");
        assert!(all.starts_with("before there was a folder\n"), "{all}");
        assert!(all.len() < 10_000);
        for text in [all, log.warnings().join("\n")] {
            assert!(!text.contains(&token) && !text.contains("k3Jd92xQ"), "{text}");
        }
        assert_eq!(log.warnings().len(), 4);
    }

    #[test]
    fn the_files_have_a_bound_and_have_the_newest() {
        let data = tempfile::tempdir().expect("a folder");
        let line = "y".repeat(3_000);
        for start in 0..2 {
            let log = Log::default();
            log.open(data.path()).expect("a file");
            for number in 0..500 {
                log.write(&format!("{start} {number} {line}"), false);
            }
        }
        let folder = data.path().join(FOLDER);
        let sizes: Vec<u64> = fs::read_dir(&folder)
            .expect("files")
            .map(|entry| entry.and_then(|entry| entry.metadata()).expect("a file").len())
            .collect();
        assert!(sizes.len() == 2 && sizes.iter().all(|bytes| *bytes <= LONGEST), "{sizes:?}");
        assert!(said(data.path(), NEWEST).contains("1 499 "));
        assert!(said(data.path(), FORMER).ends_with('\n'));
    }
}
