//! What a file is, told by its content. A name is never asked.
//!
//! The outermost members are walked, and after each the table of formats is asked ([`formats::of`]); so no more is read than
//! needed: the head of a report, not its results.

use export_core::error::PortError;

use crate::format::Format;
use crate::formats;
use crate::input::{Input, Position};
use crate::json::JsonReader;
use crate::shape::{Root, Shape};

/// Members of the outermost object that are looked at; a document with more is none of ours.
const MEMBERS: usize = 1_000;
/// The longest single value that a shape has.
const VALUE: usize = 4_096;
/// How far into a text that is no JSON is looked.
const TEXT: usize = 16 * 1024;

/// The content of a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// A document of this format.
    Known(&'static Format),
    /// Nothing that is read: the words follow "this is".
    Other(String),
}

/// Tells what a file is.
///
/// # Errors
/// If it begins as JSON and is not, if it is cut off, or if it is in an encoding that is not read.
pub(crate) fn recognise(mut input: Input) -> Result<Content, PortError> {
    while input.window().len() < 64 && input.fill()? {}
    let start = input.window();
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") {
        return Err(input.invalid("the file is UTF-16 text: save it as UTF-8", "", Position::default()));
    }
    let mut reader = JsonReader::new(input);
    let other = |what: &str| Ok(Content::Other(what.into()));
    match reader.peek()? {
        None => other("an empty file"),
        Some(b'{') => {
            let mut shape = Shape::new(Root::Object);
            let known = object(&mut reader, &mut shape)?;
            Ok(known.map_or_else(|| Content::Other(of_unknown(&shape)), Content::Known))
        }
        Some(b'[') => list(reader),
        Some(b'n') if reader.value::<()>().is_ok() => other("`null`"),
        Some(b'<') => other("XML or HTML"),
        Some(_) => text(reader.into_input()),
    }
}

/// Walks an object until a format says that it is its own.
fn object(reader: &mut JsonReader, shape: &mut Shape) -> Result<Option<&'static Format>, PortError> {
    reader.object()?;
    let mut count = 0;
    while let Some(name) = reader.member()? {
        shape.add(&name);
        if let Some(known) = formats::of(shape) {
            return Ok(Some(known));
        }
        if let Some(known) = member(reader, shape)? {
            return Ok(Some(known));
        }
        count += 1;
        if count == MEMBERS {
            return Ok(None);
        }
    }
    shape.is_whole = true;
    Ok(formats::of(shape))
}

/// Looks at the value of the member that was added last, and goes past it if that tells nothing.
fn member(reader: &mut JsonReader, shape: &mut Shape) -> Result<Option<&'static Format>, PortError> {
    match reader.peek()? {
        Some(b'{') => {
            reader.object()?;
            while let Some(inner) = reader.member()? {
                shape.add_inner(&inner);
                reader.skip()?;
            }
        }
        Some(b'[') => return member_list(reader, shape),
        _ => {
            let span = reader.span()?;
            if span.len() <= VALUE {
                let value: serde_json::Value = reader.parse(&span)?;
                if value.is_null() {
                    shape.set_empty();
                }
                shape.set_value(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            } else {
                reader.parse::<serde::de::IgnoredAny>(&span)?;
            }
        }
    }
    Ok(formats::of(shape))
}

fn member_list(reader: &mut JsonReader, shape: &mut Shape) -> Result<Option<&'static Format>, PortError> {
    reader.array()?;
    if !reader.item()? {
        shape.set_empty();
        return Ok(formats::of(shape));
    }
    if reader.peek()? == Some(b'{') {
        reader.object()?;
        while let Some(inner) = reader.member()? {
            shape.add_inner(&inner);
            reader.skip()?;
        }
        if let Some(known) = formats::of(shape) {
            return Ok(Some(known));
        }
        while reader.item()? {
            reader.skip()?;
        }
        return Ok(None);
    }
    let mut texts = String::new();
    loop {
        let span = reader.span()?;
        if let Ok(text) = reader.parse::<String>(&span)
            && texts.len() + text.len() < VALUE
        {
            texts.extend([&text, " "]);
        } else {
            reader.parse::<serde::de::IgnoredAny>(&span)?;
        }
        if !reader.item()? {
            break;
        }
    }
    shape.set_value(texts.trim_end().to_owned());
    Ok(formats::of(shape))
}

fn list(mut reader: JsonReader) -> Result<Content, PortError> {
    reader.array()?;
    if !reader.item()? {
        return Ok(Content::Other("`[]`".into()));
    }
    let mut shape = Shape::new(Root::List);
    let known = if reader.peek()? == Some(b'{') { object(&mut reader, &mut shape)? } else { None };
    Ok(known.map_or_else(
        || match formats::refused(&shape) {
            Some(what) => Content::Other(what),
            None => Content::Other("a JSON list of an unknown kind".into()),
        },
        Content::Known,
    ))
}

/// A text that is no JSON: its first line, and the outermost keys if it is YAML.
fn text(mut input: Input) -> Result<Content, PortError> {
    while input.window().len() < TEXT && input.fill()? {}
    let window = &input.window()[..input.window().len().min(TEXT)];
    let text = String::from_utf8_lossy(window);
    let known = formats::of(&Shape::of_text(text.lines().next().unwrap_or_default()));
    let known = known.or_else(|| formats::of(&of_yaml(&text)));
    Ok(known.map_or_else(|| Content::Other("no JSON".into()), Content::Known))
}

/// The outermost `key: value` lines of the first YAML document.
fn of_yaml(text: &str) -> Shape {
    let mut shape = Shape::new(Root::Yaml);
    let begun = |line: &&str| line.starts_with("---") || line.starts_with('#') || line.trim().is_empty();
    for line in text.lines().skip_while(begun).take_while(|line| !line.starts_with("---")) {
        let Some((name, value)) = line.split_once(':') else { continue };
        if !name.is_empty() && !name.starts_with([' ', '\t', '-', '#', '"', '\'']) {
            shape.add(name);
            shape.set_value(value.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    shape
}

fn of_unknown(shape: &Shape) -> String {
    if let Some(what) = formats::refused(shape) {
        return what;
    }
    let names: Vec<&str> = shape.names().take(5).collect();
    match names.as_slice() {
        [] => "`{}`".into(),
        names => format!("JSON of an unknown kind, with the members {}", names.join(", ")),
    }
}
