//! `claviger organization`: made, listed, archived; and the first command makes the database.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn organizations_are_numbered_from_one() {
    let folder = Folder::empty();
    assert_snapshot!(folder.claviger("organization create --name Porto"), @r#"
    {"id":1,"name":"Porto","host":null}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("organization create --name 'Canton of Neuchâtel' --host Participe.NE.example"), @r#"
    {"id":2,"name":"Canton of Neuchâtel","host":"participe.ne.example"}
    exit: 0
    "#);
}

#[test]
fn the_list_is_by_name_without_the_archived() {
    let folder = Folder::empty();
    assert_snapshot!(folder.claviger("organization list"), @"exit: 0");
    for name in ["Porto", "Basel", "lausanne"] {
        folder.claviger(&format!("organization create --name {name}"));
    }
    assert_snapshot!(folder.claviger("organization list"), @r#"
    {"id":2,"name":"Basel","host":null}
    {"id":3,"name":"lausanne","host":null}
    {"id":1,"name":"Porto","host":null}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("organization archive --id 2"), @r#"
    {"id":2,"name":"Basel","host":null,"archived":true}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("organization list"), @r#"
    {"id":3,"name":"lausanne","host":null}
    {"id":1,"name":"Porto","host":null}
    exit: 0
    "#);
}

#[test]
fn a_refusal_is_one_line_and_leaves_nothing_behind() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto --host porto.example");
    folder.claviger("organization create --name Basel");
    folder.claviger("organization archive --id 2");
    let before = folder.everything();
    let refused = [
        "create --name ''",
        "create --name 'a\u{202E}b'",
        "create --name Porto --host https://porto.example/",
        "create --name Lisbon --host PORTO.example",
        "create --name Lisbon --host 127.0.0.1:3000",
        "create --name '' --host 'a b'",
        "archive --id 2",
        "archive --id 3",
    ];
    let told: Vec<String> = refused
        .iter()
        .map(|command| {
            folder
                .claviger(&format!("organization {command}"))
                .complaint()
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r"
    1 claviger: Give it a name.
    1 claviger: A name has no control characters, none that nobody sees, and none that turn text around.
    1 claviger: Give the host name alone, such as participate.city.example.
    1 claviger: Another organization has this host.
    1 claviger: That is this server's own host. Leave it empty, or give the organization another one.
    1 claviger: Give it a name. Give the host name alone, such as participate.city.example.
    1 claviger: Organization 2 was archived before. Nothing else to do.
    1 claviger: There is no organization 3.
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn the_host_of_the_server_itself_is_refused_as_on_the_page() {
    let folder = Folder::empty().with("CLAVIGER_ISSUER", "https://access.example.org:8443");
    folder.claviger("organization create --name Porto");
    for command in ["create --name Basel", "set-host --id 1"] {
        for host in [
            "access.example.org",
            "ACCESS.example.org.",
            "access.example.org:443",
            "access.example.org:8443",
        ] {
            let said = folder.claviger(&format!("organization {command} --host {host}"));
            assert_eq!(
                said.complaint(),
                "1 claviger: That is this server's own host. Leave it empty, or give the organization another one.",
                "{command} {host}"
            );
        }
    }
}

#[test]
fn a_host_is_stored_in_one_form() {
    let folder = Folder::empty();
    for (name, host) in [
        ("Porto", "Porto.Example.:80"),
        ("Basel", "Bücher.example"),
        ("Bern", "[2001:DB8:0::7]:443"),
    ] {
        folder.claviger(&format!(
            "organization create --name {name} --host '{host}'"
        ));
    }
    assert_snapshot!(folder.claviger("organization list"), @r#"
    {"id":2,"name":"Basel","host":"xn--bcher-kva.example"}
    {"id":3,"name":"Bern","host":"[2001:db8::7]"}
    {"id":1,"name":"Porto","host":"porto.example"}
    exit: 0
    "#);
    let refused = [
        "porto.example",
        "porto.example.",
        "PORTO.example:443",
        "xn--bcher-kva.example",
        "[2001:db8::7]",
        "porto.example:8443",
        "porto..example",
        "user@porto.example",
        "127.0.0.1",
        "127.1",
        "127.0.0.1.:80",
    ];
    let before = folder.everything();
    let told = refused.map(|host| {
        let said = folder.claviger(&format!(
            "organization create --name Lisbon --host '{host}'"
        ));
        format!("{host}: {}", said.complaint())
    });
    assert_snapshot!(told.join("\n"), @r"
    porto.example: 1 claviger: Another organization has this host.
    porto.example.: 1 claviger: Another organization has this host.
    PORTO.example:443: 1 claviger: Another organization has this host.
    xn--bcher-kva.example: 1 claviger: Another organization has this host.
    [2001:db8::7]: 1 claviger: Another organization has this host.
    porto.example:8443: 1 claviger: Give the host name without a port. It counts for every port.
    porto..example: 1 claviger: Give the host name alone, such as participate.city.example.
    user@porto.example: 1 claviger: Give the host name alone, such as participate.city.example.
    127.0.0.1: 1 claviger: That is this server's own host. Leave it empty, or give the organization another one.
    127.1: 1 claviger: That is this server's own host. Leave it empty, or give the organization another one.
    127.0.0.1.:80: 1 claviger: That is this server's own host. Leave it empty, or give the organization another one.
    ");
    assert_eq!(folder.everything(), before);
}

const HOST_CHANGES: [&str; 12] = [
    "set-host --id 1 --host City.Example.",
    "set-host --id 1 --host city.example",
    "set-host --id 2 --host porto.example",
    "set-host --id 2 --none",
    "archive --id 1",
    "set-host --id 2 --host city.example",
    "list",
    "list --archived",
    "restore --id 1",
    "set-host --id 1 --host city.example",
    "set-host --id 1 --host porto.example",
    "list --archived",
];

#[test]
fn a_host_is_changed_taken_away_and_freed_by_an_archive() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto --host porto.example");
    folder.claviger("organization create --name Basel");
    let said = |command: &str| {
        let said = folder.claviger(&format!("organization {command}"));
        format!("{command}\n  {}", said.to_string().replace('\n', "\n  "))
    };
    let told = HOST_CHANGES.map(said);
    assert_snapshot!(told.join("\n"), @r#"
    set-host --id 1 --host City.Example.
      {"id":1,"name":"Porto","host":"city.example"}
      exit: 0
    set-host --id 1 --host city.example
      {"id":1,"name":"Porto","host":"city.example"}
      exit: 0
    set-host --id 2 --host porto.example
      {"id":2,"name":"Basel","host":"porto.example"}
      exit: 0
    set-host --id 2 --none
      {"id":2,"name":"Basel","host":null}
      exit: 0
    archive --id 1
      {"id":1,"name":"Porto","host":null,"archived":true}
      exit: 0
    set-host --id 2 --host city.example
      {"id":2,"name":"Basel","host":"city.example"}
      exit: 0
    list
      {"id":2,"name":"Basel","host":"city.example"}
      exit: 0
    list --archived
      {"id":1,"name":"Porto","host":null,"archived":true}
      exit: 0
    restore --id 1
      {"id":1,"name":"Porto","host":null}
      exit: 0
    set-host --id 1 --host city.example
      stderr: claviger: Another organization has this host.
      exit: 1
    set-host --id 1 --host porto.example
      {"id":1,"name":"Porto","host":"porto.example"}
      exit: 0
    list --archived
      exit: 0
    "#);
    assert_eq!(
        folder.audit_log(),
        [
            "shell:ada organization.created organization:1",
            "shell:ada organization.created organization:2",
            "shell:ada organization.host_changed organization:1",
            "shell:ada organization.host_changed organization:2",
            "shell:ada organization.host_changed organization:2",
            "shell:ada organization.archived organization:1",
            "shell:ada organization.host_changed organization:2",
            "shell:ada organization.restored organization:1",
            "shell:ada organization.host_changed organization:1",
        ]
    );
}

#[test]
fn what_cannot_be_changed_or_restored_is_refused() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto --host porto.example");
    folder.claviger("organization create --name Basel");
    folder.claviger("organization archive --id 2");
    let before = folder.everything();
    let told = [
        "set-host --id 1",
        "set-host --id 1 --host a.example --none",
        "set-host --id 1 --host ''",
        "set-host --id 1 --host ' '",
        "set-host --none",
        "restore",
        "set-host --id 1 --host 127.0.0.1:9",
        "set-host --id 1 --host porto.example:8443",
        "set-host --id 2 --host basel.example",
        "set-host --id 3 --none",
        "restore --id 1",
        "restore --id 3",
    ]
    .map(|command| {
        let said = folder.claviger(&format!("organization {command}"));
        said.complaint()
    });
    assert_snapshot!(told.join("\n"), @r"
    2 error: the following required arguments were not provided:
    2 error: the argument '--host <HOST>' cannot be used with '--none'
    2 error: invalid value '' for '--host <HOST>': give a host name, or use --none
    2 error: invalid value ' ' for '--host <HOST>': give a host name, or use --none
    2 error: the following required arguments were not provided:
    2 error: the following required arguments were not provided:
    1 claviger: That is this server's own host. Leave it empty, or give the organization another one.
    1 claviger: Give the host name without a port. It counts for every port.
    1 claviger: Organization 2 is archived and can have no host. Restore it first.
    1 claviger: There is no organization 3.
    1 claviger: Organization 1 is not archived. Nothing else to do.
    1 claviger: There is no organization 3.
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn every_change_is_in_the_audit_log() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto");
    folder.claviger("organization archive --id 1");
    folder.claviger("organization archive --id 1");
    assert_eq!(
        folder.audit_log(),
        [
            "shell:ada organization.created organization:1",
            "shell:ada organization.archived organization:1"
        ]
    );
}

#[test]
fn an_organization_is_shown_and_renamed() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto --host porto.example");
    folder.api_client("create --scope blogs --organization-id 1");
    assert_snapshot!(folder.claviger("organization rename --id 1 --name ' City of Porto '"), @r#"
    {"id":1,"name":"City of Porto","host":"porto.example"}
    exit: 0
    "#);
    let shown = folder.claviger("organization show --id 1").to_string();
    for part in [
        r#""name":"City of Porto","host":"porto.example""#,
        r#""clients":1,"revoked_clients":0,"participants":0"#,
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    folder.claviger("organization archive --id 1");
    let shown = folder.claviger("organization show --id 1").to_string();
    assert!(shown.contains(r#""archived":true"#), "{shown}");
    let before = folder.everything();
    for (command, complaint) in [
        ("show --id 2", "1 claviger: There is no organization 2."),
        (
            "rename --id 2 --name x",
            "1 claviger: There is no organization 2.",
        ),
        ("rename --id 1 --name ' '", "1 claviger: Give it a name."),
    ] {
        let told = folder.claviger(&format!("organization {command}"));
        assert_eq!(told.complaint(), complaint, "{command}");
    }
    assert_eq!(folder.everything(), before);
}
