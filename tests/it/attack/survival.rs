//! The real server, and the commands beside it, killed at random moments: what was answered is there when it runs
//! again, and nothing is half-written.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use claviger::service::clock::Random;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::effort;
use super::fixture::sign_in;
use super::hammer::issue;
use super::ledger::{Fact, Ledger, halves};
use super::wire::{Post, Socket, Wire, call};
use crate::cli::server::Server;
use crate::cli::shell::{Folder, Said};
use crate::support::basic;

const READ: &str = "blogs.read";

/// What the changes of all rounds happen to.
struct Scene {
    folder: Folder,
    ledger: Ledger,
    inspector: String,
    session: String,
    /// A client for each of those who change: id and `Authorization`.
    clients: [(String, String); 3],
}

/// Dice that fall the same way for the same seed, which a failing test prints.
fn dice(seed: u64, round: usize, hand: usize) -> StdRng {
    let places = (round as u64) << 32 | hand as u64;
    StdRng::seed_from_u64(seed ^ places)
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

impl Scene {
    fn new() -> (Self, Server) {
        let folder = Folder::furnished();
        let said = folder.claviger_reading(
            "admin create --email ada@example.org",
            "a sentence that opens the origin",
        );
        assert_eq!(said.code, Some(0), "{said}");
        let made = |arguments: &str| {
            let made = folder.make(arguments);
            let basic = basic(&made.id, &made.secret);
            (made.id, basic)
        };
        let clients = [0; 3].map(|_| made("--scope blogs --organization-id 2"));
        // Granted by itself, because the entry of a new client does not repeat what it holds.
        let (id, inspector) = made("--scope system");
        folder.api_client(&format!(
            "grant --id={id} --permission system.tokens.introspect"
        ));
        let server = Server::start(&trusting(&folder));
        let session = sign_in(&mut Socket::to(server.address()));
        let scene = Self {
            folder,
            ledger: Ledger::default(),
            inspector,
            session,
            clients,
        };
        (scene, server)
    }

    /// A permission on and off, clients made and revoked: as pages do it.
    fn through_pages(&self, address: &str) -> std::io::Result<()> {
        let mut wire = Socket::to(address);
        let id = &self.clients[0].0;
        let page = self.call(&mut wire, "clients/show", &[("id", id)])?;
        let mut version = page["client"]["version"].as_i64().unwrap();
        let mut holds = page["client"]["permissions"] != serde_json::json!([]);
        loop {
            holds = !holds;
            self.ledger.attempt(&format!("{id} {READ}"), || {
                let fields = [
                    ("id", id.as_str()),
                    ("permission", READ),
                    ("granted", if holds { "true" } else { "false" }),
                    ("version", &version.to_string()),
                ];
                let held = self.call(&mut wire, "permissions/toggle", &fields)?;
                version = held["version"].as_i64().unwrap();
                let id = id.clone();
                std::io::Result::Ok(Fact::Holds {
                    id,
                    permission: READ,
                    holds,
                })
            })?;
            let fields = [
                ("form[name]", "Short-lived"),
                ("form[organization_id]", "2"),
                ("form[scopes][]", "blogs"),
            ];
            let made = self.call(&mut wire, "clients/create", &fields)?;
            let id = made.as_str().unwrap().to_owned();
            for is_revoked in [false, true] {
                self.ledger.attempt(&id, || {
                    if is_revoked {
                        let fields = [("id", id.as_str()), ("confirm", "Short-lived")];
                        self.call(&mut wire, "clients/revoke", &fields)?;
                    }
                    let id = id.clone();
                    std::io::Result::Ok(Fact::Client { id, is_revoked })
                })?;
            }
        }
    }

    /// The answer; an error when there is none, because the server is gone, or a refusal.
    fn call(
        &self,
        wire: &mut Socket,
        endpoint: &str,
        fields: &[(&str, &str)],
    ) -> std::io::Result<serde_json::Value> {
        let reply = call(wire, &self.session, endpoint, fields)?;
        if reply.status >= 400 {
            return Err(std::io::Error::other(format!("{endpoint}: {reply:?}")));
        }
        Ok(reply.json())
    }

    /// Tokens issued and revoked.
    fn over_the_wire(&self, address: &str) -> Result<(), String> {
        let mut wire = Socket::to(address);
        let basic = &self.clients[1].1;
        loop {
            let token = issue(&mut wire, basic)?.expect("nobody revokes this client");
            self.ledger.attempt(&token, || {
                let reply = wire.post(Post {
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

    /// Rotations and grants by `api-client`, which is itself killed now and then.
    fn by_commands(&self, dice: &mut StdRng, is_over: &AtomicBool) {
        let id = &self.clients[2].0;
        // Nobody else rotates this client, so the newest secret is the one that works.
        while !is_over.load(Ordering::Relaxed) {
            let holds = dice.random();
            let verb = if holds { "grant" } else { "revoke" };
            let mut change = || {
                self.command(&format!("{verb} --id={id} --permission {READ}"), dice)?;
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
                    .command(&format!("rotate --id={id} --keep-old 0"), dice)
                    .ok_or(())?
                    .made();
                Ok::<Fact, ()>(Fact::Works {
                    basic: basic(&made.id, &made.secret),
                    works: true,
                })
            });
        }
    }

    /// Runs a command, and kills one in three at a random moment; nothing when it promised nothing.
    fn command(&self, arguments: &str, dice: &mut StdRng) -> Option<Said> {
        let mut command = self.folder.command(env!("CARGO_BIN_EXE_api-client"));
        command
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if dice.random_ratio(1, 3) {
            thread::sleep(Duration::from_millis(dice.random_range(5..80)));
            // It may have ended by itself.
            let _ = child.kill();
        }
        let output = child.wait_with_output().unwrap();
        let said = Said {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        };
        (said.code == Some(0)).then_some(said)
    }
}

#[test]
fn what_was_answered_survives_a_kill_at_any_moment() {
    let seed = seed();
    let (scene, mut server) = Scene::new();
    let rounds = effort(20, 200);
    for round in 0..rounds {
        let is_over = AtomicBool::new(false);
        let life = dice(seed, round, 0).random_range(20..400);
        let address = server.address().to_owned();
        thread::scope(|scope| {
            let (scene, address, is_over) = (&scene, &address, &is_over);
            scope.spawn(move || scene.through_pages(address).unwrap_err());
            scope.spawn(move || scene.over_the_wire(address).unwrap_err());
            scope.spawn(move || scene.by_commands(&mut dice(seed, round, 1), is_over));
            thread::sleep(Duration::from_millis(life));
            server.kill();
            is_over.store(true, Ordering::Relaxed);
        });
        server = Server::start(&trusting(&scene.folder));
        let mut wire = Socket::to(server.address());
        let broken = scene
            .ledger
            .broken(&scene.folder, &scene.inspector, &mut wire);
        assert!(broken.is_empty(), "seed {seed}, round {round}: {broken:#?}");
        let halves = halves(&scene.folder);
        assert!(halves.is_empty(), "seed {seed}, round {round}: {halves:#?}");
    }
    let answered = scene.ledger.answered();
    println!("{answered} changes were answered in {rounds} rounds");
    assert!(answered > 2 * rounds, "only {answered} changes");
}

#[test]
fn a_first_start_that_is_killed_can_be_started_again() {
    let seed = seed();
    for round in 0..effort(8, 100) {
        let mut dice = dice(seed, round, 0);
        let folder = Folder::empty();
        for _ in 0..2 {
            let mut command = folder.command(env!("CARGO_BIN_EXE_claviger"));
            command
                .args(["serve", "--addr", "127.0.0.1:0"])
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            thread::sleep(Duration::from_millis(dice.random_range(1..60)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let server = Server::start(&folder);
        assert_eq!(
            server.ask("GET", "/health/ready", "", "").0,
            200,
            "seed {seed}, round {round}"
        );
        assert_eq!(halves(&folder), Vec::<String>::new(), "seed {seed}");
    }
}
