//! `api-client suspend`, `resume` and `delete`: stopped for a while, and ended for good.

use insta::assert_snapshot;

use super::shell::Folder;

/// A folder with a client `backup`.
fn backup() -> Folder {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope system --permission system.organizations.read");
    folder
}

#[test]
fn a_client_is_suspended_and_resumed_and_doing_so_twice_changes_nothing() {
    let folder = backup();
    let get = folder.api_client("get --id backup").stdout;
    for command in ["suspend", "suspend", "resume", "resume"] {
        let said = folder.api_client(&format!("{command} --id backup"));
        assert_eq!(
            (said.stdout.as_str(), said.code),
            (get.as_str(), Some(0)),
            "{command}: {said}"
        );
    }
    let changes = folder
        .query("SELECT kind FROM audit_events WHERE kind LIKE 'client.%ed' ORDER BY sequence");
    assert_eq!(
        changes,
        ["client.created", "client.suspended", "client.resumed"]
    );
}

#[test]
fn a_suspended_client_is_still_shown_and_can_be_changed() {
    let folder = backup();
    folder.api_client("suspend --id backup");
    assert_snapshot!(folder.api_client("grant --id backup --permission system.tokens.introspect"), @r#"
    {"id":"backup","secret":"written-on-a-wall","name":"API Client ***ckup","scopes":["system"],"permissions":["system.organizations.read","system.tokens.introspect"],"organization_id":null}
    exit: 0
    "#);
    assert_eq!(
        folder.query("SELECT id FROM api_clients WHERE suspended_at IS NOT NULL"),
        ["backup"]
    );
}

#[test]
fn a_deleted_client_says_so_and_leaves_the_list() {
    let folder = backup();
    folder.make("--scope system --id report --secret written-on-a-origin");
    assert_snapshot!(folder.api_client("delete --id backup"), @r#"
    {"deleted":true,"id":"backup"}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("get"), @r#"
    {"id":"report","secret":"written-on-a-origin","name":"API Client ***port","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("delete --id report --format text"), @r"
    deleted=true
    id=report
    exit: 0
    ");
    assert_snapshot!(folder.api_client("get"), @"exit: 0");
}

#[test]
fn a_deleted_client_stays_deleted_whatever_is_asked() {
    let folder = backup();
    folder.api_client("suspend --id backup");
    folder.api_client("delete --id backup");
    let before = folder.everything();
    let at = folder
        .query("SELECT strftime('%Y-%m-%d %H:%M UTC', revoked_at) FROM api_clients")
        .remove(0);
    let get = folder.api_client("get --id backup --format text");
    assert_eq!(
        get.complaint(),
        format!("1 api-client: client `backup` was revoked by shell:ada on {at}")
    );
    let again = folder.api_client("delete --id backup").complaint();
    assert!(
        again.starts_with(r#"1 {"error":"This client was revoked by "#)
            && again.contains(" on the server, "),
        "{again}"
    );
    let refused = [
        "grant --id backup --permission system.tokens.introspect",
        "revoke --id backup --permission system.organizations.read",
        "suspend --id backup",
        "resume --id backup",
        "rotate --id backup",
        "create --scope system --id backup",
    ];
    let told: Vec<String> = refused
        .iter()
        .map(|command| folder.api_client(command).complaint())
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    1 {"error":"This client was revoked. It cannot be changed any more."}
    1 {"error":"This client was revoked. It cannot be changed any more."}
    1 {"error":"This client was revoked. It cannot be changed any more."}
    1 {"error":"This client was revoked. It cannot be changed any more."}
    1 {"error":"This client was revoked. It cannot be changed any more."}
    1 {"error":"There is or was a client “backup”. Ids are never given out again."}
    "#);
    assert_eq!(folder.everything(), before);
}

#[test]
fn deleting_keeps_the_row_and_ends_its_secrets() {
    let folder = backup();
    folder.api_client("rotate --id backup");
    folder.api_client("delete --id backup");
    assert_eq!(
        folder.query("SELECT id || ' ' || revoked_by FROM api_clients"),
        ["backup shell:ada"]
    );
    assert_eq!(
        folder.query("SELECT hint FROM client_secrets WHERE revoked_at IS NULL"),
        Vec::<String>::new()
    );
}

#[test]
fn an_unknown_id_is_refused() {
    let folder = backup();
    let before = folder.everything();
    for command in ["suspend", "resume", "rotate", "secrets", "delete"] {
        assert_eq!(
            folder
                .api_client(&format!("{command} --id nobody"))
                .complaint(),
            r#"1 {"error":"There is no client “nobody”."}"#,
            "{command}"
        );
        assert_eq!(
            folder
                .api_client(&format!("{command} --id nobody --format text"))
                .complaint(),
            "1 api-client: There is no client “nobody”.",
            "{command}"
        );
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn text_is_a_line_for_each_key() {
    let folder = backup();
    let suspended = folder.api_client("suspend --id backup --format text");
    assert_snapshot!(suspended, @r"
    id=backup
    secret=written-on-a-wall
    name=API Client ***ckup
    scopes=system
    permissions=system.organizations.read
    organization_id=
    exit: 0
    ");
    assert_eq!(
        folder
            .api_client("resume --id backup --format text")
            .to_string(),
        suspended.to_string()
    );
}
