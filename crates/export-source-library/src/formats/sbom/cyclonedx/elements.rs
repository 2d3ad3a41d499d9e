//! The lists of a document, element by element.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomPart, SbomSection};
use export_sbom::{Object, Version, check, mend, rewrite};
use serde_json::Value;

use super::head::section_of;
use super::leniency::Leniency;
use super::names::{Names, place_of};
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::{JsonReader, Span};

/// A document whose head is known.
pub(super) struct Elements<'a> {
    pub(super) version: Version,
    pub(super) names: &'a mut Names,
    pub(super) leniency: &'a mut Leniency,
    /// Opens the document once more, to look for the first of two places.
    pub(super) reopen: &'a dyn Fn() -> Result<Input, PortError>,
}

impl Elements<'_> {
    /// Reads `input` to its end.
    ///
    /// # Errors
    /// `Invalid` with the place if an element breaks the standard and its meaning is not clear.
    pub(super) fn read(
        mut self,
        input: Input,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<Digest, PortError> {
        let mut reader = JsonReader::new(input);
        each(&mut reader, |reader, section, span| {
            if let Some(json) = self.element(reader, section, span)? {
                emit.item(SbomPart::Element { section, json: json.into() }, span.len())?;
            }
            Ok(true)
        })?;
        reader.finish()
    }

    /// One element as version 1.7; none if its list has it already.
    fn element(
        &mut self,
        reader: &JsonReader,
        section: SbomSection,
        span: &Span,
    ) -> Result<Option<String>, PortError> {
        let kind = Object::of(section);
        let since = Object::list_since(section);
        if since > self.version {
            let what = format!("the list {} exists only since version {since}", section.as_str());
            return Err(reader.invalid_in(span, &what, ""));
        }
        let mut value: Value = reader.parse(span)?;
        let place = |pointer: &str| reader.pointer() + pointer;
        while let Err(violation) = check(&value, kind, self.version) {
            let Some(what) = mend(&mut value, &violation) else {
                return Err(reader.invalid_in(span, &violation.message, &violation.pointer));
            };
            self.leniency.note(what, || place(&violation.pointer));
        }
        rewrite(&mut value, kind, Version::INTERCHANGE, &mut |loss| {
            self.leniency.note(&loss.why, || place(&loss.pointer));
        });
        if let Some((name, pointer)) = self.names.add(&mut value, section) {
            let first = self.first_place(&name)?;
            let what = format!("the bom-ref `{name}` names another component or service already, at {first}");
            return Err(reader.invalid_in(span, &what, &pointer));
        }
        let json = value.to_string();
        let may_repeat = matches!(section, SbomSection::ExternalReferences | SbomSection::Properties);
        if !may_repeat && !self.names.is_new(section, &json) {
            self.leniency.note("an element that its list has already was read once", || place(""));
            return Ok(None);
        }
        Ok(Some(json))
    }

    /// Where a name stood first.
    fn first_place(&self, name: &str) -> Result<String, PortError> {
        if let Some(place) = self.names.place_in_head(name) {
            return Ok(place);
        }
        let mut found = None;
        let mut reader = JsonReader::new((self.reopen)()?);
        each(&mut reader, |reader, section, span| {
            let mut value: Value = reader.parse(span)?;
            found = place_of(&mut value, section, name).map(|pointer| reader.pointer() + &pointer);
            Ok(found.is_none())
        })?;
        Ok(found.unwrap_or_default())
    }
}

/// Calls `visit` with each element of each list of a document, until it says false.
fn each(
    reader: &mut JsonReader,
    mut visit: impl FnMut(&JsonReader, SbomSection, &Span) -> Result<bool, PortError>,
) -> Result<(), PortError> {
    reader.object()?;
    while let Some(name) = reader.member()? {
        let Some(section) = section_of(&name) else {
            reader.value::<serde::de::IgnoredAny>()?;
            continue;
        };
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            if !visit(reader, section, &span)? {
                return Ok(());
            }
        }
    }
    Ok(())
}
