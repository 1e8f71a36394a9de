//! Whether a Linux desktop has a tray.
//!
//! The icon is drawn by a library that is loaded at run time and panics where it is not installed, and shown by whoever watches for such
//! icons on the session bus: a panel, or on GNOME an extension.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Either will do.
const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

/// What the dynamic linker knows, in a binary format that has the names in it as they are.
const LINKER_CACHE: &str = "/etc/ld.so.cache";

/// Where the dynamic linker looks without a cache, and where distributions put libraries.
const FOLDERS: [&str; 5] = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"];

/// Who shows icons of programs, and what it says about itself: StatusNotifierItem, "StatusNotifierWatcher".
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// Whether the library can be loaded, as far as can be told without doing it.
pub(super) fn has_library() -> bool {
    let cache = fs::read(LINKER_CACHE).unwrap_or_default();
    let named = env::var_os("LD_LIBRARY_PATH").map(|paths| env::split_paths(&paths).collect::<Vec<_>>());
    is_known(&cache, &folders(named.unwrap_or_default()))
}

fn folders(named: Vec<PathBuf>) -> Vec<PathBuf> {
    let of_the_machine = format!("/usr/lib/{}-linux-gnu", env::consts::ARCH);
    named.into_iter().chain(FOLDERS.map(PathBuf::from)).chain([PathBuf::from(of_the_machine)]).collect()
}

fn is_known(cache: &[u8], folders: &[PathBuf]) -> bool {
    let is_cached = |name: &str| cache.windows(name.len()).any(|part| part == name.as_bytes());
    let is_there = |folder: &Path, name: &str| folder.join(name).exists();
    LIBRARIES.iter().any(|name| is_cached(name) || folders.iter().any(|folder| is_there(folder, name)))
}

/// Whether somebody shows icons now.
pub(super) fn has_host() -> bool {
    ask_watcher().unwrap_or_else(|error| {
        tracing::debug!(%error, "nobody on the session bus shows icons");
        false
    })
}

fn ask_watcher() -> zbus::Result<bool> {
    let bus = zbus::blocking::Connection::session()?;
    zbus::blocking::Proxy::new(&bus, WATCHER, WATCHER_PATH, WATCHER)?.get_property("IsStatusNotifierHostRegistered")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_in_the_cache_or_in_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let folders = [folder.path().to_owned()];
        assert!(!is_known(b"", &folders));
        assert!(!is_known(b"glibc-ld.so.cache1.1\0libappindicator3.so\0", &folders), "another version");
        assert!(is_known(b"glibc-ld.so.cache1.1\0libayatana-appindicator3.so.1\0", &folders));
        fs::write(folder.path().join("libappindicator3.so.1"), "").expect("written");
        assert!(is_known(b"", &folders));
    }
}
