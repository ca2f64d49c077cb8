//! The URL of a database: what it means, what is shown of it, and what is refused without repeating a word of it.

use std::path::Path;

use claviger::store::{DatabaseUrl, Error};

fn read(url: &str) -> DatabaseUrl {
    url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn refusal(url: &str) -> String {
    match url.parse::<DatabaseUrl>() {
        Err(Error::Open(complaint)) => complaint.to_string(),
        other => panic!("{url:?}: {other:?}"),
    }
}

#[test]
fn the_file_of_a_url_is_its_path() {
    for (url, file) in [
        ("sqlite://data/claviger.db", "data/claviger.db"),
        (
            "sqlite:///var/lib/claviger.db?mode=rw",
            "/var/lib/claviger.db",
        ),
        ("sqlite:///var/lib/claviger.db?", "/var/lib/claviger.db"),
        ("sqlite:claviger.db", "claviger.db"),
        ("sqlite:/var/lib/claviger.db", "/var/lib/claviger.db"),
        ("SQLite://claviger.db", "claviger.db"),
        ("sqlite://a%2Fb.db", "a/b.db"),
        ("sqlite://a@b:c.db", "a@b:c.db"),
    ] {
        assert_eq!(read(url).sqlite_path(), Some(Path::new(file)), "{url}");
        assert_eq!(read(url).to_string(), url);
    }
    assert_eq!(read("postgres://db/claviger").sqlite_path(), None);
}

#[test]
fn another_engine_is_refused() {
    for url in [
        "",
        "claviger.db",
        "/var/lib/claviger.db",
        "mysql://ada:hunter2@db/claviger",
        "postgres:ada:hunter2@db/claviger",
        "postgres+ssl://ada:hunter2@db/claviger",
        "jdbc:postgresql://db/claviger?password=hunter2",
        "host=db password=hunter2",
        "ada:hunter2@db/claviger",
    ] {
        assert_eq!(
            refusal(url),
            "`DATABASE_URL` begins with `sqlite://` or `postgres://`",
            "{url:?}"
        );
    }
}

#[test]
fn a_database_that_would_not_last_is_refused() {
    for url in [
        "sqlite:",
        "sqlite://",
        "sqlite://?mode=rwc",
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite:///:memory:",
        "sqlite::MEMORY:",
        "sqlite:%3Amemory%3A",
        "sqlite::memory:?cache=shared",
        "sqlite://claviger.db?mode=memory",
        "sqlite://?mode=memory&cache=shared",
        "sqlite:file::memory:",
        "sqlite:file::memory:?cache=shared",
        "sqlite:file:claviger?mode=memory",
    ] {
        let told = refusal(url);
        assert!(
            told.contains("in memory") || told.contains("and nothing else"),
            "{url}: {told}"
        );
    }
}

#[test]
fn a_path_that_means_something_else_is_refused_with_the_reason() {
    for (url, reason) in [
        ("sqlite:file:claviger.db", "holds a `file:` address"),
        ("sqlite://FILE:claviger.db", "holds a `file:` address"),
        ("sqlite://file%3Aclaviger.db", "holds a `file:` address"),
        ("sqlite://data/", "names a folder"),
        ("sqlite:///", "names a folder"),
        ("sqlite://claviger.db#main", "has a `#`"),
        ("sqlite://claviger.db?mode=ro", "and nothing else"),
        ("sqlite://claviger.db?mode=RW", "and nothing else"),
        ("sqlite://claviger.db?mode=rw%63", "and nothing else"),
        ("sqlite://claviger.db?cache=shared", "and nothing else"),
        ("sqlite://claviger.db?immutable=1", "and nothing else"),
        ("sqlite://claviger.db?mode=rw&vfs=unix", "and nothing else"),
        ("sqlite://100%.db", "has a `%` that begins no code"),
        ("sqlite://a%zz.db", "has a `%` that begins no code"),
        ("sqlite://a%é.db", "has a `%` that begins no code"),
        ("sqlite://a%ff.db", "is not UTF-8"),
        ("sqlite://a%00.db", "has a control character"),
        ("sqlite://a%0A.db", "has a control character"),
        ("sqlite://a\n.db", "has a control character"),
        (" sqlite://a.db", "a space at one of its ends"),
        ("sqlite://a.db ", "a space at one of its ends"),
        ("postgres://db/claviger\n", "a space at one of its ends"),
    ] {
        let told = refusal(url);
        assert!(told.contains(reason), "{url:?}: {told}");
    }
}

/// A URL, and what is shown of it.
const SHOWN: [(&str, &str); 19] = [
    (
        "postgres://ada:hunter2@db:5432/claviger",
        "postgres://ada@db/claviger",
    ),
    (
        "postgresql://ada:hunter2@db:6432/claviger",
        "postgres://ada@db:6432/claviger",
    ),
    (
        "POSTGRES://ada:hunter2@db/claviger",
        "postgres://ada@db/claviger",
    ),
    ("postgres://ada@db/claviger", "postgres://ada@db/claviger"),
    (
        "postgres://ada:x@hunter2@db/claviger",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada:x:hunter2@db/claviger",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada:%68unter2@db/claviger",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada:hunt%3Fer2%2F%23%40@db/claviger",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://db/claviger?user=ada&password=hunter2",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada@db/claviger?p%61ssword=hunter2",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada@db?dbname=claviger&password=hunter2",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada:hunter2@db/claviger?sslmode=require",
        "postgres://ada@db/claviger",
    ),
    (
        "postgres://ada:hunter2@/claviger?host=/run/pg",
        "postgres://ada@/claviger?host=/run/pg",
    ),
    (
        "postgres://ada@/claviger?host=/run/pg&port=6432",
        "postgres://ada@:6432/claviger?host=/run/pg",
    ),
    (
        "postgres://ada@:6432/claviger?host=db",
        "postgres://ada@db:6432/claviger",
    ),
    (
        "postgres://ada@%2Frun%2Fpg/claviger",
        "postgres://ada@/claviger?host=/run/pg",
    ),
    (
        "postgres://ada:hunter2@[::1]/claviger",
        "postgres://ada@[::1]/claviger",
    ),
    (
        "postgres://ada@db/claviger?hostaddr=::1",
        "postgres://ada@[::1]/claviger",
    ),
    (
        "postgres://ada@db/claviger?options[search_path]=hunter2",
        "postgres://ada@db/claviger",
    ),
];

#[test]
fn what_is_shown_is_the_place_and_never_the_password() {
    let ada = "ada:hunter2";
    for (url, shown) in SHOWN {
        assert_eq!(read(url).to_string(), shown, "{url}");
        assert_eq!(format!("{:?}", read(url)), shown, "{url}");
    }
    // Whoever the driver takes for the user, and wherever it looks for a server by itself.
    for url in [
        format!("postgres://{ada}@/claviger"),
        "postgres:///claviger?user=ada&password=hunter2".to_owned(),
    ] {
        let shown = read(&url).to_string();
        assert!(
            shown.starts_with("postgres://ada@") && shown.contains("/claviger"),
            "{shown}"
        );
    }
}

#[test]
fn nothing_of_a_url_that_cannot_be_read_is_repeated() {
    for url in [
        "postgres://ada:hunt?er2@127.0.0.1:1/x",
        "postgres://ada:hunt#er2@127.0.0.1:1/x",
        "postgres://ada:hunt/er2@127.0.0.1:1/x",
        "postgres://ada:5?er2@127.0.0.1:1/x",
        "postgres://ada:5/er2@127.0.0.1:1/x",
        "postgres://ada:5#er2@127.0.0.1:1/x",
        "postgres://ada:5/hunter2#",
        "postgres://ada:hunter2@127.0.0.1:port/x",
        "postgres://ada:hunter2@127.0.0.1:99999/x",
        "postgres://ada:hunter2",
        "postgres://ada:hunter2@h ost/x",
        "postgres://ada:hunter2@[::1/x",
        "postgres://ada:hunter%FF2@db/x",
        "postgres://ada:hunter2%0A@db/x%0A",
        "postgres://ada:hunter2@db/x?sslmode=hunter2",
        "postgres://ada:hunter2@db/x?port=hunter2",
        "postgres://ada:hunter2@db/x?hostaddr=hunter2",
        "postgres://ada:hunter2@db/x?sslpassword=hunter2",
        "postgres://ada:hunter2@db/x?PASSWORD=hunter2",
        "postgres://ada:hunter2@db/x?passwort=hunter2",
        "postgres://ada:5?hunter2",
        "postgres://ada:hunter2@db/x?sslrootcert=/nowhere/hunter2.pem",
        "postgres://ada@db/x?user=a@hunter2",
    ] {
        let told = refusal(url);
        assert!(
            !told.contains("hunt") && !told.contains("er2") && !told.contains("ada"),
            "{url}: {told}"
        );
    }
}

#[test]
fn a_parameter_that_would_be_passed_over_is_refused_by_its_name() {
    let told = refusal("postgres://ada@db/x?sslmode=require&channel_binding=require");
    assert!(
        told.starts_with("`DATABASE_URL` has the parameter `channel_binding`, which is unknown here; known are application_name, "),
        "{told}"
    );
    assert_eq!(
        refusal("postgres://ada@db/x?sslmode=sometimes"),
        "`DATABASE_URL` has a value for `sslmode` that cannot be used"
    );
    assert_eq!(
        refusal("postgres://ada@db/x?sslrootcert=/nowhere/ca.pem"),
        "`DATABASE_URL` names a file by `sslrootcert` that cannot be read: No such file or directory (os error 2)"
    );
}

#[test]
fn a_parameter_that_stands_there_twice_is_refused() {
    for (query, name) in [
        ("sslmode=verify-full&sslmode=disable", "sslmode"),
        ("ssl-mode=verify-full&sslmode=disable", "sslmode"),
        ("sslmode=verify-full&ssl-mode=verify-full", "sslmode"),
        ("ssl-ca=/etc/passwd&sslrootcert=/etc/passwd", "sslrootcert"),
        (
            "ssl-root-cert=/etc/passwd&ssl-ca=/etc/passwd",
            "sslrootcert",
        ),
        ("ssl-cert=/etc/passwd&sslcert=/etc/passwd", "sslcert"),
        ("ssl-key=/etc/passwd&sslkey=/etc/passwd", "sslkey"),
        ("user=a&user=b", "user"),
        ("sslmode=&sslmode=disable", ""),
        ("options[a]=b&options[a]=c", "options"),
    ] {
        let told = refusal(&format!("postgres://ada@db/x?{query}"));
        if !name.is_empty() {
            assert_eq!(
                told,
                format!(
                    "`DATABASE_URL` has the parameter `{name}` twice, or in two spellings; write it once"
                ),
                "{query}"
            );
        }
    }
    read("postgres://ada@db/x?options[a]=b&options[c]=d&options=-ce%3Df&host=h&hostaddr=::1");
    assert_eq!(
        refusal("postgres://ada@db/x?sslrootcert=/"),
        "`DATABASE_URL` names a file by `sslrootcert` that cannot be read: Is a directory (os error 21)"
    );
}

#[test]
fn a_percent_that_begins_no_code_is_refused_on_both_engines() {
    for url in [
        "postgres://ada:hunter%2@db/x",
        "postgres://ada:100%zz@db/x",
        "postgres://ada@db/x%",
        "postgres://ada@db/x?password=100%",
        "sqlite://x%zz.db",
    ] {
        assert_eq!(
            refusal(url),
            "`DATABASE_URL` has a `%` that begins no code of two digits; a `%` itself is written %25"
        );
    }
}

#[test]
fn a_folder_is_no_database_however_it_is_written() {
    for url in [
        "sqlite://.",
        "sqlite://..",
        "sqlite:data/.",
        "sqlite://data/..",
        "sqlite://data/",
    ] {
        assert_eq!(
            refusal(url),
            "`DATABASE_URL` names a folder; put the name of a file behind it, such as claviger.db"
        );
    }
}
