//! `api-client get`: one client, every client, and when a secret is shown.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn where_there_are_no_clients_nothing_is_printed() {
    let folder = Folder::furnished();
    assert_snapshot!(folder.api_client("get"), @"exit: 0");
    assert_snapshot!(folder.api_client("get --format text"), @"exit: 0");
}

#[test]
fn clients_come_in_the_order_of_making() {
    let folder = Folder::furnished();
    folder.make("--scope system --id zebra --secret first-of-three");
    folder.make("--scope system --id aardvark --secret second-of-three");
    folder.make("--scope blogs --id mole --secret third-of-three --organization-id 1 --permission blogs.read");
    assert_snapshot!(folder.api_client("get"), @r#"
    {"id":"zebra","secret":"first-of-three","name":"API Client ***ebra","scopes":["system"],"permissions":[],"organization_id":null}
    {"id":"aardvark","secret":"second-of-three","name":"API Client ***vark","scopes":["system"],"permissions":[],"organization_id":null}
    {"id":"mole","secret":"third-of-three","name":"API Client ***mole","scopes":["blogs"],"permissions":["blogs.read"],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn text_is_a_line_for_each_key_even_without_an_organization() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup --secret written-down-once");
    assert_snapshot!(folder.api_client("get --id backup --format text"), @r"
    id=backup
    secret=written-down-once
    name=API Client ***ckup
    scopes=system
    permissions=
    organization_id=
    exit: 0
    ");
}

#[test]
fn an_unknown_id_is_refused() {
    let folder = Folder::furnished();
    assert_snapshot!(folder.api_client("get --id nobody"), @r#"
    stderr: {"error":"There is no client “nobody”."}
    exit: 1
    "#);
    assert_snapshot!(folder.api_client("get --id nobody --format text"), @r"
    stderr: api-client: There is no client “nobody”.
    exit: 1
    ");
}

#[test]
fn an_unknown_id_cannot_write_on_the_terminal() {
    assert_snapshot!(Folder::furnished().api_client("get --id 'a\n\u{1B}[2Jb' --format text"), @r"
    stderr: api-client: There is no client “a��[2Jb”.
    exit: 1
    ");
}

#[test]
fn a_look_at_a_secret_is_in_the_audit_log() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    folder.make("--scope system --id report");
    folder.api_client("get --id backup");
    folder.api_client("get");
    assert_eq!(
        folder.audit_log()[4..],
        [
            "shell:ada secret.revealed client:backup",
            "shell:ada secret.revealed client:backup",
            "shell:ada secret.revealed client:report"
        ]
    );
    assert!(
        !folder
            .query("SELECT data FROM audit_events")
            .join("\n")
            .contains("key_"),
        "the trail holds no secret"
    );
}

#[test]
fn where_secrets_are_shown_once_no_copy_is_kept() {
    let folder = Folder::furnished().with("CLAVIGER_SECRETS", "once");
    assert_snapshot!(folder.api_client("create --scope system --id backup"), @r#"
    {"id":"backup","secret":"[secret]","name":"API Client ***ckup","scopes":["system"],"permissions":[]}
    exit: 0
    "#);
    let get = folder.api_client("get --id backup");
    assert_snapshot!(get, @r#"
    {"id":"backup","name":"API Client ***ckup","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
    assert_eq!(folder.api_client("get").stdout, get.stdout);
    assert_eq!(folder.api_client("suspend --id backup").stdout, get.stdout);
    assert_snapshot!(folder.api_client("get --format text"), @r"
    id=backup
    name=API Client ***ckup
    scopes=system
    permissions=
    organization_id=
    exit: 0
    ");
    let sealed = folder.without("CLAVIGER_SECRETS");
    assert_eq!(
        sealed.api_client("get").stdout,
        get.stdout,
        "what was not kept does not come back"
    );
}

#[test]
fn a_copy_that_was_kept_is_not_shown_once_the_installation_stops_showing_them() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    assert_snapshot!(folder.with("CLAVIGER_SECRETS", "once").api_client("get"), @r#"
    {"id":"backup","name":"API Client ***ckup","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn a_long_list_is_complete_and_in_order() {
    let folder = Folder::furnished();
    folder.make("--scope system --id client-1");
    folder.query(
        "WITH RECURSIVE more(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM more WHERE number < 1201)
         INSERT INTO api_clients (number, id, name, name_key, scopes, generation, created_at, created_by, version)
         SELECT more.number, 'client-' || more.number, name || more.number, name_key || more.number, scopes, generation, created_at, created_by, version
         FROM api_clients CROSS JOIN more WHERE api_clients.number = 1",
    );
    let said = folder.api_client("get");
    let ids = said
        .stdout
        .lines()
        .map(|line| line.split('"').nth(3).unwrap());
    assert!(ids.eq((1..=1201).map(|number| format!("client-{number}"))));
}
