//! The engine without a browser: the same view, set page by page by `export-typeset`.
//!
//! It takes what the browser should not or cannot print: reports of very many rows, archival profiles, what a browser
//! left behind that died, and machines without one. Sections stand in the order of the HTML templates, each in a module
//! of its own; rows that the view does not hold come from the snapshot while they are written ([`stream`]).

mod compliance;
mod evidence;
mod findings;
mod front;
mod history;
mod method;
mod not_open;
mod parts;
mod picture;
mod remediation;
mod stream;
mod vulnerabilities;

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use export_core::code::Code;
use export_core::ports::{Interrupt, RenderError};
use export_core::request::PdfProfile;
use export_core::warning::{Warning, WarningCode};
use export_templates::ReportView;
use export_typeset::{Error, Flow, FontBook, Profile, Settings, write};

use crate::engine::{Engine, Page};
use crate::glyphs;
use crate::stop::Stop;

/// Sets reports in this process. Fonts are looked for once, when the first report needs them.
pub(crate) struct WriterEngine {
    fonts: Arc<FontBook>,
}

impl WriterEngine {
    /// Sets with these fonts.
    pub(crate) const fn new(fonts: Arc<FontBook>) -> Self {
        Self { fonts }
    }
}

impl Engine for WriterEngine {
    fn print(&self, page: &Page<'_>, stop: &Stop<'_>, spool: &mut File) -> Result<Vec<Warning>, RenderError> {
        let asked = || stop.check().is_err();
        let settings = settings(page, &asked);
        let written = write(&self.fonts, &settings, |flow| report(flow, page));
        let written = written.map_err(|fault| fault.told(stop))?;
        spool.write_all(&written.bytes)?;
        let links = (written.links_dropped > 0).then(|| {
            let message = format!(
                "{} identifiers are not links, because a PDF with so many takes too much memory to write and to read. \
                 Their text is there.",
                written.links_dropped
            );
            Warning::new(WarningCode::PdfSimplified, message)
        });
        Ok(glyphs::missing(&written.missing).into_iter().chain(links).collect())
    }
}

/// What ends the writing of a report.
enum Fault {
    Typeset(Error),
    Render(RenderError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Typeset(error)
    }
}

impl From<RenderError> for Fault {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

impl Fault {
    fn told(self, stop: &Stop<'_>) -> RenderError {
        match self {
            Self::Render(error) => error,
            Self::Typeset(Error::Stopped) => stop.said().unwrap_or(Interrupt::Cancelled).into(),
            Self::Typeset(error @ Error::NoTextFont { .. }) => {
                RenderError::new(Code::RendererMissing, error.to_string()).because(error)
            }
            Self::Typeset(error) => RenderError::new(Code::Internal, error.to_string()).because(error),
        }
    }
}

type Done = Result<(), Fault>;

fn settings<'a>(page: &Page<'_>, stop: &'a dyn Fn() -> bool) -> Settings<'a> {
    let view = page.view;
    let cover = &view.cover;
    Settings {
        author: cover.tenant.clone(),
        producer: view.method.generator.clone(),
        header_left: cover.tenant.clone(),
        header_right: cover.title.clone(),
        footer_left: cover.classification.clone().unwrap_or_default(),
        footer_centre: cover.snapshot.clone(),
        accent: colour(view.accent.as_str()),
        profile: match page.profile {
            PdfProfile::Standard => Profile::Standard,
            PdfProfile::Archival => Profile::Archival,
        },
        stop,
        ..Settings::new(format!("{} · {}", cover.title, cover.tenant), page.created.to_utc())
    }
}

/// `#0F766E` as numbers.
fn colour(text: &str) -> Option<[u8; 3]> {
    let number = u32::from_str_radix(text.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The sections of the templates, in their order.
fn report(flow: &mut Flow<'_>, page: &Page<'_>) -> Done {
    front::cover(flow, page.view)?;
    match page.template.name.as_str() {
        "audit-evidence" => proof(flow, page.view)?,
        "compliance-executive" => short(flow, page.view)?,
        _ => detailed(flow, page)?,
    }
    method::section(flow, page.view)
}

fn opening(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    front::glance(flow, view)?;
    history::opening(flow, view)?;
    front::first_things(flow, view)?;
    front::changes(flow, view)
}

/// `compliance-detailed`, and what stands in for a tenant's own template.
fn detailed(flow: &mut Flow<'_>, page: &Page<'_>) -> Done {
    let view = page.view;
    opening(flow, view)?;
    compliance::images(flow, view)?;
    compliance::rules(flow, view)?;
    compliance::broken(flow, page)?;
    compliance::waivers(flow, view)?;
    remediation::section(flow, view)?;
    picture::section(flow, view)?;
    compliance::policies(flow, view)?;
    vulnerabilities::section(flow, page)?;
    findings::images(flow, page)?;
    findings::other(flow, view)?;
    history::scans(flow, view)?;
    not_open::rows(flow, view)
}

/// `compliance-executive`.
fn short(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    opening(flow, view)?;
    compliance::broken_short(flow, view)?;
    compliance::images(flow, view)?;
    compliance::waivers(flow, view)?;
    remediation::section(flow, view)?;
    picture::section(flow, view)?;
    compliance::policies(flow, view)?;
    findings::upgrades(flow, view)?;
    not_open::counts(flow, view)
}

/// `audit-evidence`.
fn proof(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    evidence::seal(flow, view)?;
    evidence::section(flow, view)?;
    front::glance(flow, view)?;
    front::changes(flow, view)?;
    evidence::scans(flow, view)?;
    compliance::rules(flow, view)?;
    compliance::policies(flow, view)?;
    compliance::listed(flow, view)?;
    compliance::waivers(flow, view)?;
    evidence::statements(flow, view)?;
    not_open::rows(flow, view)
}
