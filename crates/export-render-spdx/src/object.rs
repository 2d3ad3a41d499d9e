//! JSON objects, taken apart and put together.

use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// A text member; empty if it is none.
pub(crate) fn text<'o>(object: &'o Object, name: &str) -> &'o str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Takes a text member out; none if it is empty. A member that is no text stays.
pub(crate) fn take_text(object: &mut Object, name: &str) -> Option<String> {
    if !object.get(name).is_some_and(Value::is_string) {
        return None;
    }
    match object.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        Some(_) | None => None,
    }
}

/// Takes a list out.
pub(crate) fn take_list(object: &mut Object, name: &str) -> Vec<Value> {
    match object.remove(name) {
        Some(Value::Array(items)) => items,
        Some(other) => {
            object.insert(name.to_owned(), other);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Sets members.
pub(crate) trait Put {
    /// Sets a member.
    fn put(&mut self, name: &str, value: impl Into<Value>);

    /// Sets a member that may be absent.
    fn put_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Sets a member that is a list, unless it is empty.
    fn put_list(&mut self, name: &str, items: Vec<Value>) {
        if !items.is_empty() {
            self.put(name, items);
        }
    }
}

impl Put for Object {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.insert(name.to_owned(), value.into());
    }
}
