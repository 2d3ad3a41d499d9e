//! Filters that turn a whole value into text or into a list, with an end to how much.
//!
//! The engine pays for what an instruction makes after it was made. A value of a few lists that hold each other
//! has billions of items when it is written out, so these write to a place that is full at some point.

use std::fmt::{self, Display, Write as _};
use std::io;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value, filters};
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::tidy;

/// Bytes of a list or a map that is written out as text.
const TEXT: usize = 1 << 20;

/// Items of a list that a filter makes: as many as `range` has at most.
const ITEMS: usize = 100_000;

/// Spaces of a level of JSON.
const INDENT: usize = 8;

/// Puts the bounded ones into the places of the engine's own.
pub(crate) fn replace_filters(environment: &mut Environment<'_>) {
    environment.add_filter("list", list);
    environment.add_filter("string", string);
    environment.add_filter("pprint", pprint);
    environment.add_filter("tojson", tojson);
    environment.add_filter("escape", escape);
    environment.add_filter("e", escape);
}

/// A value as the engine prints it.
pub(crate) fn text(value: &Value) -> Result<String, Error> {
    written(format_args!("{value}"))
}

fn list(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    if value.try_iter()?.take(ITEMS + 1).count() > ITEMS {
        return Err(Error::from(ErrorKind::OutOfFuel));
    }
    filters::list(state, value)
}

fn string(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    if value.kind() == ValueKind::String { Ok(value.clone()) } else { text(value).map(Value::from) }
}

fn pprint(value: &Value) -> Result<String, Error> {
    written(format_args!("{value:#?}"))
}

/// Escaped for HTML whatever the template says of escaping, as [`crate::environment`] prints.
fn escape(value: &Value) -> Result<Value, Error> {
    defined(value)?;
    match value.as_str() {
        Some(_) if value.is_safe() => Ok(value.clone()),
        Some(text) => Ok(Value::from_safe_string(tidy::escape(text))),
        None => text(value).map(|text| Value::from_safe_string(tidy::escape(&text))),
    }
}

/// JSON that may stand in HTML, with `indent` spaces a level, eight at most.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands keyword arguments over by value")]
fn tojson(value: &Value, indent: Option<usize>, arguments: Kwargs) -> Result<Value, Error> {
    defined(value)?;
    let indent = indent.or(arguments.get("indent")?).unwrap_or(0);
    arguments.assert_all_used()?;
    if indent > INDENT {
        return Err(Error::new(ErrorKind::InvalidOperation, "an indent is at most 8"));
    }
    let mut out = Room(String::new());
    let done = if indent == 0 {
        value.serialize(&mut Serializer::new(&mut out))
    } else {
        let spaces = " ".repeat(indent);
        value.serialize(&mut Serializer::with_formatter(
            &mut out,
            PrettyFormatter::with_indent(spaces.as_bytes()),
        ))
    };
    done.map_err(|error| {
        let kind = if error.is_io() { ErrorKind::WriteFailure } else { ErrorKind::BadSerialization };
        Error::from(kind)
    })?;
    let escapes = [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026"), ('\'', "\\u0027")];
    let json = escapes.iter().fold(out.0, |json, (character, escape)| json.replace(*character, escape));
    Ok(Value::from_safe_string(json))
}

fn defined(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(()) }
}

fn written(value: impl Display) -> Result<String, Error> {
    let mut room = Room(String::new());
    write!(room, "{value}").map_err(|_| Error::from(ErrorKind::WriteFailure))?;
    Ok(room.0)
}

/// Text that ends with an error where it would be too long.
struct Room(String);

impl fmt::Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > TEXT {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The serialiser writes whole characters at a time.
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.write_str(text).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
