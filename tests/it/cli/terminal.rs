//! Commands on a terminal: what they ask for, what they show, and how they leave it.

use std::process::Stdio;

use serde_json::{Value, json};

use super::shell::{Folder, words};

const PASSWORD: &str = "a sentence works well";

/// Gives a command a terminal of its own, types after each prompt, and tells what was seen, how it ended, and whether the
/// terminal shows what is typed again.
const TERMINAL: &str = r#"
import json, os, pty, select, sys, termios, time
steps, command = json.loads(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
seen, place, ends, hidden = b"", 0, time.time() + 60, []
def shows(): return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
while time.time() < ends:
    ready, _, _ = select.select([terminal], [], [], 0.2)
    if ready:
        try: some = os.read(terminal, 4096)
        except OSError: break
        if not some: break
        seen += some
    if steps and steps[0][0].encode() in seen[place:]:
        place = len(seen)
        hidden.append(not shows())
        os.write(terminal, steps.pop(0)[1].encode())
# Nothing more is typed, so a command that still waits would wait for ever.
if time.time() >= ends: os.kill(child, 9)
_, status = os.waitpid(child, 0)
print(json.dumps({"seen": seen.decode(), "code": os.waitstatus_to_exitcode(status), "shows": shows(), "hidden": hidden, "left": steps}))
"#;

/// What happened at the terminal.
struct Session {
    seen: String,
    code: i64,
    told: Value,
}

/// Runs a command on a terminal and types something after each prompt.
fn on_terminal(folder: &Folder, program: &str, arguments: &str, steps: &[(&str, &str)]) -> Session {
    let program = match program {
        "claviger" => env!("CARGO_BIN_EXE_claviger"),
        "api-client" => env!("CARGO_BIN_EXE_api-client"),
        other => other,
    };
    let output = folder
        .command("python3")
        .args(["-c", TERMINAL, &json!(steps).to_string(), program])
        .args(words(arguments))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["left"], json!([]), "every prompt came: {told}");
    assert_eq!(
        told["shows"],
        json!(true),
        "the terminal is as it was: {told}"
    );
    assert_eq!(
        told["hidden"],
        json!(vec![true; steps.len()]),
        "nothing typed is shown: {told}"
    );
    Session {
        seen: told["seen"].as_str().unwrap().to_owned(),
        code: told["code"].as_i64().unwrap(),
        told,
    }
}

#[test]
fn a_password_is_asked_for_twice_and_never_shown() {
    let folder = Folder::empty();
    let typed = format!("{PASSWORD}\n");
    for (command, prompt) in [
        (
            "admin create --email ops@example.org",
            "Password of ops@example.org: ",
        ),
        (
            "admin reset-password --email ops@example.org",
            "Password of ops@example.org: ",
        ),
    ] {
        let session = on_terminal(
            &folder,
            "claviger",
            command,
            &[(prompt, &typed), ("The same again: ", &typed)],
        );
        assert_eq!(session.code, 0, "{}", session.told);
        assert!(!session.seen.contains(PASSWORD), "{}", session.told);
        assert!(
            session
                .seen
                .contains("ID  EMAIL            ROLE\r\n1   ops@example.org  owner\r\n"),
            "{}",
            session.told
        );
    }
    let folder = Folder::empty();
    let session = on_terminal(
        &folder,
        "claviger",
        "demo --clients 10 --admin ops@example.org",
        &[
            ("Password of ops@example.org: ", &typed),
            ("The same again: ", &typed),
        ],
    );
    assert_eq!(session.code, 0, "{}", session.told);
}

#[test]
fn the_same_password_may_be_composed_in_two_ways() {
    let folder = Folder::empty();
    let session = on_terminal(
        &folder,
        "claviger",
        "admin create --email ops@example.org",
        &[
            ("Password of ", "in Zu\u{308}rich by night\n"),
            ("again: ", "in Z\u{fc}rich by\u{a0}night\n"),
        ],
    );
    assert_eq!(session.code, 0, "{}", session.told);
}

#[test]
fn two_passwords_that_differ_or_none_at_all_change_nothing() {
    let typed = format!("{PASSWORD}\n");
    for steps in [
        vec![
            ("Password of ", typed.as_str()),
            ("again: ", "a sentence works badly\n"),
        ],
        vec![("Password of ", "\u{4}")],
        vec![("Password of ", typed.as_str()), ("again: ", "\u{4}")],
    ] {
        let folder = Folder::empty();
        let session = on_terminal(
            &folder,
            "claviger",
            "admin create --email ops@example.org",
            &steps,
        );
        assert_eq!(session.code, 1, "{}", session.told);
        assert!(
            session.seen.contains("; nothing was changed\r\n"),
            "{}",
            session.told
        );
        assert!(folder.files().is_empty());
    }
}

#[test]
fn an_interrupt_leaves_the_terminal_as_it_was() {
    for (key, code) in [("\u{3}", 130), ("half of it\u{3}", 130), ("\u{1c}", 131)] {
        let folder = Folder::empty();
        let session = on_terminal(
            &folder,
            "claviger",
            "admin create --email ops@example.org",
            &[("Password of ", key)],
        );
        assert_eq!(session.code, code, "{}", session.told);
        assert!(!session.seen.contains("half of it"), "{}", session.told);
        assert!(folder.files().is_empty());
    }
}

#[test]
fn the_prompt_reaches_the_terminal_wherever_the_output_goes() {
    let folder = Folder::empty();
    let typed = format!("{PASSWORD}\n");
    let line = format!(
        "-c 'exec {} admin create --email ops@example.org >made 2>told'",
        env!("CARGO_BIN_EXE_claviger")
    );
    let session = on_terminal(
        &folder,
        "/bin/sh",
        &line,
        &[("Password of ", &typed), ("again: ", &typed)],
    );
    assert_eq!(session.code, 0, "{}", session.told);
    let read = |name| std::fs::read_to_string(folder.file(name)).unwrap();
    assert_eq!(
        (read("told").as_str(), read("made").lines().count()),
        ("", 1)
    );
}

#[test]
fn a_secret_need_not_stand_among_the_arguments() {
    let folder = Folder::furnished();
    let mut command = folder.command("sh");
    command.args([
        "-c",
        "printf 'first-secret\\nmore\\n' | \"$0\" create --scope system --id piped --secret -",
        env!("CARGO_BIN_EXE_api-client"),
    ]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        folder.api_client("get --id piped").made().secret,
        "first-secret"
    );

    let session = on_terminal(
        &folder,
        "api-client",
        "create --scope system --id typed --secret -",
        &[
            ("Secret: ", "second-secret\n"),
            ("again: ", "second-secret\n"),
        ],
    );
    assert_eq!(session.code, 0, "{}", session.told);
    assert_eq!(
        session.seen.matches("second-secret").count(),
        1,
        "only the result has it: {}",
        session.told
    );
    assert_eq!(
        folder.api_client("get --id typed").made().secret,
        "second-secret"
    );

    let nothing = folder.api_client("create --scope system --id none --secret -");
    assert_eq!(
        nothing.complaint(),
        r#"1 {"error":"A secret has 12 to 256 characters."}"#
    );
}

#[test]
fn a_table_is_in_line_however_wide_its_letters_are() {
    let folder = Folder::empty();
    for (number, name) in ["源氏物語", "Porto", "Zu\u{308}rich"].iter().enumerate() {
        folder.claviger(&format!(
            "organization create --name {name} --host {number}.example.org"
        ));
    }
    folder.query("UPDATE organizations SET name = 'x' || char(27) || '[2J' WHERE id = 2");
    let session = on_terminal(&folder, "claviger", "organization list", &[]);
    assert_eq!(
        session.seen.replace('\r', ""),
        "ID  NAME        HOST\n\
2   x\\u{1b}[2J  1.example.org\n\
3   Zu\u{308}rich      2.example.org\n\
1   源氏物語    0.example.org\n"
    );
}

#[test]
fn a_participant_may_be_made_without_a_password() {
    let folder = Folder::furnished();
    let create = "participant create --organization-id 1 --nickname ada --email ada@example.org";
    let prompt = "Password of ada (optional): ";
    let steps = [(prompt, "\n"), ("The same again: ", "\n")];
    let session = on_terminal(&folder, "claviger", create, &steps);
    assert_eq!(session.code, 0, "{}", session.told);
    let table = "ID  ORGANIZATION ID  NICKNAME  EMAIL            NAME  HAS PASSWORD\r\n\
                 1   1                ada       ada@example.org  Ada   false\r\n";
    assert!(session.seen.contains(table), "{}", session.told);
}
