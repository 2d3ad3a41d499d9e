//! JSON read strictly: a member that occurs twice is an error, not a choice.
//!
//! RFC 8259, 4 leaves duplicate names open, and parsers disagree on which one counts. Two readers of one
//! request must never see two requests.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::code::Code;
use crate::problem::{FieldError, Problem};

/// Parses one JSON document.
///
/// # Errors
/// A problem `invalid_json` with line and column, or `duplicate_member` with the pointer of the second one.
pub fn parse(bytes: &[u8]) -> Result<Value, Box<Problem>> {
    let duplicate = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict { pointer: String::new(), duplicate: &duplicate };
    let parsed = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    parsed.map_err(|error| match duplicate.take() {
        Some(pointer) => {
            let problem =
                Problem::new(Code::DuplicateMember, format!("{pointer} occurs twice; send it once"));
            Box::new(problem.with_errors(vec![FieldError::new(pointer, "occurs twice")]))
        }
        None => Box::new(Problem::new(Code::InvalidJson, format!("The body is not JSON: {error}"))),
    })
}

/// A member's name as one reference token of a JSON pointer (RFC 6901, 3).
#[must_use]
pub fn escape_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Strict<'a> {
    pointer: String,
    duplicate: &'a RefCell<Option<String>>,
}

impl Strict<'_> {
    fn child(&self, token: &str) -> Self {
        Self { pointer: format!("{}/{}", self.pointer, escape_token(token)), duplicate: self.duplicate }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.child(&list.len().to_string()))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let child = self.child(&name);
            if object.contains_key(&name) {
                self.duplicate.replace(Some(child.pointer));
                return Err(A::Error::custom("duplicate member"));
            }
            let value = members.next_value_seed(child)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_duplicate() {
        let problem = parse(br#"{"scope":{"a/b":[{"x":1,"x":2}]}}"#).unwrap_err();
        assert_eq!(problem.code, Code::DuplicateMember);
        assert_eq!(problem.errors[0].pointer, "/scope/a~1b/0/x");
    }

    #[test]
    fn refuses_what_is_no_json_with_its_place() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{}x", "\u{feff}{}", "{'a':1}", r#""\ud800""#, "1e999", &deep] {
            let problem = parse(text.as_bytes()).unwrap_err();
            assert_eq!(problem.code, Code::InvalidJson, "{text:.20}");
            assert!(problem.detail.contains("line"), "{}", problem.detail);
        }
        assert_eq!(parse(b"\xff\xfe{\0}\0").unwrap_err().code, Code::InvalidJson);
    }

    #[test]
    fn reads_everything_else_as_it_is() {
        let text = r#"{"a":[null,true,-1,1.5,18446744073709551615,"é"],"b":{}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
    }
}
