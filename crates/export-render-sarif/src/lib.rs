//! The SARIF renderer: version 2.1.0 (OASIS), streamed.
//!
//! `docs/formats/sarif.md` says what becomes of what. A log has one run, whose results come first and whose rules, which wait
//! in a scratch file meanwhile, come last; the `github` profile makes more runs and files of it, within the limits of GitHub
//! code scanning.

mod advisory;
mod escape;
mod file;
mod gauge;
mod head;
mod json;
mod limits;
mod log;
mod place;
mod properties;
mod result;
mod rule;
mod rules;
mod severity;
mod suppression;
mod taxa;
#[cfg(test)]
mod tests;
mod texts;
mod uri;

use std::path::{Path, PathBuf};

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Renderer, Snapshot};
use export_core::record::FindingRecord;
use export_core::request::SarifProfile;
use export_core::warning::{Warning, WarningCode};
use export_render_kit::rows::for_each_finding;

use crate::limits::Limits;
use crate::log::{LogWriter, Written};

/// Writes every finding of a snapshot as a result, most severe first.
#[derive(Debug, Clone)]
pub struct SarifRenderer {
    scratch: PathBuf,
    github: Limits,
}

impl SarifRenderer {
    /// Rules wait for their place in nameless files in `scratch`, an existing folder.
    #[must_use]
    pub fn new(scratch: &Path) -> Self {
        Self { scratch: scratch.to_owned(), github: Limits::GITHUB }
    }

    fn limits(&self, profile: SarifProfile) -> Limits {
        match profile {
            SarifProfile::Full => Limits::NONE,
            SarifProfile::Github => self.github,
        }
    }
}

impl Renderer for SarifRenderer {
    fn format(&self) -> Format {
        Format::Sarif
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::ScanReport, ExportType::AiCodeGuardReport]
    }

    fn templates(&self) -> &[&'static str] {
        &[texts::NAME]
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        if let Some(name) = brief.request.options.template.as_deref().filter(|name| *name != texts::NAME) {
            let message = format!("there is no template named {name:?}; there is: {}", texts::NAME);
            return Err(RenderError::new(Code::TemplateError, message));
        }
        let limits = self.limits(brief.request.options.sarif_profile);
        let mut log = LogWriter::begin(brief, from.facts(), limits, &self.scratch, out)?;
        let rows = for_each_finding(from, brief.pulse, |record| log.result(record))?;
        // GitHub knows by itself what is gone, and would show as found what says that it is not.
        if limits == Limits::NONE {
            for_each_absent(from, || Ok(brief.pulse.beat(rows)?), |record| log.result(record))?;
        }
        let written = log.end()?;
        let further_rows = written.files[1..].to_vec();
        Ok(Rendered {
            rows: Some(rows - further_rows.iter().sum::<u64>()),
            further_rows,
            lists: vec![(RecordKind::Finding, rows)],
            warnings: warnings(&written),
            template: Some(texts::template()),
        })
    }
}

/// What only the scan has that the export is compared with: results behind all others, which count nowhere.
fn for_each_absent(
    from: &dyn Snapshot,
    beat: impl Fn() -> Result<(), RenderError>,
    mut visit: impl FnMut(&FindingRecord<'_>) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let mut cursor = from.absent()?;
    for number in 1_u64.. {
        let Some(record) = cursor.next()? else { break };
        visit(&record)?;
        if number % 1_000 == 0 {
            beat()?;
        }
    }
    Ok(())
}

fn warnings(written: &Written) -> Vec<Warning> {
    let split = (written.runs > 1).then(|| {
        let (files, runs) = (written.files.len(), written.runs);
        let files = if files == 1 { "one file".to_owned() } else { format!("{files} files") };
        let message = format!(
            "The results are in {files} with {runs} runs, most severe first, because GitHub code scanning takes 20 runs and 10 MB \
             compressed in a file, and shows the 5,000 most severe results of a run. Upload every file: each run has a \
             category of its own, and none replaces another."
        );
        Warning::new(WarningCode::FilesSplit, message)
    });
    let too_large = written.too_large.iter().map(|(name, size)| {
        let message = format!(
            "The file has {size} bytes compressed, more than GitHub code scanning takes, because one finding is so large. Split \
             it, or use the full profile elsewhere."
        );
        Warning::new(WarningCode::FilesSplit, message).at(name)
    });
    split.into_iter().chain(too_large).collect()
}
