//! The real server and the commands, killed at random moments: answered changes are there after the restart, and no
//! change is partial.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use claviger::service::clock::Random;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::effort;
use super::fixture::sign_in;
use super::ledger::{Fact, Ledger, inconsistencies};
use super::transport::{Post, Socket, Transport, call, issue};
use crate::cli::server::Server;
use crate::cli::shell::{Folder, Said};
use crate::support::basic;

/// The number in the name of the next short-lived client.
static NEXT: AtomicU64 = AtomicU64::new(0);

const READ: &str = "blogs.read";

/// The subjects of all rounds.
struct Setup {
    folder: Folder,
    ledger: Ledger,
    inspector: String,
    session: String,
    /// A client for each writer: id and `Authorization`.
    clients: [(String, String); 3],
}

/// A deterministic generator; a failing test prints the seed.
fn generator(seed: u64, round: usize, writer: usize) -> StdRng {
    let stream = (round as u64) << 32 | writer as u64;
    StdRng::seed_from_u64(seed ^ stream)
}

fn seed() -> u64 {
    let seed = std::env::var("CLAVIGER_SEED").map_or_else(
        |_| u64::from_be_bytes(Random::System.bytes()),
        |text| text.parse().unwrap(),
    );
    println!("repeat with CLAVIGER_SEED={seed}");
    seed
}

fn trusting(folder: &Folder) -> Folder {
    folder.with("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1/32")
}

impl Setup {
    fn new() -> (Self, Server) {
        let folder = Folder::furnished();
        let output = folder.claviger_reading(
            "admin create --email ada@example.org",
            "a sentence as a password",
        );
        assert_eq!(output.code, Some(0), "{output}");
        let made = |arguments: &str| {
            let made = folder.make(arguments);
            let basic = basic(&made.id, &made.secret);
            (made.id, basic)
        };
        let clients = [0; 3].map(|_| made("--scope blogs --organization-id 2"));
        // Granted separately, because the audit entry of a new client does not list its permissions.
        let (id, inspector) = made("--scope system");
        folder.api_client(&format!(
            "grant --id={id} --permission system.tokens.introspect"
        ));
        let server = Server::start(&trusting(&folder));
        let session = sign_in(&mut Socket::to(server.address()));
        let setup = Self {
            folder,
            ledger: Ledger::default(),
            inspector,
            session,
            clients,
        };
        (setup, server)
    }

    /// Toggles a permission, creates and revokes clients through the pages' server functions.
    fn through_pages(&self, address: &str) -> std::io::Result<()> {
        let mut transport = Socket::to(address);
        let id = &self.clients[0].0;
        // After a kill it may hold the permission already; granting it again changes nothing.
        let mut holds = false;
        loop {
            holds = !holds;
            self.ledger.attempt(&format!("{id} {READ}"), || {
                let fields = [
                    ("id", id.as_str()),
                    ("switches[0][permission]", READ),
                    ("switches[0][on]", if holds { "true" } else { "false" }),
                ];
                self.call(&mut transport, "permissions/set", &fields)?;
                let id = id.clone();
                std::io::Result::Ok(Fact::Holds {
                    id,
                    permission: READ,
                    holds,
                })
            })?;
            // One that was not revoked any more keeps its name.
            let name = format!("Short-lived {}", NEXT.fetch_add(1, Ordering::Relaxed));
            let fields = [
                ("form[name]", name.as_str()),
                ("form[organization_id]", "2"),
                ("form[scopes][]", "blogs"),
            ];
            let made = self.call(&mut transport, "clients/create", &fields)?;
            let id = made.as_str().unwrap().to_owned();
            for is_revoked in [false, true] {
                self.ledger.attempt(&id, || {
                    if is_revoked {
                        let fields = [("id", id.as_str()), ("confirm", name.as_str())];
                        self.call(&mut transport, "clients/revoke", &fields)?;
                    }
                    let id = id.clone();
                    std::io::Result::Ok(Fact::Client { id, is_revoked })
                })?;
            }
        }
    }

    /// The response; an error when there is none, because the server was killed, or a refusal.
    fn call(
        &self,
        transport: &mut Socket,
        endpoint: &str,
        fields: &[(&str, &str)],
    ) -> std::io::Result<serde_json::Value> {
        let reply = call(transport, &self.session, endpoint, fields)?;
        if reply.status >= 400 {
            return Err(std::io::Error::other(format!("{endpoint}: {reply:?}")));
        }
        Ok(reply.json())
    }

    /// Issues and revokes tokens.
    fn over_the_wire(&self, address: &str) -> Result<(), String> {
        let mut transport = Socket::to(address);
        let basic = &self.clients[1].1;
        loop {
            let token = issue(&mut transport, basic)?.expect("nobody revokes this client");
            self.ledger.attempt(&token, || {
                let reply = transport.post(Post {
                    path: "/oauth/revoke",
                    headers: &[("authorization", basic)],
                    form: &format!("token={token}"),
                });
                let reply = reply.map_err(|error| error.to_string())?;
                let token = token.clone();
                match reply.status {
                    200 => Ok::<Fact, String>(Fact::Dead { token }),
                    _ => Err(format!("{reply:?}")),
                }
            })?;
        }
    }

    /// Rotates and grants by `api-client`, which is itself killed at times.
    fn by_commands(&self, generator: &mut StdRng, is_over: &AtomicBool) {
        let id = &self.clients[2].0;
        // No other writer rotates this client, so the newest secret is the valid one.
        while !is_over.load(Ordering::Relaxed) {
            let holds = generator.random();
            let verb = if holds { "grant" } else { "revoke" };
            let mut change = || {
                self.command(&format!("{verb} --id={id} --permission {READ}"), generator)?;
                let id = id.clone();
                Some(Fact::Holds {
                    id,
                    permission: READ,
                    holds,
                })
            };
            let _ = self
                .ledger
                .attempt(&format!("{id} {READ}"), || change().ok_or(()));
            let _ = self.ledger.attempt(id, || {
                let made = self
                    .command(&format!("rotate --id={id} --keep-old 0"), generator)
                    .ok_or(())?
                    .made();
                Ok::<Fact, ()>(Fact::Works {
                    basic: basic(&made.id, &made.secret),
                    works: true,
                })
            });
        }
    }

    /// Runs a command, and kills one in three at a random moment; none when it did not report success.
    fn command(&self, arguments: &str, generator: &mut StdRng) -> Option<Said> {
        let mut command = self.folder.command(env!("CARGO_BIN_EXE_api-client"));
        command
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if generator.random_ratio(1, 3) {
            thread::sleep(Duration::from_millis(generator.random_range(5..80)));
            // The command may have ended already.
            let _ = child.kill();
        }
        let output = child.wait_with_output().unwrap();
        let output = Said {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        };
        (output.code == Some(0)).then_some(output)
    }
}

#[test]
fn what_was_answered_survives_a_kill_at_any_moment() {
    let seed = seed();
    let (setup, mut server) = Setup::new();
    let rounds = effort(20, 200);
    for round in 0..rounds {
        let is_over = AtomicBool::new(false);
        let life = generator(seed, round, 0).random_range(20..400);
        let address = server.address().to_owned();
        thread::scope(|scope| {
            let (setup, address, is_over) = (&setup, &address, &is_over);
            scope.spawn(move || setup.through_pages(address).unwrap_err());
            scope.spawn(move || setup.over_the_wire(address).unwrap_err());
            scope.spawn(move || setup.by_commands(&mut generator(seed, round, 1), is_over));
            thread::sleep(Duration::from_millis(life));
            server.kill();
            is_over.store(true, Ordering::Relaxed);
        });
        server = Server::start(&trusting(&setup.folder));
        let mut transport = Socket::to(server.address());
        let broken = setup
            .ledger
            .broken(&setup.folder, &setup.inspector, &mut transport);
        assert!(broken.is_empty(), "seed {seed}, round {round}: {broken:#?}");
        let inconsistencies = inconsistencies(&setup.folder);
        assert!(
            inconsistencies.is_empty(),
            "seed {seed}, round {round}: {inconsistencies:#?}"
        );
    }
    let answered = setup.ledger.answered();
    println!("{answered} changes were answered in {rounds} rounds");
    assert!(answered > 2 * rounds, "only {answered} changes");
}

#[test]
fn a_first_start_that_is_killed_can_be_started_again() {
    let seed = seed();
    for round in 0..effort(8, 100) {
        let mut generator = generator(seed, round, 0);
        let folder = Folder::empty();
        for _ in 0..2 {
            let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
            command
                .args(["serve", "--addr", "127.0.0.1:0"])
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            thread::sleep(Duration::from_millis(generator.random_range(1..60)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let server = Server::start(&folder);
        assert_eq!(
            server.ask("GET", "/health/ready", "", "").0,
            200,
            "seed {seed}, round {round}"
        );
        assert_eq!(
            inconsistencies(&folder),
            Vec::<String>::new(),
            "seed {seed}"
        );
    }
}
