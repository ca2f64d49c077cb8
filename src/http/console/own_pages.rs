//! Protects redirects: which addresses from a request name a page of this server.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::domain::secret::is_unreserved;

/// The base for resolving addresses; no real host has this name (RFC 2606 §2).
pub const BASE: &str = "http://here.invalid";

/// The page of this server that an untrusted address names, as an absolute path with its query; none if it names
/// anything else.
///
/// The address is resolved first, as a browser resolves a `Location` (dot segments, also encoded ones: WHATWG URL
/// Standard §4.4); the result is checked and returned.
#[must_use]
pub fn own_page(address: &str) -> Option<String> {
    // A browser drops tabs and line breaks, and reads a backslash as a slash (WHATWG URL Standard §4.4).
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    if !address.starts_with('/') || !address.bytes().all(is_plain) {
        return None;
    }
    let here = Url::parse(BASE).ok()?;
    let page = here.join(address).ok()?;
    if page.origin() != here.origin() || !is_page(page.path()) {
        return None;
    }
    let query = page.query().filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", page.path()))
}

/// Whether a path can be one of a page. The names of pages and the ids of clients consist of unreserved characters;
/// a proxy could read an encoded slash, dot or percent sign differently.
fn is_page(path: &str) -> bool {
    let segments: Vec<String> = path
        .strip_suffix('/')
        .unwrap_or(path)
        .split('/')
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let is_name = |segment: &String| {
        !["", ".", ".."].contains(&segment.as_str()) && segment.bytes().all(is_unreserved)
    };
    segments.first().is_some_and(|first| first == "system")
        && segments.get(1).is_none_or(|second| second != "do")
        && segments.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_server_is_found() {
        for (address, page) in [
            ("/system", "/system"),
            ("/system/", "/system/"),
            ("/system/api-clients/new", "/system/api-clients/new"),
            (
                "/system/api-clients?q=a%20b&status=active",
                "/system/api-clients?q=a%20b&status=active",
            ),
            (
                "/system/api-clients?q=%2F%2Fevil.example%2F..%2F",
                "/system/api-clients?q=%2F%2Fevil.example%2F..%2F",
            ),
            (
                "/system/api-clients/id%5Fa.b~c-d",
                "/system/api-clients/id%5Fa.b~c-d",
            ),
            ("/system/api-clients?", "/system/api-clients"),
            ("/system/organizations#top", "/system/organizations"),
            ("/system/x/../organizations", "/system/organizations"),
            ("/system/x/%2E%2e/organizations", "/system/organizations"),
            ("/x/../system/./organizations", "/system/organizations"),
            ("/system/do/../organizations", "/system/organizations"),
            ("/system/donations", "/system/donations"),
        ] {
            assert_eq!(own_page(address).as_deref(), Some(page), "{address}");
        }
    }

    #[test]
    fn nothing_else_is_followed() {
        for address in [
            "",
            "/",
            "system",
            "?q=x",
            "#x",
            "//evil.example",
            "///evil.example",
            "////evil.example/system/x",
            "//evil.example/system/api-clients",
            "//here.invalid@evil.example/system/x",
            "http://here.invalid/system/x",
            "https://evil.example/system/",
            "HTTPS:/system/x",
            "javascript:alert(1)",
            "/\\evil.example",
            "\\\\evil.example",
            "/system/\\evil.example",
            "/system\\..\\..\\evil.example",
            "/%5Cevil.example",
            "/system/%5c..%5c..%5cevil.example",
            "/system/../..//evil.example",
            "/system/..//evil.example",
            "/system/.././/evil.example",
            "/system/%2e%2e/%2E%2E//evil.example",
            "/system/.%2e/%2e.//evil.example",
            "/system/..%2f..%2f%2fevil.example",
            "/system/..%2F/evil.example",
            "/system/%2e%2e%2f%2e%2e%2f%2fevil.example",
            "/system/%252e%252e/%252e%252e//evil.example",
            "/system/%252e%252e%252f%252fevil.example",
            "/system/%25%32%65%25%32%65/x",
            "/system//evil.example",
            "/system///",
            "/system/%2Fevil.example",
            "/system/..;/..;//evil.example",
            "/system/../evil",
            "/system/../../../../oauth/token",
            "/systematic",
            "/System/x",
            "/system/do",
            "/system/do/",
            "/system/do/sign-out",
            "/system/do?x",
            "/system/do#x",
            "/system/./do/sign-out",
            "/system/x/../do/sign-out",
            "/system/x/%2e%2e/do/sign-out",
            "/system/%64o/sign-out",
            "/system/d%6F/sign-out",
            "/%73ystem/do/sign-out",
            "/\t/evil.example",
            "/system/\t../..//evil.example",
            "/system/%09/evil.example",
            "/system/a\nb",
            "/system/a\r\nSet-Cookie:x=y",
            "/system/%0d%0aset-cookie:x",
            "/system/a b",
            " /system/x",
            "/system/\u{fc}",
            "/system/%C3%BC",
            "/system/%FF",
            "/system/\u{2215}evil",
            "/system/a@evil.example",
            "/system/x:80",
        ] {
            assert_eq!(own_page(address), None, "{address:?}");
        }
    }

    const PIECES: [&str; 20] = [
        "/",
        "//",
        "system",
        "do",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5C",
        "\\",
        "%25",
        "2e",
        "\t",
        "?",
        "#",
        "@",
        ":",
        "evil.example",
        "http:",
    ];

    proptest::proptest! {
        #[test]
        fn whatever_is_followed_stays_on_this_server(
            pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..9),
        ) {
            let address = format!("/system{}", pieces.concat());
            for address in [address.as_str(), &address["/system".len()..]] {
                let Some(page) = own_page(address) else { continue };
                assert_eq!(own_page(&page).as_deref(), Some(page.as_str()), "{address:?}");
                let seen = Url::parse("https://victim.example/a/b").unwrap().join(&page).unwrap();
                assert_eq!(seen.host_str(), Some("victim.example"), "{address:?}");
                assert!(seen.path().starts_with("/system"), "{address:?}");
                assert!(!seen.path().contains("//") && !seen.path().starts_with("/system/do/"), "{address:?}");
            }
        }
    }
}
