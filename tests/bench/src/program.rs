//! The programs that are measured: how they are started, reached and ended.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::connection::Connection;
use crate::okta::{Okta, user_name};

/// What a program is, which decides how it is started and what is expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What the others are compared with.
    Floor,
    /// A build of this product.
    Server,
    /// A server of others, in memory: may lack what we measure, and forgets everything at its end.
    Peer,
}

/// A program that can be started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// Its name in the tables.
    pub(crate) label: String,
    pub(crate) kind: Kind,
    /// The program and its arguments, but for the data folder.
    pub(crate) command: Vec<OsString>,
}

/// A program that runs. Dropping it ends it at once.
pub(crate) struct Running {
    child: Child,
    /// Held open: a program that writes into a closed pipe may end.
    _output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    pub(crate) okta: Okta,
    token: String,
    path: String,
}

/// The line that a program prints once it can be reached.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    scim_base_url: String,
    bearer_token: Option<String>,
}

impl Program {
    /// Starts the program on a fresh folder.
    ///
    /// # Errors
    /// If it cannot be started, or says something else than where it listens.
    pub(crate) fn start(&self, folder: &Path) -> Result<Running, String> {
        let (child, output, ready) = self.spawn(folder, true)?;
        let token = ready.bearer_token.ok_or_else(|| format!("{} names no token", self.label))?;
        let (address, path) = split(&ready.scim_base_url)?;
        Ok(Running::new(child, output, address, path, token))
    }

    /// Ends the program, starts it again on its folder, and returns the time until it answered a lookup.
    ///
    /// # Errors
    /// If it does not end, start or answer.
    pub(crate) async fn restart(&self, running: Running, folder: &Path) -> Result<(Running, Duration), String> {
        let (token, path) = (running.token.clone(), running.path.clone());
        running.end()?;
        let began = Instant::now();
        let (child, output, ready) = self.spawn(folder, false)?;
        let (address, _) = split(&ready.scim_base_url)?;
        let running = Running::new(child, output, address, path, token);
        let answer = Connection::open(address).await?.ask(running.okta.look_up(&user_name(0)).as_bytes()).await?;
        let took = began.elapsed();
        if answer.status == 200 { Ok((running, took)) } else { Err(format!("after a restart: {}", answer.status)) }
    }

    fn spawn(&self, folder: &Path, is_fresh: bool) -> Result<(Child, BufReader<ChildStdout>, Ready), String> {
        let failed = |error: std::io::Error| format!("{} cannot be started: {error}", self.label);
        let (program, arguments) = self.command.split_first().ok_or("a program needs a name")?;
        let mut command = Command::new(program);
        command.args(arguments);
        if self.kind != Kind::Peer {
            command.arg("--data").arg(folder);
        }
        if self.kind == Kind::Server && is_fresh {
            command.args(["--new-directory", "Bench"]);
        }
        let log = File::options().create(true).append(true).open(folder.join("bench.log")).map_err(failed)?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().map_err(failed)?;
        let mut output = BufReader::new(child.stdout.take().ok_or("the output is piped")?);
        let mut line = String::new();
        output.read_line(&mut line).map_err(failed)?;
        let ready = serde_json::from_str(&line)
            .map_err(|error| format!("{} did not say where it listens ({error}): {line:?}", self.label))?;
        Ok((child, output, ready))
    }
}

impl Running {
    fn new(child: Child, output: BufReader<ChildStdout>, address: SocketAddr, path: String, token: String) -> Self {
        let okta = Okta::new(&address.to_string(), &path, &token);
        Self { child, _output: output, address, okta, token, path }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the program to end, and waits for it.
    fn end(mut self) -> Result<(), String> {
        let sent = Command::new("kill").args(["-s", "TERM", &self.pid().to_string()]).status();
        sent.map_err(|error| format!("kill cannot be run: {error}"))?;
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The programs of a run, the floor first.
///
/// # Errors
/// If one of them has not been built.
pub(crate) fn programs(built: &Path, servers: &[String], with_floor: bool) -> Result<Vec<Program>, String> {
    let mut programs = Vec::new();
    if with_floor {
        let command = vec![built.join("bench-floor").into_os_string()];
        programs.push(Program { label: "floor".to_owned(), kind: Kind::Floor, command });
    }
    let own = [built.join("scim-setup").display().to_string()];
    for server in if servers.is_empty() { &own } else { servers } {
        let (label, path) = server.split_once('=').unwrap_or(("scim-setup", server));
        let arguments = ["serve", "--json", "--port", "0", "--control-port", "0"];
        let command = std::iter::once(path).chain(arguments).map(OsString::from).collect();
        programs.push(Program { label: label.to_owned(), kind: Kind::Server, command });
    }
    for (at, program) in programs.iter().enumerate() {
        if programs[..at].iter().any(|other| other.label == program.label) {
            return Err(format!(
                "two programs are called {}; give them labels, as in --server before=PATH",
                program.label
            ));
        }
        let path = PathBuf::from(&program.command[0]);
        if !path.is_file() {
            return Err(format!("{} is not there; script/bench builds it", path.display()));
        }
    }
    Ok(programs)
}

/// The servers of others in `tests/bench/peers`, below the folder where the bench is run. The one in Rust is built by itself into `target`.
///
/// # Errors
/// If one of them is not installed.
pub(crate) fn peers(target: &Path) -> Result<Vec<Program>, String> {
    let peers = Path::new("tests/bench/peers");
    let mut programs = Vec::new();
    for name in ["saml-jackson", "scimmy"] {
        let folder = peers.join(name);
        if !folder.join("node_modules").is_dir() {
            return Err(format!("{} is not installed; script/bench --peers does it", folder.display()));
        }
        let command = vec![OsString::from("node"), folder.join("serve.mjs").into_os_string()];
        programs.push(Program { label: name.to_owned(), kind: Kind::Peer, command });
    }
    let path = target.join("peers/release/bench-scim-server");
    if !path.is_file() {
        return Err(format!("{} is not there; script/bench --peers builds it", path.display()));
    }
    programs.push(Program { label: "scim-server".to_owned(), kind: Kind::Peer, command: vec![path.into_os_string()] });
    Ok(programs)
}

/// The address and the path of `http://127.0.0.1:7246/scim/v2/acme`.
fn split(base_url: &str) -> Result<(SocketAddr, String), String> {
    let rest = base_url.strip_prefix("http://").ok_or_else(|| format!("{base_url} is not plain HTTP"))?;
    let (host, path) = rest.split_once('/').ok_or_else(|| format!("{base_url} has no path"))?;
    let host = host.replace("localhost", "127.0.0.1");
    Ok((host.parse().map_err(|error| format!("{host}: {error}"))?, format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_base_url() {
        let address = "127.0.0.1:7246".parse().expect("an address");
        assert_eq!(split("http://127.0.0.1:7246/scim/v2/acme"), Ok((address, "/scim/v2/acme".to_owned())));
        assert_eq!(split("http://localhost:7246/"), Ok((address, "/".to_owned())));
        split("https://127.0.0.1:7246/scim").expect_err("TLS");
    }
}
