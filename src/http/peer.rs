//! Where a request came from: the peer, or what a trusted proxy says of it.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use ipnet::IpNet;

/// The address that a request came from. Proxies that are not trusted are taken for the source themselves.
#[must_use]
pub fn address(extensions: &Extensions, headers: &HeaderMap, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip().to_canonical())?;
    let trusted = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
    if !trusted(&peer) {
        return Some(peer);
    }
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    // From the right, the first hop that no trusted proxy stands for; beyond it anybody can write anything.
    for hop in hops.iter().rev() {
        match hop
            .trim()
            .parse::<IpAddr>()
            .map(|address| address.to_canonical())
        {
            Ok(address) if trusted(&address) => {}
            Ok(address) => return Some(address),
            Err(_) => break,
        }
    }
    Some(peer)
}

/// The `Host` of a request in lower case; empty when it has none that can be read.
#[must_use]
pub fn host(headers: &HeaderMap) -> Cow<'_, str> {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        host.to_ascii_lowercase().into()
    } else {
        host.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_of(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let proxies: Vec<IpNet> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        address(&extensions, &headers, &proxies)
            .unwrap()
            .to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address_of("192.0.2.1", "203.0.113.9", &[]), "192.0.2.1");
        assert_eq!(
            address_of("10.0.0.1", "203.0.113.9", &["10.0.0.0/8"]),
            "203.0.113.9"
        );
        assert_eq!(
            address_of(
                "10.0.0.1",
                "198.51.100.1, 203.0.113.9, 10.0.0.2",
                &["10.0.0.0/8"]
            ),
            "203.0.113.9"
        );
        assert_eq!(
            address_of("10.0.0.1", "nonsense", &["10.0.0.0/8"]),
            "10.0.0.1"
        );
    }
}
