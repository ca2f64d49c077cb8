//! Values that begin with a hyphen.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};

use clap::Command;

/// Rewrites `--id -x` as `--id=-x`, which clap parses as a value: ids, secrets, names and addresses may begin with a
/// hyphen. Two hyphens begin a flag, so that a forgotten value does not consume the next flag; a value with two hyphens
/// needs `=`.
pub fn joined(command: &Command, arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut options = HashSet::new();
    collect_options(command, &mut options);
    let mut joined: Vec<OsString> = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            joined.push(argument);
            joined.extend(arguments);
            break;
        }
        let option = joined
            .last_mut()
            .filter(|last| last.to_str().is_some_and(|last| options.contains(last)));
        match option {
            Some(option) if is_hyphened_value(&argument) => {
                option.push("=");
                option.push(argument);
            }
            _ => joined.push(argument),
        }
    }
    joined
}

fn is_hyphened_value(argument: &OsStr) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.len() > 1
        && bytes[0] == b'-'
        && bytes[1] != b'-'
        && !["-h", "-V"].map(OsStr::new).contains(&argument)
}

/// The long flags that take a value, such as `--id`, of a command and its subcommands.
fn collect_options(command: &Command, options: &mut HashSet<String>) {
    for argument in command.get_arguments() {
        if argument.get_action().takes_values() {
            let names = argument.get_long_and_visible_aliases().unwrap_or_default();
            options.extend(names.into_iter().map(|name| format!("--{name}")));
        }
    }
    for below in command.get_subcommands() {
        collect_options(below, options);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Book {
        #[arg(long, visible_alias = "call-mark")]
        mark: String,
        #[arg(long, value_delimiter = ',')]
        author: Vec<String>,
        #[arg(long)]
        lent: bool,
        file: Option<String>,
    }

    fn read(line: &str) -> Result<(String, Vec<String>, bool, Option<String>), clap::Error> {
        let arguments = std::iter::once("book")
            .chain(line.split(' '))
            .map(OsString::from);
        let book = Book::try_parse_from(joined(
            &<Book as clap::CommandFactory>::command(),
            arguments,
        ))?;
        Ok((book.mark, book.author, book.lent, book.file))
    }

    #[test]
    fn what_begins_with_a_hyphen_is_a_value_where_one_is_due() {
        for (line, mark) in [
            ("--mark -7", "-7"),
            ("--mark -a-b", "-a-b"),
            ("--call-mark -a", "-a"),
            ("--mark -", "-"),
            ("--mark=-a", "-a"),
            ("--mark=--lent", "--lent"),
            ("--mark -a=b", "-a=b"),
            ("--lent --mark -l", "-l"),
        ] {
            let book = read(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(book.0, mark, "{line}");
        }
        let authors = read("--author -a,-b --author -c --mark x").unwrap().1;
        assert_eq!(authors, ["-a", "-b", "-c"]);
        assert_eq!(read("--mark x -- -y").unwrap().3.as_deref(), Some("-y"));
    }

    #[test]
    fn a_forgotten_value_takes_no_flag() {
        use clap::error::ErrorKind;
        for (line, kind) in [
            ("--mark --lent", ErrorKind::InvalidValue),
            ("--mark --author x", ErrorKind::InvalidValue),
            ("--mark -- -x", ErrorKind::InvalidValue),
            ("--mark", ErrorKind::InvalidValue),
            ("--mark x -y", ErrorKind::UnknownArgument),
            ("--mark x --lent -y", ErrorKind::UnknownArgument),
        ] {
            let error = read(line)
                .err()
                .unwrap_or_else(|| panic!("{line} was read"));
            assert_eq!(error.kind(), kind, "{line}");
        }
    }
}
