//! The documented examples of `api-client`: every key, in its order.

use insta::assert_snapshot;

use super::shell::Folder;

const FULL: &str = "MOu0W2AAEO8Lp3RrwRqq5dC4AS2_qPuq0WOBpzMgpRA";

/// Makes the client of the examples that is called "Full".
fn make_full(folder: &Folder) {
    folder.make(&format!(
        "--id {FULL} --secret _W0Xk8uKqTpqItPnZL7LqbffEIf-Oh8aQmd0kctwaSI --name Full --organization-id 2 \
         --scope system --scope proposals --scope meetings --scope debates --scope pages --scope blogs --scope oauth --scope public"
    ));
}

#[test]
fn a_system_client_needs_nothing_but_its_scope() {
    assert_snapshot!(Folder::furnished().api_client("create --scope system"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":[]}
    exit: 0
    "#);
}

#[test]
fn a_system_client_may_begin_with_a_permission() {
    assert_snapshot!(Folder::furnished().api_client("create --scope system --permission system.organizations.update"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":["system.organizations.update"]}
    exit: 0
    "#);
}

#[test]
fn a_client_of_an_organization_names_it_last() {
    assert_snapshot!(Folder::furnished().api_client("create --scope blogs --permission blogs.read --organization-id 2"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["blogs"],"permissions":["blogs.read"],"organization_id":2}
    exit: 0
    "#);
}

#[test]
fn a_client_may_have_fixed_credentials() {
    let said = Folder::furnished().api_client(
        "create --scope system --permission system.organizations.update --permission system.organizations.read \
         --id sysadmin-org --secret my-insecure-password",
    );
    assert_snapshot!(said, @r#"
    {"id":"sysadmin-org","secret":"my-insecure-password","name":"API Client ***-org","scopes":["system"],"permissions":["system.organizations.update","system.organizations.read"]}
    exit: 0
    "#);
}

#[test]
fn every_client_is_shown_on_a_line_of_its_own() {
    let folder = Folder::furnished();
    make_full(&folder);
    folder.make("--scope system");
    assert_snapshot!(folder.api_client("get"), @r#"
    {"id":"MOu0W2AAEO8Lp3RrwRqq5dC4AS2_qPuq0WOBpzMgpRA","secret":"_W0Xk8uKqTpqItPnZL7LqbffEIf-Oh8aQmd0kctwaSI","name":"Full","scopes":["system","proposals","meetings","debates","pages","blogs","oauth","public"],"permissions":[],"organization_id":2}
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn a_client_with_more_than_the_system_scope_and_no_organization_is_shown_but_not_made() {
    let folder = Folder::furnished();
    let before = folder.everything();
    assert_snapshot!(folder.api_client("create --scope blogs --scope system"), @r#"
    stderr: {"error":"Choose an organization. Only a client with nothing but the system scope needs none."}
    exit: 1
    "#);
    assert_eq!(folder.everything(), before);

    // Only an import brings one in.
    folder.make("--scope system");
    folder.query("UPDATE api_clients SET scopes = 'blogs system'");
    assert_snapshot!(folder.api_client("get"), @r#"
    {"id":"[id]","secret":"[secret]","name":"API Client ***[tail]","scopes":["blogs","system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn one_client_is_shown_by_its_id_and_its_permissions_come_and_go() {
    let folder = Folder::furnished();
    make_full(&folder);
    let get = folder.api_client(&format!("get --id {FULL}"));
    assert_snapshot!(get, @r#"
    {"id":"MOu0W2AAEO8Lp3RrwRqq5dC4AS2_qPuq0WOBpzMgpRA","secret":"_W0Xk8uKqTpqItPnZL7LqbffEIf-Oh8aQmd0kctwaSI","name":"Full","scopes":["system","proposals","meetings","debates","pages","blogs","oauth","public"],"permissions":[],"organization_id":2}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client(&format!("grant --id {FULL} --permission blogs.read")), @r#"
    {"id":"MOu0W2AAEO8Lp3RrwRqq5dC4AS2_qPuq0WOBpzMgpRA","secret":"_W0Xk8uKqTpqItPnZL7LqbffEIf-Oh8aQmd0kctwaSI","name":"Full","scopes":["system","proposals","meetings","debates","pages","blogs","oauth","public"],"permissions":["blogs.read"],"organization_id":2}
    exit: 0
    "#);
    let revoke = folder.api_client(&format!("revoke --id {FULL} --permission blogs.read"));
    assert_eq!(revoke.stdout, get.stdout);
}
