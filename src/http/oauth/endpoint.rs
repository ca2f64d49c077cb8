//! Which endpoint a request is for, and what answers it.
//!
//! These four are found by comparing the path, before the router: it would cost each request as much as its signature.

use std::net::SocketAddr;

use axum::body::{Bytes, HttpBody};
use axum::http::Request;
use axum::http::request::Parts;
use axum::response::Response;

use super::error::OAuthError;
use super::form::ReceivedRequest;
use super::state::OAuthState;
use super::{introspect, response, revoke, token, verify};

/// An endpoint that clients, APIs and proxies call for each request of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/oauth/token` (RFC 6749 §3.2).
    Token,
    /// `/oauth/introspect` (RFC 7662).
    Introspect,
    /// `/oauth/revoke` (RFC 7009).
    Revoke,
    /// `/oauth/verify`, and every path below it.
    Verify,
}

impl Endpoint {
    /// Every endpoint, with its path.
    pub const ALL: [(&'static str, Self); 4] = [
        ("/oauth/token", Self::Token),
        ("/oauth/introspect", Self::Introspect),
        ("/oauth/revoke", Self::Revoke),
        ("/oauth/verify", Self::Verify),
    ];

    /// The endpoint at a path, as it was sent: what is percent-encoded is another path.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let (_, endpoint) = Self::ALL.into_iter().find(|(known, endpoint)| {
            path.strip_prefix(known).is_some_and(|rest| {
                rest.is_empty() || *endpoint == Self::Verify && rest.starts_with('/')
            })
        })?;
        Some(endpoint)
    }

    /// Answers a request from this peer, whatever its method.
    pub async fn answer<B>(
        self,
        state: &OAuthState,
        request: Request<B>,
        peer: SocketAddr,
    ) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let (parts, body) = request.into_parts();
        if self == Self::Verify {
            return measured(state, verify::verify(state, &parts, body, peer)).await;
        }
        response::respond(state, self.answer_form(state, &parts, body, peer).await)
    }

    /// The answer of an endpoint that reads a form.
    async fn answer_form<B>(
        self,
        state: &OAuthState,
        parts: &Parts,
        body: B,
        peer: SocketAddr,
    ) -> Result<Vec<u8>, OAuthError>
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let origin = response::origin(state, parts, peer)?;
        let received = ReceivedRequest::receive(parts, body).await?;
        // What is measured begins here: a body may take its caller long.
        let answer = async {
            let form = received.form()?;
            match self {
                Self::Token => token::issue(state, &origin, &form).await,
                Self::Introspect => introspect::introspect(state, &origin, &form).await,
                Self::Revoke => revoke::revoke(state, &origin, &form).await,
                // It reads no form, and is answered before.
                Self::Verify => Err(OAuthError::NotFound),
            }
        };
        measured(state, answer).await
    }
}

/// An answer, of which is measured how long it takes.
async fn measured<Answer>(state: &OAuthState, answer: impl Future<Output = Answer>) -> Answer {
    let measurement = state.tokens.begin_answer();
    let answer = answer.await;
    if let Some(measurement) = measurement {
        state.tokens.end_answer(measurement);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_compared_as_it_is() {
        for (path, endpoint) in Endpoint::ALL {
            assert_eq!(Endpoint::at(path), Some(endpoint));
        }
        for path in ["/oauth/verify/", "/oauth/verify/a/b", "/oauth/verify//"] {
            assert_eq!(Endpoint::at(path), Some(Endpoint::Verify), "{path}");
        }
        for path in [
            "/",
            "*",
            "/oauth",
            "/oauth/token/",
            "/oauth/tokens",
            "/oauth/Token",
            "/oauth/%74oken",
            "/oauth/verifying",
            "//oauth/token",
        ] {
            assert_eq!(Endpoint::at(path), None, "{path}");
        }
    }
}
