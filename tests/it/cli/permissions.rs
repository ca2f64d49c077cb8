//! `api-client grant` and `revoke`: all or nothing, and never twice.

use insta::assert_snapshot;

use super::shell::Folder;

/// A folder with a client `dashboard` that reads blogs.
fn dashboard() -> Folder {
    let folder = Folder::furnished();
    folder.make("--id dashboard --secret written-on-a-wall --scope blogs,proposals --organization-id 1 --permission blogs.read");
    folder
}

/// What was done to permissions, by whom.
fn changes(folder: &Folder) -> Vec<String> {
    folder.query("SELECT actor || ' ' || data FROM audit_events WHERE kind = 'permissions.changed' ORDER BY sequence")
}

#[test]
fn granted_permissions_come_after_the_ones_held_in_the_order_given() {
    let folder = dashboard();
    assert_snapshot!(folder.api_client("grant --id dashboard --perm proposals.vote,proposals.read --permission blogs.write --perm blogs.read"), @r#"
    {"id":"dashboard","secret":"written-on-a-wall","name":"API Client ***oard","scopes":["blogs","proposals"],"permissions":["blogs.read","proposals.vote","proposals.read","blogs.write"],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(changes(&folder).join("\n"), @r#"shell:ada {"granted":["proposals.vote","proposals.read","blogs.write"],"removed":[]}"#);
}

#[test]
fn granting_what_is_held_and_removing_what_is_not_change_nothing() {
    let folder = dashboard();
    let get = folder.api_client("get --id dashboard").stdout;
    let version = folder.query("SELECT CAST(version AS TEXT) FROM directory_version");
    for command in [
        "grant --id dashboard --permission blogs.read",
        "revoke --id dashboard --permission proposals.read",
    ] {
        let said = folder.api_client(command);
        assert_eq!(
            (said.stdout.as_str(), said.code),
            (get.as_str(), Some(0)),
            "{said}"
        );
    }
    assert_eq!(changes(&folder), Vec::<String>::new());
    assert_eq!(
        folder.query("SELECT CAST(version AS TEXT) FROM directory_version"),
        version
    );
}

#[test]
fn a_permission_named_twice_is_granted_once() {
    let folder = dashboard();
    assert_snapshot!(folder.api_client("grant --id dashboard --permission blogs.write,blogs.write --permission blogs.write"), @r#"
    {"id":"dashboard","secret":"written-on-a-wall","name":"API Client ***oard","scopes":["blogs","proposals"],"permissions":["blogs.read","blogs.write"],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(changes(&folder).join("\n"), @r#"shell:ada {"granted":["blogs.write"],"removed":[]}"#);
    assert_snapshot!(folder.api_client("revoke --id dashboard --permission blogs.write,blogs.write"), @r#"
    {"id":"dashboard","secret":"written-on-a-wall","name":"API Client ***oard","scopes":["blogs","proposals"],"permissions":["blogs.read"],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn permissions_for_participants_need_no_scope() {
    assert_snapshot!(dashboard().api_client("grant --id dashboard --permission oauth.login,oauth.impersonate"), @r#"
    {"id":"dashboard","secret":"written-on-a-wall","name":"API Client ***oard","scopes":["blogs","proposals"],"permissions":["blogs.read","oauth.login","oauth.impersonate"],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn one_wrong_permission_among_right_ones_refuses_all() {
    let folder = dashboard();
    let before = folder.everything();
    let refused = [
        "grant --id dashboard --permission blogs.write,meetings.read,nonsense.read",
        "revoke --id dashboard --permission blogs.read,nonsense.read",
        "grant --id nobody --permission blogs.read",
        "revoke --id nobody --permission blogs.read",
        "grant --id dashboard --permission nonsense.read --format text",
    ];
    let told: Vec<String> = refused
        .iter()
        .map(|command| folder.api_client(command).to_string())
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    stderr: {"error":"Permission “meetings.read” needs scope “meetings”, which the client does not have. There is no permission called “nonsense.read”."}
    exit: 1
    stderr: {"error":"There is no permission called “nonsense.read”."}
    exit: 1
    stderr: {"error":"There is no client “nobody”."}
    exit: 1
    stderr: {"error":"There is no client “nobody”."}
    exit: 1
    stderr: api-client: There is no permission called “nonsense.read”.
    exit: 1
    "#);
    assert_eq!(folder.everything(), before);
}

#[test]
fn text_is_a_line_for_each_key() {
    let folder = dashboard();
    assert_snapshot!(folder.api_client("grant --id dashboard --permission blogs.write --format text"), @r"
    id=dashboard
    secret=written-on-a-wall
    name=API Client ***oard
    scopes=blogs proposals
    permissions=blogs.read blogs.write
    organization_id=1
    exit: 0
    ");
    assert_snapshot!(folder.api_client("revoke --id dashboard --perm blogs.write,blogs.read --format text"), @r"
    id=dashboard
    secret=written-on-a-wall
    name=API Client ***oard
    scopes=blogs proposals
    permissions=
    organization_id=1
    exit: 0
    ");
}

#[test]
fn a_client_without_an_organization_prints_null() {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope system");
    assert_snapshot!(folder.api_client("grant --id backup --permission system.organizations.read"), @r#"
    {"id":"backup","secret":"written-on-a-wall","name":"API Client ***ckup","scopes":["system"],"permissions":["system.organizations.read"],"organization_id":null}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("revoke --id backup --permission system.organizations.read"), @r#"
    {"id":"backup","secret":"written-on-a-wall","name":"API Client ***ckup","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn a_held_permission_that_the_catalogue_no_longer_knows_can_be_removed_but_not_granted() {
    let folder = dashboard();
    std::fs::write(
        folder.file("own.toml"),
        "[[scope]]\nname = \"blogs\"\nlabel = \"Blogs\"\ndescription = \"Posts.\"\n",
    )
    .unwrap();
    let folder = folder.with("CLAVIGER_CATALOG", "own.toml");
    assert_snapshot!(folder.api_client("grant --id dashboard --permission blogs.write"), @r#"
    stderr: {"error":"There is no permission called “blogs.write”."}
    exit: 1
    "#);
    assert_snapshot!(folder.api_client("revoke --id dashboard --permission blogs.read"), @r#"
    {"id":"dashboard","secret":"written-on-a-wall","name":"API Client ***oard","scopes":["blogs","proposals"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("revoke --id dashboard --permission blogs.read"), @r#"
    stderr: {"error":"There is no permission called “blogs.read”."}
    exit: 1
    "#);
}
