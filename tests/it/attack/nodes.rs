//! Nodes in this process: two on one database, or a third one with a slow connection to it.

use std::sync::Mutex;
use std::time::Duration;

use claviger::domain::ids::OrganizationId;
use claviger::domain::permission::PermissionSwitch;
use claviger::domain::role::Role;
use claviger::service::{Console, CreatedClient, Services, Visitor};
use tokio::runtime::Handle;

use super::fixture::{EMAIL, ExternalWriter, Node, Operation, PASSWORD, Subject, Target};
use super::transport::InProcess;
use crate::support::{App, DatabaseProxy, Engine, Fixture, basic, secret, settings, shell};

/// Two nodes of one database in this process. The fixture must outlive the target.
pub fn in_process(engine: Engine, runtime: &Handle) -> (Target, Fixture) {
    let (fixture, services, inspector, session) = prepare(engine, runtime);
    let nodes = services.iter().map(|node| node_of(node, runtime)).collect();
    let external = Box::new(OtherNode::of(services, runtime));
    (Target::new(nodes, external, inspector, session), fixture)
}

/// The same, but requests go to a third node with a slow database: a request that shared a version read which began
/// before it arrived would get the old state.
pub fn with_a_slow_database(runtime: &Handle) -> (Target, (Fixture, DatabaseProxy)) {
    let (fixture, services, inspector, session) = prepare(Engine::Postgres, runtime);
    let proxy = DatabaseProxy::to(&fixture.database.url, Duration::from_millis(2));
    let slow = runtime.block_on(fixture.other_node_at(&proxy.url));
    let nodes = vec![node_of(&slow, runtime)];
    let external = Box::new(OtherNode::of(services, runtime));
    let target = Target::new(nodes, external, inspector, session);
    (target, (fixture, proxy))
}

fn node_of(services: &Services, runtime: &Handle) -> Node {
    let _entered = runtime.enter();
    let (app, runtime) = (App::new(services.clone()), runtime.clone());
    Box::new(move || {
        Box::new(InProcess {
            app: app.clone(),
            runtime: runtime.clone(),
        })
    })
}

/// A fixture, the services of its two nodes, an inspector's `Authorization`, and an administrator's cookie.
fn prepare(engine: Engine, runtime: &Handle) -> (Fixture, [Services; 2], String, String) {
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

/// Changes alternate between the services of both nodes.
struct OtherNode {
    services: [Services; 2],
    runtime: Handle,
    calls: Mutex<usize>,
}

impl OtherNode {
    fn of(services: [Services; 2], runtime: &Handle) -> Self {
        Self {
            services,
            runtime: runtime.clone(),
            calls: Mutex::new(0),
        }
    }

    fn console(&self) -> &Console {
        let mut calls = self.calls.lock().unwrap();
        *calls += 1;
        &self.services[*calls % 2].console
    }
}

impl ExternalWriter for OtherNode {
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
            let mut new = crate::support::new_client(
                Some(organization),
                &["public", "proposals", "blogs"],
                &[],
            );
            new.name = Some(crate::support::NAME.to_owned());
            console.create_client(&shell(), &new, None).await.unwrap()
        });
        (
            made.client.id.to_string(),
            authorization(&made),
            made.client.organization_id.unwrap().0,
        )
    }

    fn perform(&self, operation: Operation, subject: &Subject) {
        let (console, id) = (self.console(), subject.id.as_str());
        let names = |name: &str| vec![name.to_owned()];
        self.runtime.block_on(async {
            let actor = &shell();
            match operation {
                Operation::Grant(name) => {
                    drop(
                        console
                            .set_permissions(actor, id, &PermissionSwitch::each(&names(name), true))
                            .await
                            .unwrap(),
                    );
                }
                Operation::Remove(name) => {
                    drop(
                        console
                            .set_permissions(
                                actor,
                                id,
                                &PermissionSwitch::each(&names(name), false),
                            )
                            .await
                            .unwrap(),
                    );
                }
                Operation::Suspend => drop(console.suspend_client(actor, id).await.unwrap()),
                Operation::Resume => drop(console.resume_client(actor, id).await.unwrap()),
                Operation::RevokeClient => drop(console.revoke_client(actor, id).await.unwrap()),
                Operation::Rotate => {
                    drop(
                        console
                            .rotate_secret(actor, id, Duration::ZERO)
                            .await
                            .unwrap(),
                    );
                }
                Operation::Archive => drop(
                    console
                        .archive_organization(actor, OrganizationId(subject.organization))
                        .await
                        .unwrap(),
                ),
                Operation::RevokeToken => panic!("a token is revoked over the wire"),
            }
        });
    }
}
