//! No file needs a file that needs it, be it by way of others.
//!
//! What a file needs are the files in which the names stand that it uses, in `use` or in a path. A name that a parent
//! module only hands on (`pub use`) belongs to the file that has it.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, file, has_word, sources};

/// The segments of a path: of a module from the crate's root, or as it is written.
type Segments = Vec<String>;

/// One name that a `use` brings in.
struct Use {
    path: Segments,
    name: String,
    is_exported: bool,
}

/// A file, and what it says about others.
struct Module<'a> {
    file: &'a str,
    uses: Vec<Use>,
    body: String,
}

type Modules<'a> = BTreeMap<Segments, Module<'a>>;

fn segments(path: &str) -> Segments {
    let parts = path.split("::").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

/// The module that a file is, or none for a program's root.
fn module_name(path: &str) -> Option<Segments> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    if inside == "main" || inside.starts_with("bin/") {
        return None;
    }
    let mut name: Segments = inside.split('/').map(ToOwned::to_owned).collect();
    if ["mod", "lib"].contains(&name.last()?.as_str()) {
        name.pop();
    }
    Some(name)
}

/// The parts of a group, at its commas that are in no group inside.
fn parts(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let at_comma = |character: char| {
        depth += i32::from(character == '{') - i32::from(character == '}');
        character == ',' && depth == 0
    };
    group.split(at_comma).collect()
}

/// Reads what stands between `use` and `;`.
fn read_tree(tree: &str, before: &[String], is_exported: bool) -> Vec<Use> {
    if let Some((start, group)) = tree.split_once('{') {
        let before = [before, &segments(start)].concat();
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        return parts(group)
            .into_iter()
            .flat_map(|part| read_tree(part, &before, is_exported))
            .collect();
    }
    let (path, name) = match tree.split_once(" as ") {
        Some((path, name)) => (path, Some(name.trim().to_owned())),
        None => (tree, None),
    };
    let mut path = [before, &segments(path)].concat();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = name.or_else(|| path.last().cloned());
    name.map(|name| Use {
        path,
        name,
        is_exported,
    })
    .into_iter()
    .collect()
}

/// A line without the path of `pub(in path)`, which names no file.
fn without_visibility(line: &str) -> String {
    match line.split_once("pub(in ") {
        Some((before, after)) => {
            let rest = after.split_once(") ").map_or("", |(_, rest)| rest);
            format!("{before}pub {rest}")
        }
        None => line.to_owned(),
    }
}

fn read(file: &File) -> Module<'_> {
    let (mut uses, mut body) = (Vec::new(), String::new());
    let mut statement = String::new();
    for (_, line) in file.code_before_tests() {
        let line = line.trim();
        let begins = line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ");
        if statement.is_empty() && !begins {
            body.push_str(&without_visibility(line));
            body.push('\n');
            continue;
        }
        statement.push_str(line);
        if let Some((visibility, tree)) = statement.split_once("use ")
            && let Some(tree) = tree.strip_suffix(';')
        {
            uses.extend(read_tree(tree, &[], !visibility.is_empty()));
            statement.clear();
        }
    }
    Module {
        file: &file.path,
        uses,
        body,
    }
}

/// A path from the crate's root, or none when it leads into another crate.
fn from_root(modules: &Modules, at: &[String], path: &[String]) -> Option<Segments> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([at, rest].concat()),
        "super" => {
            let climbed = path.iter().take_while(|part| *part == "super").count();
            let above = &at[..at.len().checked_sub(climbed)?];
            Some([above, &path[climbed..]].concat())
        }
        _ => {
            let child = [at, std::slice::from_ref(first)].concat();
            modules.contains_key(&child).then(|| [at, path].concat())
        }
    }
}

/// The module in whose file a name stands.
fn home(modules: &Modules, path: &[String], steps: usize) -> Segments {
    let is_module = |length: &usize| modules.contains_key(&path[..*length]);
    let length = (0..=path.len()).take_while(is_module).last().unwrap_or(0);
    let module = path[..length].to_vec();
    let handed_on = path.get(length).and_then(|name| {
        let uses = &modules.get(&module)?.uses;
        uses.iter()
            .filter(|found| found.name == *name)
            .find_map(|found| from_root(modules, &module, &found.path))
    });
    match handed_on {
        Some(other) if steps > 0 && other != path => home(modules, &other, steps - 1),
        _ => module,
    }
}

/// The files that a module needs.
fn needs<'a>(modules: &'a Modules, name: &Segments, module: &Module) -> BTreeSet<&'a str> {
    let is_used =
        |it: &&Use| !it.is_exported || module.body.lines().any(|line| has_word(line, &it.name));
    let imported = module.uses.iter().filter(is_used).map(|it| it.path.clone());
    let is_part = |character: char| character.is_alphanumeric() || "_:".contains(character);
    let written = module
        .body
        .split(|character| !is_part(character))
        .map(segments)
        .filter(|path| path.len() > 1);
    imported
        .chain(written)
        .filter_map(|path| from_root(modules, name, &path))
        .map(|path| modules[&home(modules, &path, 9)].file)
        .filter(|file| *file != module.file)
        .collect()
}

/// Each step of each circle, as `file -> file`.
fn circles(files: &[File]) -> Vec<String> {
    let modules: Modules = files
        .iter()
        .filter_map(|file| Some((module_name(&file.path)?, read(file))))
        .collect();
    let graph: BTreeMap<&str, BTreeSet<&str>> = modules
        .iter()
        .map(|(name, module)| (module.file, needs(&modules, name, module)))
        .collect();
    let leads_to = |from: &str, to: &str| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            if file == to {
                return true;
            }
            if seen.insert(file) {
                next.extend(graph.get(file).into_iter().flatten());
            }
        }
        false
    };
    graph
        .iter()
        .flat_map(|(from, needed)| needed.iter().map(move |to| (*from, *to)))
        .filter(|(from, to)| leads_to(to, from))
        .map(|(from, to)| format!("{from} -> {to}"))
        .collect()
}

/// The texts of a parent module and two children, and how many steps their circle has.
const BREAKING: [([&str; 3], usize); 6] = [
    (
        ["", "use super::other::Thing;", "use crate::a::one::make;"],
        2,
    ),
    (
        [
            "",
            "use super::{\n    other::Thing,\n};",
            "fn f() {\n    super::one::make();\n}",
        ],
        2,
    ),
    (["mod one;\nuse one::make;", "use super::Thing;", ""], 2),
    (
        [
            "mod one;\nfn f() {\n    one::make();\n}",
            "use super::Thing;",
            "",
        ],
        2,
    ),
    (
        [
            "pub use other::Thing;",
            "use super::Thing;",
            "use super::one as first;",
        ],
        2,
    ),
    (
        [
            "use one::{self, make};",
            "use super::other::Thing;",
            "use crate::a::{Part, b};",
        ],
        3,
    ),
];

/// The same without a circle.
const FINE: [[&str; 3]; 4] = [
    [
        "pub use one::make;\npub use other::Thing;",
        "use super::Thing;",
        "",
    ],
    ["", "use super::other::Thing;", "// use super::one::make;"],
    [
        "",
        "use super::other::Thing;",
        "#[cfg(test)]\nmod tests {\n    use crate::a::one;\n}",
    ],
    [
        "mod one;\nmod other;",
        "use std::other;\nuse super::other::{Thing, self};",
        "",
    ],
];

#[test]
fn no_files_need_each_other() {
    let (root, top) = (file("src/lib.rs", "mod a;"), "src/a/mod.rs");
    let circles_of = |texts: [&str; 3]| {
        let [parent, one, other] = texts;
        let files = [
            root.clone(),
            file(top, parent),
            file("src/a/one.rs", one),
            file("src/a/other.rs", other),
        ];
        circles(&files)
    };
    for (breaking, steps) in BREAKING {
        let found = circles_of(breaking);
        assert_eq!(found.len(), steps, "{breaking:?}: {found:?}");
    }
    for fine in FINE {
        assert_eq!(circles_of(fine), Vec::<String>::new(), "{fine:?}");
    }

    let found = circles(&sources());
    let advice = "Each of these steps is part of a circle. Move the names that two files share into a file of their\n\
                  own, below both; a parent module that declares its children only hands names on.";
    assert!(found.is_empty(), "\n{}\n\n{advice}\n", found.join("\n"));
}
