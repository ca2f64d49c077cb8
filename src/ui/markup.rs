//! Markup that is written as text, where a page has so much of it that components would cost most of the page's time.
//!
//! Every text that a person gave goes through [`Escaped`].

use std::fmt::{self, Display, Formatter, Write};

/// A text as the contents of an element, or as the value of a quoted attribute (HTML Standard, 13.3).
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            to.write_str(&rest[..at])?;
            to.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        to.write_str(rest)
    }
}

/// Appends to markup. Writing to a text cannot fail.
macro_rules! push {
    ($to:expr, $($markup:tt)+) => {
        $crate::ui::markup::push_arguments($to, format_args!($($markup)+))
    };
}
pub(crate) use push;

/// Appends what [`push!`] was given.
pub fn push_arguments(to: &mut String, markup: fmt::Arguments<'_>) {
    let _ = to.write_fmt(markup);
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn no_text_ends_an_element_or_an_attribute() {
        for (text, written) in [
            ("", ""),
            ("Zürich", "Zürich"),
            ("a & b", "a &amp; b"),
            (
                "\"><script>alert('x')</script>",
                "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;",
            ),
            ("<!>", "&lt;!&gt;"),
        ] {
            assert_eq!(Escaped(text).to_string(), written);
        }
    }
}
