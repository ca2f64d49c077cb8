//! Writes the JSON objects that are answered most.
//!
//! `serde_json` looks at every byte of a text, because it may need an escape; that takes a quarter of an introspection. Tokens,
//! and the names of scopes, permissions and clients, have characters that never do.

/// A JSON object that is being written, its members in the order of the calls.
#[derive(Debug)]
pub(super) struct JsonObject(Vec<u8>);

impl JsonObject {
    /// An empty object, with memory for so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let mut object = Vec::with_capacity(bytes);
        object.push(b'{');
        Self(object)
    }

    /// Adds a text of characters that need no escape (RFC 8259 §7), such as a token.
    pub(super) fn plain(mut self, name: &'static str, text: &str) -> Self {
        write_plain(self.member(name), text);
        self
    }

    /// Adds a list of such texts.
    pub(super) fn plains<'a>(
        mut self,
        name: &'static str,
        texts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let list = self.member(name);
        list.push(b'[');
        for (index, text) in texts.enumerate() {
            if index > 0 {
                list.push(b',');
            }
            write_plain(list, text);
        }
        list.push(b']');
        self
    }

    /// Adds anything else, as `serde_json` writes it.
    pub(super) fn value(mut self, name: &'static str, value: &impl serde::Serialize) -> Self {
        let object = self.member(name);
        // A vector takes everything, and the values here have names that are texts.
        let _ = serde_json::to_writer(object, value);
        self
    }

    /// The same, if there is one.
    pub(super) fn value_if(
        self,
        name: &'static str,
        value: Option<&impl serde::Serialize>,
    ) -> Self {
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// The whole object.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }

    fn member(&mut self, name: &'static str) -> &mut Vec<u8> {
        let object = &mut self.0;
        if object.len() > 1 {
            object.push(b',');
        }
        object.push(b'"');
        object.extend_from_slice(name.as_bytes());
        object.extend_from_slice(b"\":");
        object
    }
}

fn write_plain(into: &mut Vec<u8>, text: &str) {
    debug_assert!(
        !text
            .bytes()
            .any(|byte| byte < 0x20 || b"\"\\".contains(&byte)),
        "{text:?} needs an escape"
    );
    into.reserve(text.len() + 2);
    into.push(b'"');
    into.extend_from_slice(text.as_bytes());
    into.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order() {
        let object = JsonObject::with_capacity(0)
            .value("active", &true)
            .plain("scope", "a b")
            .value("aud", &"quoted \" and\n")
            .value_if("username", None::<&&str>)
            .value_if("act", Some(&"x"))
            .plains("permissions", ["a.b", "c"].into_iter())
            .plains("none", std::iter::empty())
            .value("organization_id", &None::<i64>)
            .end();
        let expected = r#"{"active":true,"scope":"a b","aud":"quoted \" and\n","act":"x","permissions":["a.b","c"],"none":[],"organization_id":null}"#;
        assert_eq!(String::from_utf8(object).unwrap(), expected);
        assert_eq!(JsonObject::with_capacity(9).end(), b"{}");
    }

    #[test]
    #[should_panic(expected = "needs an escape")]
    fn a_text_that_needs_an_escape_is_noticed() {
        let _ = JsonObject::with_capacity(9).plain("scope", "a\"b");
    }
}
