//! What works and should not stay as it is. The server logs it when it starts, a command says it on stderr.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Says each warning once.
pub fn tell(warnings: &[String]) {
    for warning in warnings {
        tracing::warn!("{warning}");
    }
}

/// Of files with secrets in them that others than their owner may read or change: the database, what SQLite keeps
/// beside it, and the master key.
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
    (!open.is_empty())
        .then(|| format!("others than their owner can use {found}; run `chmod 600 {names}`"))
}

/// A folder where everybody may put another file in a file's place. The sticky bit of `/tmp` keeps them from it.
fn open_folder(folder: &Path) -> Option<String> {
    let mode = mode(folder)?;
    let (shown, named) = (folder.display(), quoted(folder));
    (mode & 0o002 != 0 && mode & 0o1000 == 0).then(|| {
        format!("everybody can replace files in the folder {shown} (mode {mode:04o}); run `chmod o-w {named}`")
    })
}

/// A path as a shell reads it (POSIX, single quotes).
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

/// The name of a file that lies beside another.
pub fn ended(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
