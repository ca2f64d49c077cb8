//! What belongs together: a store method and its story, a component and its stylesheet.

use super::{File, file, files};

/// The store's methods that no file of its contract calls.
fn untested(store: &[File], contract: &[File]) -> Vec<String> {
    let is_called = |name: &str| {
        let calls = [format!(".{name}("), format!("::{name}(")];
        contract.iter().any(|file| {
            calls
                .iter()
                .any(|call| file.code().any(|(_, line)| line.contains(call.as_str())))
        })
    };
    let mut missing = Vec::new();
    for file in store {
        for (number, line) in file.code_before_tests() {
            let Some((_, rest)) = line.split_once("pub async fn ") else {
                continue;
            };
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if !is_called(name) {
                missing.push(format!("{}:{number}: {name}", file.path));
            }
        }
    }
    missing
}

#[test]
fn every_store_method_is_called_by_its_contract() {
    let store = [file(
        "src/store/clients.rs",
        "    pub async fn find_client(&mut self, id: &ClientId) -> Result<()> {",
    )];
    let without = [file(
        "tests/it/store/clients.rs",
        "tx.find_client_by_number(1);\n// tx.find_client(&id)",
    )];
    assert_eq!(
        untested(&store, &[]),
        ["src/store/clients.rs:1: find_client"]
    );
    assert_eq!(untested(&store, &without).len(), 1);
    assert!(
        untested(
            &store,
            &[file(
                "tests/it/store/clients.rs",
                "tx.find_client(&id).await"
            )]
        )
        .is_empty()
    );

    let found = untested(&files("src/store", "rs"), &files("tests/it/store", "rs"));
    let advice = "Two engines are kept alike by tests/it/store alone. Add a story with on_both! that calls the\n\
                  method and says what comes of it.";
    assert!(found.is_empty(), "\n{}\n\n{advice}\n", found.join("\n"));
}

/// Components without a stylesheet, stylesheets without a component, and what the entry does not import.
fn unpaired(components: &[File], sheets: &[File], entry: &File) -> Vec<String> {
    let names = |files: &[File], folder: &str| -> Vec<String> {
        let inside = files
            .iter()
            .filter_map(|file| file.path.strip_prefix(folder).map(ToOwned::to_owned));
        inside
            .filter_map(|name| name.rsplit_once('.').map(|(name, _)| name.to_owned()))
            .collect()
    };
    let islands = names(components, "src/ui/islands/");
    let components = names(components, "src/ui/components/");
    let dressed = names(sheets, "style/components/");
    let lone = components
        .iter()
        .filter(|name| *name != "mod" && !dressed.contains(name));
    let has_markup = |name: &String| components.contains(name) || islands.contains(name);
    let empty = dressed.iter().filter(|name| !has_markup(name));
    let imported = |name: &String| entry.text.contains(&format!("\"./{name}.css\""));
    let unread = names(sheets, "style/")
        .into_iter()
        .filter(|name| name != "main" && !imported(name));
    lone.map(|name| format!("src/ui/components/{name}.rs has no style/components/{name}.css"))
        .chain(empty.map(|name| {
            format!("style/components/{name}.css has no component and no island of its name")
        }))
        .chain(unread.map(|name| format!("style/main.css does not import ./{name}.css")))
        .collect()
}

#[test]
fn every_component_has_its_stylesheet() {
    let (card, dressed) = (
        file("src/ui/components/card.rs", ""),
        file("style/components/card.css", ""),
    );
    let entry = file(
        "style/main.css",
        "@import \"./components/card.css\" layer(components);",
    );
    let pair = |components: &[&File], sheets: &[&File], entry: &File| {
        let owned = |files: &[&File]| files.iter().map(|file| (*file).clone()).collect::<Vec<_>>();
        unpaired(&owned(components), &owned(sheets), entry).len()
    };
    assert_eq!(
        pair(
            &[&card, &file("src/ui/components/mod.rs", "")],
            &[&dressed, &entry],
            &entry
        ),
        0
    );
    assert_eq!(
        pair(&[&card], &[], &entry),
        1,
        "a component without a stylesheet"
    );
    assert_eq!(
        pair(&[], &[&dressed], &entry),
        1,
        "a stylesheet without a component"
    );
    let island = file("src/ui/islands/card.rs", "");
    assert_eq!(pair(&[&island], &[&dressed], &entry), 0, "an island's");
    assert_eq!(
        pair(&[&card], &[&dressed], &file("style/main.css", "")),
        1,
        "a stylesheet that nobody reads"
    );
    assert_eq!(
        pair(&[], &[&file("style/base.css", "")], &entry),
        1,
        "the same outside components"
    );

    let sheets = files("style", "css");
    let entry = sheets
        .iter()
        .find(|file| file.path == "style/main.css")
        .unwrap();
    let mut markup = files("src/ui/components", "rs");
    markup.extend(files("src/ui/islands", "rs"));
    let found = unpaired(&markup, &sheets, entry);
    let advice = "A component and its stylesheet have the same name, and style/main.css imports every sheet.";
    assert!(found.is_empty(), "\n{}\n\n{advice}\n", found.join("\n"));
}
