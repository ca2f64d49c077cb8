//! Sentences for people stand with the words.

use super::{File, file, hold, sources};

/// The layers that give reasons as data.
const WITHOUT_SENTENCES: [&str; 7] = [
    "src/domain/",
    "src/service/",
    "src/store/",
    "src/http/",
    "src/server/",
    "src/cli/",
    "src/config.rs",
];

/// What may have sentences all the same, and why.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("src/domain/words/", "has them all"),
    (
        "src/http/oauth/",
        "`error_description` is for developers, in ASCII (RFC 6749 §5.2)",
    ),
    ("src/service/oauth/", "the same"),
    (
        "src/service/console/demo/names.rs",
        "names that a demo is filled with",
    ),
    ("src/server/jobs.rs", "names of jobs, for the log"),
];

/// Calls whose texts are for the log or for whoever reads a panic, and the attribute with the reason of an exception.
const FOR_OTHERS: [&str; 7] = [
    "trace!", "debug!", "info!", "warn!", "error!", "panic!", "expect",
];

/// Words that hardly a text without a clause has: SQL is written in capitals, and names have none of them.
const OF_CLAUSES: &str = "the is are was were has have had be been cannot could must may not no does do it that there \
    this which to with or and for in on";

/// A text in code, as a literal.
pub(super) struct Literal<'a> {
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// The name before the bracket that it stands in, such as `format!`.
    call: &'a str,
    pub(super) text: &'a str,
}

/// Whether a text has several words, and begins with a capital letter and ends with a full stop, or has a word that only
/// clauses have.
fn is_sentence(text: &str) -> bool {
    let text = text.trim_end_matches("\\n");
    let is_whole = text.starts_with(char::is_uppercase) && text.ends_with('.');
    let plain = |word: &'_ str| !word.contains(|letter: char| !letter.is_lowercase());
    let mut words = text.split(|letter: char| letter.is_whitespace() || ".,;:()".contains(letter));
    let is_clause = words.any(|word| {
        !word.is_empty() && plain(word) && OF_CLAUSES.split_whitespace().any(|it| it == word)
    });
    text.split_whitespace().count() > 2 && (is_whole || is_clause)
}

/// The texts of code, in the order in which they stand.
pub(super) fn texts(code: &str) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let mut calls = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].find(['"', '\'', '/', '(', '[', '{', ')', ']', '}']) {
        at += next;
        let (before, rest) = code.split_at(at);
        at += match rest.as_bytes()[0] {
            b'"' => {
                let length = text_length(before, rest);
                let call = calls.last().copied().unwrap_or_default();
                let text = &rest[1..length - 1];
                // Bytes are for no reader.
                if !before.ends_with('b') {
                    found.push(Literal { at, call, text });
                }
                length
            }
            b'\'' => character_length(rest),
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'/' => 1,
            b'(' | b'[' | b'{' => {
                let is_part = |letter: char| letter.is_alphanumeric() || "_!".contains(letter);
                calls.push(
                    before
                        .rsplit(|letter| !is_part(letter))
                        .next()
                        .unwrap_or_default(),
                );
                1
            }
            _ => {
                calls.pop();
                1
            }
        };
    }
    found
}

/// The length of the text that begins here, with its quotation marks.
fn text_length(before: &str, rest: &str) -> usize {
    let name = before.trim_end_matches('#');
    if name.ends_with('r') {
        let end = format!("\"{}", &before[name.len()..]);
        return rest[1..].find(&end).map_or(rest.len(), |length| length + 2);
    }
    let mut is_escaped = false;
    let end = rest[1..].find(|letter| {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end
    });
    end.map_or(rest.len(), |length| length + 2)
}

/// The length of the character that begins here; of a lifetime, that of its apostrophe.
fn character_length(rest: &str) -> usize {
    let inside = &rest[1..];
    let first = inside.chars().next().map_or(0, char::len_utf8);
    if inside.starts_with('\\') {
        inside[2..].find('\'').map_or(1, |length| length + 4)
    } else if inside[first..].starts_with('\'') {
        first + 2
    } else {
        1
    }
}

fn sentences(file: &File) -> Vec<String> {
    let is_exempt = EXCEPTIONS
        .iter()
        .any(|(path, _)| file.path.starts_with(path));
    if is_exempt || !file.is_in(&WITHOUT_SENTENCES) || file.path.ends_with("/tests.rs") {
        return Vec::new();
    }
    let code = file
        .text
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    texts(code)
        .into_iter()
        .filter(|found| !FOR_OTHERS.contains(&found.call) && !found.call.contains("assert"))
        .filter(|found| is_sentence(found.text))
        .map(|found| {
            let line = 1 + code[..found.at].matches('\n').count();
            format!("{}:{line}: {}", file.path, found.text)
        })
        .collect()
}

fn breaking() -> Vec<File> {
    vec![
        file(
            "src/service/console/admins.rs",
            r#"    Error::Conflict("There is an administrator already. Sign in instead.".to_owned())"#,
        ),
        file(
            "src/domain/secret.rs",
            r#"        return Err(format!("A secret has {MIN} to {MAX} characters."));"#,
        ),
        file(
            "src/store/clients.rs",
            r#"    "There is no client `{id}`.""#,
        ),
        file(
            "src/http/pages.rs",
            r#"    let message = "This request is not a \"form\".\n";"#,
        ),
        file(
            "src/store/open.rs",
            "    Err(Error::Open(format!(\n        \"the database {url} belongs to a newer \\\n         Claviger\"\n    )))",
        ),
        file(
            "src/store/error.rs",
            r#"    #[error("the database cannot be asked")]"#,
        ),
        file(
            "src/cli/typed.rs",
            r#"    let ('"', it) = found; bail!("nothing was typed; nothing was changed");"#,
        ),
        file(
            "src/cli/open.rs",
            "    .with_context(|| r#\"{} cannot be \"read\"\"#)?;",
        ),
        file("src/config.rs", r#"    Err("that is too long".to_owned())"#),
    ]
}

fn fine() -> Vec<File> {
    vec![
        file(
            "src/domain/words/en.rs",
            r#"Complaint::NameMissing => "Give it a name.","#,
        ),
        file("src/ui/pages/sign_in.rs", r#"<p>"Sign in to go on."</p>"#),
        file(
            "src/service/mod.rs",
            r#"tracing::error!("The database does not answer.");"#,
        ),
        file(
            "src/store/open.rs",
            "    let tables = r#\"SELECT a.\"id\" FROM admins a WHERE a.id IS NOT NULL\"#;",
        ),
        file(
            "src/server/run.rs",
            "    tracing::warn!(\n        network = network(\"it\"),\n        \"too many guesses \\\n         are made\"\n    );",
        ),
        file(
            "src/service/clock.rs",
            r#"    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]"#,
        ),
        file("src/domain/text.rs", "// \"This is not code.\""),
        file(
            "src/service/auth/hash_queue.rs",
            r#"    hash(b"nobody has this password")"#,
        ),
        file(
            "src/domain/text.rs",
            "#[cfg(test)]\nmod tests {\n    let it = \"This is a test.\";\n}",
        ),
        file("src/store/audit.rs", r#"let columns = "id, at, actor.";"#),
        file("src/domain/rights.rs", r#"let name = "Owner.";"#),
    ]
}

#[test]
fn what_people_read_stands_with_the_words() {
    let advice = "Say what is wrong with a variant of a complaint (domain::complaint, domain::start, domain::command), and\n\
                  give it its sentence in src/domain/words. So a program gets data, and a person a language.";
    hold(sentences, &breaking(), &fine(), &sources(), advice);
}
