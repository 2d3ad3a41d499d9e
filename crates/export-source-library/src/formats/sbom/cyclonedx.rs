//! CycloneDX JSON, versions 1.2 to 1.7 (ECMA-424).
//!
//! A document is read twice: its head first, which may stand behind its lists, then the lists, element by element. Every part
//! is held to the standard's table for the document's version (`export-sbom`), and leaves as version 1.7.
//!
//! What breaks the standard is refused with its place, except where real tools are known to and the meaning is clear
//! (`leniency`). Two components or services of one name are refused with both places (`names`).

mod about;
mod elements;
mod head;
mod leniency;
mod names;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::sbom::{SbomFamily, SbomHead, SbomPart};

pub(super) use self::about::about;
use self::elements::Elements;
use self::head::Head;
use self::leniency::Leniency;
use self::names::Names;
use crate::emit::Emitter;
use crate::input::Input;

/// Reads a document to its end; `reopen` opens it once more.
pub(super) fn read(
    input: Input,
    reopen: &dyn Fn() -> Result<Input, PortError>,
    emit: &mut Emitter<SbomPart<'static>>,
) -> Result<Digest, PortError> {
    let place = input.file().to_owned();
    let mut leniency = Leniency::default();
    let mut names = Names::default();
    let Head { version, mut json } = Head::read(input, &mut leniency)?;
    names.add_head(&mut json);
    let text = json.to_string();
    let bytes = text.len();
    let head = SbomHead {
        family: SbomFamily::Cyclonedx,
        spec_version: version.as_str().into(),
        place: place.clone().into(),
        json: text.into(),
    };
    emit.item(SbomPart::Head(head), bytes)?;
    let digest =
        Elements { version, names: &mut names, leniency: &mut leniency, reopen }.read(reopen()?, emit)?;
    leniency.tell(&place, emit)?;
    Ok(digest)
}
