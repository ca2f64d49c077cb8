//! The client address of a request and the host that it names, from the request itself or a trusted proxy.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use chrono::TimeDelta;
use ipnet::IpNet;

use crate::domain::Time;
use crate::domain::host::Authority;
use crate::service::clock::Clock;

/// The networks of trusted proxies, whose `X-Forwarded-For` and `X-Forwarded-Host` count.
#[derive(Debug)]
pub struct Proxies {
    networks: Vec<IpNet>,
    clock: Clock,
    /// When the last warning about an unreadable address was logged.
    warned_at: Mutex<Option<Time>>,
}

/// The interval between warnings about unreadable addresses.
const QUIET: TimeDelta = TimeDelta::hours(1);

impl Proxies {
    /// Proxies in these networks.
    #[must_use]
    pub fn new(networks: Vec<IpNet>, clock: Clock) -> Self {
        Self {
            networks: networks.into_iter().map(canonical).collect(),
            clock,
            warned_at: Mutex::default(),
        }
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// Warns, once an hour, of a proxy whose `X-Forwarded-For` cannot be parsed: all clients behind it then count as one.
    fn warn(&self, proxy: IpAddr) {
        let now = self.clock.now();
        let mut warned_at = self
            .warned_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if warned_at.is_some_and(|at| at <= now && now < at + QUIET) {
            return;
        }
        *warned_at = Some(now);
        drop(warned_at);
        tracing::warn!(
            %proxy,
            "X-Forwarded-For of a trusted proxy holds an address that cannot be read, so whoever comes through it is taken \
             for the proxy itself; let it send plain addresses"
        );
    }
}

/// Converts a network of IPv4-mapped IPv6 addresses (RFC 4291 §2.5.5.2) to IPv4, the form in which addresses are
/// compared.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else {
        return network;
    };
    let (address, length) = (mapped.network().to_ipv4_mapped(), mapped.prefix_len());
    let plain = address.and_then(|address| Some((address, length.checked_sub(96)?)));
    plain.map_or(network, |(address, length)| {
        IpNet::new_assert(address.into(), length)
    })
}

/// The client address: the peer's, or for a trusted proxy an address of `X-Forwarded-For`. The first hop from the right
/// that is no trusted proxy counts, because a client can forge everything left of it. If all hops are trusted proxies,
/// the leftmost counts.
#[must_use]
pub fn address(peer: SocketAddr, headers: &HeaderMap, proxies: &Proxies) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !proxies.trust(peer) {
        return peer;
    }
    let mut farthest = peer;
    for line in headers.get_all("x-forwarded-for").iter().rev() {
        // A byte beyond ASCII makes its own hop unreadable and leaves the other hops.
        for hop in line.as_bytes().rsplit(|byte| *byte == b',') {
            let hop = hop.trim_ascii();
            if hop.is_empty() {
                continue;
            }
            let Some(address) = std::str::from_utf8(hop).ok().and_then(hop_address) else {
                proxies.warn(farthest);
                return farthest;
            };
            if !proxies.trust(address) {
                return address;
            }
            farthest = address;
        }
    }
    farthest
}

/// The address of a hop, with or without port, brackets and quotes: `203.0.113.9`, `203.0.113.9:51234`, `2001:db8::1`,
/// `[2001:db8::1]`, `"[2001:db8::1]:443"`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let unquoted = hop
        .strip_prefix('"')
        .and_then(|hop| hop.strip_suffix('"'))
        .unwrap_or(hop);
    let bracketed = || {
        let address = unquoted.strip_prefix('[')?.strip_suffix(']')?;
        address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    };
    let address = unquoted
        .parse::<IpAddr>()
        .ok()
        .or_else(|| Some(unquoted.parse::<SocketAddr>().ok()?.ip()))
        .or_else(bracketed)?;
    Some(address.to_canonical())
}

/// A request does not name exactly one valid host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHost;

/// The host and port that a request names (RFC 9112 §3.2): those of an absolute-form target, else of the `Host` line.
/// One valid `Host` line is required in either case.
///
/// # Errors
/// [`InvalidHost`], which is answered with 400.
pub fn authority<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Result<Authority<'a>, InvalidHost> {
    let mut lines = headers.get_all(header::HOST).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Err(InvalidHost);
    };
    let line = line.to_str().map_err(|_| InvalidHost)?;
    let named = Authority::parse(line).ok_or(InvalidHost)?;
    match uri.authority() {
        Some(target) => Authority::parse(target.as_str()).ok_or(InvalidHost),
        None => Ok(named),
    }
}

/// Why `X-Forwarded-Host` does not say for which host a proxy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidForwardedHost {
    /// It is not one valid host.
    Unreadable,
    /// It names another host than `Host`, and the peer is no trusted proxy.
    Untrusted,
}

/// The host and port for which a proxy asks: the `X-Forwarded-Host` of a trusted one, else `named`, which the request itself
/// names. There has to be one line with one host, because in a list the client can forge all but the last, and which
/// proxies append and which replace is not known. A peer that is not trusted may name the same host alone: it may be a proxy
/// that was forgotten in the settings, and then the request itself may name a host that no client used.
///
/// # Errors
/// [`InvalidForwardedHost`], which is answered with 400.
pub fn forwarded_authority<'a>(
    peer: SocketAddr,
    headers: &'a HeaderMap,
    named: Authority<'a>,
    proxies: &Proxies,
) -> Result<Authority<'a>, InvalidForwardedHost> {
    let is_trusted = proxies.trust(peer.ip().to_canonical());
    let read = |line: &'a HeaderValue| Authority::parse(line.to_str().ok()?);
    let lines = headers.get_all("x-forwarded-host");
    if !is_trusted {
        let is_named = |line| read(line).is_some_and(|forwarded| forwarded.host == named.host);
        return if lines.iter().all(is_named) {
            Ok(named)
        } else {
            Err(InvalidForwardedHost::Untrusted)
        };
    }
    let mut lines = lines.iter();
    match (lines.next(), lines.next()) {
        (None, _) => Ok(named),
        (Some(line), None) => read(line).ok_or(InvalidForwardedHost::Unreadable),
        (Some(_), Some(_)) => Err(InvalidForwardedHost::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_of(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let peer = SocketAddr::new(peer.parse().unwrap(), 1);
        let mut headers = HeaderMap::new();
        for line in forwarded {
            let line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append("x-forwarded-for", line);
        }
        let trusted = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let proxies = Proxies::new(trusted, Clock::System);
        address(peer, &headers, &proxies).to_string()
    }

    /// The client address behind the proxy 10.0.0.1.
    fn address_behind(forwarded: &[&str]) -> String {
        address_of("10.0.0.1", forwarded, &["10.0.0.0/8", "fd00::/8"])
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let address_trusting = |trusted| address_of("192.0.2.1", &["203.0.113.9"], trusted);
        assert_eq!(address_trusting(&[]), "192.0.2.1");
        assert_eq!(address_trusting(&["10.0.0.0/8"]), "192.0.2.1");
        assert_eq!(address_trusting(&["192.0.2.1/32"]), "203.0.113.9");
        assert_eq!(address_trusting(&["::ffff:192.0.2.0/120"]), "203.0.113.9");
        assert_eq!(address_trusting(&["::ffff:10.0.0.0/104"]), "192.0.2.1");
    }

    #[test]
    fn the_first_hop_that_is_no_proxy_counts() {
        assert_eq!(address_behind(&["203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            address_behind(&["198.51.100.1, 203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
        assert_eq!(
            address_behind(&["198.51.100.1", "203.0.113.9", "10.0.0.2 ,"]),
            "203.0.113.9"
        );
        assert_eq!(address_behind(&["nonsense, 203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn if_all_hops_are_proxies_the_request_began_at_the_farthest() {
        assert_eq!(address_behind(&["10.9.9.9, 10.0.0.2"]), "10.9.9.9");
        assert_eq!(address_behind(&["10.9.9.9", "10.0.0.2"]), "10.9.9.9");
        assert_eq!(address_behind(&[]), "10.0.0.1");
        assert_eq!(address_behind(&["", " , "]), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_quotes_are_read_away() {
        for hop in [
            "203.0.113.9:51234",
            "203.0.113.9:0",
            "::ffff:203.0.113.9",
            "[::ffff:203.0.113.9]:443",
            "\"203.0.113.9:51234\"",
        ] {
            assert_eq!(address_behind(&[hop]), "203.0.113.9", "{hop}");
        }
        for hop in [
            "2001:db8::1",
            "2001:DB8:0:0::1",
            "[2001:db8::1]",
            "[2001:db8::1]:443",
            "\"[2001:db8::1]:443\"",
        ] {
            assert_eq!(address_behind(&[hop]), "2001:db8::1", "{hop}");
        }
        assert_eq!(
            address_behind(&["203.0.113.9:51234, [fd00::1]:80"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn what_cannot_be_read_is_the_proxy_that_said_it() {
        for hop in [
            "nonsense",
            "unknown",
            "_hidden",
            "203.0.113.9:",
            "203.0.113.9:70000",
            "203.0.113",
            "[203.0.113.9]",
            "2001:db8::1]",
            "\u{fc}",
        ] {
            assert_eq!(address_behind(&[hop]), "10.0.0.1", "{hop}");
            let beyond = format!("198.51.100.1, {hop}, 10.0.0.2");
            assert_eq!(address_behind(&[&beyond]), "10.0.0.2", "{hop}");
        }
    }

    #[test]
    fn a_warning_comes_once_an_hour() {
        let clock = Clock::held(Time::UNIX_EPOCH);
        let proxies = Proxies::new(Vec::new(), clock.clone());
        let warned = || {
            proxies.warn([10, 0, 0, 1].into());
            (*proxies.warned_at.lock().unwrap()).unwrap() - Time::UNIX_EPOCH
        };
        assert_eq!(warned(), TimeDelta::zero());
        clock.advance(TimeDelta::minutes(59));
        assert_eq!(warned(), TimeDelta::zero());
        clock.advance(TimeDelta::minutes(1));
        assert_eq!(warned(), QUIET);
    }
}
