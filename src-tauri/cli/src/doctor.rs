//! `scim-setup doctor`: looks through a data folder, whether or not a server has it open.

use std::path::{Path, PathBuf};

use serde::Serialize;
use server::model::{DataCheck, DataOutcome};
use server::{ControlFile, OpenError};

use crate::control_client::ControlClient;
use crate::visible;
use crate::{Ended, print};

/// Which folder, and what to do about it.
#[derive(clap::Args)]
pub(crate) struct Doctor {
    /// The data folder [default: the system's place for application data]
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Repair what can be repaired, and give back space
    #[arg(long)]
    repair: bool,
}

/// The data folder that was named, or the system's.
pub(crate) fn folder(named: Option<&Path>) -> Result<PathBuf, String> {
    let folder = named.map(Path::to_owned).or_else(server::default_folder);
    folder.ok_or_else(|| "this system has no folder for application data; name one with --data".to_owned())
}

#[derive(Serialize)]
struct CheckData {
    repair: bool,
}

impl Doctor {
    /// Looks, and says what it found. All is well if nothing is left that is not as it should be.
    ///
    /// # Errors
    /// A sentence if it cannot look.
    pub(crate) fn run(&self) -> Result<Ended, String> {
        let folder = folder(self.data.as_deref())?;
        let check = match server::check_closed(&folder, self.repair) {
            Err(OpenError::InUse(_)) => self.ask(&folder)?,
            check => check.map_err(|error| error.to_string())?,
        };
        print(&told(&folder, self.data.as_deref(), &check))?;
        Ok(if check.is_healthy { Ended::Well } else { Ended::Badly })
    }

    /// Has the server look that has the folder open.
    fn ask(&self, folder: &Path) -> Result<DataCheck, String> {
        let found = ControlFile::find(folder).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("the program cannot run: {error}"))?;
        let mut client = ControlClient::new(&found.url, found.key)?.patient();
        runtime.block_on(client.post("/api/data/check", &CheckData { repair: self.repair }))
    }
}

/// What was found, a line each. `named`: the folder, where a further command has to name it again.
fn told(folder: &Path, named: Option<&Path>, check: &DataCheck) -> String {
    let mut lines: Vec<String> = Vec::new();
    let named = named.map_or(String::new(), |named| format!(" --data {}", quoted(&named.display().to_string())));
    for finding in &check.findings {
        let outcome = match finding.outcome {
            DataOutcome::Repairable => "found",
            DataOutcome::Repaired => "repaired",
            DataOutcome::BeyondRepair => "cannot be repaired",
        };
        lines.push(format!("{outcome}: {}", visible::line(&finding.text)));
    }
    if check.findings.iter().any(|finding| finding.outcome == DataOutcome::Repairable) {
        lines.push(format!("Repair it with: scim-setup doctor --repair{}", visible::line(&named)));
    }
    if check.findings.iter().any(|finding| finding.outcome == DataOutcome::BeyondRepair) {
        lines.push(format!("A backup can take its place: scim-setup restore FILE{}", visible::line(&named)));
    }
    let folder = folder.display().to_string();
    let folder = visible::line(&folder);
    lines.push(match (check.is_healthy, check.are_lists_compared) {
        (true, true) => format!("{folder} is healthy: its databases, indexes, numbers, lists and search are in order."),
        (true, false) => format!("{folder} is healthy: its databases, indexes, numbers and search are in order."),
        (false, _) => format!("{folder} is not healthy."),
    });
    if check.is_healthy && !check.are_lists_compared {
        lines.push(
            "Lists were not compared with the users and groups: they were not up to date. The server brings them up to date; look again then."
                .to_owned(),
        );
    }
    if check.freed_bytes > 0 {
        lines.push(format!("{} MB were given back.", megabytes(check.freed_bytes)));
    }
    lines.push(format!("It takes {} MB.", megabytes(check.bytes)));
    lines.push(String::new());
    lines.join("\n")
}

/// A path as a shell reads it as one word.
fn quoted(path: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "/\\:._-".contains(character);
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false if cfg!(windows) => format!("\"{path}\""),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// `18.4`
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use server::model::DataFinding;

    #[test]
    fn what_to_do_next_names_the_folder_that_was_named() {
        let finding = |outcome| DataFinding { text: "Something is wrong.".to_owned(), outcome };
        let findings = vec![finding(DataOutcome::Repairable), finding(DataOutcome::BeyondRepair)];
        let check = DataCheck { is_healthy: false, findings, are_lists_compared: true, bytes: 0, freed_bytes: 0 };
        let spaced = if cfg!(windows) { " --data \"/my data\"" } else { " --data '/my data'" };
        for (named, expected) in [(None, ""), (Some("/data/acme"), " --data /data/acme"), (Some("/my data"), spaced)] {
            let said = told(Path::new("/data"), named.map(Path::new), &check);
            for command in ["scim-setup doctor --repair", "scim-setup restore FILE"] {
                assert!(said.contains(&format!("{command}{expected}\n")), "{named:?}: {said}");
            }
        }
    }
}
