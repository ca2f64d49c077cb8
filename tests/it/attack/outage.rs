//! Outages: a full disk, a database that cannot be written or read. Requests are refused with 503 and `Retry-After`, no
//! dead token is called active, and afterwards the same process works again.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::fixture::sign_in;
use super::ledger::inconsistencies;
use super::transport::{Post, Reply, Socket, Transport, call};
use crate::cli::server::Server;
use crate::cli::shell::{Folder, block_on};
use crate::support::{
    App, DatabaseProxy, Engine, Fixture, MASTER_KEY, admit, basic, expel, fresh_database, settings,
};

/// A server, a client of it with a live token, and an administrator's session.
struct Setup {
    server: Server,
    id: String,
    basic: String,
    session: String,
}

impl Setup {
    /// Starts it in a folder with an organization 2.
    fn new(folder: &Folder, start: impl FnOnce() -> Server) -> Self {
        let output = folder.claviger_reading(
            "admin create --email ada@example.org",
            "a sentence as a password",
        );
        assert_eq!(output.code, Some(0), "{output}");
        let made = folder.make("--scope blogs --organization-id 2");
        let server = start();
        Self {
            session: sign_in(&mut Socket::to(server.address())),
            server,
            basic: basic(&made.id, &made.secret),
            id: made.id,
        }
    }

    fn oauth(&self, endpoint: &str, form: &str) -> Reply {
        let post = Post {
            path: &format!("/oauth/{endpoint}"),
            headers: &[("authorization", &self.basic)],
            form,
        };
        Socket::to(self.server.address()).post(post).unwrap()
    }

    fn page(&self, endpoint: &str, fields: &[(&str, &str)]) -> Reply {
        let mut transport = Socket::to(self.server.address());
        call(&mut transport, &self.session, endpoint, fields).unwrap()
    }

    fn token(&self) -> String {
        let reply = self.oauth("token", "grant_type=client_credentials");
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    fn revoke(&self, token: &str) -> Reply {
        self.oauth("revoke", &format!("token={token}"))
    }

    fn is_active(&self, token: &str) -> bool {
        let reply = self.oauth("introspect", &format!("token={token}"));
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["active"].as_bool().unwrap()
    }

    fn toggle(&self) -> Reply {
        let fields = [
            ("id", self.id.as_str()),
            ("switches[0][permission]", "blogs.read"),
            ("switches[0][on]", "true"),
        ];
        self.page("permissions/set", &fields)
    }

    /// Checks that writes are refused and reads work.
    fn assert_reads_only(&self, token: &str) {
        for _ in 0..3 {
            assert_refused_for_now(&self.revoke(token));
            assert_refused_for_now(&self.toggle());
            assert!(self.is_active(token), "it was not revoked");
            assert!(self.is_active(&self.token()));
        }
        let fields = [
            ("form[name]", "Dashboard"),
            ("form[organization_id]", "2"),
            ("form[scopes][]", "blogs"),
        ];
        assert_refused_for_now(&self.page("clients/create", &fields));
        let path = format!("/system/api-clients/{}", self.id);
        let cookie = format!("Cookie: {}\r\n", self.session);
        let (status, page) = self.server.ask("GET", &path, &cookie, "");
        assert_eq!(status, 200, "{page}");
    }

    /// Checks that everything works.
    fn assert_works(&self, token: &str) {
        assert!(self.is_active(token));
        assert_eq!(self.revoke(token).status, 200);
        assert!(!self.is_active(token));
        assert!(self.is_active(&self.token()));
        assert_eq!(self.toggle().status, 200);
    }
}

#[track_caller]
fn assert_refused_for_now(reply: &Reply) {
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (503, "1"),
        "{reply:?}"
    );
    assert!(!reply.body.contains("active"), "{reply:?}");
}

/// Whether a command succeeds; prints why the test is skipped when not.
fn can(tool: &str, arguments: &[&str]) -> bool {
    let works = Command::new(tool)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success());
    if !works {
        println!(
            "left out: `{tool} {}` does not work here",
            arguments.join(" ")
        );
    }
    works
}

/// Limits the size of files that a running process writes (`RLIMIT_FSIZE`).
fn limit_files(process: u32, limit: &str) {
    let limit = format!("--fsize={limit}:unlimited");
    assert!(can("prlimit", &["--pid", &process.to_string(), &limit]));
}

#[test]
fn when_no_file_can_be_written_writes_are_refused_and_reads_go_on() {
    if !can("prlimit", &["--fsize=unlimited:unlimited", "true"]) {
        return;
    }
    let folder = Folder::furnished();
    let setup = Setup::new(&folder, || {
        // SIGXFSZ would end the process; ignored, the write fails with EFBIG.
        let mut command = folder.command("bash");
        command.args([
            "-c",
            &format!(
                "trap '' XFSZ; exec {} serve",
                env!("CARGO_BIN_EXE_claviger")
            ),
        ]);
        Server::start_as(&folder, command)
    });
    let (token, other) = (setup.token(), setup.token());
    limit_files(setup.server.process(), "0");
    setup.assert_reads_only(&token);

    // Changes by another process, which can write, are in force here too.
    let suspended = folder.api_client(&format!("suspend --id={}", setup.id));
    assert_eq!(suspended.code, Some(0), "{suspended}");
    assert_eq!(
        setup.oauth("token", "grant_type=client_credentials").status,
        401
    );
    folder.api_client(&format!("resume --id={}", setup.id));
    setup.assert_reads_only(&token);

    limit_files(setup.server.process(), "unlimited");
    setup.assert_works(&token);
    assert!(setup.is_active(&other));
    assert_eq!(inconsistencies(&folder), Vec::<String>::new());
}

#[test]
fn on_a_full_disk_writes_are_refused_until_there_is_room() {
    if !can("unshare", &["-rm", "mount", "-t", "tmpfs", "none", "/tmp"]) {
        return;
    }
    let folder = Folder::furnished();
    std::fs::create_dir(folder.file("disk")).unwrap();
    let setup = Setup::new(&folder, || {
        // A mount that only the server sees, and that disappears with it.
        let mut command = folder.command("unshare");
        let start = "mount -t tmpfs -o size=2m none disk && cp claviger.* disk && cd disk && exec";
        let start = format!("{start} {} serve", env!("CARGO_BIN_EXE_claviger"));
        command.args(["-rm", "sh", "-c", &start]);
        Server::start_as(&folder, command)
    });
    let disk = format!(
        "/proc/{}/root{}",
        setup.server.process(),
        folder.file("disk").display()
    );
    let ballast = Path::new(&disk).join("ballast");
    let token = setup.token();
    for _ in 0..2 {
        fill(&ballast);
        setup.assert_reads_only(&token);
        std::fs::remove_file(&ballast).unwrap();
        let token = setup.token();
        assert_eq!(setup.revoke(&token).status, 200);
        assert!(!setup.is_active(&token));
    }
    setup.assert_works(&token);
    for name in ["claviger.db", "claviger.db-wal"] {
        std::fs::copy(Path::new(&disk).join(name), folder.file(name)).unwrap();
    }
    assert_eq!(inconsistencies(&folder), Vec::<String>::new());
}

/// Fills the disk until no page fits.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

#[test]
fn a_log_that_cannot_be_written_stops_nobody() {
    let folder = Folder::furnished();
    let setup = Setup::new(&folder, || {
        let mut command = folder.command("sh");
        let start = format!("exec {} serve 2>/dev/full", env!("CARGO_BIN_EXE_claviger"));
        command.args(["-c", &start]).env("CLAVIGER_LOG", "trace");
        Server::start_as(&folder, command)
    });
    setup.assert_works(&setup.token());
}

#[test]
fn a_database_that_cannot_be_written_keeps_the_server_from_starting() {
    if !can("unshare", &["-rm", "true"]) {
        return;
    }
    let folder = Folder::furnished();
    let mut command = folder.command("unshare");
    let start = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && exec";
    let start = format!("{start} {} serve", env!("CARGO_BIN_EXE_claviger"));
    let output = command.args(["-rm", "sh", "-c", &start]).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.lines().last().unwrap().starts_with("claviger: ") && stderr.contains("claviger.db"),
        "{stderr}"
    );
}

/// While the directory version cannot be read, every request is refused; afterwards all are answered.
fn assert_closed_meanwhile(setup: &Setup, close: impl FnOnce(), open: impl FnOnce()) {
    let token = setup.token();
    close();
    for _ in 0..3 {
        assert_refused_for_now(&setup.oauth("token", "grant_type=client_credentials"));
        assert_refused_for_now(&setup.oauth("introspect", &format!("token={token}")));
        assert_refused_for_now(&setup.revoke(&token));
    }
    open();
    setup.assert_works(&token);
}

#[test]
fn without_the_version_nothing_is_judged_on_sqlite() {
    let folder = Folder::furnished();
    let setup = Setup::new(&folder, || Server::start(&folder));
    assert_closed_meanwhile(
        &setup,
        || drop(folder.query("ALTER TABLE directory_version RENAME TO away")),
        || drop(folder.query("ALTER TABLE away RENAME TO directory_version")),
    );
    assert_eq!(inconsistencies(&folder), Vec::<String>::new());
}

#[test]
fn without_the_database_nothing_is_judged_on_postgresql() {
    let url = block_on(fresh_database());
    let folder = Folder::empty()
        .with("DATABASE_URL", &url)
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    for name in ["Porto", "Lausanne"] {
        folder.claviger(&format!("organization create --name {name}"));
    }
    let setup = Setup::new(&folder, || Server::start(&folder));
    assert_closed_meanwhile(&setup, || block_on(expel(&url)), || block_on(admit(&url)));
}

/// After a restore from a backup, memory may be newer than the database, and new changes would get versions that memory
/// already has.
#[tokio::test]
async fn a_database_put_back_to_an_older_state_is_not_believed() {
    for engine in Engine::BOTH {
        let fixture = Fixture::on(engine, settings()).await;
        let client = fixture.client().await;
        let token = fixture.app().issued(&client, "").await;
        let header = basic(client.client.id.as_str(), client.secret.expose());
        let ask = async |app: &App| {
            let form = format!("token={token}");
            app.post("/oauth/introspect", &[("authorization", &header)], &form)
                .await
        };
        fixture
            .database
            .execute("UPDATE directory_version SET version = version - 1")
            .await;
        let answer = ask(&fixture.app()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (503, "1"),
            "{engine:?}"
        );
        let started_again = App::new(fixture.other_node().await);
        assert_eq!(ask(&started_again).await.status.as_u16(), 200, "{engine:?}");
    }
}

#[test]
fn a_silent_network_is_reported_and_its_return_noticed() {
    let proxy = DatabaseProxy::to(&block_on(fresh_database()), Duration::ZERO);
    let folder = Folder::empty()
        .with("DATABASE_URL", &proxy.url)
        .with("CLAVIGER_MASTER_KEY", MASTER_KEY);
    for name in ["Porto", "Lausanne"] {
        folder.claviger(&format!("organization create --name {name}"));
    }
    let setup = Setup::new(&folder, || Server::start(&folder));
    let token = setup.token();
    proxy.set_silent(true);
    assert_refused_for_now(&setup.oauth("introspect", &format!("token={token}")));
    assert_refused_for_now(&setup.oauth("token", "grant_type=client_credentials"));
    proxy.set_silent(false);
    setup.assert_works(&token);
}
