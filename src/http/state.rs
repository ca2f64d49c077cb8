//! What every handler may need.

use std::sync::Arc;

use ipnet::IpNet;

use super::peer::Proxies;
use super::security::ResponseHeaders;
use crate::service::Service;

/// What every handler may need.
#[derive(Clone, Debug)]
pub struct State {
    /// The rules.
    pub service: Service,
    /// Networks of proxies whose word about addresses is believed.
    pub proxies: Arc<Proxies>,
    /// The headers of answers.
    pub response_headers: Arc<ResponseHeaders>,
}

impl State {
    /// What handlers need over a service.
    #[must_use]
    pub fn new(service: Service, proxies: Vec<IpNet>) -> Self {
        Self {
            response_headers: Arc::new(ResponseHeaders::new(service.settings().issuer.is_secure())),
            proxies: Arc::new(Proxies::new(proxies, service.clock().clone())),
            service,
        }
    }

    /// Whether administrators come over TLS, so that cookies may demand it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.service.settings().issuer.is_secure()
    }
}
