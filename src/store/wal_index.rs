//! The WAL index of an SQLite file, as another reader of the same bytes that SQLite has mapped into memory.
//!
//! Reading is `pread`, which shows what was written through a mapping where both go through one page cache. Where that
//! is not certain, or the file is not the one that SQLite has mapped, there is no index, and every read of the version
//! is a query.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::wal_header::{COPIES_LENGTH, Header};

/// An open WAL index.
#[derive(Clone, Debug)]
pub(super) struct WalIndex(Arc<File>);

impl WalIndex {
    /// The index of a database file. A connection of this process must have read from the database, and stay open for
    /// as long as headers are compared.
    ///
    /// # Errors
    /// Why it cannot be read: `Unsupported` on other file systems, `QuotaExceeded` beyond [`MOST`], `NotFound` if there is
    /// none or SQLite has mapped another one.
    pub(super) fn open(database: &Path) -> io::Result<Self> {
        let path = path_beside(database)?;
        require_page_cache(&path)?;
        let file = descriptor(&path)?;
        require_mapped(&path)?;
        Ok(Self(file))
    }

    /// The header; none during a commit, or if there is none.
    pub(super) fn header(&self) -> Option<Header> {
        let mut copies = [0; COPIES_LENGTH];
        // One `pread`, which copies in ascending order.
        let length = self.0.read_at(&mut copies, 0).ok()?;
        (length == COPIES_LENGTH).then(|| Header::of(&copies))?
    }
}

/// SQLite names the index after the database, past symbolic links.
fn path_beside(database: &Path) -> io::Result<PathBuf> {
    let mut path = database.canonicalize()?.into_os_string();
    path.push("-shm");
    Ok(path.into())
}

/// File systems that read and map through one page cache on Linux: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs, and overlayfs,
/// which passes both on to one of them. Others, such as those of networks and of virtual machines, may not.
const PAGE_CACHED: [u32; 6] = [
    0x0000_EF53,
    0x5846_5342,
    0x9123_683E,
    0xF2F5_2010,
    0x0102_1994,
    0x794C_7630,
];

fn require_page_cache(path: &Path) -> io::Result<()> {
    let kind = rustix::fs::statfs(path)?.f_type;
    if u32::try_from(kind).is_ok_and(|kind| PAGE_CACHED.contains(&kind)) {
        return Ok(());
    }
    Err(io::ErrorKind::Unsupported.into())
}

/// How many indexes a process keeps open at most.
const MOST: usize = 256;

/// Every index that this process has opened.
static OPEN: Mutex<Vec<Arc<File>>> = Mutex::new(Vec::new());

/// The only descriptor of this process for a file, beside SQLite's own.
///
/// It stays open when nobody uses it any more: closing any descriptor of a file drops all POSIX locks that the process
/// holds on it (fcntl(2)), those of SQLite's connections too. Only a file that was deleted is closed. SQLite deletes it
/// when the last connection of all processes has closed, so a server keeps one descriptor.
fn descriptor(path: &Path) -> io::Result<Arc<File>> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|file| Arc::strong_count(file) > 1 || !is_deleted(file));
    let found = path.symlink_metadata()?;
    let is_found = |file: &Arc<File>| {
        let same = |open: std::fs::Metadata| (open.dev(), open.ino()) == (found.dev(), found.ino());
        file.metadata().is_ok_and(same)
    };
    if let Some(file) = open.iter().find(|file| is_found(file)) {
        return Ok(Arc::clone(file));
    }
    if open.len() >= MOST {
        return Err(io::ErrorKind::QuotaExceeded.into());
    }
    let file = Arc::new(File::open(path)?);
    open.push(Arc::clone(&file));
    Ok(file)
}

fn is_deleted(file: &File) -> bool {
    file.metadata().is_ok_and(|found| found.nlink() == 0)
}

/// Refuses a file that replaced the one which SQLite has mapped. Of a deleted file the kernel says so after its path
/// (proc(5)).
fn require_mapped(path: &Path) -> io::Result<()> {
    let mappings = std::fs::read("/proc/self/maps")?;
    let path = path.as_os_str().as_encoded_bytes();
    let is_of_path = |line: &[u8]| {
        let before = line.strip_suffix(path);
        before.is_some_and(|before| before.ends_with(b" "))
    };
    if mappings.split(|byte| *byte == b'\n').any(is_of_path) {
        return Ok(());
    }
    Err(io::ErrorKind::NotFound.into())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_process_has_one_descriptor_for_a_file_until_it_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claviger.db-shm");
        fs::write(&path, [7; 200]).unwrap();
        let is_open = |file: &Arc<File>| {
            let open = OPEN.lock().unwrap();
            open.iter().any(|other| Arc::ptr_eq(file, other))
        };

        let file = descriptor(&path).unwrap();
        assert!(Arc::ptr_eq(&file, &descriptor(&path).unwrap()));
        let inode = Arc::downgrade(&file);
        drop(file);
        let file = descriptor(&path).unwrap();
        assert_eq!(Arc::downgrade(&file).as_ptr(), inode.as_ptr());

        // Another file at the path is opened as well. The deleted one is closed once nobody uses it.
        fs::remove_file(&path).unwrap();
        fs::write(&path, [8; 200]).unwrap();
        let other = descriptor(&path).unwrap();
        assert!(!Arc::ptr_eq(&file, &other));
        assert!(is_open(&file));
        drop(file);
        drop(descriptor(&path).unwrap());
        assert_eq!(inode.strong_count(), 0);
        assert!(is_open(&other));
    }

    #[test]
    fn a_file_that_is_not_mapped_is_no_index() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("claviger.db");
        fs::write(&database, "").unwrap();
        fs::write(path_beside(&database).unwrap(), [7; 200]).unwrap();
        let refused = WalIndex::open(&database).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_is_too_short_has_no_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claviger.db-shm");
        fs::write(&path, [1; COPIES_LENGTH]).unwrap();
        let index = WalIndex(descriptor(&path).unwrap());
        assert!(index.header().is_some());
        fs::write(&path, [1; COPIES_LENGTH - 1]).unwrap();
        assert_eq!(index.header(), None);
    }

    #[test]
    fn file_systems_that_are_not_known_are_refused() {
        let refused = require_page_cache(Path::new("/proc/self/maps")).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::Unsupported);
    }
}
