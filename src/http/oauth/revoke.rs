//! `POST /oauth/revoke` (RFC 7009).

use super::credentials;
use super::error::OAuthError;
use super::form::Form;
use super::state::OAuthState;
use crate::domain::secret::Secret;
use crate::service::RequestOrigin;

/// Revokes a token that was issued to the calling client.
pub(super) async fn revoke(
    state: &OAuthState,
    origin: &RequestOrigin<'_>,
    form: &Form<'_>,
) -> Result<Vec<u8>, OAuthError> {
    let credentials = credentials::client(form)?;
    let token = form.get("token").map(|token| Secret::new(token.to_owned()));
    state
        .tokens
        .revoke_token(origin, &credentials, token.as_ref())
        .await?;
    Ok(b"{}".to_vec())
}
