//! The target of an attack: transports to each node, and the channels of concurrent changes.

use super::transport::{Post, Reply, ResponseCache, Socket, StaleProxy, Transport, call};
use crate::cli::server::Server;
use crate::cli::shell::{Folder, Made};
use crate::support::{NAME, basic};

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a sentence as a password";

/// An operation on a client, its token or its organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Grant(&'static str),
    Remove(&'static str),
    Suspend,
    Resume,
    RevokeToken,
    RevokeClient,
    Rotate,
    Archive,
}

/// The interface by which an operation is performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `/oauth/revoke`.
    OAuth,
    /// A server function, as the script of a page calls it.
    Pages,
    /// Another process: `api-client`, or the service of another node.
    External,
}

/// An attacked client in an organization of its own, with a token.
#[derive(Debug)]
pub struct Subject {
    pub id: String,
    pub basic: String,
    pub token: String,
    pub organization: i64,
}

/// Makes changes outside the node that answers the requests.
pub trait ExternalWriter: Sync {
    /// Creates a client with scopes `public proposals blogs`; gives its id, `Authorization` and organization.
    fn create(&self) -> (String, String, i64);
    fn perform(&self, operation: Operation, subject: &Subject);
}

/// Opens a transport to a node.
pub type Node = Box<dyn Fn() -> Box<dyn Transport> + Sync>;

/// The system under attack.
pub struct Target {
    /// The nodes.
    nodes: Vec<Node>,
    external: Box<dyn ExternalWriter>,
    /// The `Authorization` of a client that may introspect every token.
    pub inspector: String,
    session: String,
}

impl Target {
    /// A target with its nodes, an inspector's `Authorization` and an administrator's cookie.
    pub fn new(
        nodes: Vec<Node>,
        external: Box<dyn ExternalWriter>,
        inspector: String,
        session: String,
    ) -> Self {
        Self {
            nodes,
            external,
            inspector,
            session,
        }
    }

    pub fn transport(&self, node: usize) -> Box<dyn Transport> {
        self.nodes[node % self.nodes.len()]()
    }

    /// Creates a client with a token.
    pub fn subject(&self) -> Subject {
        let (id, basic, organization) = self.external.create();
        let reply = self
            .transport(0)
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

    /// Performs an operation, and returns when it was answered.
    pub fn perform(
        &self,
        operation: Operation,
        channel: Channel,
        subject: &Subject,
        transport: &mut dyn Transport,
    ) {
        match (channel, operation) {
            (Channel::External, _) => self.external.perform(operation, subject),
            (Channel::OAuth, Operation::RevokeToken) => {
                let reply = transport.post(Post {
                    path: "/oauth/revoke",
                    headers: &[("authorization", &subject.basic)],
                    form: &format!("token={}", subject.token),
                });
                assert_eq!(reply.unwrap().status, 200);
            }
            (Channel::Pages, Operation::RevokeClient) => {
                self.call(
                    transport,
                    "clients/revoke",
                    &[("id", &subject.id), ("confirm", NAME)],
                );
            }
            (Channel::Pages, Operation::Grant(name)) => {
                self.toggle(transport, subject, name, "true");
            }
            (Channel::Pages, Operation::Remove(name)) => {
                self.toggle(transport, subject, name, "false");
            }
            _ => panic!("{operation:?} cannot be done through {channel:?}"),
        }
    }

    fn toggle(&self, transport: &mut dyn Transport, subject: &Subject, name: &str, granted: &str) {
        let fields = [
            ("id", subject.id.as_str()),
            ("switches[0][permission]", name),
            ("switches[0][on]", granted),
        ];
        self.call(transport, "permissions/set", &fields);
    }

    fn call(
        &self,
        transport: &mut dyn Transport,
        endpoint: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let reply = call(transport, &self.session, endpoint, fields).unwrap();
        assert!(reply.status < 400, "{endpoint}: {reply:?}");
        reply
    }

    /// The same target behind a proxy that repeats each introspection response `times` times.
    pub fn behind_a_stale_proxy(mut self, times: u32) -> Self {
        let cache = ResponseCache::default();
        for node in &mut self.nodes {
            let direct = std::mem::replace(node, Box::new(|| unreachable!()));
            let cache = cache.clone();
            *node = Box::new(move || {
                Box::new(StaleProxy {
                    inner: direct(),
                    cache: cache.clone(),
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
    let external = Box::new(OtherProcess(folder.clone()));
    let inspector = basic(&inspector.id, &inspector.secret);
    let target = Target::new(nodes, external, inspector, session);
    (target, server)
}

/// Signs the administrator in as the page does; gives the cookie.
pub fn sign_in(transport: &mut dyn Transport) -> String {
    let fields = [("form[email]", EMAIL), ("password", PASSWORD)];
    let reply = call(transport, "", "sign-in", &fields).unwrap();
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

impl ExternalWriter for OtherProcess {
    fn create(&self) -> (String, String, i64) {
        let output = self.0.claviger("organization create --name Porto");
        let made: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        let organization = made["id"].as_i64().unwrap_or_else(|| panic!("{output}"));
        let made = self.make(&organization.to_string());
        let basic = basic(&made.id, &made.secret);
        (made.id, basic, organization)
    }

    fn perform(&self, operation: Operation, subject: &Subject) {
        let id = &subject.id;
        let output = match operation {
            Operation::Grant(name) => self
                .0
                .api_client(&format!("grant --id={id} --permission {name}")),
            Operation::Remove(name) => self
                .0
                .api_client(&format!("revoke --id={id} --permission {name}")),
            Operation::Suspend => self.0.api_client(&format!("suspend --id={id}")),
            Operation::Resume => self.0.api_client(&format!("resume --id={id}")),
            Operation::RevokeClient => self.0.api_client(&format!("delete --id={id}")),
            Operation::Rotate => self.0.api_client(&format!("rotate --id={id} --keep-old 0")),
            Operation::Archive => self.0.claviger(&format!(
                "organization archive --id {}",
                subject.organization
            )),
            Operation::RevokeToken => panic!("a token is revoked over the wire"),
        };
        assert_eq!(output.code, Some(0), "{operation:?}: {output}");
    }
}
