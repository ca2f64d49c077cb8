//! What the handlers of the OAuth endpoints get.

use std::sync::Arc;

use crate::http::headers::ResponseHeaders;
use crate::http::peer::Proxies;
use crate::service::TokenServer;

/// What the handlers of the OAuth endpoints get: no rule of the console can be named with it.
#[derive(Clone, Debug)]
pub struct OAuthState {
    /// The rules of these endpoints.
    pub tokens: TokenServer,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<Proxies>,
    /// The headers of answers.
    pub response_headers: Arc<ResponseHeaders>,
}
