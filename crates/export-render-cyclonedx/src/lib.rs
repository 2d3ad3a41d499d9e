//! The CycloneDX renderer: a bill of materials with what is known of its vulnerabilities, as JSON of versions 1.4
//! to 1.7.
//!
//! `docs/formats/cyclonedx.md` says what the file is, for those who read it. The elements of the snapshot's SBOM
//! documents are CycloneDX 1.7 already (`docs/adr/0008-sbom-interchange.md`); here each is taken to the version
//! that was asked for, and what that version has no place for is named in `conversion-report.json`.
//!
//! | step | module |
//! |---|---|
//! | what the file is about | `subject` |
//! | one element into another version, renamed if several documents meet | `work` |
//! | what documents say of themselves | `head`, `merge`, `tools` |
//! | the lists of documents | `section` |
//! | components, and which one a finding means | `component`, `index` |
//! | findings as vulnerabilities | `vulnerability`, `analysis`, `advisory`, `group` |
//! | findings that a document tells itself | `told` |

mod advisory;
mod analysis;
mod component;
mod document;
mod group;
mod head;
mod index;
mod merge;
mod section;
mod serial;
mod subject;
mod told;
mod tools;
mod vulnerability;
mod work;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::warning::Warning;
use export_render_kit::conversion::{Target, incomplete};
use export_sbom::Version;

use crate::work::Work;

/// The versions that can be asked for, the default one first: the newest that scanners and portals all read.
const VERSIONS: [&str; 4] = ["1.6", "1.4", "1.5", "1.7"];

/// Writes the SBOM documents of a snapshot as one document, with its findings as vulnerabilities.
#[derive(Debug, Clone, Copy, Default)]
pub struct CyclonedxRenderer;

impl Renderer for CyclonedxRenderer {
    fn format(&self) -> Format {
        Format::Cyclonedx
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::Sbom]
    }

    fn spec_versions(&self) -> &[&'static str] {
        &VERSIONS
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let version = version(brief)?;
        let mut work = Work::new(brief, from, version);
        let rows = document::write(&mut work, out)?;
        let mut warnings: Vec<Warning> = incomplete(from.facts()).into_iter().collect();
        let losses = work.into_losses();
        if let Some(lost) = losses.warning(&format!("CycloneDX {version}")) {
            let target = Target { format: Format::Cyclonedx.as_str(), spec_version: version.as_str() };
            losses.write(&target, &from.facts().sboms, out)?;
            warnings.push(lost);
        }
        Ok(Rendered { warnings, ..Rendered::of_findings(rows) })
    }
}

fn version(brief: &Brief<'_>) -> Result<Version, RenderError> {
    let asked = brief.request.options.spec_version.as_deref().unwrap_or(VERSIONS[0]);
    let known = VERSIONS.contains(&asked).then(|| asked.parse().ok()).flatten();
    known.ok_or_else(|| {
        let message = format!("CycloneDX {asked} is not written; there are {}", VERSIONS.join(", "));
        RenderError::new(Code::UnsupportedOption, message)
    })
}
