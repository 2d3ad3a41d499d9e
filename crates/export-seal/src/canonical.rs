//! Canonical JSON (RFC 8785): one value, one sequence of bytes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// The largest integer that every JSON reader keeps (RFC 7493, 2.2): 2^53 - 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes are not canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// It is no JSON, or has a member twice.
    #[error("{0}")]
    Invalid(String),
    /// It is JSON, but its canonical form has other bytes.
    #[error("the bytes are not the canonical form of what they say (RFC 8785)")]
    Form,
    /// It has an integer that some readers would change.
    #[error("{0} is beyond the integers that every reader keeps (RFC 7493, 2.2)")]
    Integer(String),
}

/// The canonical bytes of `value`.
///
/// # Panics
/// If `value` cannot be JSON: a map whose keys are no strings, a number that is not finite. What this program seals never is.
pub fn to_vec(value: &impl Serialize) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("a sealed value is JSON")
}

/// The canonical bytes of a value whose members stand in order already, and whose numbers are integers: several times as fast.
/// `tests/seal/canonical.rs` holds what is sealed with it to [`parse_canonical`].
///
/// # Panics
/// As [`to_vec`].
pub(crate) fn ordered(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a sealed value is JSON")
}

/// Reads any JSON whose canonical form is defined: no member twice, no integer beyond 2^53 - 1, no lone surrogate.
///
/// # Errors
/// [`NotCanonical::Invalid`], [`NotCanonical::Integer`].
pub fn parse(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let value = export_core::strict_json::parse(bytes);
    let value = value.map_err(|problem| NotCanonical::Invalid(problem.detail.clone()))?;
    check_integers(&value)?;
    Ok(value)
}

/// Reads JSON that must be canonical already.
///
/// # Errors
/// As [`parse`], and [`NotCanonical::Form`].
pub fn parse_canonical(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let value = parse(bytes)?;
    if to_vec(&value) == bytes { Ok(value) } else { Err(NotCanonical::Form) }
}

/// Reads a `T` whose canonical form `bytes` must be: nothing that `T` does not have can hide in them. The members of `T` stand in
/// order, and its numbers are integers.
///
/// # Errors
/// As [`parse_canonical`]; [`NotCanonical::Invalid`] if it is no `T`.
pub fn from_slice<T: serde::de::DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, NotCanonical> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| NotCanonical::Invalid(error.to_string()))?;
    let mut same = Same(bytes);
    let written = serde_json::to_writer(&mut same, &value);
    if written.is_ok() && same.0.is_empty() { Ok(value) } else { Err(NotCanonical::Form) }
}

/// Takes the bytes that are expected, and no others: a comparison without a copy.
struct Same<'b>(&'b [u8]);

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(bytes).ok_or(io::ErrorKind::InvalidData)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn check_integers(value: &Value) -> Result<(), NotCanonical> {
    match value {
        Value::Number(number) => {
            let integer = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if integer.is_some_and(|it| it > MAX_INTEGER) {
                return Err(NotCanonical::Integer(number.to_string()));
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(check_integers),
        Value::Object(members) => members.values().try_for_each(check_integers),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}
