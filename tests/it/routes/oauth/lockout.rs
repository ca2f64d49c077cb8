//! Who is locked out by whom: many requests that are refused, and whom they hold up. Nobody who is right.

use axum::http::StatusCode;
use chrono::TimeDelta;
use claviger::domain::client::{ClientDetails, NewClient};
use claviger::domain::ids::OrganizationId;
use claviger::service::{CreatedClient, Visitor};
use std::time::Duration;

use super::{ENDPOINTS, assert_not_authenticated};
use crate::support::{App, Fixture, basic, new_client, noon, secret, shell};

/// More than any window takes.
const TIMES: usize = 120;

const EMAIL: &str = "owner@example.org";
const PASSWORD: &str = "correct horse staple gun";
const HOST: &str = "porto.example";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    StaleSecret,
    ArchivedOrganization,
    Suspended,
    Expired,
    Revoked,
    UnknownIds,
    OtherHost,
    AdministratorsAddress,
}

const EVERY: [Wrong; 8] = [
    Wrong::StaleSecret,
    Wrong::ArchivedOrganization,
    Wrong::Suspended,
    Wrong::Expired,
    Wrong::Revoked,
    Wrong::UnknownIds,
    Wrong::OtherHost,
    Wrong::AdministratorsAddress,
];

/// One who is wrong, in a fixture of their own.
struct Case {
    fixture: Fixture,
    wrong: Wrong,
    client: CreatedClient,
    organization: OrganizationId,
}

impl Case {
    async fn new(wrong: Wrong, is_chosen: bool) -> Self {
        let fixture = Fixture::new().await;
        let organization = fixture.organization("Lisbon", "").await;
        fixture.organization("Porto", HOST).await;
        let new = NewClient {
            id: Some("acme".to_owned()),
            expires_at: (wrong == Wrong::Expired).then(|| noon() + TimeDelta::minutes(1)),
            ..new_client(Some(organization), &["blogs"], &[])
        };
        let chosen = is_chosen.then(|| secret("a-secret-that-ada-chose"));
        let client = fixture.console.create_client(&shell(), &new, chosen).await;
        let case = Self {
            client: client.unwrap(),
            fixture,
            wrong,
            organization,
        };
        case.go_wrong().await;
        case
    }

    async fn go_wrong(&self) {
        let (console, actor) = (&self.fixture.console, shell());
        match self.wrong {
            Wrong::Suspended => drop(console.suspend_client(&actor, "acme").await.unwrap()),
            Wrong::Revoked => drop(console.revoke_client(&actor, "acme").await.unwrap()),
            Wrong::Expired => self.fixture.advance(TimeDelta::minutes(1)),
            Wrong::ArchivedOrganization => {
                let archived = console
                    .archive_organization(&actor, self.organization)
                    .await;
                archived.unwrap();
            }
            _ => {}
        }
    }

    /// What the wrong one shows, and where.
    fn shown(&self, number: usize) -> (String, &str) {
        let secret = self.client.secret.expose();
        match self.wrong {
            Wrong::UnknownIds => (basic(&format!("acme-{}", number % 50), secret), ""),
            Wrong::AdministratorsAddress => (basic(EMAIL, secret), ""),
            Wrong::OtherHost => (basic("acme", secret), HOST),
            _ => (basic("acme", secret), ""),
        }
    }

    /// Lets the wrong one be refused, again and again. The stale secret worked before, as it does with everybody who
    /// has not heard of the new one.
    async fn be_refused(&mut self, app: &App, endpoint: &str) {
        let stale = self.client.secret.clone();
        if self.wrong == Wrong::StaleSecret {
            app.issued(&self.client, "").await;
            let rotated = self
                .fixture
                .console
                .rotate_secret(&shell(), "acme", Duration::ZERO)
                .await;
            self.client = rotated.unwrap();
        }
        for number in 0..TIMES {
            let (mut authorization, host) = self.shown(number);
            if self.wrong == Wrong::StaleSecret {
                authorization = basic("acme", stale.expose());
            }
            let app = if host.is_empty() {
                app.clone()
            } else {
                app.at(host)
            };
            let headers = [("authorization", authorization.as_str())];
            let answer = app
                .post(endpoint, &headers, "grant_type=client_credentials&token=x")
                .await;
            let is_guess = matches!(self.wrong, Wrong::UnknownIds | Wrong::AdministratorsAddress);
            if !(is_guess && answer.status == StatusCode::TOO_MANY_REQUESTS) {
                assert_not_authenticated(&answer);
            }
        }
    }

    /// Takes away what was wrong, where that can be; and says who is right then.
    async fn mend(&self) -> Option<CreatedClient> {
        let (console, actor) = (&self.fixture.console, shell());
        match self.wrong {
            Wrong::StaleSecret | Wrong::OtherHost => {}
            Wrong::Suspended => drop(console.resume_client(&actor, "acme").await.unwrap()),
            Wrong::Expired => {
                let seen = console.get_client(&actor, "acme").await.unwrap();
                let details = ClientDetails {
                    name: seen.name.clone(),
                    expires_at: Some(noon() + TimeDelta::days(1)),
                    ..ClientDetails::default()
                };
                let updated = console.update_client(&actor, "acme", seen.version, details);
                updated.await.unwrap();
            }
            Wrong::UnknownIds => {
                let new = NewClient {
                    id: Some("acme-7".to_owned()),
                    ..new_client(Some(self.organization), &["blogs"], &[])
                };
                return Some(console.create_client(&actor, &new, None).await.unwrap());
            }
            Wrong::ArchivedOrganization => {
                let restored = console
                    .restore_organization(&actor, self.organization)
                    .await;
                restored.unwrap();
            }
            // What was revoked stays so, and an address is nobody's id.
            Wrong::Revoked | Wrong::AdministratorsAddress => return None,
        }
        Some(CreatedClient {
            client: self.client.client.clone(),
            secret: self.client.secret.clone(),
            ..self.client
        })
    }
}

/// Other clients of the same network, with secrets of both kinds.
async fn neighbours(fixture: &Fixture) -> [CreatedClient; 2] {
    let new = new_client(None, &["system"], &[]);
    let create = async |chosen| {
        let created = fixture.console.create_client(&shell(), &new, chosen).await;
        created.unwrap()
    };
    [
        create(None).await,
        create(Some(secret("a-secret-that-bea-chose"))).await,
    ]
}

/// One cell: the status of every endpoint for this client.
async fn asked(app: &App, client: &CreatedClient) -> String {
    let right = basic(client.client.id.as_str(), client.secret.expose());
    let mut statuses = Vec::new();
    for endpoint in ENDPOINTS {
        let headers = [("authorization", right.as_str())];
        let form = "grant_type=client_credentials&token=x";
        let answer = app.post(endpoint, &headers, form).await;
        statuses.push(answer.status.as_u16().to_string());
    }
    statuses.dedup();
    statuses.join("/")
}

async fn set_up(fixture: &Fixture, from: &str, code: &str) -> &'static str {
    let visitor = Visitor {
        address: Some(from.parse().unwrap()),
        ..Visitor::default()
    };
    let (console, password) = (&fixture.console, secret(PASSWORD));
    let done = console.create_first_admin(&visitor, code, EMAIL, &password);
    if done.await.is_ok() { "in" } else { "out" }
}

async fn sign_in(fixture: &Fixture, from: &str) -> &'static str {
    let visitor = Visitor {
        address: Some(from.parse().unwrap()),
        ..Visitor::default()
    };
    let (console, password) = (&fixture.console, secret(PASSWORD));
    let done = console.sign_in(&visitor, EMAIL, &password);
    if done.await.is_ok() { "in" } else { "out" }
}

/// The row of the table: the right one of the same client, neighbours with both kinds of secrets, set-up, and sign-in, in
/// the same network; and in another the same client, a neighbour and sign-in.
async fn row(wrong: Wrong, is_chosen: bool, endpoint: &str) -> String {
    let mut case = Case::new(wrong, is_chosen).await;
    let neighbours = neighbours(&case.fixture).await;
    let code = case.fixture.console.offer_setup().await.unwrap().unwrap();
    let (here, there) = (case.fixture.app(), case.fixture.app().from("203.0.113.1"));
    case.be_refused(&here, endpoint).await;
    let mended = case.mend().await;
    let mut cells = Vec::new();
    let same = match &mended {
        Some(client) => [asked(&here, client).await, asked(&there, client).await],
        None => ["-".to_owned(), "-".to_owned()],
    };
    cells.push(same[0].clone());
    for neighbour in &neighbours {
        cells.push(asked(&here, neighbour).await);
    }
    cells.push(set_up(&case.fixture, "192.0.2.1", &code).await.to_owned());
    cells.push(sign_in(&case.fixture, "192.0.2.1").await.to_owned());
    cells.push(same[1].clone());
    cells.push(asked(&there, &neighbours[0]).await);
    cells.push(sign_in(&case.fixture, "203.0.113.1").await.to_owned());
    cells.join(" ")
}

async fn table(endpoint: &str) {
    for is_chosen in [false, true] {
        for wrong in EVERY {
            let row = row(wrong, is_chosen, endpoint).await;
            let kind = if is_chosen { "chosen" } else { "generated" };
            println!("{endpoint:18} {kind:10} {:22} {row}", format!("{wrong:?}"));
            let ended = matches!(wrong, Wrong::Revoked | Wrong::AdministratorsAddress);
            let same = if ended { "-" } else { "200" };
            let expected = format!("{same} 200 200 in in {same} 200 in");
            assert_eq!(row, expected, "{endpoint} {kind} {wrong:?}");
        }
    }
}

#[tokio::test]
async fn who_is_wrong_at_the_token_endpoint_locks_out_nobody_who_is_right() {
    table("/oauth/token").await;
}

#[tokio::test]
async fn who_is_wrong_at_introspection_locks_out_nobody_who_is_right() {
    table("/oauth/introspect").await;
}

#[tokio::test]
async fn who_is_wrong_at_revocation_locks_out_nobody_who_is_right() {
    table("/oauth/revoke").await;
}
