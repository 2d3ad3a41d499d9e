//! The SPDX renderer: 2.3 as JSON, 3.0.1 as JSON-LD, both streamed.
//!
//! What is written is the same in both: documents are walked component by component (`walk`), each component is taken
//! apart into what SPDX knows of packages (`part`), and what is left over is kept where the version has room for it, and
//! told. `docs/formats/spdx.md` has the tables.
//!
//! | step | module |
//! |---|---|
//! | the components of all documents, flat, and their ids | `walk`, `ids` |
//! | a first pass: which ids there are, which component a finding means | `index` |
//! | one component in SPDX's terms | `part`, `agent`, `licence` |
//! | relationships of both generations | `relation`, `edges` |
//! | what documents say of themselves | `document` |
//! | the files | `v2`, `v3` |

mod agent;
mod document;
mod edges;
mod ids;
mod index;
mod licence;
mod object;
mod part;
mod relation;
mod v2;
mod v3;

mod walk;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::warning::{Warning, WarningCode};
use export_render_kit::conversion::{Losses, Target, incomplete};

use crate::index::Index;
use crate::walk::Walk;

/// Writes all SBOM documents of a snapshot as one SPDX document.
///
/// Components that only findings name are added. SPDX 3.0.1 holds the vulnerabilities of the findings too; SPDX 2.3 has
/// no place for them, which the conversion report tells.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpdxRenderer;

/// The versions, the default one first.
const VERSIONS: [&str; 2] = ["2.3", "3.0.1"];

impl Renderer for SpdxRenderer {
    fn format(&self) -> Format {
        Format::Spdx
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
        let version = brief.request.options.spec_version.as_deref().unwrap_or(VERSIONS[0]);
        let mut losses = Losses::default();
        let walk = Walk::new(from, brief.pulse);
        brief.pulse.beat(0)?;
        let index = Index::of(&walk, &mut losses)?;
        let rows = match version {
            "2.3" => v2::write(brief, &walk, index, &mut losses, out)?,
            "3.0.1" => v3::write(brief, &walk, index, &mut losses, out)?,
            other => {
                let message = format!("SPDX {other} is not written; {} are", VERSIONS.join(" and "));
                return Err(RenderError::new(Code::UnsupportedOption, message));
            }
        };
        let mut warnings: Vec<Warning> = incomplete(from.facts()).into_iter().collect();
        warnings.extend(without_vulnerabilities(version, from));
        if let Some(warning) = losses.warning(&format!("SPDX {version}")) {
            warnings.push(warning);
            losses.write(&Target { format: "spdx", spec_version: version }, &from.facts().sboms, out)?;
        }
        let listed = rows.map_or_else(Rendered::default, Rendered::of_findings);
        Ok(Rendered { warnings, ..listed })
    }
}

/// Tells that the vulnerabilities are not in the file, and where they would be.
fn without_vulnerabilities(version: &str, from: &dyn Snapshot) -> Option<Warning> {
    let findings = from.facts().totals.findings;
    (version == "2.3" && findings > 0).then(|| {
        let message = format!(
            "SPDX 2.3 has no place for vulnerabilities, so none of the {findings} findings is in the file: \
             choose SPDX 3.0.1 or CycloneDX to have them."
        );
        Warning::new(WarningCode::FieldsLost, message)
    })
}
