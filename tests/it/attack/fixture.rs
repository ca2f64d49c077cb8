//! What is attacked: the ways to ask each node, and the doors through which things are changed meanwhile.

use std::collections::HashMap;
use std::sync::Mutex;

use super::wire::{Kept, Post, Reply, Socket, Stale, Wire, call};
use crate::cli::server::Server;
use crate::cli::shell::{Folder, Made};
use crate::support::basic;

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a sentence that opens the origin";

/// The name of every client that is made to be attacked.
const NAME: &str = "Participation dashboard";

/// What is done to a client, to its token or to its organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Grant(&'static str),
    Remove(&'static str),
    Suspend,
    Resume,
    RevokeToken,
    RevokeClient,
    Rotate,
    Archive,
}

/// Through which origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestOrigin {
    /// `/oauth/revoke`.
    Wire,
    /// A server function, as the script of a page calls it.
    Pages,
    /// Another process: `api-client`, or the service of the other node.
    Elsewhere,
}

/// A client to be attacked, of an organization of its own, and a token of it.
#[derive(Debug)]
pub struct Subject {
    pub id: String,
    pub basic: String,
    pub token: String,
    pub organization: i64,
}

/// Who changes things from outside the server that is asked.
pub trait Elsewhere: Sync {
    /// A client with scopes `public proposals blogs`, its `Authorization`, and its organization.
    fn create(&self) -> (String, String, i64);
    fn perform(&self, deed: Deed, subject: &Subject);
}

/// Makes a way to ask a node.
pub type Node = Box<dyn Fn() -> Box<dyn Wire> + Sync>;

/// A fixture under attack.
pub struct Target {
    /// A way to each node.
    nodes: Vec<Node>,
    elsewhere: Box<dyn Elsewhere>,
    /// The `Authorization` of a client that may look at every token.
    pub inspector: String,
    session: String,
    /// The versions that pages know of clients.
    versions: Mutex<HashMap<String, i64>>,
}

impl Target {
    /// A fixture whose nodes are asked in turn, with an inspector's `Authorization` and an administrator's cookie.
    pub fn new(
        nodes: Vec<Node>,
        elsewhere: Box<dyn Elsewhere>,
        inspector: String,
        session: String,
    ) -> Self {
        Self {
            nodes,
            elsewhere,
            inspector,
            session,
            versions: Mutex::default(),
        }
    }

    pub fn wire(&self, node: usize) -> Box<dyn Wire> {
        self.nodes[node % self.nodes.len()]()
    }

    /// A new client with a token.
    pub fn subject(&self) -> Subject {
        let (id, basic, organization) = self.elsewhere.create();
        let reply = self
            .wire(0)
            .post(Post {
                path: "/oauth/token",
                headers: &[("authorization", &basic)],
                form: "grant_type=client_credentials",
            })
            .unwrap();
        let token = reply.json()["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{reply:?}"))
            .to_owned();
        Subject {
            id,
            basic,
            token,
            organization,
        }
    }

    /// Does it, and returns when it was answered.
    pub fn perform(
        &self,
        deed: Deed,
        origin: RequestOrigin,
        subject: &Subject,
        wire: &mut dyn Wire,
    ) {
        match (origin, deed) {
            (RequestOrigin::Elsewhere, _) => self.elsewhere.perform(deed, subject),
            (RequestOrigin::Wire, Deed::RevokeToken) => {
                let reply = wire.post(Post {
                    path: "/oauth/revoke",
                    headers: &[("authorization", &subject.basic)],
                    form: &format!("token={}", subject.token),
                });
                assert_eq!(reply.unwrap().status, 200);
            }
            (RequestOrigin::Pages, Deed::RevokeClient) => {
                self.call(
                    wire,
                    "clients/revoke",
                    &[("id", &subject.id), ("confirm", NAME)],
                );
            }
            (RequestOrigin::Pages, Deed::Grant(name)) => self.toggle(wire, subject, name, "true"),
            (RequestOrigin::Pages, Deed::Remove(name)) => self.toggle(wire, subject, name, "false"),
            _ => panic!("{deed:?} cannot be done through {origin:?}"),
        }
    }

    fn toggle(&self, wire: &mut dyn Wire, subject: &Subject, name: &str, granted: &str) {
        let known = self.versions.lock().unwrap().get(&subject.id).copied();
        let version = known.unwrap_or_else(|| {
            let page = self.call(wire, "clients/show", &[("id", &subject.id)]);
            page.json()["client"]["version"].as_i64().unwrap()
        });
        let fields = [
            ("id", subject.id.as_str()),
            ("permission", name),
            ("granted", granted),
            ("version", &version.to_string()),
        ];
        let held = self.call(wire, "permissions/toggle", &fields);
        let version = held.json()["version"].as_i64().unwrap();
        self.versions
            .lock()
            .unwrap()
            .insert(subject.id.clone(), version);
    }

    fn call(&self, wire: &mut dyn Wire, endpoint: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = call(wire, &self.session, endpoint, fields).unwrap();
        assert!(reply.status < 400, "{endpoint}: {reply:?}");
        reply
    }

    /// The same fixture behind a proxy that gives each introspection out so many times more.
    pub fn behind_a_stale_proxy(mut self, times: u32) -> Self {
        let kept = Kept::default();
        for node in &mut self.nodes {
            let direct = std::mem::replace(node, Box::new(|| unreachable!()));
            let kept = kept.clone();
            *node = Box::new(move || {
                Box::new(Stale {
                    inner: direct(),
                    kept: kept.clone(),
                    times,
                })
            });
        }
        self
    }
}

/// The real binary, and `api-client` as the second process.
pub fn over_sockets(folder: &Folder) -> (Target, Server) {
    let signed_up = folder.claviger_reading(&format!("admin create --email {EMAIL}"), PASSWORD);
    assert_eq!(signed_up.code, Some(0), "{signed_up}");
    let inspector = folder.make("--scope system --permission system.tokens.introspect");
    let server = Server::start(&folder.with("CLAVIGER_TRUSTED_PROXIES", "127.0.0.1/32"));
    let session = sign_in(&mut Socket::to(server.address()));
    let address = server.address().to_owned();
    let nodes: Vec<Node> = vec![Box::new(move || Box::new(Socket::to(&address)))];
    let elsewhere = Box::new(OtherProcess(folder.clone()));
    let inspector = basic(&inspector.id, &inspector.secret);
    let target = Target::new(nodes, elsewhere, inspector, session);
    (target, server)
}

/// Signs the administrator in, as the page does, and gives the cookie.
pub fn sign_in(wire: &mut dyn Wire) -> String {
    let fields = [("form[email]", EMAIL), ("password", PASSWORD)];
    let reply = call(wire, "", "sign-in", &fields).unwrap();
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("claviger="), "{reply:?}");
    cookie.split(';').next().unwrap().to_owned()
}

struct OtherProcess(Folder);

impl OtherProcess {
    fn make(&self, organization: &str) -> Made {
        self.0.make(&format!(
            "--scope public,proposals,blogs --organization-id {organization} --name '{NAME}'"
        ))
    }
}

impl Elsewhere for OtherProcess {
    fn create(&self) -> (String, String, i64) {
        let said = self.0.claviger("organization create --name Porto");
        let made: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let organization = made["id"].as_i64().unwrap_or_else(|| panic!("{said}"));
        let made = self.make(&organization.to_string());
        let basic = basic(&made.id, &made.secret);
        (made.id, basic, organization)
    }

    fn perform(&self, deed: Deed, subject: &Subject) {
        let id = &subject.id;
        let said = match deed {
            Deed::Grant(name) => self
                .0
                .api_client(&format!("grant --id={id} --permission {name}")),
            Deed::Remove(name) => self
                .0
                .api_client(&format!("revoke --id={id} --permission {name}")),
            Deed::Suspend => self.0.api_client(&format!("suspend --id={id}")),
            Deed::Resume => self.0.api_client(&format!("resume --id={id}")),
            Deed::RevokeClient => self.0.api_client(&format!("delete --id={id}")),
            Deed::Rotate => self.0.api_client(&format!("rotate --id={id} --keep-old 0")),
            Deed::Archive => self.0.claviger(&format!(
                "organization archive --id {}",
                subject.organization
            )),
            Deed::RevokeToken => panic!("a token is revoked over the wire"),
        };
        assert_eq!(said.code, Some(0), "{deed:?}: {said}");
    }
}
