//! What stands in no file.

use super::{File, file, files, has_word, hold, sources, sources_and_tests};

/// The longest a file may be.
const LONGEST: usize = 400;

/// What the browser calls when something happens, if it stands in the markup.
const HANDLERS: [&str; 8] = [
    "click", "change", "input", "submit", "key", "focus", "load", "error",
];

fn too_long(file: &File) -> Vec<String> {
    let count = file.text.lines().count();
    if count > LONGEST {
        vec![format!("{}: {count} lines", file.path)]
    } else {
        Vec::new()
    }
}

#[test]
fn no_file_is_over_400_lines() {
    let breaking = [file("src/domain/client.rs", &"\n".repeat(401))];
    let fine = [file("src/domain/client.rs", &"\n".repeat(400))];
    let advice =
        "A file has one subject and at most 400 lines. Find the second subject and give it a file.";
    hold(
        too_long,
        &breaking,
        &fine,
        &[sources(), files("tests", "rs")].concat(),
        advice,
    );
}

fn unsafe_code(file: &File) -> Vec<String> {
    file.lines(file.code(), |line| has_word(line, "unsafe"))
}

#[test]
fn nothing_is_unsafe() {
    let breaking = [
        file("src/store/mod.rs", "    unsafe { read() }"),
        file("src/lib.rs", "pub unsafe fn read() {}"),
    ];
    let fine = [
        file("src/http/headers.rs", "\"script-src 'wasm-unsafe-eval'\""),
        file("src/lib.rs", "unsafe_code"),
    ];
    let advice =
        "There is no unsafe code in this fixture. Find a crate that is known for doing it well.";
    hold(unsafe_code, &breaking, &fine, &sources_and_tests(), advice);
}

fn unwrapped(file: &File) -> Vec<String> {
    file.lines(file.code_before_tests(), |line| line.contains(".unwrap()"))
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let breaking = [file("src/store/mod.rs", "let row = rows.next().unwrap();")];
    let fine = [
        file(
            "src/store/mod.rs",
            "#[cfg(test)]\nmod tests {\n    row.unwrap();\n}",
        ),
        file(
            "src/store/mod.rs",
            "row.unwrap_or_default(); // never .unwrap_err()",
        ),
        file("src/store/mod.rs", "/// assert!(parse(\"a\").unwrap());"),
    ];
    let advice = "Return the error, or use expect() with the invariant that keeps it from failing as its text.\n\
                  Tests come last in a file.";
    hold(unwrapped, &breaking, &fine, &sources(), advice);
}

/// Whether a line of markup has an attribute of this name, written as HTML has it.
fn has_attribute(line: &str, is_name: impl Fn(&str) -> bool) -> bool {
    line.split_whitespace().any(|word| {
        word.split_once('=')
            .is_some_and(|(name, value)| !value.is_empty() && is_name(name))
    })
}

fn inline(file: &File) -> Vec<String> {
    let is_handler = |name: &str| {
        name.strip_prefix("on")
            .is_some_and(|event| HANDLERS.iter().any(|known| event.starts_with(known)))
    };
    let is_inline = |name: &str| name == "style" || name.starts_with("style:") || is_handler(name);
    file.lines(file.code(), |line| has_attribute(line, is_inline))
}

#[test]
fn style_and_script_stay_out_of_the_markup() {
    let path = "src/ui/components/card.rs";
    let breaking = [
        file(path, "<p style=\"color: red\">"),
        file(path, "<p class=\"card\" style=move || colour()>"),
        file(path, "<p style:width=\"3px\">"),
        file(path, "<button type=\"button\" onclick=\"alert(1)\">"),
    ];
    let fine = [
        file(path, "<button on:click=move |_| save()>"),
        file(path, "let style = once.get();"),
        file(path, "<Card style_name=\"wide\" only=true>"),
    ];
    let ui: Vec<File> = sources()
        .into_iter()
        .filter(|file| file.room() == "ui")
        .collect();
    let advice = "The content security policy forbids inline style and script. Give the stylesheet a state to look\n\
                  at (an attribute), and listen with on:click.";
    hold(inline, &breaking, &fine, &ui, advice);
}
