//! Sentences for people stand with the words.

use super::{File, file, hold, sources};

/// The layers that give reasons as data.
const WITHOUT_SENTENCES: [&str; 4] = ["src/domain/", "src/service/", "src/store/", "src/http/"];

/// What may have sentences all the same, and why.
const EXCEPTIONS: [(&str, &str); 4] = [
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
];

/// Macros whose texts are for the log or for whoever reads a panic, and attributes.
const FOR_OTHERS: [&str; 9] = [
    "trace!(",
    "debug!(",
    "info!(",
    "warn!(",
    "error!(",
    "panic!(",
    ".expect(",
    "reason = ",
    "assert",
];

/// Whether a text has several words, begins with a capital letter and ends with a full stop.
fn is_sentence(text: &str) -> bool {
    text.starts_with(|first: char| first.is_uppercase())
        && text.ends_with('.')
        && text.split_whitespace().count() > 2
}

/// The texts of a line that begin and end on it.
fn texts(line: &str) -> impl Iterator<Item = String> {
    // A quotation mark inside a text is no end of it.
    let line = line.replace("\\\\", "").replace("\\\"", "'");
    let parts: Vec<String> = line.split('"').map(ToOwned::to_owned).collect();
    parts.into_iter().skip(1).step_by(2)
}

fn sentences(file: &File) -> Vec<String> {
    let is_exempt = EXCEPTIONS
        .iter()
        .any(|(path, _)| file.path.starts_with(path));
    if is_exempt || !file.is_in(&WITHOUT_SENTENCES) {
        return Vec::new();
    }
    let lines = file.code_before_tests();
    file.lines(lines, |line| {
        !FOR_OTHERS
            .iter()
            .any(|macro_name| line.contains(macro_name))
            && texts(line).any(|text| is_sentence(text.trim_end_matches("\\n")))
    })
}

#[test]
fn what_people_read_stands_with_the_words() {
    let breaking = [
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
    ];
    let fine = [
        file(
            "src/domain/words/en.rs",
            r#"Complaint::NameMissing => "Give it a name.","#,
        ),
        file("src/ui/pages/sign_in.rs", r#"<p>"Sign in to go on."</p>"#),
        file(
            "src/service/mod.rs",
            r#"tracing::error!("The database does not answer.");"#,
        ),
        file("src/domain/text.rs", "// \"This is not code.\""),
        file(
            "src/domain/text.rs",
            "#[cfg(test)]\nmod tests {\n    let it = \"This is a test.\";\n}",
        ),
        file("src/store/audit.rs", r#"let columns = "id, at, actor.";"#),
        file("src/domain/rights.rs", r#"let name = "Owner.";"#),
    ];
    let advice = "Say what is wrong with a variant of domain::complaint::Complaint, and give it its sentence in\n\
                  src/domain/words. So a program gets a code, and a person a language.";
    hold(sentences, &breaking, &fine, &sources(), advice);
}
