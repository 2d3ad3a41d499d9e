//! The file, member by member.

use export_core::ports::{Outlet, RenderError};
use export_core::sbom::SbomSection;
use export_render_kit::json_stream::{JsonStream, Layout};
use export_sbom::Version;
use serde_json::Value;

use crate::component::write_components;
use crate::group::write_vulnerabilities;
use crate::head::Head;
use crate::index::Index;
use crate::section::write_section;
use crate::serial::serial_number;
use crate::subject::Subject;
use crate::work::Work;

/// Writes the file, and gives the number of findings in it.
pub(crate) fn write(work: &mut Work<'_>, out: &mut dyn Outlet) -> Result<u64, RenderError> {
    work.beat()?;
    let subject = Subject::of(work)?;
    let mut index = Index::default();
    let mut stream = JsonStream::begin(out, Layout::Document);
    stream.member("$schema", &format!("http://cyclonedx.org/schema/bom-{}.schema.json", work.version))?;
    stream.member("bomFormat", "CycloneDX")?;
    stream.member("specVersion", work.version.as_str())?;
    stream.member("serialNumber", &serial_number(work))?;
    stream.member("version", &1)?;
    let head = Head::of(work, &subject)?;
    index.add_root(work, &subject);
    stream.member("metadata", &head.metadata)?;
    write_components(work, &subject, &mut index, &mut stream)?;
    for section in SbomSection::ALL {
        match section {
            // Vulnerabilities come last: they are what the file may have millions of.
            SbomSection::Components | SbomSection::Vulnerabilities => {}
            SbomSection::Dependencies => write_section(work, section, &subject.dependencies(), &mut stream)?,
            SbomSection::ExternalReferences => write_section(work, section, &subject.links, &mut stream)?,
            _ => write_section(work, section, &[], &mut stream)?,
        }
    }
    for (name, value) in [("declarations", &head.declarations), ("definitions", &head.definitions)] {
        if work.version >= Version::V1_6 && *value != Value::Null {
            stream.member(name, value)?;
        }
    }
    let rows = write_vulnerabilities(work, &index, &mut stream)?;
    stream.end()?;
    Ok(rows)
}
