//! The networks that guesses are counted by.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Prefix lengths, and how many guesses at one account they may make in a window, the smallest network first. A larger
/// network has many users, so it may make more.
const V4: [(u8, u32); 2] = [(24, 10), (16, 40)];
const V6: [(u8, u32); 4] = [(64, 10), (56, 20), (48, 40), (32, 80)];

/// The code of `0.0.0.0/24`, and that of `::/64`.
const V4_CODE: u64 = 1 << 32;
const V6_ZERO: u64 = 2 << 32;

/// How many passwords may be in the hash queue at once for one network, and for the widest network around it. A hash
/// with its pause takes about 100 ms, so that requests of other networks get their permit within the queue's timeout.
pub(super) const PASSWORDS_AT_ONCE: [usize; 2] = [4, 8];

/// The same of passwords of participants: for one client in one network, and for all clients in the widest network. They
/// come from the servers of few clients, for many people each. A hash from elsewhere may take twice as long, so whoever
/// guesses through one client leaves permits for the others, whatever hashes those are.
pub(super) const LOGINS_AT_ONCE: [usize; 2] = [8, 16];

/// A network, or the one network of all requests whose address is not enclosing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(Option<IpNet>);

impl Network {
    /// The smallest network that one party usually has to itself: a /24 of IPv4, a /64 of IPv6.
    pub(crate) fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| {
            let address = address.to_canonical();
            cut(address, lengths(address)[0].0)
        }))
    }

    /// The network as a number, for counters that keep it in one word: the first eight bytes of an IPv6 address. An IPv4
    /// network is below `::/8`, which IPv6 gives to nobody (IANA, IPv6 address space). Zero is the network of all requests
    /// whose address is not known.
    pub(in crate::service) fn to_code(self) -> u64 {
        match self.0.map(|network| network.addr()) {
            None => 0,
            Some(IpAddr::V4(address)) => V4_CODE | u64::from(address.to_bits()),
            Some(IpAddr::V6(address)) => match first_half(address) {
                0 => V6_ZERO,
                half => half,
            },
        }
    }

    /// The network of a code, as text.
    pub(in crate::service) fn text_of(code: u64) -> Option<String> {
        let address = match code {
            0 => return None,
            V6_ZERO => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            code if code >> 32 == V4_CODE >> 32 => {
                let bits = u32::try_from(code & u64::from(u32::MAX)).ok()?;
                IpAddr::V4(Ipv4Addr::from_bits(bits))
            }
            code => IpAddr::V6(Ipv6Addr::from_bits(u128::from(code) << 64)),
        };
        Some(Self::of(Some(address)).to_string())
    }

    /// This network and those that contain it, the smallest first, each with the number of guesses at one account that
    /// it may make in a window.
    pub(super) fn nested(self) -> impl Iterator<Item = (Self, u32)> {
        let unknown = self.0.is_none().then_some((self, V4[0].1));
        let enclosing = self.0.into_iter().flat_map(|network| {
            let address = network.addr();
            let nested = lengths(address).iter();
            nested.map(move |(length, limit)| (Self(Some(cut(address, *length))), *limit))
        });
        unknown.into_iter().chain(enclosing)
    }

    /// The widest network that contains this one.
    pub(super) fn widest(self) -> Self {
        Self(self.0.map(|network| {
            let address = network.addr();
            let lengths = lengths(address);
            cut(address, lengths[lengths.len() - 1].0)
        }))
    }

    /// Whether this network contains an address of `other`, a smallest network.
    pub(super) fn holds(self, other: Self) -> bool {
        match (self.0, other.0) {
            (Some(own), Some(other)) => own.contains(&other),
            (own, other) => own == other,
        }
    }
}

fn lengths(address: IpAddr) -> &'static [(u8, u32)] {
    match address {
        IpAddr::V4(_) => &V4,
        IpAddr::V6(_) => &V6,
    }
}

fn cut(address: IpAddr, length: u8) -> IpNet {
    IpNet::new_assert(address, length).trunc()
}

fn first_half(address: Ipv6Addr) -> u64 {
    u64::try_from(address.to_bits() >> 64).unwrap_or_default()
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(network) => network.fmt(formatter),
            None => formatter.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::of(Some(text.parse().unwrap()))
    }

    fn nested(text: &str) -> Vec<String> {
        let nested = network(text).nested();
        nested
            .map(|(network, limit)| format!("{network} {limit}"))
            .collect()
    }

    #[test]
    fn neighbours_share_a_network() {
        assert_eq!(network("192.0.2.1"), network("192.0.2.200"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.200"));
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
    }

    #[test]
    fn a_network_comes_back_from_its_code() {
        for text in [
            "192.0.2.1",
            "0.0.0.0",
            "255.255.255.255",
            "::ffff:192.0.2.1",
            "::1",
            "2001:db8:1:203::1",
            "fe80::1",
            "ffff::",
        ] {
            let found = network(text);
            let text_of = Network::text_of(found.to_code());
            assert_eq!(text_of, Some(found.to_string()), "{text}");
        }
        assert_eq!(Network::of(None).to_code(), 0);
        assert_eq!(Network::text_of(0), None);
    }

    #[test]
    fn the_widest_network_around_one() {
        let widest = |text| network(text).widest().to_string();
        assert_eq!(widest("192.0.2.1"), "192.0.0.0/16");
        assert_eq!(widest("2001:db8:1:203::1"), "2001:db8::/32");
        let unknown = Network::of(None);
        assert_eq!(unknown.widest(), unknown);
    }

    #[test]
    fn a_wider_network_may_guess_more() {
        assert_eq!(nested("192.0.2.1"), ["192.0.2.0/24 10", "192.0.0.0/16 40"]);
        assert_eq!(
            nested("2001:db8:1:203::1"),
            [
                "2001:db8:1:203::/64 10",
                "2001:db8:1:200::/56 20",
                "2001:db8:1::/48 40",
                "2001:db8::/32 80"
            ]
        );
        let unknown: Vec<_> = Network::of(None).nested().collect();
        assert_eq!(unknown, [(Network::of(None), 10)]);
    }
}
