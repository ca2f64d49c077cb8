//! What an id, a secret, a name and an end may be.

use std::collections::HashSet;

use insta::assert_snapshot;

use super::shell::{Folder, Said};

/// Tries to make a system client, for each of the flags.
fn each(folder: &Folder, flags: &[String]) -> Vec<Said> {
    flags
        .iter()
        .map(|flag| folder.api_client(&format!("create --scope system {flag}")))
        .collect()
}

fn complaints(said: &[Said]) -> String {
    said.iter()
        .map(Said::complaint)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn generated_credentials_have_a_fixed_length_and_no_look_alikes() {
    let folder = Folder::furnished();
    let mut seen = HashSet::new();
    for _ in 0..4 {
        let made = folder.make("--scope system");
        for (text, prefix, length) in [(made.id, "id_", 16), (made.secret, "key_", 32)] {
            let random = text.strip_prefix(prefix).unwrap();
            assert_eq!(random.len(), length, "{text}");
            assert!(
                random
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                "{text}"
            );
            assert!(!random.contains(['l', 'I', 'O', '0']), "{text}");
            assert!(seen.insert(text));
        }
    }
}

#[test]
fn a_chosen_id_has_3_to_128_unreserved_characters() {
    let folder = Folder::furnished();
    for id in [
        "abc",
        "a.b_c~d-E9",
        "news",
        "-begins-with-a-hyphen",
        &"x".repeat(128),
    ] {
        assert_eq!(folder.make(&format!("--scope system --id={id}")).id, id);
    }
    let before = folder.everything();
    let wrong = [
        "''",
        "ab",
        &"x".repeat(129),
        "new",
        ".hidden",
        "a/b",
        "a:b",
        "'a b'",
        "idé",
    ]
    .map(|id| format!("--id {id}"));
    assert_snapshot!(complaints(&each(&folder, &wrong)), @r#"
    1 {"error":"A client ID has 3 to 128 characters."}
    1 {"error":"A client ID has 3 to 128 characters."}
    1 {"error":"A client ID has 3 to 128 characters."}
    1 {"error":"A client ID is not `new` and does not begin with a dot."}
    1 {"error":"A client ID is not `new` and does not begin with a dot."}
    1 {"error":"A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    1 {"error":"A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    1 {"error":"A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    1 {"error":"A client ID consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    "#);
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_chosen_secret_has_12_to_256_unreserved_characters() {
    let folder = Folder::furnished();
    for secret in ["twelve-chars", "-._~ABCxyz019", &"s".repeat(256)] {
        assert_eq!(
            folder
                .make(&format!("--scope system --secret={secret}"))
                .secret,
            secret
        );
    }
    let before = folder.everything();
    let wrong = [
        "''".to_owned(),
        "eleven-char".to_owned(),
        "s".repeat(257),
        "'with a space'".to_owned(),
        "colon:colon:colon".to_owned(),
        "pässword-password".to_owned(),
    ];
    let refused = each(
        &folder,
        &wrong.clone().map(|secret| format!("--secret {secret}")),
    );
    assert_snapshot!(complaints(&refused), @r#"
    1 {"error":"A secret has 12 to 256 characters."}
    1 {"error":"A secret has 12 to 256 characters."}
    1 {"error":"A secret has 12 to 256 characters."}
    1 {"error":"A secret consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    1 {"error":"A secret consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    1 {"error":"A secret consists of A–Z, a–z, 0–9, hyphen, dot, underscore and tilde."}
    "#);
    for (said, secret) in refused.iter().zip(&wrong).skip(1) {
        assert!(
            !said.stderr.contains(secret.trim_matches('\'')),
            "a refused secret is not repeated: {said}"
        );
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_name_has_1_to_120_characters_and_cannot_disguise_itself() {
    let folder = Folder::furnished();
    let longest = "ü".repeat(120);
    folder.make(&format!("--scope system --name {longest}"));
    folder.make("--scope system --name '  Canton of Neuchâtel '");
    assert_eq!(
        folder.query("SELECT name FROM api_clients ORDER BY number"),
        [longest, "Canton of Neuchâtel".to_owned()]
    );
    let before = folder.everything();
    let wrong = [
        "",
        "   ",
        &"ü".repeat(121),
        "a\u{202E}b",
        "a\nb",
        "a\u{1B}[2Jb",
        "\u{200B}",
        "a\u{2028}b",
        "\u{3164}",
        "\u{A0}\u{3000}",
        "\u{2800}",
    ]
    .map(|name| format!("--name '{name}'"));
    assert_snapshot!(complaints(&each(&folder, &wrong)), @r#"
    1 {"error":"Give it a name."}
    1 {"error":"Give it a name."}
    1 {"error":"A name has at most 120 characters."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"A name has no control characters, none that nobody sees, and none that turn text around."}
    1 {"error":"Give it a name."}
    1 {"error":"A name has at least one character that everybody sees."}
    "#);
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_default_name_ends_like_the_id() {
    let folder = Folder::furnished();
    for id in ["abc", "longer-than-four"] {
        folder.make(&format!("--scope system --id {id}"));
    }
    assert_eq!(
        folder.query("SELECT name FROM api_clients ORDER BY number"),
        ["API Client ***abc", "API Client ***four"]
    );
}

#[test]
fn an_end_lies_ahead_and_is_written_as_rfc_3339_has_it() {
    let folder = Folder::furnished();
    folder.make("--scope system --expires-at 2999-06-01T00:00:00+02:00");
    assert_eq!(
        folder.query("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', expires_at) FROM api_clients"),
        ["2999-05-31T22:00:00Z"]
    );
    let before = folder.everything();
    let wrong = [
        "2020-01-01T00:00:00Z",
        "2999-06-01",
        "2999-13-01T00:00:00Z",
        "2999-06-01T00:00:00",
        "tomorrow",
        "''",
    ]
    .map(|end| format!("--expires-at {end}"));
    assert_snapshot!(complaints(&each(&folder, &wrong)), @r#"
    1 {"error":"That moment has passed. Choose a later one."}
    2 error: invalid value '2999-06-01' for '--expires-at <RFC3339>': write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z
    2 error: invalid value '2999-13-01T00:00:00Z' for '--expires-at <RFC3339>': write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z
    2 error: invalid value '2999-06-01T00:00:00' for '--expires-at <RFC3339>': write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z
    2 error: invalid value 'tomorrow' for '--expires-at <RFC3339>': write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z
    2 error: invalid value '' for '--expires-at <RFC3339>': write the moment as RFC 3339 has it, such as 2027-06-01T00:00:00Z
    "#);
    assert_eq!(folder.everything(), before);
}
