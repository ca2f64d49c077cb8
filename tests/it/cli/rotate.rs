//! `api-client rotate`: a new secret beside the old one, or in its place.

use insta::assert_snapshot;
use serde_json::json;

use super::shell::Folder;

/// A folder with a client `backup`, whose secret somebody chose.
fn backup() -> Folder {
    let folder = Folder::furnished();
    folder.make("--id backup --secret written-on-a-wall --scope blogs --organization-id 1");
    folder
}

/// What becomes of the old secret: how many seconds after the new one was made it ends, or that it was revoked.
fn old_secret(folder: &Folder) -> Vec<String> {
    folder.query(
        "SELECT CASE WHEN old.revoked_at IS NOT NULL THEN 'revoked'
             ELSE CAST(CAST(round((julianday(old.expires_at) - julianday(new.created_at)) * 86400) AS INTEGER) AS TEXT) END
         FROM client_secrets old JOIN client_secrets new ON new.number = old.number + 1
         WHERE old.kind = 'argon2id' AND new.revoked_at IS NULL AND new.expires_at IS NULL",
    )
}

#[test]
fn a_rotated_client_is_printed_with_its_new_secret() {
    let folder = backup();
    let rotated = folder.api_client("rotate --id backup");
    assert_snapshot!(rotated, @r#"
    {"id":"backup","secret":"[secret]","name":"API Client ***ckup","scopes":["blogs"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
    assert_eq!(
        folder.api_client("get --id backup").stdout,
        rotated.stdout,
        "the newest secret is the one that is shown"
    );
}

#[test]
fn the_old_secret_goes_on_for_a_day_unless_told_otherwise() {
    for (flag, seconds) in [
        ("", "86400"),
        ("--keep-old 24h", "86400"),
        ("--keep-old 90s", "90"),
        ("--keep-old 5m", "300"),
        ("--keep-old 7d", "604800"),
    ] {
        let folder = backup();
        assert_eq!(
            folder
                .api_client(&format!("rotate --id backup {flag}"))
                .code,
            Some(0)
        );
        assert_eq!(old_secret(&folder), [seconds], "{flag}");
    }
}

#[test]
fn with_nothing_to_keep_the_old_secret_ends_now() {
    for flag in ["--keep-old 0", "--keep-old 0s"] {
        let folder = backup();
        assert_eq!(
            folder
                .api_client(&format!("rotate --id backup {flag}"))
                .code,
            Some(0)
        );
        assert_eq!(old_secret(&folder), ["revoked"], "{flag}");
    }
}

#[test]
fn a_second_rotation_does_not_lengthen_the_life_of_the_first_secret() {
    let folder = backup();
    folder.api_client("rotate --id backup --keep-old 60s");
    folder.api_client("rotate --id backup --keep-old 24h");
    assert_eq!(
        old_secret(&folder),
        Vec::<String>::new(),
        "the second secret ends as well"
    );
    let left = folder.query("SELECT CAST(count(*) AS TEXT) FROM client_secrets WHERE julianday(expires_at) - julianday(created_at) < 1.0 / 24");
    assert_eq!(left, ["1"]);
}

#[test]
fn a_pending_secret_leaves_the_old_one_until_it_is_used() {
    for (flag, seconds) in [("", "86400"), ("--grace 90s", "90"), ("--grace 0", "0")] {
        let folder = backup();
        let rotated = folder.api_client(&format!("rotate --id backup --pending {flag}"));
        assert_eq!(rotated.code, Some(0), "{rotated}");
        let rows = folder.query(
            "SELECT coalesce(expires_at, revoked_at, 'goes on') || ' ' || coalesce(pending_grace, '-')
             FROM client_secrets ORDER BY number",
        );
        assert_eq!(rows, ["goes on -".to_owned(), format!("goes on {seconds}")]);
        let again = folder.api_client("rotate --id backup --pending");
        assert_eq!(
            again.complaint(),
            r#"1 {"error":"Secret 2 has not been used yet. Cancel it, or let the program use it first."}"#
        );
    }
}

#[test]
fn the_secrets_of_a_client_are_listed_the_newest_first() {
    let folder = backup();
    folder.api_client("rotate --id backup --pending --label 'Website, new'");
    let user = &folder.query("SELECT created_by FROM client_secrets")[0];
    let listed = folder.api_client("secrets --id backup");
    let lines: Vec<serde_json::Value> = listed
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let moments = ["created_at", "last_used_at", "expires_at"];
    assert!(lines.iter().all(|line| line[moments[0]].is_string()));
    let keys = r#"{"number":2,"label":"Website, new","state":"pending","created_at":""#;
    assert!(listed.stdout.starts_with(keys), "{listed}");
    assert_eq!(
        lines
            .iter()
            .map(|line| json!([
                line["number"],
                line["label"],
                line["state"],
                line["created_by"],
                line["last_used_from"]
            ]))
            .collect::<Vec<_>>(),
        [
            json!([2, "Website, new", "pending", user, null]),
            json!([1, null, "active", user, null]),
        ]
    );
    folder.api_client("end-secret --id backup --number 2");
    let text = folder.api_client("secrets --id backup --format text");
    assert!(
        text.stdout
            .starts_with("number=1\nlabel=\nstate=active\ncreated_at="),
        "{text}"
    );
    assert!(!text.stdout.contains("number=2"), "{text}");
}

#[test]
fn one_secret_is_ended_but_never_the_last() {
    let folder = backup();
    folder.api_client("rotate --id backup --keep-old 1h");
    assert_snapshot!(folder.api_client("end-secret --id backup --number 1"), @r#"
    {"ended":true,"id":"backup","number":1}
    exit: 0
    "#);
    let before = folder.everything();
    assert_eq!(
        folder
            .api_client("end-secret --id backup --number 2")
            .complaint(),
        r#"1 {"error":"Secret 2 is the only one of this client that works. Make another first, or revoke the client."}"#
    );
    assert_eq!(
        folder
            .api_client("end-secret --id backup --number 7")
            .complaint(),
        r#"1 {"error":"There is no such secret."}"#
    );
    assert_eq!(folder.everything(), before);
    folder.api_client("rotate --id backup --keep-old 1h");
    assert_snapshot!(folder.api_client("end-secret --id backup --number 2 --format text"), @r"
    ended=true
    id=backup
    number=2
    exit: 0
    ");
}

#[test]
fn nonsense_is_wrong_usage_and_a_span_beyond_all_calendars_is_refused() {
    let folder = backup();
    let before = folder.everything();
    let wrong = [
        "soon", "24", "-1h", "''", "24h,48h", "P1D", "5M", "1month", "1h30m", "'7d 1h'", "1.5h",
        "+5m",
    ];
    for span in wrong {
        let said = folder.api_client(&format!("rotate --id backup --keep-old={span}"));
        assert!(
            said.complaint().ends_with(
                "write a number and its unit, s, m, h or d, such as 90s, 30m, 24h or 7d"
            ),
            "{span}: {said}"
        );
        assert_eq!(said.code, Some(2), "{span}: {said}");
    }
    assert_eq!(
        folder
            .api_client("rotate --id backup --keep-old 109500000d")
            .complaint(),
        r#"1 {"error":"That is too long."}"#
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn text_is_a_line_for_each_key() {
    assert_snapshot!(backup().api_client("rotate --id backup --format text"), @r"
    id=backup
    secret=[secret]
    name=API Client ***ckup
    scopes=blogs
    permissions=
    organization_id=1
    exit: 0
    ");
}

#[test]
fn a_client_without_an_organization_prints_null() {
    let folder = Folder::furnished();
    folder.make("--id backup --scope system");
    assert_snapshot!(folder.api_client("rotate --id backup"), @r#"
    {"id":"backup","secret":"[secret]","name":"API Client ***ckup","scopes":["system"],"permissions":[],"organization_id":null}
    exit: 0
    "#);
}

#[test]
fn where_secrets_are_shown_once_a_rotation_shows_the_new_one() {
    let folder = backup().with("CLAVIGER_SECRETS", "once");
    assert_snapshot!(folder.api_client("rotate --id backup"), @r#"
    {"id":"backup","secret":"[secret]","name":"API Client ***ckup","scopes":["blogs"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
    assert_snapshot!(folder.without("CLAVIGER_SECRETS").api_client("get"), @r#"
    {"id":"backup","name":"API Client ***ckup","scopes":["blogs"],"permissions":[],"organization_id":1}
    exit: 0
    "#);
}

#[test]
fn a_rotation_is_in_the_audit_log_without_the_secret() {
    let folder = backup();
    let secret = folder
        .api_client("rotate --id backup --keep-old 90s")
        .made()
        .secret;
    let data = folder.query("SELECT data FROM audit_events WHERE kind = 'secret.rotated'");
    assert_eq!(
        data,
        [format!(
            r#"{{"hint":"{}","keep_old_seconds":90,"secret":2,"label":null,"pending":false}}"#,
            &secret[secret.len() - 4..]
        )]
    );
}
