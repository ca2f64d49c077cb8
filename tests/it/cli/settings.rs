//! Settings as variables: an empty one is as one that is not set, and what is wrong is said of the variable.

use super::server::Server;
use super::shell::Folder;

const VARIABLES: [&str; 12] = [
    "DATABASE_URL",
    "CLAVIGER_MASTER_KEY",
    "CLAVIGER_MASTER_KEY_FILE",
    "CLAVIGER_SECRETS",
    "CLAVIGER_PASSWORD_GRANT",
    "CLAVIGER_CATALOG",
    "CLAVIGER_ADDR",
    "CLAVIGER_ISSUER",
    "CLAVIGER_TOKEN_TTL",
    "CLAVIGER_TOKEN_PREFIX",
    "CLAVIGER_TRUSTED_PROXIES",
    "DISABLE_REST_FULL_BIN",
];

#[test]
fn an_empty_variable_is_as_one_that_is_not_set() {
    let folder = VARIABLES
        .iter()
        .fold(Folder::empty(), |folder, name| folder.with(name, ""));
    assert_eq!(
        folder
            .claviger("organization create --name Porto")
            .to_string(),
        "{\"id\":1,\"name\":\"Porto\",\"host\":null}\nexit: 0"
    );
    assert_eq!(folder.api_client("get").to_string(), "exit: 0");
    let names = std::fs::read_dir(folder.file("data")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.contains(".db-")).collect();
    names.sort();
    assert_eq!(names, ["claviger.db", "claviger.key"]);

    // By the flags of `serve`, and by the variables alone. The address would be taken on some machines.
    for arguments in ["serve --addr 127.0.0.1:0", "serve --addr=127.0.0.1:0"] {
        let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
        command.args(arguments.split(' '));
        let server = Server::start_as(&folder, command);
        assert!(
            server
                .greeting
                .ends_with(", known as http://127.0.0.1:3000"),
            "{}",
            server.greeting
        );
    }
    let server = Server::start(&folder);
    assert_eq!(server.ask("GET", "/health/ready", "", "").0, 200);
}

#[test]
fn an_empty_flag_is_not_as_one_that_is_not_set() {
    for flag in ["--addr", "--trusted-proxies", "--token-ttl", "--secrets"] {
        let said = Folder::empty().claviger(&format!("serve {flag}="));
        assert_eq!(said.code, Some(2), "{said}");
        assert!(said.stderr.contains(&format!("'{flag} <")), "{said}");
    }
}

#[test]
fn what_is_wrong_with_a_variable_is_said_of_the_variable() {
    for (name, value, told) in [
        (
            "CLAVIGER_ADDR",
            "3000",
            "CLAVIGER_ADDR cannot be `3000`: invalid socket address syntax",
        ),
        (
            "CLAVIGER_TOKEN_TTL",
            "5M",
            "CLAVIGER_TOKEN_TTL cannot be `5M`: write a number and its unit, s, m, h or d, such as 90s, 30m, 24h or 7d",
        ),
        (
            "CLAVIGER_TOKEN_TTL",
            "0",
            "CLAVIGER_TOKEN_TTL cannot be `0`: a token lives between one second and 366 days",
        ),
        (
            "CLAVIGER_TOKEN_PREFIX",
            "CLV\u{1B}",
            "CLAVIGER_TOKEN_PREFIX cannot be `CLV\\u{1b}`: a prefix has 2 to 16 of a-z and 0-9",
        ),
        (
            "CLAVIGER_SECRETS",
            "Once",
            "CLAVIGER_SECRETS cannot be `Once`; it is sealed or once",
        ),
        (
            "CLAVIGER_PASSWORD_GRANT",
            "false",
            "CLAVIGER_PASSWORD_GRANT cannot be `false`; it is on or off",
        ),
    ] {
        let folder = Folder::empty().with(name, value);
        for command in ["serve", "", "organization list"] {
            assert_eq!(
                folder.claviger(command).to_string(),
                format!("stderr: error: {told}\nexit: 2"),
                "{command}"
            );
        }
        assert_eq!(folder.files(), Vec::<String>::new());
    }
    let proxies = Folder::empty().with("CLAVIGER_TRUSTED_PROXIES", "10.0.0.0/8,");
    for command in ["serve", ""] {
        let said = proxies.claviger(command);
        assert!(
            said.stderr
                .starts_with("error: CLAVIGER_TRUSTED_PROXIES cannot be ``: "),
            "{said}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_flag_is_said_of_the_flag_whatever_the_variable_holds() {
    for value in ["", "5M", "1h"] {
        let folder = Folder::empty().with("CLAVIGER_TOKEN_TTL", value);
        assert_eq!(
            folder.claviger("serve --token-ttl 1month").complaint(),
            "2 error: invalid value '1month' for '--token-ttl <DURATION>': write a number and its unit, s, m, h or d, such as 90s, 30m, 24h or 7d"
        );
    }
}

#[test]
fn a_variable_that_is_not_utf8_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::empty();
    for name in ["DATABASE_URL", "CLAVIGER_MASTER_KEY", "CLAVIGER_ADDR"] {
        let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
        command.env(name, std::ffi::OsStr::from_bytes(b"hunter2\xFF"));
        let output = command.output().unwrap();
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            format!("error: {name} cannot be used: it is not UTF-8\n")
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_log_that_is_blank_is_the_default_and_one_that_cannot_be_read_is_told_of() {
    let log = |value: &str| {
        let folder = Folder::furnished().with("CLAVIGER_LOG", value);
        std::fs::set_permissions(
            folder.file("claviger.key"),
            std::os::unix::fs::PermissionsExt::from_mode(0o640),
        )
        .unwrap();
        drop(Server::start(&folder));
        std::fs::read_to_string(folder.file("server.log")).unwrap()
    };
    let warning =
        "WARN claviger::cli::warnings: others than their owner can use claviger.key (mode 0640)";
    for value in ["", " ", ","] {
        assert!(log(value).contains(warning), "{value:?}");
    }
    for value in ["claviger=loud", "warn,claviger==info"] {
        let log = log(value);
        assert!(
            log.contains("CLAVIGER_LOG cannot be read, so `warn,claviger=info` holds: ")
                && log.contains(warning),
            "{log}"
        );
    }
    assert_eq!(log("off"), "");
}

/// With the log on a terminal of its own, which `script` makes.
#[test]
fn no_color_and_no_terminal_mean_no_colours() {
    let can = std::process::Command::new("script")
        .arg("--version")
        .output();
    if can.is_err() {
        println!("left out: `script` is not here to make a terminal");
        return;
    }
    let shown = |no_color: Option<&str>| {
        let folder = Folder::furnished().with("CLAVIGER_LOG", "loud=loud");
        let folder = match no_color {
            Some(value) => folder.with("NO_COLOR", value),
            None => folder,
        };
        // It stops after the warning, at an address that is taken.
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let mut command = folder.command("script");
        let serve = format!("{} serve --addr {address}", env!("CARGO_BIN_EXE_claviger"));
        command.args(["--quiet", "--return", "--command", &serve, "/dev/null"]);
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (no_color, coloured) in [
        (None, true),
        (Some(""), true),
        (Some("1"), false),
        (Some("0"), false),
    ] {
        let shown = shown(no_color);
        assert!(shown.contains("CLAVIGER_LOG"), "{shown}");
        assert_eq!(shown.contains('\u{1B}'), coloured, "{no_color:?}: {shown}");
    }
}

#[test]
fn a_login_that_is_switched_off_is_said_and_no_obstacle() {
    let folder = Folder::furnished().with("CLAVIGER_PASSWORD_GRANT", "off");
    let create = "create --scope public --organization-id 1 --allow-login --allow-impersonate";
    let said = folder.api_client(create);
    assert_eq!(said.code, Some(0), "{said}");
    assert!(
        said.stdout
            .contains(r#"["oauth.impersonate","oauth.login"]"#),
        "{said}"
    );
    let told = r#"{"warning":"the password grant is switched off (CLAVIGER_PASSWORD_GRANT=off)"#;
    assert!(said.stderr.starts_with(told), "{said}");
    for quiet in [
        folder.api_client("create --scope public --organization-id 1 --allow-impersonate"),
        folder.without("CLAVIGER_PASSWORD_GRANT").api_client(create),
    ] {
        assert_eq!(
            (quiet.code, quiet.stderr.as_str()),
            (Some(0), ""),
            "{quiet}"
        );
    }
}
