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
    1 claviger: A name has no control characters and none that turn text around.
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
    let folder = Folder::empty().with("CLAVIGER_ISSUER", "https://access.example.org");
    assert_snapshot!(folder.claviger("organization create --name Porto --host access.example.org"), @r"
    stderr: claviger: That is this server's own host. Leave it empty, or give the organization another one.
    exit: 1
    ");
}

#[test]
fn every_change_stands_in_the_trail() {
    let folder = Folder::empty();
    folder.claviger("organization create --name Porto");
    folder.claviger("organization archive --id 1");
    folder.claviger("organization archive --id 1");
    assert_eq!(
        folder.trail(),
        [
            "shell:ada organization.created organization:1",
            "shell:ada organization.archived organization:1"
        ]
    );
}

#[test]
fn who_has_no_login_name_is_called_unknown_and_who_became_root_by_their_own() {
    let folder = Folder::empty();
    folder
        .without("USER")
        .claviger("organization create --name Porto");
    folder
        .with("USER", "root")
        .with("SUDO_USER", "grace")
        .claviger("organization create --name Basel");
    assert_eq!(
        folder.trail(),
        [
            "shell:unknown organization.created organization:1",
            "shell:grace organization.created organization:2"
        ]
    );
}
