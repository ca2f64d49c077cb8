//! An API that asks Claviger about the token of every request.
//!
//! ```console
//! $ api-client create --scope system --permission system.tokens.introspect --name 'Blog API'
//! $ CLIENT_ID=id_… CLIENT_SECRET=key_… cargo run --example protected_api
//! $ curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/posts
//! ```
//!
//! `docs/protect-an-api.md` shows the part between the marks, and explains it.

use std::env;
use std::error::Error;

// docs: begin
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use quick_cache::sync::Cache;
use serde::Deserialize;

/// What Claviger says about a token: `active`, and if it is, whose it is and what its client may do now.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Token {
    pub active: bool,
    pub client_id: String,
    pub permissions: Vec<String>,
    /// When it expires, Unix seconds.
    pub exp: u64,
}

impl Token {
    /// Whether it has not expired by the clock of this machine.
    fn is_current(&self) -> bool {
        let now = SystemTime::UNIX_EPOCH.elapsed();
        now.is_ok_and(|now| now.as_secs() < self.exp)
    }
}

/// Asks Claviger about tokens, with the credentials of the API's own client.
pub struct Claviger {
    pub http: reqwest::Client,
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
    /// For how long an answer is kept, at most until the token expires. Zero: every request asks, and a revoked token is
    /// refused at once.
    pub keep: Duration,
    pub kept: Cache<String, (Instant, Token)>,
}

impl Claviger {
    async fn ask(&self, token: &str) -> Result<Token, reqwest::Error> {
        if let Some((asked, known)) = self.kept.get(token)
            && asked.elapsed() < self.keep
            && known.is_current()
        {
            return Ok(known);
        }
        let asked = Instant::now();
        let request = self.http.post(format!("{}/oauth/introspect", self.url));
        let request = request.basic_auth(&self.client_id, Some(&self.client_secret));
        let answer = request.form(&[("token", token)]).send().await?;
        let told: Token = answer.error_for_status()?.json().await?;
        if told.active && !self.keep.is_zero() {
            self.kept.insert(token.to_owned(), (asked, told.clone()));
        }
        Ok(told)
    }
}

/// Lets a request through whose token is live and whose client has the permission `blogs.read`.
async fn require_token(
    State(claviger): State<Arc<Claviger>>,
    mut request: Request,
    next: Next,
) -> Response {
    let refuse = |status: StatusCode, challenge: &'static str| {
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    };
    let Some(bearer) = bearer(request.headers()) else {
        return refuse(StatusCode::UNAUTHORIZED, "Bearer");
    };
    match claviger.ask(bearer).await {
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "1")],
        )
            .into_response(),
        Ok(token) if !token.active => {
            refuse(StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#)
        }
        Ok(token) if !token.permissions.iter().any(|held| held == "blogs.read") => refuse(
            StatusCode::FORBIDDEN,
            r#"Bearer error="insufficient_scope""#,
        ),
        Ok(token) => {
            request.extensions_mut().insert(token);
            next.run(request).await
        }
    }
}

/// The token of a request. A scheme may be written in any case (RFC 9110 §11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn posts(Extension(token): Extension<Token>) -> String {
    format!("posts for {}", token.client_id)
}

/// The API.
pub fn api(claviger: Claviger) -> Router {
    Router::new()
        .route("/posts", get(posts))
        .layer(from_fn_with_state(Arc::new(claviger), require_token))
}
// docs: end

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::var("CLAVIGER_URL").unwrap_or_else(|_| "http://127.0.0.1:3000".to_owned());
    let keep = env::var("KEEP_SECONDS").unwrap_or_else(|_| "0".to_owned());
    let claviger = Claviger {
        http: reqwest::Client::new(),
        url,
        client_id: env::var("CLIENT_ID")?,
        client_secret: env::var("CLIENT_SECRET")?,
        keep: Duration::from_secs(keep.parse()?),
        kept: Cache::new(10_000),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, api(claviger)).await?)
}
