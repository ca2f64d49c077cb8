//! The house's rules about itself, held by reading its sources.
//!
//! A rule is a function of one file, or of all of them, that says what is wrong. Each is first shown a
//! sample that breaks it, because a rule that cannot fail holds nothing.

use std::fs;
use std::path::Path;

mod circles;
mod code;
mod layers;
mod pairs;
mod planes;
mod sentences;
mod words;

/// A file of the project, by its path from the root.
#[derive(Clone, Debug)]
struct File {
    path: String,
    text: String,
}

/// Says what is wrong with a file, once for each place.
type Rule = fn(&File) -> Vec<String>;

/// The tests that quote what they forbid.
const QUOTES: &str = "tests/it/architecture";

/// Every file under a folder with this ending, but for packages that were installed there.
fn files(folder: &str, ending: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.ends_with("node_modules") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push(File {
                    text: fs::read_to_string(&path).unwrap(),
                    path: name,
                });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(
        !found.is_empty(),
        "{folder} has no .{ending} files; has the folder moved?"
    );
    found
}

fn sources() -> Vec<File> {
    files("src", "rs")
}

fn sources_and_tests() -> Vec<File> {
    let mut all = sources();
    all.extend(
        files("tests", "rs")
            .into_iter()
            .filter(|file| !file.is_in(&[QUOTES])),
    );
    all
}

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// Whether a line has this word; `wasm-unsafe-eval` and `unsafe_code` have not the word `unsafe`.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || "_-".contains(character);
    line.split(|character| !is_part(character))
        .any(|part| part == word)
}

impl File {
    /// The lines that are not comments, numbered.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .text
            .lines()
            .enumerate()
            .map(|(place, line)| (place + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The same, up to the tests at the end; nothing of a file of tests.
    fn code_before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test = self.path.ends_with("/tests.rs");
        self.code()
            .take_while(move |(_, line)| !is_test && line.trim() != "#[cfg(test)]")
    }

    /// The layer it lies in: `src/store/clients.rs` is in `store`.
    fn layer(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or_default();
        inside.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }

    /// `file:line: what` for each line that says so.
    fn lines<'a>(
        &'a self,
        lines: impl Iterator<Item = (usize, &'a str)>,
        wrong: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let wrong = lines.filter(|(_, line)| wrong(line));
        wrong
            .map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

/// Shows a rule the samples it must catch and those it must let pass, then holds it over files.
fn hold(rule: Rule, breaking: &[File], fine: &[File], files: &[File], advice: &str) {
    for sample in breaking {
        assert!(
            !rule(sample).is_empty(),
            "the rule no longer catches {sample:?}"
        );
    }
    for sample in fine {
        assert_eq!(
            rule(sample),
            Vec::<String>::new(),
            "the rule catches what is fine"
        );
    }
    let found: Vec<String> = files.iter().flat_map(rule).collect();
    assert!(found.is_empty(), "\n{}\n\n{advice}\n", found.join("\n"));
}
