//! YAML as JSON: one document of a stream at a time, each of bounded size.

use export_core::error::{ErrorKind, PortError};
use serde_json::Value;

use crate::document::Document;
use crate::input::Position;

/// The longest YAML file: there is no reading it as a stream.
const MOST: usize = 64 << 20;

/// Calls `visit` with each document of a YAML file, and its number counted from 1; the digest of the file.
///
/// # Errors
/// `Invalid` with the line if it is no YAML, `Limit` if the file is too long.
pub(super) fn each(
    document: &Document,
    mut visit: impl FnMut(Value, usize) -> Result<(), PortError>,
) -> Result<export_core::digest::Digest, PortError> {
    let mut input = document.open()?;
    let mut bytes = Vec::new();
    loop {
        let window = input.window();
        bytes.extend_from_slice(window);
        let length = window.len();
        input.consume(length);
        if bytes.len() > MOST {
            let mut error = input.invalid("a YAML file may have 64 MiB", "", Position::default());
            error.kind = ErrorKind::Limit;
            return Err(error);
        }
        if !input.fill()? {
            break;
        }
    }
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| input.invalid("the text is not UTF-8", "", Position::default()))?;
    // `no` and `on` are words, as in YAML 1.2.
    let options = serde_saphyr::options! { strict_booleans: true };
    for (number, (line, part)) in parts(text).into_iter().enumerate() {
        let value: Value = serde_saphyr::from_str_with_options(part, options.clone()).map_err(|error| {
            let (below, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
            let at = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
            let position = Position { line: line + at(below), column: at(column) };
            let message = error.without_snippet().to_string();
            let what = message.lines().next().unwrap_or("this is no YAML");
            input.invalid(what, &format!("#L{}", position.line + 1), position)
        })?;
        if !value.is_null() {
            visit(value, number + 1)?;
        }
    }
    Ok(input.digest())
}

/// The documents of a stream, each with the number of the lines before it.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let (mut parts, mut start, mut start_line, mut at) = (Vec::new(), 0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let is_break = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if is_break && at > start {
            parts.push((start_line, &text[start..at]));
            (start, start_line) = (at, number);
        }
        at += line.len();
    }
    parts.push((start_line, &text[start..]));
    parts.retain(|(_, part)| {
        part.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#') && line.trim_end() != "---")
    });
    parts
}
