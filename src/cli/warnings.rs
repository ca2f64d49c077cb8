//! Warnings about insecure file permissions. The server logs them at start, a command prints them on stderr.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::domain::words::en;

/// Logs each warning.
pub fn log(warnings: &[String]) {
    for warning in warnings {
        tracing::warn!("{warning}");
    }
}

/// Warnings about files with secrets that other users may read or change: the database, SQLite's `-wal` and `-shm`
/// files, and the master key.
pub fn about_files(database: Option<&Path>, key: Option<&Path>) -> Vec<String> {
    let beside = |end: &str| database.map(|file| ended(file, end));
    let files = [
        database.map(Path::to_owned),
        beside("-wal"),
        beside("-shm"),
        key.map(Path::to_owned),
    ];
    let mut folders: Vec<&Path> = [database, key].into_iter().flatten().map(folder).collect();
    folders.dedup();
    let open = files
        .into_iter()
        .flatten()
        .filter_map(|file| Some((mode(&file).filter(|mode| mode & 0o077 != 0)?, file)))
        .collect::<Vec<_>>();
    let folders = folders.into_iter().filter_map(open_folder);
    open_files(&open).into_iter().chain(folders).collect()
}

fn open_files(open: &[(u32, PathBuf)]) -> Option<String> {
    let each = |write: &dyn Fn(u32, &Path) -> String, between: &str| {
        let written = open.iter().map(|(mode, file)| write(*mode, file));
        written.collect::<Vec<_>>().join(between)
    };
    let found = each(
        &|mode, file| format!("{} (mode {mode:04o})", file.display()),
        ", ",
    );
    let names = each(&|_, file| quoted(file), " ");
    (!open.is_empty()).then(|| en::command::open_files(&found, &names))
}

/// A warning about a folder in which every user can replace files. The sticky bit, as on `/tmp`, prevents that.
fn open_folder(folder: &Path) -> Option<String> {
    let mode = mode(folder)?;
    (mode & 0o002 != 0 && mode & 0o1000 == 0)
        .then(|| en::command::open_folder(folder, mode, &quoted(folder)))
}

/// A path quoted for a POSIX shell.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+,:@%".contains(&byte);
    if path.bytes().all(is_plain) && !path.starts_with('-') {
        return path;
    }
    let begin = if path.starts_with('-') { "./" } else { "" };
    format!("'{begin}{}'", path.replace('\'', r"'\''"))
}

fn mode(path: &Path) -> Option<u32> {
    Some(path.metadata().ok()?.mode() & 0o7777)
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A path with a suffix appended to its file name.
pub fn ended(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
