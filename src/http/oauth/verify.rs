//! `/oauth/verify`: whether a reverse proxy may let a request through to an API (forward authentication).
//!
//! The proxy sends the head of the request here, with its `Authorization`, and tells the API what the answer says. Parameters
//! in the address are the proxy's. What a client can cause is answered with 401 or 403 where possible, because nginx
//! makes a 500 of every other refusal.

use std::net::SocketAddr;

use axum::body::{Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::error::OAuthError;
use super::form;
use super::response;
use super::state::OAuthState;
use crate::domain::secret::Secret;
use crate::http::peer::{self, InvalidForwardedHost};
use crate::service::{GrantError, LiveToken, RequestOrigin, Requirements};

const CLIENT_ID: HeaderName = HeaderName::from_static("x-client-id");
const ORGANIZATION_ID: HeaderName = HeaderName::from_static("x-organization-id");
const SCOPES: HeaderName = HeaderName::from_static("x-scopes");
const PERMISSIONS: HeaderName = HeaderName::from_static("x-permissions");
const SUBJECT: HeaderName = HeaderName::from_static("x-subject");

/// Parameters that mean something here, none of which is a list with brackets.
const PARAMETERS: [&str; 3] = ["scope", "permission", "status"];

/// Handles a request for verification. The body is not read: it is for the API.
pub(super) async fn verify<B>(
    state: &OAuthState,
    parts: &Parts,
    body: B,
    peer: SocketAddr,
) -> Response
where
    B: HttpBody<Data = Bytes>,
{
    skip(body).await;
    match verification(state, parts, peer).await {
        Ok(response) => response,
        Err(error) => error.response(&state.response_headers),
    }
}

/// Lets the connection see that nobody reads the body before the answer is there: then it skips what has come of it, or
/// says `connection: close` in the answer.
async fn skip(body: impl HttpBody) {
    let is_empty = body.is_end_stream();
    drop(body);
    if !is_empty {
        tokio::task::yield_now().await;
    }
}

async fn verification(
    state: &OAuthState,
    parts: &Parts,
    peer: SocketAddr,
) -> Result<Response, OAuthError> {
    let origin = origin(state, parts, peer)?;
    let question = Question::parse(parts.uri.query().unwrap_or_default())?;
    let bearer = bearer(&parts.headers)?;
    let token = state
        .tokens
        .verify(&origin, &bearer, &question.required)
        .await?;
    let body = match question.success {
        StatusCode::NO_CONTENT => Vec::new(),
        _ => b"{}".to_vec(),
    };
    let mut response = state.response_headers.json(question.success, body);
    describe(&token, response.headers_mut())?;
    Ok(response)
}

/// The origin of the request that the proxy asks about.
fn origin<'a>(
    state: &OAuthState,
    parts: &'a Parts,
    peer: SocketAddr,
) -> Result<RequestOrigin<'a>, OAuthError> {
    let mut origin = response::origin(state, parts, peer)?;
    origin.host = peer::forwarded_authority(peer, &parts.headers, origin.host, &state.proxies).map_err(
        |invalid| {
            OAuthError::invalid_request(match invalid {
                InvalidForwardedHost::Unreadable => {
                    "The header X-Forwarded-Host must be one host name or address."
                }
                InvalidForwardedHost::Untrusted => {
                    "The header X-Forwarded-Host names another host than Host, and CLAVIGER_TRUSTED_PROXIES does not name the proxy."
                }
            })
        },
    )?;
    Ok(origin)
}

/// What the proxy wants to know.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    required: Requirements,
    success: StatusCode,
}

impl Question {
    /// Reads the query. What it requires has to be readable, since what is ignored would let everybody in.
    fn parse(query: &str) -> Result<Self, OAuthError> {
        const TOKEN_IN_QUERY: OAuthError =
            OAuthError::invalid_request("Send the token in the header Authorization.");
        const BRACKETS: OAuthError = OAuthError::invalid_request("A parameter is not a text.");
        const STATUS: OAuthError =
            OAuthError::invalid_request("The parameter status is 200 or 204, and given once.");
        let mut required = Requirements::default();
        let mut success = None;
        for (name, value) in form::read_form(query.as_bytes())? {
            match &*name {
                "scope" => required.scopes.extend(names(&value)?),
                "permission" => required.permissions.extend(names(&value)?),
                "status" => {
                    let status = match &*value {
                        "200" => StatusCode::OK,
                        "204" => StatusCode::NO_CONTENT,
                        _ => return Err(STATUS),
                    };
                    if success.replace(status).is_some() {
                        return Err(STATUS);
                    }
                }
                // RFC 6750 §2.3, whose method is not offered: addresses are logged.
                "access_token" => return Err(TOKEN_IN_QUERY),
                _ => {
                    let before = name.split_once('[').map(|(before, _)| before);
                    if before.is_some_and(|before| PARAMETERS.contains(&before)) {
                        return Err(BRACKETS);
                    }
                }
            }
        }
        Ok(Self {
            required,
            success: success.unwrap_or(StatusCode::NO_CONTENT),
        })
    }
}

/// The names in a value, separated by spaces: at least one, each a `scope-token` (RFC 6749 §3.3).
fn names(value: &str) -> Result<Vec<String>, OAuthError> {
    const UNREADABLE: OAuthError =
        OAuthError::invalid_request("A scope or permission is empty or malformed.");
    let is_name = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    let names: Vec<_> = value.split(' ').filter(|name| !name.is_empty()).collect();
    if names.is_empty() || !names.iter().all(|name| name.bytes().all(is_name)) {
        return Err(UNREADABLE);
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// The token in the header `Authorization` (RFC 6750 §2.1). Another scheme is as good as none (§3.1).
fn bearer(headers: &HeaderMap) -> Result<Secret, OAuthError> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().ok_or(OAuthError::NoToken)?;
    if lines.next().is_some() {
        return Err(GrantError::InvalidToken.into());
    }
    let text = line.to_str().map_err(|_| OAuthError::NoToken)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Secret::new(token.trim().to_owned()))
        }
        _ => Err(OAuthError::NoToken),
    }
}

/// Says what the token is. Every header is always there, if need be empty: some proxies replace a header of the request only
/// where the answer has one.
fn describe(token: &LiveToken, headers: &mut HeaderMap) -> Result<(), OAuthError> {
    let permissions: Vec<&str> = token.permissions().collect();
    let organization = token.organization_id().map(|id| id.to_string());
    for (name, text) in [
        (CLIENT_ID, token.client_id()),
        (ORGANIZATION_ID, organization.as_deref().unwrap_or_default()),
        (SCOPES, &token.scope),
        (PERMISSIONS, &permissions.join(" ")),
        (SUBJECT, &token.subject()),
    ] {
        let value =
            HeaderValue::from_str(text).map_err(|_| OAuthError::Grant(GrantError::Unavailable))?;
        headers.insert(name, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_is_read_strictly() {
        let required = |query: &str| Question::parse(query).ok().map(|read| read.required);
        let asked =
            required("scope=public%20blogs+a&permission=x.y&scope=c&other=%20&permission=z");
        assert_eq!(
            asked,
            Some(Requirements {
                scopes: ["public", "blogs", "a", "c"].map(str::to_owned).to_vec(),
                permissions: ["x.y", "z"].map(str::to_owned).to_vec(),
            })
        );
        assert_eq!(required(""), Some(Requirements::default()));
        assert_eq!(required("&x"), Some(Requirements::default()));
        for unread in [
            "scope=",
            "scope",
            "permission=+",
            "permission=a%22b",
            "scope=%C3%BC",
            "scope=%zz",
            "other=%ff",
            "scope[]=public",
            "permission%5B0%5D=x",
            "status[]=200",
            "status=201",
            "status=",
            "status=204&status=204",
            "access_token=x",
        ] {
            assert_eq!(required(unread), None, "{unread}");
        }
    }
}
