//! The files of the embedded engine, readable by their owner only.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::domain::start::{DeadLink, FileComplaint, FileFault};

/// How long a start waits for another one that makes files in the same folder.
const WAIT: Duration = Duration::from_secs(5);

/// Whether a file exists at this path.
///
/// # Errors
/// Why that is not known, or what is there instead.
pub fn is_there(path: &Path) -> Result<bool, FileComplaint> {
    let fault = match std::fs::metadata(path) {
        Ok(found) if found.is_file() => return Ok(true),
        Ok(found) if found.is_dir() => FileFault::IsFolder,
        Ok(_) => FileFault::NotOrdinary,
        Err(error) if error.kind() == ErrorKind::NotFound => match std::fs::read_link(path) {
            Ok(target) => FileFault::DeadLink(DeadLink { target }),
            Err(_) => return Ok(false),
        },
        Err(error) => FileFault::Unknown(error.to_string()),
    };
    Err(FileComplaint::new(path, fault))
}

/// Makes an empty file that only its owner can read, unless another process makes it meanwhile.
pub(super) fn create_private_unless_there(path: &Path) -> std::io::Result<()> {
    match create_private(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_file() => Ok(()),
        other => other.map(drop),
    }
}

/// Makes an empty file, and the folder it lies in, that only its owner can read.
///
/// # Errors
/// The file system's error.
pub fn create_private(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        create_folders(folder)?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Makes a folder and its parents, and returns those it made, the outermost first. In a path with `..`, some parts
/// exist only once others have been made.
fn create_folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let missing = folder
        .ancestors()
        .filter(|folder| !folder.as_os_str().is_empty())
        .take_while(|folder| !folder.exists());
    let missing: Vec<&Path> = missing.collect();
    let mut made = Vec::new();
    for folder in missing.into_iter().rev() {
        match DirBuilder::new().mode(0o700).create(folder) {
            Ok(()) => made.push(folder.to_owned()),
            Err(_) if folder.is_dir() => {}
            Err(error) => {
                remove_folders(&made);
                return Err(match folder.read_link() {
                    Ok(target) => std::io::Error::other(DeadLink { target }),
                    Err(_) => error,
                });
            }
        }
    }
    Ok(made)
}

/// Removes folders, the innermost first, until one is not empty.
fn remove_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        // Another process may have put something in it.
        if std::fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

/// The files and folders that a start has made. Unless they are kept, they are removed when it is dropped.
///
/// The folder is locked meanwhile (`flock`), so that no other start relies on what is removed. Where it cannot be
/// locked, as on some network file systems, the files stay.
#[derive(Debug)]
pub struct FreshFiles {
    lock: Option<File>,
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl FreshFiles {
    /// Makes the folder for a file, and waits while another start makes files in it.
    ///
    /// # Errors
    /// Why the folder could not be made.
    pub async fn begin(file: &Path) -> Result<Self, FileComplaint> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut folders = Vec::new();
        loop {
            let made = create_folders(folder).map_err(|error| {
                FileComplaint::new(folder, FileFault::FolderUnmade(error.to_string()))
            })?;
            folders.extend(made);
            let lock = lock(folder).await;
            // The start that held the lock before may have removed the folder.
            if lock.as_ref().is_none_or(|lock| is_same(lock, folder)) {
                return Ok(Self {
                    lock,
                    files: Vec::new(),
                    folders,
                });
            }
        }
    }

    /// Registers a file that is about to be made.
    pub fn add(&mut self, file: PathBuf) {
        self.files.push(file);
    }

    /// Keeps all files and folders.
    pub fn keep(&mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for FreshFiles {
    fn drop(&mut self) {
        if self.lock.is_some() {
            for file in &self.files {
                // It may not have been made.
                let _ = std::fs::remove_file(file);
            }
        }
        remove_folders(&self.folders);
    }
}

/// An exclusive lock on a folder; none where locks are not supported, or another process holds it for too long.
async fn lock(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    let end = Instant::now() + WAIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) if Instant::now() < end => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(_) => return None,
        }
    }
}

fn is_same(open: &File, path: &Path) -> bool {
    let (Ok(open), Ok(found)) = (open.metadata(), path.metadata()) else {
        return false;
    };
    (open.dev(), open.ino()) == (found.dev(), found.ino())
}
