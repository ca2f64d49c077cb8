//! What stands in no file.

use super::{File, file, files, has_word, hold, sources, sources_and_tests};

/// The longest a file may be.
const LONGEST_FILE: usize = 350;

/// The longest a function may be.
const LONGEST_FUNCTION: usize = 70;

/// A match with an arm for each complaint or event, so that the compiler finds one without words.
const LONG_FUNCTIONS: [&str; 3] = [
    "src/domain/words/en.rs",
    "src/domain/words/en/event/mod.rs",
    "src/domain/words/en/participant.rs",
];

/// What the browser calls when something happens, if it stands in the markup.
const HANDLERS: [&str; 8] = [
    "click", "change", "input", "submit", "key", "focus", "load", "error",
];

fn too_long(file: &File) -> Vec<String> {
    let count = file.text.lines().count();
    if count > LONGEST_FILE {
        vec![format!("{}: {count} lines", file.path)]
    } else {
        Vec::new()
    }
}

/// Sources and tests but those that are still to be shortened.
fn all_but(left_out: &[&str]) -> Vec<File> {
    let all = [sources(), files("tests", "rs")].concat();
    all.into_iter()
        .filter(|file| !left_out.contains(&file.path.as_str()))
        .collect()
}

#[test]
fn no_file_is_over_350_lines() {
    let breaking = [
        file("src/domain/client.rs", &"\n".repeat(351)),
        file("end2end/tests/clients.spec.ts", &"\n".repeat(351)),
    ];
    let fine = [file("src/domain/client.rs", &"\n".repeat(350))];
    let all = [all_but(&[]), files("end2end", "ts")].concat();
    let advice =
        "A file has one subject and at most 350 lines. Find the second subject and give it a file.";
    hold(too_long, &breaking, &fine, &all, advice);
}

/// Whether a line begins a function, whose name comes behind.
fn function(line: &str) -> Option<&str> {
    let (before, name) = line.trim_start().split_once("fn ")?;
    let is_prefix = |word: &str| {
        word.starts_with("pub") || ["const", "async", "unsafe", "extern"].contains(&word)
    };
    let is_function = before.split_whitespace().all(is_prefix);
    is_function.then(|| name.split(['(', '<']).next().unwrap_or(name))
}

/// As rustfmt writes it, a function ends at the first brace that is as far in as its beginning.
fn long_functions(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let length = |begin: usize| {
        let indent = lines[begin].len() - lines[begin].trim_start().len();
        let ends = |line: &&str| {
            line.len() > indent
                && line.trim_start().starts_with('}')
                && !line[..=indent].ends_with(' ')
        };
        let rest = &lines[begin + 1..];
        rest.iter().position(ends).map_or(1, |end| end + 2)
    };
    let functions = (0..lines.len()).filter_map(|begin| Some((begin, function(lines[begin])?)));
    functions
        .filter(|(begin, _)| !lines[*begin].ends_with([';', '}']))
        .map(|(begin, name)| (begin, name, length(begin)))
        .filter(|(.., count)| *count > LONGEST_FUNCTION)
        .map(|(begin, name, count)| format!("{}:{}: {name}, {count} lines", file.path, begin + 1))
        .collect()
}

#[test]
fn no_function_is_over_70_lines() {
    let path = "src/store/clients.rs";
    let sample = |before: &str, lines: usize| {
        let inside = format!("{before}    if true {{\n{before}    }}\n").repeat(lines / 2 - 1);
        file(
            path,
            &format!("{before}pub(super) async fn find<T>() {{\n{inside}{before}}}\n"),
        )
    };
    let breaking = [
        sample("", 72),
        sample("    ", 72),
        file(
            path,
            &format!("fn wide(\n{}) {{\n}}\n", "    one: u8,\n".repeat(68)),
        ),
    ];
    let fine = [
        sample("", 70),
        file(
            path,
            &format!("{}{}", sample("    ", 70).text, sample("    ", 70).text),
        ),
        file(
            path,
            &format!("fn short() {{}}\n{}", "// fn none\n".repeat(90)),
        ),
        file(
            path,
            &format!(
                "trait Find {{\n    fn find(&self);\n{}}}\n",
                "\n".repeat(90)
            ),
        ),
    ];
    let advice = "A function does one thing in at most 70 lines. Give a name to a part of it; a table of cases is a constant.";
    hold(
        long_functions,
        &breaking,
        &fine,
        &all_but(&LONG_FUNCTIONS),
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
        "There is no unsafe code in this project. Find a crate that is known for doing it well.";
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
        .filter(|file| file.layer() == "ui")
        .collect();
    let advice = "The content security policy forbids inline style and script. Give the stylesheet a state to look\n\
                  at (an attribute), and listen with on:click.";
    hold(inline, &breaking, &fine, &ui, advice);
}

/// Files with a tuple among a function's parameters, which is still to be named.
const TUPLES: [&str; 0] = [];

/// The parameters in the text that begins with a function's name, as rustfmt writes them.
fn parameters(signature: &str) -> Vec<String> {
    let (mut depth, mut is_inside) = (0, false);
    let mut found = vec![String::new()];
    for character in signature.replace("->", "").chars() {
        match character {
            '(' if depth == 0 => (depth, is_inside) = (1, true),
            ')' if depth == 1 && is_inside => return found,
            ',' if depth == 1 && is_inside => found.push(String::new()),
            _ => {
                depth += i32::from("([{<".contains(character));
                depth -= i32::from(")]}>".contains(character));
                if let Some(parameter) = found.last_mut().filter(|_| is_inside) {
                    parameter.push(character);
                }
            }
        }
    }
    Vec::new()
}

/// Whether a pattern or a type is a tuple or a reference to one.
fn is_tuple(text: &str) -> bool {
    let mut text = text.trim_start();
    while let Some(target) = text.strip_prefix('&') {
        let is_lifetime = target.starts_with('\'');
        let target = target
            .split_once(' ')
            .filter(|_| is_lifetime)
            .map_or(target, |(_, rest)| rest);
        text = target.trim_start_matches("mut ");
    }
    text.strip_prefix('(').is_some_and(|inside| {
        ![")", "dyn ", "impl "]
            .iter()
            .any(|other| inside.starts_with(other))
    })
}

fn tuple_parameters(file: &File) -> Vec<String> {
    let lines: Vec<(usize, &str)> = file.code().collect();
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let Some((_, name)) = line
            .split_once("fn ")
            .filter(|(before, _)| !before.contains('"'))
        else {
            continue;
        };
        let rest = lines[index + 1..].iter().map(|(_, line)| *line);
        let signature = std::iter::once(name)
            .chain(rest)
            .take(30)
            .collect::<Vec<_>>()
            .join("\n");
        for parameter in parameters(&signature) {
            let parameter = parameter
                .rsplit("#[server(default)]")
                .next()
                .unwrap_or_default();
            let (pattern, kind) = parameter.split_once(": ").unwrap_or((parameter, ""));
            if is_tuple(pattern) || is_tuple(kind) {
                found.push(format!("{}:{number}: {}", file.path, parameter.trim()));
            }
        }
    }
    found
}

#[test]
fn no_parameter_is_a_tuple() {
    let path = "src/store/clients.rs";
    let breaking = [
        file(path, "fn add((hour, count): (i64, i64)) {}"),
        file(
            path,
            "pub fn add<F: Fn() -> u8>(&self, last: &'a mut (i64, Time)) {}",
        ),
        file(
            path,
            "pub(super) async fn add(\n    &self,\n    &(hour, count): &Counts,\n) {}",
        ),
    ];
    let fine = [
        file(
            path,
            "fn add(&self, counts: &[(i64, i64)], done: ()) -> (i64, i64) {}",
        ),
        file(
            path,
            "fn add(each: impl Fn((i64, i64)) -> bool, state: State<(A, B)>) {}",
        ),
        file(
            path,
            "fn add(each: &(dyn Fn(i64) + Sync)) {\n    all.map(|(a, b): (i64, i64)| a);\n}",
        ),
    ];
    let left_out = |file: &File| TUPLES.contains(&file.path.as_str());
    let files: Vec<File> = sources_and_tests()
        .into_iter()
        .filter(|file| !left_out(file))
        .collect();
    let advice =
        "Give the tuple's parts names: a struct, or a parameter each (at most four besides self).";
    hold(tuple_parameters, &breaking, &fine, &files, advice);
}
