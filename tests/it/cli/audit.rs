//! `claviger audit verify`.

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
