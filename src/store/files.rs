//! The files of the embedded engine, which only their owner can read.

use std::path::Path;

/// Makes an empty file that only its owner can read, unless somebody else made it meanwhile.
pub(super) fn create_private_unless_there(path: &Path) -> std::io::Result<()> {
    match create_private(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

/// Makes an empty file, and the folder it lies in, that only its owner can read.
///
/// # Errors
/// What the file system says.
pub fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}
