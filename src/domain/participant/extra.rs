//! What an operator keeps about a participant beside name and address.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::complaint::{Complaint, ParticipantComplaint};

/// The most bytes of [`Extra`] as compact JSON.
pub const EXTRA_MAX: usize = 4_096;

/// A JSON object of at most [`EXTRA_MAX`] bytes, which means nothing to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// An object from the database, where only such are written. Anything else is read as an empty one.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Takes an object.
    ///
    /// # Errors
    /// [`Complaint::Participant(ParticipantComplaint::ExtraTooLarge)`].
    pub fn new(object: Map<String, Value>) -> Result<Self, Complaint> {
        let extra = Self(object);
        if extra.text().len() > EXTRA_MAX {
            return Err(Complaint::Participant(ParticipantComplaint::ExtraTooLarge));
        }
        Ok(extra)
    }

    /// Puts the members of another object in place of those with the same names, without looking inside them.
    ///
    /// # Errors
    /// [`Complaint::Participant(ParticipantComplaint::ExtraTooLarge)`]; then nothing was changed.
    pub fn merge(&mut self, other: Map<String, Value>) -> Result<(), Complaint> {
        let mut merged = self.0.clone();
        merged.extend(other);
        *self = Self::new(merged)?;
        Ok(())
    }

    /// The members.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Compact JSON, as it is stored.
    ///
    /// # Panics
    /// Never: an object can be written as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).expect("an object can be written as JSON")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(object) => object,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn members_replace_those_of_the_same_name() {
        let mut extra = Extra::new(object(json!({"a": {"b": 1}, "c": [1]}))).unwrap();
        extra
            .merge(object(json!({"a": {"d": 2}, "e": null})))
            .unwrap();
        assert_eq!(extra.text(), r#"{"a":{"d":2},"c":[1],"e":null}"#);
        assert_eq!(Extra::stored(&extra.text()), extra);
    }

    #[test]
    fn an_object_that_grows_too_large_stays_as_it_was() {
        // {"k":"…"} takes eight bytes beside the text.
        let mut extra = Extra::new(object(json!({"k": "x".repeat(EXTRA_MAX - 8)}))).unwrap();
        let before = extra.clone();
        let refused = extra.merge(object(json!({"l": 1})));
        assert_eq!(
            refused,
            Err(Complaint::Participant(ParticipantComplaint::ExtraTooLarge))
        );
        assert_eq!(extra, before);
        extra.merge(object(json!({"k": 1}))).unwrap();
        assert_eq!(extra.text(), r#"{"k":1}"#);
        let large = Extra::new(object(json!({"k": "x".repeat(EXTRA_MAX - 7)})));
        assert_eq!(
            large,
            Err(Complaint::Participant(ParticipantComplaint::ExtraTooLarge))
        );
    }

    #[test]
    fn what_is_no_object_is_read_as_an_empty_one() {
        for text in ["", "[]", "{"] {
            assert_eq!(Extra::stored(text), Extra::default(), "{text}");
        }
    }
}
