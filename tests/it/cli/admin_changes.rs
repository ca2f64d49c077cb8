//! `claviger admin list | invite | set-role | disable | enable`.

use insta::assert_snapshot;

use super::shell::Folder;

const PASSWORD: &str = "a sentence works well";

/// A folder with an owner and an auditor.
fn with_two() -> Folder {
    let folder = Folder::empty();
    folder.claviger_reading("admin create --email ada@example.org", PASSWORD);
    folder.claviger_reading(
        "admin create --email bea@example.org --role auditor",
        PASSWORD,
    );
    folder
}

#[test]
fn administrators_are_changed_and_listed() {
    let folder = with_two();
    assert_snapshot!(folder.claviger("admin set-role --email BEA@example.org --role owner"), @r#"
    {"id":2,"email":"bea@example.org","role":"owner"}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("admin disable --email ada@example.org"), @r#"
    {"id":1,"email":"ada@example.org","role":"owner","disabled":true}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("admin list"), @r#"
    {"id":1,"email":"ada@example.org","role":"owner","disabled":true,"made_by":"shell:ada"}
    {"id":2,"email":"bea@example.org","role":"owner","made_by":"shell:ada"}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("admin enable --email ada@example.org"), @r#"
    {"id":1,"email":"ada@example.org","role":"owner"}
    exit: 0
    "#);
    let log = folder.audit_log();
    assert_eq!(
        log[log.len() - 3..],
        [
            "shell:ada admin.role_changed admin:bea@example.org",
            "shell:ada admin.disabled admin:ada@example.org",
            "shell:ada admin.enabled admin:ada@example.org"
        ]
    );
}

#[test]
fn a_shell_leaves_the_last_owner_too() {
    let folder = with_two();
    let before = folder.everything();
    let refused = [
        "admin disable --email ada@example.org",
        "admin set-role --email ada@example.org --role manager",
        "admin enable --email bea@example.org",
        "admin disable --email cid@example.org",
        "admin invite --email ada@example.org --role owner",
        "admin invite --email cid --role owner",
    ];
    let said = refused.map(|command| folder.claviger(command).complaint());
    assert_snapshot!(said.join("\n"), @r"
    1 claviger: This is the last owner who can sign in. Make another administrator an owner first.
    1 claviger: This is the last owner who can sign in. Make another administrator an owner first.
    1 claviger: “bea@example.org” is not disabled. Nothing else to do.
    1 claviger: There is no administrator “cid@example.org”.
    1 claviger: There is an administrator “ada@example.org” already.
    1 claviger: “cid” is not an email address.
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn an_invitation_is_printed_once() {
    let folder = with_two();
    let said = folder.claviger("admin invite --email cid@example.org --role manager");
    assert_eq!(said.code, Some(0), "{said}");
    let row: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(row["email"], "cid@example.org");
    assert_eq!(row["role"], "manager");
    let link = row["link"].as_str().unwrap();
    let (_, code) = link.split_once("/system/invitation?code=").unwrap();
    assert_eq!(code.len(), 43);
    assert!(!folder.everything().concat().contains(code));
    let kept = folder.query("SELECT email || ' ' || role FROM admin_links");
    assert_eq!(kept, ["cid@example.org manager"]);
}
