//! The requests of docs/tokens-and-apis.md, sent as they are there.

use std::process::{Command, Stdio};

use claviger::server::connections::Timeouts;
use serde_json::Value;

use claviger::domain::participant::{ParticipantRequest, TypedParticipant};

use crate::support::{Fixture, Listening, secret, shell};

const PAGE: &str = include_str!("../../../docs/tokens-and-apis.md");

/// The issuer in the documentation.
const ISSUER: &str = "https://access.example.org";

/// A command of the documentation and the answer that it promises.
struct Example {
    command: String,
    answer: Value,
}

fn examples() -> Vec<Example> {
    let blocks = PAGE.split("```console\n$ curl ").skip(1);
    let example = |block: &str| {
        let (block, _) = block.split_once("\n```").unwrap();
        let start = block.rfind("\n{\"").unwrap();
        Example {
            command: format!("curl {}", &block[..start]),
            answer: serde_json::from_str(&block[start..]).unwrap(),
        }
    };
    blocks.map(example).collect()
}

/// The members that are the same in every answer; the others are compared by name.
const SAME: [&str; 6] = [
    "active",
    "token_type",
    "expires_in",
    "scope",
    "issued_token_type",
    "organization_id",
];

fn names(answer: &Value) -> Vec<&String> {
    answer.as_object().unwrap().keys().collect()
}

async fn add(fixture: &Fixture, nickname: &str) {
    let request = ParticipantRequest {
        organization_id: claviger::domain::ids::OrganizationId(2),
        typed: TypedParticipant {
            nickname: nickname.to_owned(),
            email: format!("{nickname}@city.example"),
            name: String::new(),
        },
        password: secret("a sentence as a password"),
    };
    let added = fixture.console.create_participant(&shell(), &request).await;
    added.unwrap();
}

#[tokio::test]
async fn every_request_gets_the_answer_that_the_documentation_shows() {
    if !std::path::Path::new("/usr/bin/curl").exists() {
        println!("left out: there is no curl on this machine");
        return;
    }
    let fixture = Fixture::new().await;
    fixture.organization("City of Porto", "").await;
    let organization = fixture.organization("City of Lausanne", "").await;
    for nickname in ["a", "b", "c", "d", "e", "f", "ada"] {
        add(&fixture, nickname).await;
    }
    let permissions = ["blogs.read", "oauth.login", "oauth.impersonate"];
    let acting = fixture
        .client_of(Some(organization), &["public"], &permissions[1..])
        .await;
    let plain = fixture
        .client_of(Some(organization), &["public", "blogs"], &permissions[..1])
        .await;
    let listening = Listening::start(&fixture, Vec::new(), Timeouts::default()).await;
    let token = fixture.app().issued(&plain, "").await;
    let examples = examples();
    assert_eq!(examples.len(), 5);
    for Example { command, answer } in examples {
        let acts = command.contains("auth_type") || command.contains("token-exchange");
        let client = if acts { &acting } else { &plain };
        let command = command.replace(ISSUER, &format!("http://{}", listening.address));
        let script = format!(
            "curl() {{ command curl --silent --show-error -H 'Host: 127.0.0.1:3000' \"$@\"; }}\n{command}"
        );
        let mut bash = Command::new("bash");
        bash.args(["-euc", &script])
            .env("ID", client.client.id.as_str())
            .env("SECRET", client.secret.expose())
            .env("PASSWORD", "a sentence as a password")
            .env("TOKEN", &token)
            .stdin(Stdio::null());
        // The server runs on this thread.
        let output = tokio::task::spawn_blocking(move || bash.output());
        let output = output.await.unwrap().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        let got: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{command}: {output:?}"));
        assert_eq!(names(&got), names(&answer), "{command}: {got}");
        for name in SAME {
            assert_eq!(got.get(name), answer.get(name), "{command}: {got}");
        }
    }
}
