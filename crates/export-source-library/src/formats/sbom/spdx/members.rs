//! The members of an SPDX element, taken one by one; what is left over is kept as properties.

use serde_json::Value;

use super::doubts::{Doubt, Doubts};
use super::element::{Element, Object};

/// The members that were not taken so far. `null` is the same as absent, as some tools write it.
pub(crate) struct Members<'d> {
    object: Object,
    doubts: &'d mut Doubts,
}

impl<'d> Members<'d> {
    /// All members of `object`. What is doubtful about them is told to `doubts`.
    pub(crate) fn new(object: Object, doubts: &'d mut Doubts) -> Self {
        Self { object, doubts }
    }

    /// Notes something that is not as SPDX wants it, and was read all the same.
    pub(crate) fn doubt(&mut self, doubt: Doubt) {
        self.doubts.note(doubt);
    }

    /// Takes a member.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text. Numbers and truth values are read as their text.
    ///
    /// # Errors
    /// What is wrong, if it is a list or an object.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Array(_) | Value::Object(_)) => Err(format!("`{name}` must be a text")),
            Some(other) => {
                self.doubt(Doubt::NoText);
                Ok(Some(other.to_string()))
            }
        }
    }

    /// Takes a list; a value that is none is a list of one, as JSON-LD has it.
    pub(crate) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => vec![other],
        }
    }

    /// Takes a list of objects.
    ///
    /// # Errors
    /// What is wrong, if an item is no object.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Object>, String> {
        let object = |item| match item {
            Value::Object(object) => Ok(object),
            _ => Err(format!("`{name}` must be a list of objects")),
        };
        self.list(name).into_iter().map(object).collect()
    }

    /// Keeps all that was not taken as properties of `to`.
    pub(crate) fn keep_rest(self, to: &mut Element) {
        let rest = self.object.into_iter().filter(|(_, value)| !value.is_null());
        rest.for_each(|(name, value)| to.keep(&name, &value));
    }
}

/// A text member of an object; empty if it is none.
pub(crate) fn text_of<'o>(object: &'o Object, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}
