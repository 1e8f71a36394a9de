//! The machine, for the head of the tables.

use std::fs;
use std::path::Path;

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
