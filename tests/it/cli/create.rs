//! `api-client create`: lists, switches, organizations, and nothing half-written.

use std::process::{Child, Stdio};

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn lists_take_repeated_flags_and_commas_keep_their_order_and_drop_duplicates() {
    let said = Folder::furnished().api_client(
        "create --scope proposals --scope public,blogs --scope proposals,public --organization-id 1 \
         --permission blogs.write,blogs.read --perm proposals.read --permission blogs.read --perm blogs.write",
    );
    assert_snapshot!(said, @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["proposals","public","blogs"],"permissions":["blogs.write","blogs.read","proposals.read"],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn spaces_around_a_comma_mean_nothing() {
    let said = Folder::furnished().api_client("create --scope 'blogs, pages ' --organization-id 1");
    assert_snapshot!(said, @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["blogs","pages"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn an_empty_part_of_a_list_is_wrong_usage() {
    let folder = Folder::furnished();
    let before = folder.everything();
    for list in [
        "--scope ''",
        "--scope system,",
        "--scope ,system",
        "--scope blogs,,system",
        "--scope ' '",
        "--scope system --perm ''",
        "--scope system --permission system.organizations.read,",
    ] {
        let said = folder.api_client(&format!("create --organization-id 1 {list}"));
        assert!(
            said.complaint().ends_with("a part of the list is empty"),
            "{list}: {said}"
        );
        assert_eq!(said.code, Some(2), "{list}: {said}");
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn the_switches_append_their_permissions_in_a_fixed_order() {
    let folder = Folder::furnished();
    assert_snapshot!(folder.api_client("create --allow-login --allow-impersonate --scope blogs --organization-id 2 --permission blogs.read"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["blogs"],"permissions":["blogs.read","oauth.impersonate","oauth.login"],"organization_id":2}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("create --allow-login --scope system"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":["oauth.login"]}
    stderr: {"warning":"no token for a participant has the scope `system`, so a client without another scope gets none, with --allow-login or --allow-impersonate"}
    exit: 0
    "#);
}

#[test]
fn a_switch_beside_its_own_permission_adds_nothing() {
    let folder = Folder::furnished();
    assert_snapshot!(folder.api_client("create --scope system --permission oauth.login --allow-login"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":["oauth.login"]}
    stderr: {"warning":"no token for a participant has the scope `system`, so a client without another scope gets none, with --allow-login or --allow-impersonate"}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("create --scope system --permission oauth.login --allow-login --allow-impersonate"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":["oauth.login","oauth.impersonate"]}
    stderr: {"warning":"no token for a participant has the scope `system`, so a client without another scope gets none, with --allow-login or --allow-impersonate"}
    exit: 0
    "#);
}

#[test]
fn a_client_with_only_the_system_scope_may_still_belong_to_an_organization() {
    assert_snapshot!(Folder::furnished().api_client("create --scope system,system --organization-id 2"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":[],"organization_id":2}
    exit: 0
    "#);
}

#[test]
fn text_is_a_line_for_each_key() {
    let folder = Folder::furnished();
    assert_snapshot!(folder.api_client("create --format text --scope blogs,pages --organization-id 2 --permission blogs.read,blogs.write --name 'Blog reader'"), @r"
    id=[id]
    secret=[secret]
    name=Blog reader
    scopes=blogs pages
    permissions=blogs.read blogs.write
    organization_id=2
    exit: 0
    ");
    assert_snapshot!(folder.api_client("create --scope system --format=text"), @r"
    id=[id]
    secret=[secret]
    name=API Client ***[tail]
    scopes=system
    permissions=
    exit: 0
    ");
}

#[test]
fn a_refusal_says_why_on_one_line_and_leaves_nothing_behind() {
    let folder = Folder::furnished();
    folder.claviger("organization archive --id 1");
    folder.make("--scope system --id taken");
    let before = folder.everything();
    let refused = [
        "--scope blogs",
        "--scope blogs --organization-id 3",
        "--scope blogs --organization-id 1",
        "--scope nonsense --organization-id 2",
        "--scope system --permission nonsense.read",
        "--scope blogs --organization-id 2 --permission blogs.read,proposals.read",
        "--scope system --id taken",
        "--scope blogs,nonsense --permission nonsense.read,proposals.read --id a --name ''",
    ];
    let told: Vec<String> = refused
        .iter()
        .map(|arguments| {
            folder
                .api_client(&format!("create {arguments}"))
                .to_string()
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    stderr: {"error":"Choose an organization. Only a client with nothing but the system scope needs none."}
    exit: 1
    stderr: {"error":"There is no organization 3."}
    exit: 1
    stderr: {"error":"There is no organization 1."}
    exit: 1
    stderr: {"error":"There is no scope called “nonsense”."}
    exit: 1
    stderr: {"error":"There is no permission called “nonsense.read”."}
    exit: 1
    stderr: {"error":"Permission “proposals.read” needs scope “proposals”, which the client does not have."}
    exit: 1
    stderr: {"error":"There is or was a client “taken”. Ids are never given out again."}
    exit: 1
    stderr: {"error":"A client ID has 3 to 128 characters. Give it a name. There is no scope called “nonsense”. Choose an organization. Only a client with nothing but the system scope needs none. There is no permission called “nonsense.read”. Permission “proposals.read” needs scope “proposals”, which the client does not have."}
    exit: 1
    "#);
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_name_that_another_client_of_the_organization_has_is_refused() {
    let folder = Folder::furnished();
    folder.make("--scope blogs --organization-id 2 --name 'Blog reader'");
    let before = folder.everything();
    assert_snapshot!(folder.api_client("create --scope public --organization-id 2 --name 'BLOG  reader'"), @r#"
    stderr: {"error":"Another client of Lausanne is called “BLOG  reader”. Add what makes this one different."}
    exit: 1
    "#);
    assert_eq!(folder.everything(), before);
    // Names that are made from ids may end alike.
    folder.make("--scope system --id one-test");
    folder.make("--scope system --id two-test");
}

#[test]
fn a_refusal_in_text_is_plain() {
    assert_snapshot!(Folder::furnished().api_client("create --scope blogs --format text"), @r"
    stderr: api-client: Choose an organization. Only a client with nothing but the system scope needs none.
    exit: 1
    ");
}

#[test]
fn commands_that_run_at_once_wait_for_each_other() {
    let folder = Folder::furnished();
    let mut command = folder.command(env!("CARGO_BIN_EXE_api-client"));
    command
        .args(["create", "--scope", "system"])
        .stdout(Stdio::null());
    let children: Vec<Child> = (0..8).map(|_| command.spawn().unwrap()).collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(folder.api_client("get").stdout.lines().count(), 8);
}

#[test]
fn a_client_leaves_one_entry_in_the_trail() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup --permission system.organizations.read");
    assert_eq!(
        folder.audit_log(),
        [
            "shell:ada organization.created organization:1",
            "shell:ada organization.created organization:2",
            "shell:ada client.created client:backup"
        ]
    );
}
