//! Client authentication: HTTP Basic, or `client_id` and `client_secret` in the body, and never both (RFC 6749 §2.3).
//!
//! Other methods are not offered: a request that uses one alone is an `invalid_client`, one that combines two methods
//! an `invalid_request`.

use axum::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memchr;
use zeroize::Zeroizing;

use super::error::OAuthError;
use super::form::{self, Form};
use crate::domain::secret::Secret;
use crate::service::{Caller, Credentials, GrantError};

const SEVERAL_METHODS: OAuthError = OAuthError::invalid_request("Authenticate in one way only.");

/// Client authentication by an assertion (RFC 7521 §4.2). Either parameter indicates it.
const ASSERTION: [&str; 2] = ["client_assertion", "client_assertion_type"];

/// A bearer token in the body (RFC 6750 §2.2).
const TOKEN_IN_BODY: [&str; 1] = ["access_token"];

/// The client's credentials.
///
/// # Errors
/// `invalid_request` when the request uses more than one method, `invalid_client` when it uses none that is offered
/// and can be parsed.
pub fn client(form: &Form<'_>) -> Result<Credentials, OAuthError> {
    match caller(form)? {
        Caller::Client(credentials) => Ok(credentials),
        Caller::Bearer(_) => Err(GrantError::InvalidClient.into()),
    }
}

/// The client's credentials, or a bearer token.
///
/// # Errors
/// As [`client`].
pub fn caller(form: &Form<'_>) -> Result<Caller, OAuthError> {
    let mut headers = form.headers.get_all(header::AUTHORIZATION).iter();
    let authorization = headers.next();
    let others = [
        form.get("client_secret").is_some(),
        form.has_any(&ASSERTION),
        form.has_any(&TOKEN_IN_BODY),
        headers.next().is_some(),
    ];
    let others = others.into_iter().filter(|is_used| *is_used).count();
    if others + usize::from(authorization.is_some()) > 1 {
        return Err(SEVERAL_METHODS);
    }
    let Some(authorization) = authorization else {
        return in_body(form).map(Caller::Client);
    };
    let invalid = || OAuthError::from(GrantError::InvalidClient);
    let text = authorization.to_str().map_err(|_| invalid())?;
    let (scheme, value) = text.split_once(' ').ok_or_else(invalid)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        if form.get("client_id").is_some() {
            return Err(SEVERAL_METHODS);
        }
        return Ok(Caller::Bearer(Secret::new(value.trim().to_owned())));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(invalid());
    }
    let credentials = basic(value.trim()).ok_or_else(invalid)?;
    if form.get("client_id").is_some_and(|id| id != credentials.id) {
        return Err(SEVERAL_METHODS);
    }
    Ok(Caller::Client(credentials))
}

fn in_body(form: &Form<'_>) -> Result<Credentials, OAuthError> {
    match (form.get("client_id"), form.get("client_secret")) {
        (Some(id), Some(secret)) => Ok(Credentials {
            id: id.to_owned(),
            secret: Secret::new(secret.to_owned()),
        }),
        _ => Err(GrantError::InvalidClient.into()),
    }
}

/// Parses the credentials after `Basic`: strict base64, id and secret form-decoded (RFC 6749 §2.3.1, appendix B).
pub(crate) fn basic(encoded: &str) -> Option<Credentials> {
    let decoded = Zeroizing::new(STANDARD.decode(encoded).ok()?);
    // Without a branch in the loop it is compiled to vector instructions.
    let is_outside = |byte: &u8| !(0x20..=0x7E).contains(byte);
    if decoded
        .iter()
        .fold(false, |found, byte| found | is_outside(byte))
    {
        return None;
    }
    let colon = memchr(b':', &decoded)?;
    let id = form::decode(&decoded[..colon]).ok()?.into_owned();
    let secret = Secret::new(form::decode(&decoded[colon + 1..]).ok()?.into_owned());
    (!id.is_empty()).then_some(Credentials { id, secret })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(plain: &str) -> Option<(String, String)> {
        basic(&STANDARD.encode(plain))
            .map(|credentials| (credentials.id, credentials.secret.expose().to_owned()))
    }

    #[test]
    fn both_halves_are_form_decoded() {
        assert_eq!(
            read("id:secret"),
            Some(("id".to_owned(), "secret".to_owned()))
        );
        assert_eq!(
            read("i%20d:a%3Ab+c"),
            Some(("i d".to_owned(), "a:b c".to_owned()))
        );
        assert_eq!(
            read("id:with:colon"),
            Some(("id".to_owned(), "with:colon".to_owned()))
        );
    }

    #[test]
    fn malformed_basic_is_refused() {
        for plain in [
            "no colon",
            ":secret",
            "id:%zz",
            "i\u{7}d:secret",
            "ïd:secret",
        ] {
            assert_eq!(read(plain), None, "{plain}");
        }
        assert!(basic("not base64!").is_none());
        assert!(basic("aWQ6c2VjcmV0=").is_none());
    }
}
