//! What requests say of the host they ask, and what they are to be taken for.

use Taken::{Main, Nothing, Organization};

/// The hosts of the organizations, as somebody typed them.
pub const HOSTS: [&str; 4] = [
    "Porto.example.:80",
    "BÜCHER.example",
    "192.0.2.7:443",
    "[2001:DB8:0::7]",
];

/// What a request is taken for.
#[derive(Clone, Copy, Debug)]
pub enum Taken {
    /// One at an organization's host, the one at this place of [`HOSTS`], whose issuer has this name then.
    Organization(usize, &'static str),
    /// One at the server's own host, or at a host that is nobody's.
    Main,
    /// One that names no host that can be read.
    Nothing,
}

/// What a request says of the host it asks.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The authority of an absolute-form target, if it has one.
    pub target: Option<&'static str>,
    /// The `Host` lines.
    pub lines: &'static [&'static str],
    /// The HTTP version.
    pub version: &'static str,
    pub taken: Taken,
}

const fn case(lines: &'static [&'static str], taken: Taken) -> Case {
    Case {
        target: None,
        lines,
        version: "HTTP/1.1",
        taken,
    }
}

const fn own(lines: &'static [&'static str], place: usize, issuer: &'static str) -> Case {
    case(lines, Organization(place, issuer))
}

const fn main(lines: &'static [&'static str]) -> Case {
    case(lines, Main)
}

const fn none(lines: &'static [&'static str]) -> Case {
    case(lines, Nothing)
}

impl Case {
    const fn target(self, target: &'static str) -> Self {
        Self {
            target: Some(target),
            ..self
        }
    }

    const fn old(self) -> Self {
        Self {
            version: "HTTP/1.0",
            ..self
        }
    }
}

/// Every spelling.
pub const CASES: &[Case] = &[
    // A name: case, port, default port, empty port, dot at the end, percent-encoding.
    own(&["porto.example"], 0, "http://porto.example"),
    own(&["Porto.EXAMPLE"], 0, "http://porto.example"),
    own(&["porto.example."], 0, "http://porto.example"),
    own(&["porto.example:80"], 0, "http://porto.example"),
    own(&["porto.example:"], 0, "http://porto.example"),
    own(&["porto.example:443"], 0, "http://porto.example:443"),
    own(&["PORTO.example.:8443"], 0, "http://porto.example:8443"),
    own(&["p%6Frto.example"], 0, "http://porto.example"),
    // IDNA.
    own(
        &["xn--bcher-kva.example"],
        1,
        "http://xn--bcher-kva.example",
    ),
    own(
        &["XN--BCHER-KVA.Example."],
        1,
        "http://xn--bcher-kva.example",
    ),
    own(
        &["b%C3%BCcher.example:8443"],
        1,
        "http://xn--bcher-kva.example:8443",
    ),
    // Addresses.
    own(&["192.0.2.7"], 2, "http://192.0.2.7"),
    own(&["192.0.2.7.:8080"], 2, "http://192.0.2.7:8080"),
    own(&["0xC0.0.519"], 2, "http://192.0.2.7"),
    own(&["[2001:db8::7]"], 3, "http://[2001:db8::7]"),
    own(
        &["[2001:DB8:0:0::0007]:8443"],
        3,
        "http://[2001:db8::7]:8443",
    ),
    // The authority of the target wins (RFC 9112 §3.2.2).
    own(&["127.0.0.1:3000"], 0, "http://porto.example").target("porto.example"),
    own(&["elsewhere.example"], 0, "http://porto.example:8443").target("PORTO.example.:8443"),
    own(&["192.0.2.7"], 0, "http://porto.example").target("porto.example"),
    main(&["porto.example"]).target("127.0.0.1:3000"),
    main(&["porto.example"]).target("elsewhere.example"),
    own(&["porto.example"], 0, "http://porto.example").old(),
    // The issuer's own host, however it is spelled, and hosts that are nobody's.
    main(&["127.0.0.1:3000"]),
    main(&["127.0.0.1"]),
    main(&["127.0.0.1:9"]),
    main(&["127.0.0.1.:3000"]),
    main(&["127.1"]),
    main(&["2130706433"]),
    main(&["elsewhere.example"]),
    main(&["x.porto.example"]),
    main(&["porto.example.evil.example"]),
    main(&["a_b"]),
    // What names no host, or several.
    none(&[]),
    none(&[""]),
    none(&["."]),
    none(&[":80"]),
    none(&["porto.example", "127.0.0.1:3000"]),
    none(&["127.0.0.1:3000", "porto.example"]),
    none(&["porto.example", "porto.example"]),
    none(&["porto.example, 127.0.0.1"]),
    none(&["user@porto.example"]),
    none(&["http://porto.example"]),
    none(&["porto.example/"]),
    none(&["porto example"]),
    none(&["porto..example"]),
    none(&["porto.example.."]),
    none(&["porto.example:0"]),
    none(&["porto.example:65536"]),
    none(&["porto.example:+80"]),
    none(&["porto.example:http"]),
    // A header is ASCII; a client sends A-labels.
    none(&["bücher.example"]),
    none(&["::1"]),
    none(&["[::1"]),
    none(&["[2001:db8::7]x"]),
    none(&["192.0.2.256"]),
    none(&["127.0.0.1:3000"]).target("user@porto.example"),
    none(&["127.0.0.1:3000"]).target("porto.example:65536"),
    none(&[]).target("porto.example"),
    none(&["porto.example", "porto.example"]).target("porto.example"),
    none(&["porto..example"]).target("porto.example"),
    none(&[]).old(),
];
