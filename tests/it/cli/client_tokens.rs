//! `api-client tokens` and `api-client revoke-tokens`.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn all_tokens_of_a_client_are_revoked_and_it_stays() {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope system");
    let get = folder.api_client("get --id backup").stdout;
    assert_snapshot!(folder.api_client("revoke-tokens --id backup"), @r#"
    {"id":"backup","tokens_revoked":true}
    exit: 0
    "#);
    assert_snapshot!(folder.api_client("revoke-tokens --id backup --format text"), @r"
    tokens_revoked=true
    id=backup
    exit: 0
    ");
    assert_eq!(folder.api_client("get --id backup").stdout, get);
    let told = folder.query("SELECT kind FROM audit_events WHERE kind = 'tokens.revoked_all'");
    assert_eq!(told.len(), 2);
    let raised = "SELECT id FROM api_clients WHERE tokens_since = version AND tokens_since > 0";
    assert_eq!(folder.query(raised), ["backup"]);
}

#[test]
fn a_client_that_asked_for_no_token_has_none_to_show() {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope system");
    assert_snapshot!(folder.api_client("tokens --id backup"), @"exit: 0");
}

#[test]
fn a_client_that_is_not_there_or_gone_is_refused() {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope system");
    folder.api_client("delete --id backup");
    for command in ["tokens --id nobody", "revoke-tokens --id nobody"] {
        let said = folder.api_client(command);
        assert_eq!((said.stdout.as_str(), said.code), ("", Some(1)), "{said}");
        assert!(
            said.stderr.contains("There is no client “nobody”."),
            "{said}"
        );
    }
    let said = folder.api_client("revoke-tokens --id backup");
    assert_eq!((said.stdout.as_str(), said.code), ("", Some(1)), "{said}");
    assert!(said.stderr.contains("was revoked"), "{said}");
}
