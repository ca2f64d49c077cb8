//! Words that say something else in this field, or nothing.

use super::sentences::texts;
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

/// Names in code that were in use and say too little, each with what says more. Prose may have them, and names of tests.
const NAMES: [(&str, &str); 8] = [
    ("told", "sentence, summary, what was asked for"),
    ("Told", "EventSentence"),
    ("_turn", "what the guard excludes"),
    ("turn", "permit, place in a rotation"),
    ("Wanted", "the act that was asked for"),
    ("nobody", "unknown and what"),
    ("NOBODY", "what is missing"),
    ("void", "invalid and what"),
];

/// The code of a file, line by line, without its comments and texts.
fn code_alone(text: &str) -> String {
    let (mut alone, mut end) = (String::new(), 0);
    for literal in texts(text) {
        alone.push_str(&text[end..literal.at]);
        alone.extend(literal.text.matches('\n'));
        end = literal.at + literal.text.len() + 2;
    }
    alone.push_str(&text[end..]);
    alone
}

fn vague_names(file: &File) -> Vec<String> {
    let code = code_alone(&file.text);
    let code = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let is_vague = |line: &str| NAMES.iter().any(|(name, _)| has_word(line, name));
    file.lines((1..).zip(code), is_vague)
}

#[test]
fn names_say_what_they_name() {
    let path = "src/domain/words/en/event/mod.rs";
    let breaking = [
        file(path, "pub fn told(event: &Event) -> String {"),
        file(path, "    let Told {\n        before,"),
        file(path, "say(\"all\", told.after);"),
    ];
    let fine = [
        file(path, "fn of_a_token_its_end_is_told() {}"),
        file(
            path,
            "// They cannot be told apart.\nlet end = 1; // As it was told.",
        ),
        file(path, "say(\"Programs are \\\n    told less.\");"),
        file(path, "say(r#\"They are \"told\" less.\"#);"),
    ];
    let advice = NAMES
        .map(|(name, instead)| format!("{name}: {instead}"))
        .join("\n");
    hold(vague_names, &breaking, &fine, &sources(), &advice);
}
