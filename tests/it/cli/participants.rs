//! `claviger participant`: made, listed, blocked, given passwords, imported.

use insta::assert_snapshot;

use super::shell::Folder;

const PASSWORD: &str = "a sentence works well";

/// A folder with organizations 1 and 2, and two participants of the first.
fn populated() -> Folder {
    let folder = Folder::furnished();
    for nickname in ["zoe", "ada"] {
        let said = folder.claviger(&format!(
            "participant create --organization-id 1 --nickname {nickname} --email {nickname}@example.org"
        ));
        assert_eq!(said.code, Some(0), "{said}");
    }
    folder
}

/// What a query of the participants finds.
fn column(folder: &Folder, column: &str) -> Vec<String> {
    folder.query(&format!(
        "SELECT cast({column} AS TEXT) FROM participants ORDER BY id"
    ))
}

#[test]
fn a_participant_is_made_with_a_password_or_without() {
    let folder = Folder::furnished();
    let create = "participant create --organization-id 2";
    assert_snapshot!(folder.claviger_reading(&format!("{create} --nickname Ada_L --email ADA@Example.org"), &format!("{PASSWORD}\n")), @r#"
    {"id":1,"organization_id":2,"nickname":"Ada_L","email":"ada@example.org","name":"Ada L","has_password":true}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger(&format!("{create} --nickname zoë --email zoe@example.org --name 'Zoë, née Žofie'")), @r#"
    {"id":2,"organization_id":2,"nickname":"zoë","email":"zoe@example.org","name":"Zoë, née Žofie","has_password":false}
    exit: 0
    "#);
    let hashes = column(&folder, "coalesce(substr(password_hash, 1, 10), 'none')");
    assert_eq!(hashes, ["$argon2id$", "none"]);
    assert_eq!(
        folder.audit_log()[2..],
        [
            "shell:ada participant.created participant:1",
            "shell:ada participant.created participant:2",
        ]
    );
}

#[test]
fn the_list_is_by_nickname_and_can_be_searched() {
    let folder = populated();
    assert_snapshot!(folder.claviger("participant list --organization-id 1"), @r#"
    {"id":2,"organization_id":1,"nickname":"ada","email":"ada@example.org","name":"Ada","has_password":false}
    {"id":1,"organization_id":1,"nickname":"zoe","email":"zoe@example.org","name":"Zoe","has_password":false}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("participant list --organization-id 1 --search ZO"), @r#"
    {"id":1,"organization_id":1,"nickname":"zoe","email":"zoe@example.org","name":"Zoe","has_password":false}
    exit: 0
    "#);
    assert_snapshot!(folder.claviger("participant list --organization-id 2"), @"exit: 0");
}

#[test]
fn a_block_is_made_and_taken_back_once() {
    let folder = populated();
    assert_snapshot!(folder.claviger("participant block --id 2"), @r#"
    {"id":2,"organization_id":1,"nickname":"ada","email":"ada@example.org","name":"Ada","has_password":false,"blocked":true}
    exit: 0
    "#);
    let again = folder.claviger("participant block --id 2").complaint();
    assert_eq!(
        again,
        "1 claviger: Participant 2 was blocked before. Nothing else to do."
    );
    assert_snapshot!(folder.claviger("participant unblock --id 2"), @r#"
    {"id":2,"organization_id":1,"nickname":"ada","email":"ada@example.org","name":"Ada","has_password":false}
    exit: 0
    "#);
    assert_eq!(column(&folder, "generation"), ["0", "1"]);
}

#[test]
fn a_password_is_set() {
    let folder = populated();
    assert_snapshot!(folder.claviger_reading("participant set-password --id 1", PASSWORD), @r#"
    {"id":1,"organization_id":1,"nickname":"zoe","email":"zoe@example.org","name":"Zoe","has_password":true}
    exit: 0
    "#);
    let refused = folder.claviger_reading("participant set-password --id 1", "short");
    assert_eq!(
        refused.complaint(),
        "1 claviger: That is 5 characters. Use at least 12; a sentence works well."
    );
}

#[test]
fn a_refusal_is_one_line_and_leaves_nothing_behind() {
    let folder = populated();
    folder.claviger("organization archive --id 2");
    let before = folder.everything();
    let refused = [
        "create --organization-id 1 --nickname ADA --email x@example.org",
        "create --organization-id 1 --nickname ａｄａ --email Zoe@Example.org",
        "create --organization-id 1 --nickname 'a b' --email x",
        "create --organization-id 1 --nickname '' --email x@example.org",
        "create --organization-id 2 --nickname bea --email x@example.org",
        "create --organization-id 3 --nickname bea --email x@example.org",
        "list --organization-id 3",
        "block --id 3",
        "unblock --id 1",
        "set-password --id 1",
        "import missing.csv --organization-id 1",
    ];
    let told = refused.map(|command| {
        let said = folder.claviger(&format!("participant {command}"));
        said.complaint()
    });
    assert_snapshot!(told.join("\n"), @r"
    1 claviger: Another participant has the nickname “ADA”.
    1 claviger: Another participant has the nickname “ａｄａ”. Another participant has the email address “zoe@example.org”.
    1 claviger: A nickname consists of letters, digits, hyphen and underscore. “x” is not an email address.
    1 claviger: A nickname has 1 to 64 characters.
    1 claviger: Organization 2 is archived, so its participants cannot be changed. Restore it first.
    1 claviger: There is no organization 3.
    1 claviger: There is no organization 3.
    1 claviger: There is no participant 3.
    1 claviger: Participant 1 is not blocked. Nothing else to do.
    1 claviger: That is 0 characters. Use at least 12; a sentence works well.
    1 claviger: missing.csv cannot be read: No such file or directory (os error 2)
    ");
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_file_is_checked_and_then_imported() {
    let folder = populated();
    let text = format!(
        "nickname,email,name,password\nbea,bea@example.org,Bea,{PASSWORD}\ncid,cid@example.org,,\n"
    );
    std::fs::write(folder.file("new.csv"), text).unwrap();
    let before = folder.everything();
    let import = "participant import new.csv --organization-id 1";
    assert_snapshot!(folder.claviger(&format!("{import} --dry-run")), @r#"
    {"organization_id":1,"participants":2,"imported":false}
    exit: 0
    "#);
    assert_eq!(folder.everything(), before);
    assert_snapshot!(folder.claviger(import), @r#"
    {"organization_id":1,"participants":2,"imported":true}
    exit: 0
    "#);
    assert_eq!(column(&folder, "nickname"), ["zoe", "ada", "bea", "cid"]);
    let log = folder.audit_log();
    let imported = [3, 4].map(|id| format!("shell:ada participant.created participant:{id}"));
    assert_eq!(log[log.len() - 2..], imported);
}

#[test]
fn a_wrong_line_is_named_and_nothing_is_imported() {
    let folder = populated();
    let before = folder.everything();
    let text = "nickname,email\nbea,bea@example.org\nADA,other@example.org\nbea,c\nx\n";
    std::fs::write(folder.file("new.csv"), text).unwrap();
    let import = "participant import new.csv --organization-id 1";
    let said = folder.claviger(import);
    assert_snapshot!(said, @r"
    stderr: claviger: line 3, nickname: Another participant has the nickname “ADA”.
    stderr: claviger: line 4, email: “c” is not an email address.
    stderr: claviger: line 5: The line does not have 2 fields but 1.
    stderr: claviger: nothing was imported, because of the lines above
    exit: 1
    ");
    let tried = folder.claviger(&format!("{import} --dry-run"));
    assert_eq!(tried.to_string(), said.to_string());
    std::fs::write(folder.file("new.csv"), "nickname;email\n").unwrap();
    let said = folder.claviger(import);
    assert_eq!(
        said.complaint(),
        "1 claviger: “nickname;email” is no column of participants. Separate columns by commas: nickname, email, name, password, password_hash."
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn wrong_usage_is_told_apart() {
    let folder = populated();
    for command in [
        "create --organization-id 1 --nickname ada",
        "create --organization-id one --nickname ada --email x@example.org",
        "list",
        "block",
        "import --organization-id 1",
        "import new.csv",
    ] {
        let said = folder.claviger(&format!("participant {command}"));
        assert_eq!((said.stdout.as_str(), said.code), ("", Some(2)), "{said}");
    }
}
