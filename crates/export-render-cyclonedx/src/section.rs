//! The lists of the source documents, element by element.

use std::collections::HashSet;
use std::io::Write;

use export_core::code::Code;
use export_core::digest::Digest;
use export_core::ports::RenderError;
use export_core::sbom::{SbomDocument, SbomSection};
use export_render_kit::json_stream::{JsonArray, JsonStream};
use export_sbom::Object;
use serde_json::Value;

use crate::work::{Origin, Work};

/// Elements between two beats.
const BEAT: u64 = 1_000;

/// Whether any document has an element of this list.
pub(crate) fn is_needed(work: &Work<'_>, section: SbomSection) -> bool {
    work.facts().sboms.iter().any(|document| document.count(section) > 0)
}

/// Writes a list: the elements of all documents, then `further` ones; nothing if there is neither.
pub(crate) fn write_section<W: Write>(
    work: &mut Work<'_>,
    section: SbomSection,
    further: &[Value],
    stream: &mut JsonStream<W>,
) -> Result<(), RenderError> {
    if !work.has(section) {
        return drop_section(work, section);
    }
    if !is_needed(work, section) && further.is_empty() {
        return Ok(());
    }
    let mut array = stream.array(section.as_str(), section.as_str())?;
    write_elements(work, section, &mut array, &mut |_, _, _| {})?;
    further.iter().try_for_each(|element| array.item(element))?;
    array.end();
    Ok(())
}

/// Writes the elements of all documents. `look` sees each as it is written, with the number of its document, and
/// may change it.
pub(crate) fn write_elements<W: Write>(
    work: &mut Work<'_>,
    section: SbomSection,
    array: &mut JsonArray<'_, W>,
    look: &mut dyn FnMut(&Work<'_>, &mut Value, usize),
) -> Result<(), RenderError> {
    let kind = Object::of(section);
    let field = format!("{}[]", section.as_str());
    let mut written = Written::default();
    each(work, section, |work, mut value, document, place| {
        let origin = Origin { field: &field, place };
        if section == SbomSection::Citations && work.merges() {
            work.dropped(origin, "it cites places of its document, which move when documents are merged");
            return Ok(());
        }
        work.rename(&mut value, kind, document);
        if !work.fit(&mut value, kind, origin) {
            return Ok(());
        }
        look(work, &mut value, document);
        if written.is_new(section, &value) {
            return Ok(array.item(&value)?);
        }
        work.dropped(origin, "it is the same as another one");
        Ok(())
    })
}

/// The version has no such list.
fn drop_section(work: &mut Work<'_>, section: SbomSection) -> Result<(), RenderError> {
    let field = format!("{}[]", section.as_str());
    let why = format!("it came with CycloneDX {}", Object::list_since(section));
    each(work, section, |work, _, _, place| {
        work.dropped(Origin { field: &field, place }, &why);
        Ok(())
    })
}

/// Calls `visit` with each element, the number of its document, and its place.
fn each<'a>(
    work: &mut Work<'a>,
    section: SbomSection,
    mut visit: impl FnMut(&mut Work<'a>, Value, usize, &str) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let from = work.from;
    let mut cursor = from.sbom(section)?;
    let (mut current, mut index, mut count) = (0, 0, 0);
    while let Some(element) = cursor.next()? {
        if element.document != current {
            (current, index) = (element.document, 0);
        }
        let document = document(work, current)?;
        let place = format!("{}#/{}/{index}", document.place, section.as_str());
        let value = parse(element.json, &place)?;
        visit(work, value, current, &place)?;
        index += 1;
        count += 1;
        if count % BEAT == 0 {
            work.beat()?;
        }
    }
    Ok(())
}

fn document<'a>(work: &Work<'a>, index: usize) -> Result<&'a SbomDocument, RenderError> {
    work.facts().sboms.get(index).ok_or_else(|| {
        RenderError::new(Code::StorageCorrupt, format!("the snapshot has no SBOM document {index}"))
    })
}

/// The JSON of a snapshot, which readers have checked.
pub(crate) fn parse(json: &str, place: &str) -> Result<Value, RenderError> {
    serde_json::from_str(json)
        .map_err(|error| RenderError::new(Code::StorageCorrupt, format!("{place}: {error}")).because(error))
}

/// What a list holds so far, for lists whose items must differ.
#[derive(Default)]
struct Written(HashSet<[u8; 16]>);

impl Written {
    /// Whether the list has nothing that is the same. An element with a name of its own is always new.
    fn is_new(&mut self, section: SbomSection, value: &Value) -> bool {
        let may_repeat = matches!(section, SbomSection::ExternalReferences | SbomSection::Properties);
        may_repeat || value.get("bom-ref").is_some() || self.0.insert(hash(&value.to_string()))
    }
}

/// The first 128 bits of SHA-256.
pub(crate) fn hash(text: &str) -> [u8; 16] {
    *Digest::of(text.as_bytes()).as_bytes().first_chunk().expect("SHA-256 has 32 bytes")
}
