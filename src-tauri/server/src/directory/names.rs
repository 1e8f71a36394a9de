//! Names of environments, organizations and directories, as a person gives them and types them to confirm a deletion.

use super::{Error, Result};

/// Characters of a name at the most.
pub(super) const LONGEST_NAME: usize = 200;

pub(super) fn checked(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name", "Enter a name."));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("name", format!("The name is longer than {LONGEST_NAME} characters.")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "The name has a line break or another control character."));
    }
    Ok(name.to_owned())
}

pub(super) fn confirm(name: &str, typed: &str) -> Result<()> {
    if name == typed.trim() {
        return Ok(());
    }
    Err(Error::ConfirmationMismatch(format!("Type the name exactly: {name}")))
}
