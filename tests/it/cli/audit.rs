//! `claviger audit verify | list`.

use insta::assert_snapshot;

use super::shell::Folder;

#[test]
fn the_audit_log_is_verified_and_the_first_harm_is_named() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    assert_snapshot!(folder.claviger("audit verify"), @r#"
    {"ok":true,"verified":3}
    exit: 0
    "#);
    folder.query("UPDATE audit_events SET actor = 'shell:grace' WHERE sequence = 2");
    assert_snapshot!(folder.claviger("audit verify"), @r"
    stderr: claviger: The audit log is not as it was written: entry 2 does not fit. Those before it do.
    exit: 1
    ");
}

#[test]
fn the_audit_log_is_listed_with_filters() {
    let folder = Folder::furnished();
    folder.make("--scope system --id backup");
    folder.query("UPDATE audit_events SET actor = 'shell:ada', at = '2026-11-23T12:00:00+00:00'");
    let sentences = |arguments: &str| {
        let said = folder.claviger(&format!("audit list {arguments}"));
        assert_eq!(said.code, Some(0), "{said}");
        let rows = said.stdout.lines();
        let rows = rows.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let sentences = rows.map(|row| row["summary"].as_str().unwrap().to_owned());
        sentences.collect::<Vec<_>>()
    };
    let made = |what: &str| format!("ada on the server created {what}");
    let backup = sentences("--client backup").remove(0);
    assert!(backup.starts_with(&made("client ")), "{backup}");
    let lausanne = made("organization Lausanne");
    let porto = made("organization Porto");
    assert_eq!(
        sentences(""),
        [backup.clone(), lausanne.clone(), porto.clone()]
    );
    assert_eq!(sentences("--limit 1"), std::slice::from_ref(&backup));
    assert_eq!(sentences("--action clients"), std::slice::from_ref(&backup));
    assert_eq!(
        sentences("--action organization.created --organization 1"),
        [porto]
    );
    assert_eq!(sentences("--actor ada").len(), 3);
    assert_eq!(sentences("--actor eve").len(), 0);
    // The day is that of the commit, which the log notes: today.
    assert_eq!(sentences("--until 2000-01-01").len(), 0);
    let table = folder.claviger("audit list --csv --client backup");
    let mut lines = table.stdout.lines();
    let head = "sequence,at,kind,actor,address,target,organization_id,summary,data,version,hash";
    assert_eq!(lines.next(), Some(head));
    let row = lines.next().unwrap();
    assert!(row.starts_with("3,2026-11-23T12:00:00"), "{row}");
    assert!(row.contains(",shell:ada,,client:backup,,"), "{row}");
    for wrong in ["--action sleep", "--since yesterday", "--limit 0"] {
        assert_eq!(
            folder.claviger(&format!("audit list {wrong}")).code,
            Some(2)
        );
    }
}
