//! The renderer: from a snapshot to a whole PDF in `out`, or nothing in it.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::request::PdfProfile;
use export_core::warning::Warning;
use export_render_kit::brand::Branding;
use export_templates::Templates;
use export_templates::sandbox::Sandbox;
use export_typeset::FontBook;

use crate::browser::BrowserEngine;
use crate::choice::{self, Choice};
use crate::engine::Page;
use crate::engines::{self, Engines};
use crate::report::{self, Report, Room, Rows};
use crate::stop::Stop;
use crate::writer::WriterEngine;

/// The templates that a request may name; the first is taken where none is named.
pub const TEMPLATES: [&str; 3] = export_templates::BUILT_IN;

/// Rows of records that the designed report holds, if nobody says otherwise.
pub const DESIGNED_ROWS: u64 = 5_000;

/// Rows of records that an archival report holds: each cell has a tag, which takes about 9 KB of memory a row.
const ARCHIVAL_ROWS: u64 = 20_000;

/// Bytes of the finished PDF that are copied between two beats.
const CHUNK: usize = 256 << 10;

/// What an installation decides about its PDF reports.
#[derive(Debug, Clone)]
pub struct PdfSettings {
    /// The browser and unfinished PDFs live below it: an existing folder that, if we run as root, everybody can enter.
    pub scratch: PathBuf,
    /// The browser's executable; without it, the places are searched where distributions install it.
    pub chromium: Option<PathBuf>,
    /// Print even where the browser's sandbox does not work.
    pub allow_unsandboxed: bool,
    /// How long the browser may take for one report.
    pub print_limit: Duration,
    /// Rows that the designed report holds; a browser needs about 140 KB of memory for each.
    pub designed_rows: u64,
    /// What tenants' reports wear.
    pub branding: Arc<Branding>,
    /// Where tenants' own templates are rendered; without it, each falls back to the default one.
    pub sandbox: Option<Arc<Sandbox>>,
}

impl PdfSettings {
    /// The defaults, with files below `scratch`.
    #[must_use]
    pub fn new(scratch: &Path) -> Self {
        Self {
            scratch: scratch.to_owned(),
            chromium: None,
            allow_unsandboxed: false,
            print_limit: Duration::from_secs(120),
            designed_rows: DESIGNED_ROWS,
            branding: Arc::default(),
            sandbox: None,
        }
    }
}

/// Writes reports as PDF.
///
/// Cheap to make: the browser starts with the first report, and is kept for the next ones. One browser prints one report at
/// a time; others wait for it.
pub struct PdfRenderer {
    scratch: PathBuf,
    templates: Templates,
    engines: Engines,
    branding: Arc<Branding>,
    designed_rows: u64,
}

impl PdfRenderer {
    /// A renderer for an installation that has decided so.
    #[must_use]
    pub fn new(settings: PdfSettings) -> Self {
        let fonts = Arc::new(FontBook::system());
        let browser = BrowserEngine::new(&settings, Arc::clone(&fonts));
        Self {
            templates: Templates::built_in(),
            engines: Engines::new(Box::new(browser), Box::new(WriterEngine::new(fonts))),
            designed_rows: settings.designed_rows,
            branding: settings.branding,
            scratch: settings.scratch,
        }
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

    fn takes_own_templates(&self) -> bool {
        true
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        let stop = Stop::new(brief.pulse, from.facts().totals.findings);
        let mut spool = tempfile::tempfile_in(&self.scratch)?;
        let chosen = choice::choose(brief, &self.templates)?;
        let (chosen, printed) = match self.print(brief, from, &chosen, &stop, &mut spool) {
            Err(fault) if fault.code == Code::TemplateError && chosen.own.is_some() => {
                let default = choice::instead(&fault.message, &self.templates);
                spool.set_len(0)?;
                spool.rewind()?;
                let printed = self.print(brief, from, &default, &stop, &mut spool)?;
                (default, printed)
            }
            printed => (chosen, printed?),
        };
        copy(&mut spool, &stop, out)?;
        let (report, warnings) = printed;
        Ok(Rendered {
            rows: report.listed.map(|(_, rows)| rows),
            lists: report.listed.into_iter().collect(),
            warnings: report.warnings.into_iter().chain(warnings).collect(),
            template: Some(chosen.record),
            ..Rendered::default()
        })
    }
}

impl PdfRenderer {
    /// Decides who prints, and lets them: the browser what is short enough and for people, the other engine the rest.
    fn print(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        chosen: &Choice,
        stop: &Stop<'_>,
        spool: &mut File,
    ) -> Result<(Report, Vec<Warning>), RenderError> {
        let template = &chosen.record;
        let profile = brief.request.options.pdf_profile;
        let (wanted, can_stream) = report::wanted(brief, from.facts(), template);
        if profile == PdfProfile::Archival && wanted > ARCHIVAL_ROWS {
            return Err(engines::too_long_for_archives(wanted, ARCHIVAL_ROWS));
        }
        let too_many = wanted > self.designed_rows;
        let streams = too_many && can_stream;
        let most = if streams { u64::MAX } else { self.designed_rows };
        let brand = self.branding.of(brief.tenant);
        let mut report = report::build(brief, from, template, Room { most, streams }, &brand)?;
        if let Some(fallback) = &chosen.fallback {
            report.view.warn(fallback.code.as_str(), &fallback.message);
            report.warnings.push(fallback.clone());
        }
        let asked = brief.request.options.pdf_max_rows.map_or(u64::MAX, |rows| u64::from(rows.get()));
        let rows = Rows::new(from, brief.pulse, asked);
        let page = Page {
            view: &report.view,
            template,
            own: chosen.own.as_ref(),
            rows: report.rows,
            created: brief.created_at,
            profile,
            stream: streams.then_some(&rows),
        };
        let mut warnings = match profile {
            PdfProfile::Archival if chosen.own.is_some() => {
                self.engines.simple(&page, engines::archival_is_simple(), stop, spool)?
            }
            PdfProfile::Archival => self.engines.archival(&page, stop, spool)?,
            PdfProfile::Standard if streams => {
                let why = engines::too_many(wanted, self.designed_rows);
                self.engines.simple(&page, why, stop, spool)?
            }
            PdfProfile::Standard => self.engines.designed(&page, stop, spool)?,
        };
        warnings.extend(rows.shortened());
        Ok((report, warnings))
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
