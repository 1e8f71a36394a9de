//! Folders that nobody else on the machine can look into.

use std::fs::DirBuilder;
use std::path::Path;

/// Makes sure that the folder is there, and if it was not, that nobody else can look into it.
pub(crate) fn create(folder: &Path) -> std::io::Result<()> {
    builder().recursive(true).create(folder)
}

/// Makes sure that a folder in the data folder is there, and that nobody else can look into it.
pub(crate) fn create_part(folder: &Path) -> std::io::Result<()> {
    create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = std::fs::metadata(folder)?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o700);
            // One that belongs to somebody else may be used as it is.
            _ = std::fs::set_permissions(folder, permissions);
        }
    }
    Ok(())
}

/// Makes a folder that nobody else can look into, where nothing is yet.
pub(crate) fn create_new(folder: &Path) -> std::io::Result<()> {
    builder().create(folder)
}

fn builder() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are of Unix"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_part_of_the_data_folder_is_for_its_owner_alone() {
        let data = tempfile::tempdir().expect("a folder");
        let part = data.path().join("logs");
        for _ in ["it is made", "it is closed"] {
            create_part(&part).expect("it is there");
            assert_eq!(std::fs::metadata(&part).expect("a folder").permissions().mode() & 0o777, 0o700);
            std::fs::set_permissions(&part, PermissionsExt::from_mode(0o777)).expect("it is given away");
        }
    }
}
