//! `scim-setup backup` and `scim-setup restore`.

use std::path::PathBuf;

use server::Clock;

use crate::doctor::{folder, megabytes};
use crate::visible;
use crate::{Ended, print};

/// Which folder, and where to.
#[derive(clap::Args)]
pub(crate) struct Backup {
    /// The new file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The data folder [default: the system's place for application data]
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

/// From where, and which folder.
#[derive(clap::Args)]
pub(crate) struct Restore {
    /// What scim-setup backup wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The data folder [default: the system's place for application data]
    #[arg(long, env = "SCIM_SETUP_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Backup {
    /// Writes the backup and says so.
    ///
    /// # Errors
    /// A sentence if there is none.
    pub(crate) fn run(&self) -> Result<Ended, String> {
        let folder = folder(self.data.as_deref())?;
        let bytes = server::back_up(&folder, &self.file).map_err(|error| error.to_string())?;
        let (folder, file) = (folder.display().to_string(), self.file.display().to_string());
        let size = megabytes(bytes);
        let said = format!("{} was backed up to {} ({size} MB).\n", visible::line(&folder), visible::line(&file));
        print(&said)?;
        Ok(Ended::Well)
    }
}

impl Restore {
    /// Restores the backup and says where is what was there before.
    ///
    /// # Errors
    /// A sentence if it is not restored; then nothing was changed.
    pub(crate) fn run(&self) -> Result<Ended, String> {
        let folder = folder(self.data.as_deref())?;
        let before = server::restore(&folder, &self.file, &Clock::system()).map_err(|error| error.to_string())?;
        let (folder, file) = (folder.display().to_string(), self.file.display().to_string());
        let mut said = format!("{} was restored from {}.\n", visible::line(&folder), visible::line(&file));
        if let Some(before) = before {
            let before = before.display().to_string();
            said.push_str(&format!("What was there before is in {}.\n", visible::line(&before)));
        }
        print(&said)?;
        Ok(Ended::Well)
    }
}
