//! Addresses of pages: reading and writing their queries.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

/// The unreserved characters (RFC 3986 §2.3); all others are encoded.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A text as the value of a query parameter.
#[must_use]
pub fn in_query(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// The value of a parameter in a raw query, decoded once; the last value of a repeated one.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(found, _)| found == name)
        .last()
        .map(|(_, value)| value.into_owned())
}

/// Every value of a parameter that may be repeated, decoded once, in their order.
#[must_use]
pub fn parameters(query: &str, name: &str) -> Vec<String> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_a_query_reads_back() {
        for text in ["", "a&b=c", "%41", "100 % sure", "a+b", "Zürich", "\"'#?/"] {
            let query = format!("x=1&q={}&y=2", in_query(text));
            assert_eq!(parameter(&query, "q").as_deref(), Some(text), "{query}");
        }
    }

    #[test]
    fn a_query_is_read_as_forms_write_it() {
        assert_eq!(parameter("q=a+b", "q").as_deref(), Some("a b"));
        assert_eq!(parameter("q=1&q=2", "q").as_deref(), Some("2"));
        assert_eq!(parameter("q", "q").as_deref(), Some(""));
        assert_eq!(parameters("q=1&x=2&q=a%20b", "q"), ["1", "a b"]);
        assert_eq!(parameter("qq=1", "q"), None);
        assert_eq!(parameter("", "q"), None);
        assert_eq!(parameter("q=%FF", "q").as_deref(), Some("\u{FFFD}"));
    }
}
