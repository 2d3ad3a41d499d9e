//! The renderer: from a snapshot to a whole PDF in `out`, or nothing in it.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::request::PdfProfile;
use export_templates::Templates;

use crate::browser::BrowserEngine;
use crate::engine::{Engine, Page};
use crate::report;
use crate::stop::Stop;

/// The templates that a request may name; the first is taken where none is named.
pub const TEMPLATES: [&str; 3] = export_templates::BUILT_IN;

/// Rows of records in one report, if nobody says otherwise.
pub const MAX_ROWS: u64 = 5_000;

/// Bytes of the finished PDF that are copied between two beats.
const CHUNK: usize = 256 << 10;

/// Writes reports as PDF.
///
/// Cheap to make: the browser starts with the first report, and is kept for the next ones. One browser prints one report at
/// a time; others wait for it.
pub struct PdfRenderer {
    scratch: PathBuf,
    templates: Templates,
    engine: Box<dyn Engine>,
    max_rows: u64,
}

impl PdfRenderer {
    /// The browser and unfinished PDFs live below `scratch`, an existing folder that, if we run as root, everybody can
    /// enter. `chromium` is the browser's executable; without it, the places are searched where distributions install it.
    /// `allow_unsandboxed` prints even where the browser's sandbox does not work.
    #[must_use]
    pub fn new(scratch: &Path, chromium: Option<PathBuf>, allow_unsandboxed: bool) -> Self {
        Self {
            scratch: scratch.to_owned(),
            templates: Templates::built_in(),
            engine: Box::new(BrowserEngine::new(scratch, chromium, allow_unsandboxed)),
            max_rows: MAX_ROWS,
        }
    }

    /// The same renderer with another limit of rows, [`MAX_ROWS`] otherwise. A browser needs about 140 KB of memory for
    /// each.
    #[must_use]
    pub fn with_max_rows(self, max_rows: NonZeroU32) -> Self {
        Self { max_rows: u64::from(max_rows.get()), ..self }
    }

    fn template(&self, brief: &Brief<'_>) -> Result<TemplateRecord, RenderError> {
        let name = brief.request.options.template.as_deref().unwrap_or(TEMPLATES[0]);
        let digest = TEMPLATES.contains(&name).then(|| self.templates.digest(name)).flatten();
        let Some(digest) = digest else {
            let known = TEMPLATES.join(", ");
            let message = format!("there is no template named {name:?}; there are: {known}");
            return Err(RenderError::new(Code::TemplateError, message));
        };
        let digest = digest.parse().expect("templates give SHA-256 in lower-case hex");
        Ok(TemplateRecord { name: name.to_owned(), digest })
    }
}

impl Renderer for PdfRenderer {
    fn format(&self) -> Format {
        Format::Pdf
    }

    fn types(&self) -> &[ExportType] {
        &[
            ExportType::ScanReport,
            ExportType::VulnerabilityReport,
            ExportType::ScanSummary,
            ExportType::PolicyCompliance,
        ]
    }

    fn templates(&self) -> &[&'static str] {
        &TEMPLATES
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        if brief.request.options.pdf_profile != PdfProfile::Standard {
            let message = "this version prints the standard profile only";
            return Err(RenderError::new(Code::UnsupportedOption, message));
        }
        let template = self.template(brief)?;
        let report = report::build(brief, from, &template, self.max_rows)?;
        let page =
            Page { view: &report.view, template: &template, rows: report.rows, created: brief.created_at };
        let stop = Stop::new(brief.pulse, from.facts().totals.findings);
        let mut spool = tempfile::tempfile_in(&self.scratch)?;
        let mut warnings = report.warnings;
        warnings.extend(self.engine.print(&page, &stop, &mut spool)?);
        copy(&mut spool, &stop, out)?;
        Ok(Rendered {
            rows: report.listed.map(|(_, rows)| rows),
            lists: report.listed.into_iter().collect(),
            warnings,
            template: Some(template),
            ..Rendered::default()
        })
    }
}

fn copy(spool: &mut File, stop: &Stop<'_>, out: &mut dyn Write) -> Result<(), RenderError> {
    spool.rewind()?;
    let mut chunk = vec![0; CHUNK];
    loop {
        stop.check()?;
        match spool.read(&mut chunk)? {
            0 => return Ok(out.flush()?),
            read => out.write_all(&chunk[..read])?,
        }
    }
}
