//! Nodes in this process: two on one database, or one more whose way to the database is slow.

use std::sync::Mutex;
use std::time::Duration;

use claviger::domain::admin::Role;
use claviger::service::{Console, CreatedClient, Services, Visitor};
use tokio::runtime::Handle;

use super::fixture::{Deed, EMAIL, Elsewhere, Node, PASSWORD, Subject, Target};
use super::wire::InProcess;
use crate::support::{App, DatabaseProxy, Engine, Fixture, basic, secret, settings, shell};

/// Two nodes of one database in this process. The fixture stays as long as what is returned with it.
pub fn in_process(engine: Engine, runtime: &Handle) -> (Target, Fixture) {
    let (fixture, services, inspector, session) = furnished(engine, runtime);
    let nodes = services.iter().map(|node| node_of(node, runtime)).collect();
    let elsewhere = Box::new(OtherNode::of(services, runtime));
    (Target::new(nodes, elsewhere, inspector, session), fixture)
}

/// The same, where only a third node is asked, whose database answers late: whoever shares a look that began too early
/// is told what was.
pub fn with_a_slow_database(runtime: &Handle) -> (Target, (Fixture, DatabaseProxy)) {
    let (fixture, services, inspector, session) = furnished(Engine::Postgres, runtime);
    let proxy = DatabaseProxy::to(&fixture.database.url, Duration::from_millis(2));
    let slow = runtime.block_on(fixture.other_node_at(&proxy.url));
    let nodes = vec![node_of(&slow, runtime)];
    let elsewhere = Box::new(OtherNode::of(services, runtime));
    let target = Target::new(nodes, elsewhere, inspector, session);
    (target, (fixture, proxy))
}

fn node_of(services: &Services, runtime: &Handle) -> Node {
    let (app, runtime) = (App::new(services.clone()), runtime.clone());
    Box::new(move || {
        Box::new(InProcess {
            app: app.clone(),
            runtime: runtime.clone(),
        })
    })
}

/// A fixture, the services of its two nodes, an inspector's `Authorization`, and an administrator's cookie.
fn furnished(engine: Engine, runtime: &Handle) -> (Fixture, [Services; 2], String, String) {
    runtime.block_on(async {
        let fixture = Fixture::on(engine, settings()).await;
        let inspector = fixture
            .client_of(None, &["system"], &["system.tokens.introspect"])
            .await;
        let here = &fixture.console;
        here.create_admin(&shell(), EMAIL, Role::Owner, &secret(PASSWORD))
            .await
            .unwrap();
        let session = here
            .sign_in(&Visitor::default(), EMAIL, &secret(PASSWORD))
            .await
            .unwrap();
        let services = [fixture.services(), fixture.other_node().await];
        let cookie = format!("claviger={}", session.id.expose());
        (fixture, services, authorization(&inspector), cookie)
    })
}

fn authorization(client: &CreatedClient) -> String {
    basic(client.client.id.as_str(), client.secret.expose())
}

/// The services of both nodes, in turn.
struct OtherNode {
    services: [Services; 2],
    runtime: Handle,
    turn: Mutex<usize>,
}

impl OtherNode {
    fn of(services: [Services; 2], runtime: &Handle) -> Self {
        Self {
            services,
            runtime: runtime.clone(),
            turn: Mutex::new(0),
        }
    }

    fn console(&self) -> &Console {
        let mut turn = self.turn.lock().unwrap();
        *turn += 1;
        &self.services[*turn % 2].console
    }
}

impl Elsewhere for OtherNode {
    fn create(&self) -> (String, String, i64) {
        let console = self.console();
        let made = self.runtime.block_on(async {
            let organization = claviger::domain::organization::NewOrganization {
                name: "City of Porto".to_owned(),
                host: String::new(),
            };
            let organization = console
                .create_organization(&shell(), &organization)
                .await
                .unwrap()
                .id;
            let new = crate::support::new_client(
                Some(organization),
                &["public", "proposals", "blogs"],
                &[],
            );
            console.create_client(&shell(), &new, None).await.unwrap()
        });
        (
            made.client.id.to_string(),
            authorization(&made),
            made.client.organization_id.unwrap(),
        )
    }

    fn perform(&self, deed: Deed, subject: &Subject) {
        let (console, id) = (self.console(), subject.id.as_str());
        let names = |name: &str| vec![name.to_owned()];
        self.runtime.block_on(async {
            let actor = &shell();
            match deed {
                Deed::Grant(name) => {
                    drop(
                        console
                            .grant_permissions(actor, id, &names(name))
                            .await
                            .unwrap(),
                    );
                }
                Deed::Remove(name) => {
                    drop(
                        console
                            .revoke_permissions(actor, id, &names(name))
                            .await
                            .unwrap(),
                    );
                }
                Deed::Suspend => drop(console.suspend_client(actor, id).await.unwrap()),
                Deed::Resume => drop(console.resume_client(actor, id).await.unwrap()),
                Deed::RevokeClient => drop(console.revoke_client(actor, id).await.unwrap()),
                Deed::Rotate => {
                    drop(
                        console
                            .rotate_secret(actor, id, Duration::ZERO)
                            .await
                            .unwrap(),
                    );
                }
                Deed::Archive => drop(
                    console
                        .archive_organization(actor, subject.organization)
                        .await
                        .unwrap(),
                ),
                Deed::RevokeToken => panic!("a token is revoked over the wire"),
            }
        });
    }
}
