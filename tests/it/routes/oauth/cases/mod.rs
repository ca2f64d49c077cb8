//! The cases that users of the source system are used to, each under its number: T for tokens, P for the password
//! grant, I for introspection, R for revocation, G for guarded routes. Where this server answers differently the test
//! says how and why.

mod guarded;
mod introspection;
mod password;
mod revocation;
mod token;

use claviger::domain::ids::OrganizationId;
use claviger::domain::participant::{Participant, ParticipantRequest, TypedParticipant};
use claviger::service::CreatedClient;
use serde_json::{Value, json};

use crate::support::{App, AppResponse, Fixture, secret, shell};

/// A password that nobody guesses.
pub(super) const PASSWORD: &str = "correct horse staple gun";

/// What a client needs to act for participants.
pub(super) const BOTH: [&str; 2] = ["oauth.impersonate", "oauth.login"];

/// Two organizations with their hosts, and a client C of the first.
pub(super) struct Tenants {
    pub(super) fixture: Fixture,
    pub(super) o1: OrganizationId,
    pub(super) o2: OrganizationId,
    /// Of O1, with the scopes `proposals public` and both permissions.
    pub(super) client: CreatedClient,
    /// At O1's host.
    pub(super) app: App,
}

impl Tenants {
    pub(super) async fn new() -> Self {
        Self::over(Fixture::new().await).await
    }

    pub(super) async fn over(fixture: Fixture) -> Self {
        let o1 = fixture.organization("City of Porto", "o1.test").await;
        let o2 = fixture.organization("Canton of Basel", "o2.test").await;
        let client = fixture
            .client_of(Some(o1), &["proposals", "public"], &BOTH)
            .await;
        let app = fixture.app().at("o1.test");
        Self {
            fixture,
            o1,
            o2,
            client,
            app,
        }
    }

    /// A participant of an organization, with a password or, if that is empty, without.
    pub(super) async fn participant(
        &self,
        organization: OrganizationId,
        nickname: &str,
        password: &str,
    ) -> Participant {
        let request = ParticipantRequest {
            organization_id: organization,
            typed: TypedParticipant {
                nickname: nickname.to_owned(),
                email: format!("{nickname}@city.example"),
                name: String::new(),
            },
            password: secret(password),
        };
        let console = &self.fixture.console;
        console
            .create_participant(&shell(), &request)
            .await
            .unwrap()
    }

    /// A participant of O1 with this nickname, if there is one.
    pub(super) async fn named(&self, nickname: &str) -> Option<Participant> {
        let mut tx = self.fixture.database.store.read().await.unwrap();
        let key = claviger::domain::participant::ParticipantKey::of(nickname);
        tx.find_participant_named(self.o1, &key).await.unwrap()
    }

    /// Asks for a token by the password grant, in JSON; `more` replaces and adds members.
    pub(super) async fn password(&self, more: Value) -> AppResponse {
        password(&self.app, &self.client, more).await
    }

    /// The token of an answer that must be one.
    #[track_caller]
    pub(super) fn token(answer: &AppResponse) -> String {
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Whose an access token is, as its client sees it.
    pub(super) async fn introspect(&self, token: &str) -> Value {
        self.app.introspect(&self.client, token).await
    }
}

/// Asks for a token by the password grant as a client.
pub(super) async fn password(app: &App, client: &CreatedClient, more: Value) -> AppResponse {
    let mut body = json!({
        "grant_type": "password",
        "client_id": client.client.id.as_str(),
        "client_secret": client.secret.expose(),
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    app.post_json("/oauth/token", &[], &body).await
}
