//! Every spelling of a host, over real connections, at every endpoint that reads one.

mod cases;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use claviger::server::connections::{self, Timeouts};
use claviger::server::cores::Cores;
use claviger::server::router;
use claviger::service::CreatedClient;
use serde_json::Value;

use self::cases::{CASES, Case, HOSTS, Taken};
use super::form;
use crate::support::{Fixture, basic, site};

const ISSUER: &str = "http://127.0.0.1:3000";

/// What came back.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    #[track_caller]
    fn assert_refused_by_oauth(&self) {
        assert_eq!(self.status, 400, "{}{}", self.head, self.body);
        assert_eq!(self.json()["error"], "invalid_request");
        for line in [
            "content-type: application/json",
            "cache-control: no-store",
            "pragma: no-cache",
            "x-content-type-options: nosniff",
        ] {
            assert!(self.head.contains(line), "{line}: {}", self.head);
        }
    }
}

/// The server that is asked, and what it is asked with.
struct Asked {
    address: SocketAddr,
    /// A client of each organization with a host, and last one of an organization without.
    clients: Vec<CreatedClient>,
}

impl Asked {
    fn send(&self, case: &Case, first: &str, more: &str, body: &str) -> Answer {
        let (method, path) = first.split_once(' ').unwrap();
        let authority = case.target.map(|target| format!("http://{target}"));
        let hosts = case.lines.iter().map(|host| format!("Host: {host}\r\n"));
        let hosts = hosts.collect::<Vec<_>>().concat();
        let request = format!(
            "{method} {}{path} {}\r\n{hosts}{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            authority.unwrap_or_default(),
            case.version,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let text = String::from_utf8_lossy(&text);
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{case:?}: {text}"));
        let (status, head) = head.split_once("\r\n").unwrap();
        Answer {
            status: status[9..12].parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn get(&self, case: &Case, path: &str) -> Answer {
        self.send(case, &format!("GET {path}"), "Accept: text/html\r\n", "")
    }

    fn post(&self, case: &Case, path: &str, headers: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = format!("{headers}Content-Type: application/x-www-form-urlencoded\r\n");
        self.send(case, &format!("POST {path}"), &headers, &form(fields))
    }

    /// Asks an OAuth endpoint as the client at a place.
    fn ask(&self, case: &Case, path: &str, client: usize, fields: &[(&str, &str)]) -> Answer {
        let CreatedClient { client, secret, .. } = &self.clients[client];
        let authorization = basic(client.id.as_str(), secret.expose());
        self.post(
            case,
            path,
            &format!("Authorization: {authorization}\r\n"),
            fields,
        )
    }

    /// Asks everything once, and says what came of it, one cell for each endpoint.
    fn row(&self, case: &Case) -> Vec<String> {
        let own = match case.taken {
            Taken::Organization(place, _) => place,
            Taken::Main | Taken::Nothing => HOSTS.len(),
        };
        let mut cells = Vec::new();
        let issued = self.ask(
            case,
            "/oauth/token",
            own,
            &[("grant_type", "client_credentials")],
        );
        let token = if matches!(case.taken, Taken::Nothing) {
            issued.assert_refused_by_oauth();
            String::new()
        } else {
            assert_eq!(issued.status, 200, "{case:?}: {}", issued.body);
            issued.json()["access_token"].as_str().unwrap().to_owned()
        };
        cells.push(issued.status.to_string());
        let told = self.ask(case, "/oauth/introspect", own, &[("token", &token)]);
        cells.push(issuer_in(case, &told, "iss"));
        let revoked = self.ask(case, "/oauth/revoke", own, &[("token", &token)]);
        if matches!(case.taken, Taken::Nothing) {
            revoked.assert_refused_by_oauth();
        }
        cells.push(revoked.status.to_string());
        let described = self.get(case, "/.well-known/oauth-authorization-server");
        cells.push(issuer_in(case, &described, "issuer"));
        let named = case.target.or(case.lines.first().copied());
        let origin = format!("Origin: http://{}\r\n", named.unwrap_or("127.0.0.1"));
        for answer in [
            self.get(case, "/system/sign-in"),
            self.get(case, "/"),
            self.get(case, "/nothing.js"),
            self.post(case, "/system/do/theme", &origin, &[("theme", "dark")]),
        ] {
            if matches!(case.taken, Taken::Nothing) {
                assert!(answer.head.contains("content-type: text/plain"), "{case:?}");
            }
            cells.push(answer.status.to_string());
        }
        cells.push(self.get(case, "/health/live").status.to_string());
        cells
    }
}

/// The issuer that an answer names, else its status.
fn issuer_in(case: &Case, answer: &Answer, member: &str) -> String {
    if matches!(case.taken, Taken::Nothing) {
        answer.assert_refused_by_oauth();
        return answer.status.to_string();
    }
    assert_eq!(answer.status, 200, "{case:?}: {}", answer.body);
    answer.json()[member].as_str().unwrap().to_owned()
}

/// The row as it should be.
fn expected(case: &Case) -> Vec<String> {
    let texts = |texts: [&str; 9]| texts.map(ToOwned::to_owned).to_vec();
    match case.taken {
        Taken::Organization(_, issuer) => texts([
            "200", issuer, "200", issuer, "404", "404", "404", "404", "200",
        ]),
        Taken::Main => texts([
            "200", ISSUER, "200", ISSUER, "200", "303", "404", "200", "200",
        ]),
        Taken::Nothing => texts([
            "400", "400", "400", "400", "400", "400", "400", "400", "200",
        ]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_takes_every_spelling_for_the_same_host() {
    let fixture = Fixture::new().await;
    let mut clients = Vec::new();
    for host in HOSTS {
        let organization = fixture.organization(host, host).await;
        clients.push(
            fixture
                .client_of(Some(organization), &["public"], &[])
                .await,
        );
    }
    clients.push(fixture.client().await);
    let app = router::app(&fixture.services(), Vec::new(), site());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let asked = Asked {
        address: listener.local_addr().unwrap(),
        clients,
    };
    let serving = tokio::spawn(async move {
        let cores = Cores::current();
        let forever = std::future::pending();
        connections::serve(listener, app, &cores, Timeouts::default(), forever).await;
    });
    let rows = tokio::task::spawn_blocking(move || {
        CASES.iter().map(|case| asked.row(case)).collect::<Vec<_>>()
    });
    let rows = rows.await.unwrap();
    serving.abort();

    println!(
        "| target | Host | token | introspect: iss | revoke | metadata: issuer | page | / | file | form | health |"
    );
    for (case, row) in CASES.iter().zip(&rows) {
        let target = case.target.unwrap_or("-");
        println!(
            "| {target} | {:?} {} | {} |",
            case.lines,
            case.version,
            row.join(" | ")
        );
    }
    for (case, row) in CASES.iter().zip(&rows) {
        assert_eq!(*row, expected(case), "{case:?}");
    }
}

/// Clients of other organizations are not known at any spelling of an organization's host.
#[tokio::test(flavor = "multi_thread")]
async fn no_spelling_leads_around_an_organization() {
    for host in [
        "porto.example",
        "porto.example.",
        "PORTO.example:8443",
        "porto.example:",
        "p%6Frto.example",
    ] {
        let fixture = Fixture::new().await;
        fixture.organization("City of Porto", "porto.example").await;
        let stranger = fixture.client().await;
        let answer = fixture.app().at(host).token(&stranger, "").await;
        assert_eq!(answer.status.as_u16(), 401, "{host}");
    }
}
