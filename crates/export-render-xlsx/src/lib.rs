//! The XLSX renderer: a summary to read and print, and tables of everything to sort and filter.
//!
//! `docs/formats/xlsx.md` says what the file is, for those who read it. Rows go to a file in the scratch folder while
//! records come in, and from there, compressed, into the artifact: memory does not grow with the number of findings.

mod changes;
mod columns;
mod data_sheet;
mod date;
mod fault;
mod first;
mod fit;
mod history;
mod link;
mod look;
mod page;
mod report;
mod sheets;
mod summary;
mod tap;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_render_kit::brand::{Brand, Branding};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::fault::fault;
use crate::page::Page;
use crate::sheets::Limits;
use crate::tap::Tap;

/// Of 1 to 9: from 6 down to 3 takes a third of the time away and adds a tenth to the size.
const COMPRESSION: u8 = 3;

/// Writes workbooks: a summary, and the tables of [`columns`](export_render_kit::columns).
#[derive(Debug, Clone)]
pub struct XlsxRenderer {
    scratch: PathBuf,
    branding: Arc<Branding>,
    limits: Limits,
}

impl XlsxRenderer {
    /// Rows wait below `scratch`, an existing folder on a disk, uncompressed: 1 to 5 KB for each finding. What waits has
    /// no name, and is gone with the process.
    #[must_use]
    pub fn new(scratch: &Path) -> Self {
        Self { scratch: scratch.to_owned(), branding: Arc::default(), limits: Limits::EXCEL }
    }

    /// The renderer whose workbooks wear the brands of their tenants.
    #[must_use]
    pub fn branded(self, branding: Arc<Branding>) -> Self {
        Self { branding, ..self }
    }

    fn workbook(&self, brief: &Brief<'_>, brand: &Brand) -> Result<Workbook, RenderError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(&self.scratch).map_err(fault)?.set_zip_compression_level(COMPRESSION);
        let created = brief.created_at.as_millis().div_euclid(1_000);
        let created = ExcelDateTime::from_timestamp(created).map_err(fault)?;
        let properties = DocProperties::new()
            .set_title(brief.request.kind.title())
            .set_author("Export Center")
            .set_company(brand.name_of(brief.tenant))
            .set_creation_datetime(&created);
        workbook.set_properties(&properties);
        Ok(workbook)
    }

    fn write(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let brand = self.branding.of(brief.tenant);
        let mut workbook = self.workbook(brief, &brand)?;
        let page = Page::of(brief, from.facts(), &brand);
        let (sheets, rendered) = match brief.request.kind {
            ExportType::VulnerabilityReport => {
                report::write(&mut workbook, &page, self.limits, (brief, from))?
            }
            ExportType::ScanSummary => history::write(&mut workbook, &page, self.limits, (brief, from))?,
            kind @ (ExportType::ScanReport
            | ExportType::Sbom
            | ExportType::PolicyCompliance
            | ExportType::AiCodeGuardReport
            | ExportType::EvidenceBundle
            | ExportType::AuditLog) => {
                let message = format!("{kind} is no workbook");
                return Err(RenderError::new(Code::UnsupportedFormat, message));
            }
        };
        sheets.into_iter().for_each(|sheet| workbook.push_worksheet(sheet));
        let mut tap = Tap::new(out, brief.pulse, from.facts().totals.findings);
        let saved = workbook.save_to_writer(&mut tap);
        tap.finish()?;
        saved.map_err(fault)?;
        Ok(rendered)
    }
}

impl Renderer for XlsxRenderer {
    fn format(&self) -> Format {
        Format::Xlsx
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::VulnerabilityReport, ExportType::ScanSummary]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        fault::catching_io_panics(|| self.write(brief, from, out))
    }
}

#[cfg(test)]
mod tests;
