//! Hosts in canonical form: two hosts are the same when their texts are.
//!
//! A host is parsed where it enters, in a request, a setting or a form, and compared in this form everywhere else.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// The longest host name, in bytes (RFC 1035 §2.3.4).
const LONGEST_NAME: usize = 253;

/// The longest label of a host name, in bytes (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// A host in canonical form: a name in lower case, its labels as A-labels (RFC 5890), without a final dot; an IPv4
/// address as four decimal numbers; an IPv6 address as in RFC 5952, in brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Host<'a>(Cow<'a, str>);

/// A host and its port, if there is one: `host [":" port]` (RFC 3986 §3.2, without user information).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority<'a> {
    /// The host.
    pub host: Host<'a>,
    /// The port, from 1 to 65535. An empty port is none (RFC 3986 §3.2.3).
    pub port: Option<u16>,
}

impl<'a> Host<'a> {
    /// Parses a host without a port. Nothing is allocated for a canonical text.
    fn parse(text: &'a str) -> Option<Self> {
        if is_canonical(text) {
            return Some(Self(Cow::Borrowed(text)));
        }
        // Percent-encoding, IDNA (UTS #46) and every notation of an address, as in the URL standard.
        match url::Host::parse(text).ok()? {
            url::Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                is_name(name).then(|| Self(Cow::Owned(name.to_owned())))
            }
            address => Some(Self(Cow::Owned(address.to_string()))),
        }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same host as an owned value.
    #[must_use]
    pub fn into_owned(self) -> Host<'static> {
        Host(Cow::Owned(self.0.into_owned()))
    }

    /// Whether it is always this machine: `localhost`, a subdomain of it (RFC 6761 §6.3), or a loopback address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let text = self.as_str();
        let address = match text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
        {
            Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => text.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        };
        text == "localhost"
            || text.ends_with(".localhost")
            || address.is_some_and(|address| address.is_loopback())
    }
}

impl Host<'static> {
    /// A host from the database, where only canonical ones are written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl<'a> Authority<'a> {
    /// Parses `host` or `host:port`; none for everything else, such as user information, a path, or an empty host.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        // The colons of an IPv6 address are inside its brackets.
        let end = if text.starts_with('[') {
            text.find(']')? + 1
        } else {
            text.find(':').unwrap_or(text.len())
        };
        let (host, port) = text.split_at(end);
        Some(Self {
            port: parse_port(port).ok()?,
            host: Host::parse(host)?,
        })
    }

    /// The same authority as an owned value.
    #[must_use]
    pub fn into_owned(self) -> Authority<'static> {
        Authority {
            host: self.host.into_owned(),
            port: self.port,
        }
    }

    /// The origin of this authority under a scheme (RFC 6454 §6.2), such as `https://porto.example:8443`; the scheme's
    /// default port is left out.
    #[must_use]
    pub fn origin(&self, scheme: &str) -> String {
        let host = self.host.as_str();
        // Each introspection has one, so it is put together without the machinery of `format!`.
        let mut origin = String::with_capacity(scheme.len() + host.len() + "://:65535".len());
        origin.push_str(scheme);
        origin.push_str("://");
        origin.push_str(host);
        if let Some(port) = self.port.filter(|port| default_port(scheme) != Some(*port)) {
            origin.push(':');
            origin.push_str(&port.to_string());
        }
        origin
    }
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Authority<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(formatter, "{}:{port}", self.host),
            None => self.host.fmt(formatter),
        }
    }
}

/// The default port of a scheme (RFC 9110 §4.2).
#[must_use]
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The text after a host is neither empty nor a colon and a port.
struct InvalidPort;

/// Parses the text after a host: nothing, or a colon and perhaps digits.
fn parse_port(text: &str) -> Result<Option<u16>, InvalidPort> {
    if text.is_empty() || text == ":" {
        return Ok(None);
    }
    let digits = text.strip_prefix(':').ok_or(InvalidPort)?;
    // The number parser would also accept a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidPort);
    }
    let port = digits.parse::<u16>().ok().filter(|port| *port > 0);
    port.map(Some).ok_or(InvalidPort)
}

/// Whether a text is certainly canonical: a name without an A-label, which would have to be validated, or an IPv4
/// address. This runs for every request, so it looks at each byte few times and allocates nothing.
fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    let dot = bytes.iter().rposition(|byte| *byte == b'.');
    let last = dot.map_or(0, |dot| dot + 1);
    // By its last label the URL standard decides whether a name is an IPv4 address.
    if bytes.get(last).is_some_and(u8::is_ascii_digit) {
        return text.parse::<Ipv4Addr>().is_ok();
    }
    is_name(text) && !labels(text).any(|label| label.starts_with(b"xn--"))
}

fn labels(text: &str) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().split(|byte| *byte == b'.')
}

/// Whether a text is a host name in lower case. Underscores are allowed because names in use have them.
fn is_name(text: &str) -> bool {
    let is_label = |label: &[u8]| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
            && label
                .iter()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    text.len() <= LONGEST_NAME && labels(text).all(is_label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical_text(text: &str) -> Option<String> {
        Authority::parse(text).map(|authority| authority.to_string())
    }

    #[test]
    fn every_spelling_of_a_host_has_one_form() {
        for (canonical, spellings) in [
            (
                "porto.example",
                &[
                    "porto.example",
                    "Porto.EXAMPLE",
                    "porto.example.",
                    "porto.example:",
                    "PORTO.example.:",
                    "p%6Frto.example",
                    "porto%2Eexample",
                    "ｐｏｒｔｏ．ｅｘａｍｐｌｅ",
                    "porto。example",
                    "porto.example。",
                ][..],
            ),
            (
                "xn--bcher-kva.example",
                &[
                    "bücher.example",
                    "BÜCHER.example.",
                    "bu\u{308}cher.example",
                    "xn--bcher-kva.example",
                    "XN--BCHER-KVA.example",
                    "b%C3%BCcher.example",
                ],
            ),
            (
                "127.0.0.1",
                &[
                    "127.0.0.1",
                    "127.0.0.1.",
                    "127.1",
                    "0x7f.0.0.1",
                    "2130706433",
                    "0177.0.0.1",
                    "１２７.0.0.1",
                ],
            ),
            (
                "[::1]",
                &["[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[0:0::1]:"],
            ),
            ("[2001:db8::a]", &["[2001:DB8::A]", "[2001:db8:0:0::a]"]),
            ("a_b", &["a_b", "A_B."]),
            (
                "porto.example:443",
                &["porto.example:443", "Porto.example.:00443"],
            ),
            ("[::1]:8443", &["[::1]:8443", "[0::1]:8443"]),
        ] {
            for spelling in spellings {
                assert_eq!(
                    canonical_text(spelling).as_deref(),
                    Some(canonical),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn other_texts_are_no_hosts() {
        let long_label = format!("{}.example", "a".repeat(64));
        let long_name = format!("{}example", "abcdefg.".repeat(32));
        let texts = r"
            . : :80 .. a..b .a a.. a/ a? a# a\b a@b u:p@a @a -a a- a,b https://a a:b a:80:80 a:+80 a:-1 a:0 a:65536
            a:８０ ::1 [::1 [] [::1]x [1.2.3.4] [fe80::1%25eth0] [v1.a] 1.2.3.256 1.2.3.4.5 a.1 a%00b a%2Fb a%3A80 a%
            xn--a xn--bcher-kva-";
        let blank = [
            "",
            " ",
            "a b",
            "a\tb",
            " a",
            "a\n",
            "a:8 0",
            "a\u{0}b",
            "é\u{FFFD}",
        ];
        let long = [long_label.as_str(), long_name.as_str()];
        for text in texts.split_whitespace().chain(blank).chain(long) {
            assert_eq!(canonical_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_origin_leaves_out_the_default_port_of_its_scheme() {
        for (text, scheme, origin) in [
            ("porto.example", "https", "https://porto.example"),
            ("porto.example:443", "https", "https://porto.example"),
            ("porto.example:80", "https", "https://porto.example:80"),
            ("porto.example:80", "http", "http://porto.example"),
            ("[::1]:8443", "https", "https://[::1]:8443"),
        ] {
            assert_eq!(Authority::parse(text).unwrap().origin(scheme), origin);
        }
    }

    #[test]
    fn loopback_is_a_name_or_an_address() {
        for (text, is_loopback) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("claviger.localhost", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("127.0.0.1.example", false),
            ("localhost.example", false),
            ("[::2]", false),
        ] {
            assert_eq!(
                Authority::parse(text).unwrap().host.is_loopback(),
                is_loopback,
                "{text}"
            );
        }
    }

    proptest! {
        /// The fast path for canonical names agrees with the URL standard.
        #[test]
        fn the_fast_path_agrees_with_the_url_standard(text in "[a-z0-9_.-]{1,20}|[0-9]{1,3}(\\.[0-9a-fx]{1,3}){0,4}") {
            if is_canonical(&text) {
                prop_assert_eq!(url::Host::parse(&text).unwrap().to_string(), text);
            }
        }

        #[test]
        fn a_canonical_form_is_its_own(text in "\\PC{0,30}") {
            if let Some(authority) = Authority::parse(&text) {
                let again = authority.to_string();
                prop_assert_eq!(Authority::parse(&again), Some(authority));
            }
        }
    }
}
