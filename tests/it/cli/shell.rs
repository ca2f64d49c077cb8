//! A folder with a database in it, the commands run there, and what they said.

use std::fmt;
use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock};

use tempfile::TempDir;

use crate::support::texts_in;

/// A folder to run commands in, and the variables they are given.
#[derive(Clone)]
pub struct Folder {
    folder: Arc<TempDir>,
    variables: Vec<(String, String)>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

/// The credentials of a client that a command made.
pub struct Made {
    pub id: String,
    pub secret: String,
}

impl Folder {
    /// A folder without a database; `DATABASE_URL` names one that is yet to be made.
    pub fn empty() -> Self {
        let folder = Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            variables: Vec::new(),
        };
        folder.with("DATABASE_URL", "sqlite://claviger.db")
    }

    /// A folder whose database has organizations 1 and 2. They are made once, and the files copied.
    pub fn furnished() -> Self {
        static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
            let folder = Folder::empty();
            for name in ["Porto", "Lausanne"] {
                let said = folder.claviger(&format!("organization create --name {name}"));
                assert_eq!(said.code, Some(0), "{said}");
            }
            let read = |name: String| (name.clone(), std::fs::read(folder.file(&name)).unwrap());
            folder
                .files()
                .into_iter()
                .filter(|name| !name.ends_with("-shm"))
                .map(read)
                .collect()
        });
        let folder = Self::empty();
        for (name, content) in FILES.iter() {
            folder.write_private(name, content);
        }
        folder
    }

    /// The same folder, where a variable is set.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut folder = self.without(name);
        folder.variables.push((name.to_owned(), value.to_owned()));
        folder
    }

    /// The same folder, where a variable is not set.
    pub fn without(&self, name: &str) -> Self {
        let variables = self
            .variables
            .iter()
            .filter(|(found, _)| found != name)
            .cloned()
            .collect();
        Self {
            folder: Arc::clone(&self.folder),
            variables,
        }
    }

    /// Runs `api-client` with arguments that are split at spaces, except between single quotes.
    pub fn api_client(&self, arguments: &str) -> Said {
        self.run(env!("CARGO_BIN_EXE_api-client"), arguments, "")
    }

    /// Runs `claviger` in the same way.
    pub fn claviger(&self, arguments: &str) -> Said {
        self.claviger_reading(arguments, "")
    }

    /// Runs `claviger` with something on its standard input.
    pub fn claviger_reading(&self, arguments: &str, input: &str) -> Said {
        self.run(env!("CARGO_BIN_EXE_claviger"), arguments, input)
    }

    /// Makes a client.
    pub fn make(&self, arguments: &str) -> Made {
        let said = self.api_client(&format!("create {arguments}"));
        assert_eq!(said.code, Some(0), "{said}");
        said.made()
    }

    /// A command in this folder, to be started.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// A file in this folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only its owner can read.
    pub fn write_private(&self, name: &str, content: impl AsRef<[u8]>) {
        let file = self.file(name);
        std::fs::write(&file, content).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    }

    /// The names of the files in this folder, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The first column of what a query finds, asked of the database itself.
    pub fn query(&self, statement: &str) -> Vec<String> {
        let found = block_on(texts_in(&self.file("claviger.db"), &[statement.to_owned()]));
        found.iter().map(|text| hide_user(text)).collect()
    }

    /// Everything that stands in the database, byte for byte: what a refusal must leave as it was.
    pub fn everything(&self) -> Vec<String> {
        let tables =
            self.query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name");
        let quoted = |table: &String| {
            let columns = format!(
                "SELECT group_concat('quote(' || name || ')', ' || '' '' || ') FROM pragma_table_info('{table}')"
            );
            format!(
                "SELECT '{table} ' || {} FROM {table} ORDER BY 1",
                self.query(&columns)[0]
            )
        };
        let statements: Vec<String> = tables.iter().map(quoted).collect();
        let rows = block_on(texts_in(&self.file("claviger.db"), &statements));
        assert!(
            rows.iter()
                .any(|row| row.starts_with("directory_version 1 ")),
            "the version, which every change raises, is among the rows: {rows:?}"
        );
        rows
    }

    /// What the audit log tells: who did what to whom.
    pub fn audit_log(&self) -> Vec<String> {
        self.query(
            "SELECT actor || ' ' || kind || ' ' || target FROM audit_events ORDER BY sequence",
        )
    }

    fn run(&self, program: &str, arguments: &str, input: &str) -> Said {
        let mut command = self.command(program);
        command
            .args(words(arguments))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may have closed its end.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Said::of(output)
    }
}

impl Said {
    /// What a process said; whoever runs the tests is called `ada`.
    pub fn of(output: Output) -> Self {
        let text = |bytes| hide_user(&String::from_utf8(bytes).unwrap());
        Self {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }

    /// The client that the line describes.
    pub fn made(&self) -> Made {
        let object: serde_json::Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{self}"));
        let text = |name: &str| {
            object[name]
                .as_str()
                .unwrap_or_else(|| panic!("{self}"))
                .to_owned()
        };
        Made {
            id: text("id"),
            secret: text("secret"),
        }
    }

    /// How it ended, and the first line on stderr; a refusal has no second one.
    pub fn complaint(&self) -> String {
        assert_eq!(self.stdout, "", "a refusal prints nothing on stdout");
        assert!(
            self.code != Some(1) || self.stderr.lines().count() == 1,
            "{self}"
        );
        format!(
            "{} {}",
            self.code.unwrap_or(-1),
            self.stderr.lines().next().unwrap_or_default()
        )
    }
}

/// The lines of stdout, the lines of stderr, and the exit code; what was generated is hidden.
impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for text in [&self.stdout, &self.stderr] {
            assert!(
                text.is_empty() || text.ends_with('\n'),
                "the last line has no end: {text}"
            );
        }
        formatter.write_str(&hide_generated(&self.stdout))?;
        for line in self.stderr.lines() {
            writeln!(formatter, "stderr: {line}")?;
        }
        write!(
            formatter,
            "exit: {}",
            self.code
                .map_or("signal".to_owned(), |code| code.to_string())
        )
    }
}

/// Whoever runs the tests, as the system's own `id` names them.
pub static USER: LazyLock<String> = LazyLock::new(|| {
    let id = |flag| {
        let output = Command::new("id").arg(flag).output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap().trim().to_owned(),
        )
    };
    match id("-un") {
        (true, name) => name,
        (false, _) => format!("uid {}", id("-u").1),
    }
});

/// Calls whoever runs the tests `ada`.
fn hide_user(text: &str) -> String {
    text.replace(&format!("shell:{}", *USER), "shell:ada")
}

/// Puts `[id]` for generated ids, `[secret]` for generated secrets, and `[tail]` for the end of a name that
/// ends as the id before it does.
pub fn hide_generated(text: &str) -> String {
    let mut shown = String::new();
    let mut tail = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(id) = generated(rest, "id_", 16) {
            id[id.len() - 4..].clone_into(&mut tail);
            shown.push_str("[id]");
            rest = &rest[id.len()..];
        } else if let Some(secret) = generated(rest, "key_", 32) {
            shown.push_str("[secret]");
            rest = &rest[secret.len()..];
        } else if let Some(after) = rest
            .strip_prefix("***")
            .filter(|_| !tail.is_empty())
            .and_then(|end| end.strip_prefix(&tail))
        {
            shown.push_str("***[tail]");
            rest = after;
        } else {
            shown.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    shown
}

/// A generated text at the beginning of another: its prefix and exactly so many characters that are not mistaken
/// for each other.
fn generated<'a>(text: &'a str, prefix: &str, length: usize) -> Option<&'a str> {
    let fits = |byte: &u8| {
        (byte.is_ascii_alphanumeric() || b"-_".contains(byte)) && !b"lIO0".contains(byte)
    };
    let count = text.strip_prefix(prefix)?.bytes().take_while(fits).count();
    (count == length).then(|| &text[..prefix.len() + length])
}

/// Splits at spaces, except between single quotes.
pub fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(place, part)| {
            if place % 2 == 1 {
                vec![part]
            } else {
                part.split_whitespace().collect()
            }
        })
        .map(ToOwned::to_owned)
        .collect()
}

/// Runs what only runs asynchronously.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
