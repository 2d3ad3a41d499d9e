//! Reads the members of a JSON object and collects everything that is wrong, each at its pointer.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::problem::FieldError;
use crate::strict_json::escape_token;

/// The members of one object. What was not taken by the end is unknown, and refused.
pub(crate) struct Fields<'e> {
    pointer: String,
    members: Map<String, Value>,
    known: Vec<&'static str>,
    errors: &'e mut Vec<FieldError>,
}

impl<'e> Fields<'e> {
    /// The members of `value` at `pointer`; none, with an error, if it is no object.
    pub(crate) fn of(value: Value, pointer: &str, errors: &'e mut Vec<FieldError>) -> Self {
        let members = match value {
            Value::Object(members) => members,
            other => {
                errors.push(FieldError::new(pointer, format!("must be an object, not {}", kind(&other))));
                Map::new()
            }
        };
        Self { pointer: pointer.to_owned(), members, known: Vec::new(), errors }
    }

    /// Takes a member out; `null` counts as absent.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// Says that `detail` is wrong with member `name`, or with the object itself if `name` is empty.
    pub(crate) fn error(&mut self, name: &str, detail: impl Display) {
        let pointer = if name.is_empty() { self.pointer.clone() } else { self.child(name) };
        self.errors.push(FieldError::new(pointer, detail.to_string()));
    }

    /// Says that `detail` is wrong at `place`, a pointer below this object without its leading slash.
    pub(crate) fn error_at(&mut self, place: &str, detail: impl Display) {
        self.errors.push(FieldError::new(format!("{}/{place}", self.pointer), detail.to_string()));
    }

    /// How many errors were found so far, in the whole document.
    pub(crate) fn error_count(&self) -> usize {
        self.errors.len()
    }

    /// Whether members are left that nobody took.
    pub(crate) fn has_rest(&self) -> bool {
        !self.members.is_empty()
    }

    /// The members of `value`, which was taken from member `name`.
    pub(crate) fn nested(&mut self, name: &str, value: Value) -> Fields<'_> {
        let pointer = self.child(name);
        Fields::of(value, &pointer, self.errors)
    }

    /// An object that is a member; empty if absent.
    pub(crate) fn object(&mut self, name: &'static str) -> Fields<'_> {
        let value = self.take(name).unwrap_or_else(|| Value::Object(Map::new()));
        self.nested(name, value)
    }

    /// A boolean member; false if absent.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None => false,
            Some(Value::Bool(value)) => value,
            Some(other) => {
                self.error(name, format!("must be true or false, not {}", kind(&other)));
                false
            }
        }
    }

    /// A string member that holds a `T`.
    pub(crate) fn word<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        let pointer = self.child(name);
        parse_word(&value, &pointer, self.errors)
    }

    /// A member that serde knows how to read: a lower-case word of a closed set.
    pub(crate) fn choice<T: serde::de::DeserializeOwned + Default>(
        &mut self,
        name: &'static str,
        words: &str,
    ) -> T {
        let Some(value) = self.take(name) else { return T::default() };
        serde_json::from_value(value).unwrap_or_else(|_| {
            self.error(name, format!("must be one of {words}"));
            T::default()
        })
    }

    /// A whole number from `range`.
    pub(crate) fn number(&mut self, name: &'static str, max: u32) -> Option<std::num::NonZeroU32> {
        let value = self.take(name)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| *number <= max).and_then(std::num::NonZeroU32::new);
        if number.is_none() {
            self.error(name, format!("must be a whole number from 1 to {max}"));
        }
        number
    }

    /// A list member of at most `max` strings that each hold a `T`, without repetitions.
    pub(crate) fn words<T>(&mut self, name: &'static str, max: usize) -> Vec<T>
    where
        T: FromStr<Err: Display> + PartialEq,
    {
        let items = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.error(name, format!("must be a list of strings, not {}", kind(&other)));
                return Vec::new();
            }
        };
        if items.len() > max {
            self.error(name, format!("has {} items; at most {max} are allowed", items.len()));
            return Vec::new();
        }
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let pointer = format!("{}/{index}", self.child(name));
            if let Some(value) = parse_word(item, &pointer, self.errors)
                && !list.contains(&value)
            {
                list.push(value);
            }
        }
        list
    }

    /// Refuses every member that was not taken.
    pub(crate) fn finish(self) {
        for name in self.members.keys() {
            let pointer = format!("{}/{}", self.pointer, escape_token(name));
            let detail = format!("is not a known member; known here: {}", self.known.join(", "));
            self.errors.push(FieldError::new(pointer, detail));
        }
    }

    fn child(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, escape_token(name))
    }
}

fn parse_word<T: FromStr<Err: Display>>(
    value: &Value,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let Value::String(text) = value else {
        errors.push(FieldError::new(pointer, format!("must be a string, not {}", kind(value))));
        return None;
    };
    text.parse().map_err(|problem: T::Err| errors.push(FieldError::new(pointer, problem.to_string()))).ok()
}

/// What a JSON value is, in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
