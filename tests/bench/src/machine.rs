//! The machine, for the head of the tables.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::load::percentile;

/// Pages that are written to see how quick the disk is: a second's worth where it is slow.
const PROBES: usize = 100;
/// What SQLite writes at least: a page.
const PAGE: [u8; 4_096] = [0; 4_096];

/// How long the disk takes to say that a page is safe.
pub(crate) struct Fsync {
    pub(crate) median: Duration,
    pub(crate) worst: Duration,
}

/// What the numbers were taken on, in one line.
pub(crate) fn describe(folder: &Path) -> String {
    let os = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let os =
        os.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("an unknown system").trim_matches('"');
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map(|(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores ({}), {os}, data on {}", cpu.unwrap_or("unknown"), disk(folder))
}

/// Whether what is written in the folder stays in memory, so that nothing it costs can be measured.
pub(crate) fn is_in_memory(folder: &Path) -> bool {
    disk(folder).starts_with("tmpfs")
}

/// Tries how quick the disk is now. Where others use it, that changes from second to second.
///
/// # Errors
/// If nothing can be written there.
pub(crate) fn fsync(folder: &Path) -> Result<Fsync, String> {
    let path = folder.join("fsync");
    let write = || -> std::io::Result<Vec<Duration>> {
        let mut file = File::create(&path)?;
        let mut times = Vec::with_capacity(PROBES);
        for _ in 0..PROBES {
            let began = Instant::now();
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&PAGE)?;
            file.sync_data()?;
            times.push(began.elapsed());
        }
        fs::remove_file(&path)?;
        Ok(times)
    };
    let mut times = write().map_err(|error| format!("{}: {error}", path.display()))?;
    times.sort_unstable();
    Ok(Fsync { median: percentile(&times, 0.5), worst: percentile(&times, 1.0) })
}

/// The kind of file system that holds the folder and its device, as in `ext4 (/dev/vda)`.
fn disk(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    mount(&mounts, &folder).unwrap_or_else(|| "an unknown disk".to_owned())
}

fn mount(mounts: &str, folder: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split_ascii_whitespace();
        Some((fields.next()?, Path::new(fields.next()?), fields.next()?))
    });
    let (device, _, kind) =
        mounts.filter(|(_, at, _)| folder.starts_with(at)).max_by_key(|(_, at, _)| at.components().count())?;
    Some(format!("{kind} ({device})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_holds_the_folder() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\nproc /proc proc rw 0 0\n";
        assert_eq!(mount(mounts, Path::new("/home/a")), Some("ext4 (/dev/vda)".to_owned()));
        assert_eq!(mount(mounts, Path::new("/tmp/a")), Some("tmpfs (tmpfs)".to_owned()));
    }
}
