//! The state of the OAuth handlers.

use std::sync::Arc;

use crate::http::headers::ResponseHeaders;
use crate::http::peer::Proxies;
use crate::service::TokenServer;

/// The state of the OAuth handlers. It has no console, so that no handler can call an administrator's method.
#[derive(Clone, Debug)]
pub struct OAuthState {
    /// The service behind the endpoints.
    pub tokens: TokenServer,
    /// Trusted proxies.
    pub proxies: Arc<Proxies>,
    /// Headers of every response.
    pub response_headers: Arc<ResponseHeaders>,
}
