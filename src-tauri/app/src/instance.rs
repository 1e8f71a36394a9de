//! One window for each data folder: a second start asks the first for its window and ends.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use server::ControlFile;
use wire::{Address, Client, Limits};

/// How long the other program may take to answer; it is on this machine.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// How long to wait before looking again for a program that is about to start.
const PAUSE: Duration = Duration::from_millis(50);

/// The answer to a request for the window when there is one.
const SHOWN: u16 = 204;

/// Asks the program that owns `folder` to show its window, for as long as `patience` lasts until it can be asked; whether it did.
/// A program without a window does not.
pub(crate) fn show_window_of(folder: &Path, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if let Ok(owner) = ControlFile::find(folder) {
            // It was free by now, and the person has tried again.
            if owner.pid == std::process::id() {
                return false;
            }
            return ask(&owner).unwrap_or_else(|error| {
                tracing::warn!(%error, pid = owner.pid, "the other SCIM Setup does not answer");
                false
            });
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}

fn ask(owner: &ControlFile) -> Result<bool, String> {
    let address = Address::parse(&owner.url)?;
    let headers = [("Authorization", format!("Bearer {}", owner.key)), ("Content-Type", "application/json".to_owned())];
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    let mut client = Client::new(Limits { time: ANSWERS_WITHIN, ..Limits::default() });
    let asking = client.send(&address, "POST", "/api/window/show", &headers, Some(b"{}"));
    let answer = tauri::async_runtime::block_on(asking).map_err(|error| error.to_string())?;
    Ok(answer.status == SHOWN)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };

    use super::*;

    /// A program that owns a folder and answers once; returns the folder and what it will have been asked.
    fn owner(answer: &'static str) -> (tempfile::TempDir, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let folder = tempfile::tempdir().expect("a folder");
        let file = format!(r#"{{"url":"{url}","key":"the-key","pid":1}}"#);
        std::fs::write(folder.path().join("control.json"), file).expect("written");
        let asked = std::thread::spawn(move || {
            // The first connection only looks whether somebody is there.
            drop(listener.accept().expect("a connection"));
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut head = vec![0; 4_096];
            let read = stream.read(&mut head).expect("a request");
            stream.write_all(answer.as_bytes()).expect("an answer");
            String::from_utf8_lossy(&head[..read]).into_owned()
        });
        (folder, asked)
    }

    #[test]
    fn a_program_with_a_window_is_asked_with_its_key() {
        let (folder, asked) = owner("HTTP/1.1 204 No Content\r\n\r\n");
        assert!(show_window_of(folder.path(), Duration::ZERO));
        let asked = asked.join().expect("no panic");
        assert!(asked.starts_with("POST /api/window/show HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("Authorization: Bearer the-key\r\n"), "{asked}");
    }

    #[test]
    fn a_program_without_a_window_shows_none() {
        let (folder, asked) = owner("HTTP/1.1 409 Conflict\r\n\r\n{}");
        assert!(!show_window_of(folder.path(), Duration::ZERO));
        asked.join().expect("no panic");
    }

    #[test]
    fn a_program_does_not_ask_itself() {
        let (folder, _) = owner("HTTP/1.1 204 No Content\r\n\r\n");
        let file = folder.path().join("control.json");
        let own = std::fs::read_to_string(&file).expect("the file");
        let own = own.replace(r#""pid":1"#, &format!(r#""pid":{}"#, std::process::id()));
        std::fs::write(&file, own).expect("written");
        assert!(!show_window_of(folder.path(), Duration::ZERO));
    }

    #[test]
    fn nobody_is_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!show_window_of(folder.path(), Duration::ZERO));
    }
}
