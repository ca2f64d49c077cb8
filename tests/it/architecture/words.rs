//! Words that say something else in this field, or nothing.

use super::{File, file, files, has_word, hold, sources};

/// Metaphors that were in use, each with the word that is used for it.
const METAPHORS: [(&str, &str); 16] = [
    ("gate", "freshness, queue"),
    ("door", "request origin"),
    ("doors", "request origins"),
    ("pulse", "version probe"),
    ("tally", "counters"),
    ("tallies", "counters"),
    ("trail", "audit log"),
    ("keeper", "switch queue"),
    ("patience", "timeout"),
    ("patiently", "with a timeout"),
    ("spark", "sparkline"),
    ("knock", "ask"),
    ("knocks", "asks"),
    ("house", "server, project"),
    ("room", "layer, module"),
    ("denial", "denylist entry"),
];

fn metaphors(file: &File) -> Vec<String> {
    // Names of organizations that a demo is filled with, and passwords that people choose.
    if file.is_in(&["src/service/console/demo/names.rs", "src/domain/common_"]) {
        return Vec::new();
    }
    let parts = |line: &str| line.to_lowercase().replace(['_', '-', '/'], " ");
    let is_metaphor = |line: &str| {
        let line = parts(line);
        METAPHORS.iter().any(|(word, _)| has_word(&line, word))
    };
    file.lines(
        file.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line)),
        is_metaphor,
    )
}

#[test]
fn the_words_are_those_of_the_field() {
    let path = "src/service/directory/freshness.rs";
    let breaking = [
        file(path, "/// Waits at the gate."),
        file(path, "let door_host = host;"),
        file("docs/tokens.md", "An entry in the trail."),
    ];
    let fine = [
        file(path, "use_navigate();"),
        file(path, "/// An aggregate of outdoor events."),
    ];
    let all = [sources(), files("docs", "md")].concat();
    let advice = METAPHORS
        .map(|(word, instead)| format!("{word}: {instead}"))
        .join("\n");
    hold(metaphors, &breaking, &fine, &all, &advice);
}
