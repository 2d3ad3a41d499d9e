//! Rows that a report has no room for in memory: read from the snapshot while they are written, as often as somebody asks.

use std::cell::Cell;

use export_core::compliance::standing;
use export_core::finding::{Decision, FindingKind, Severity};
use export_core::ports::{Pulse, RenderError, Said, Snapshot, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::warning::Warning;
use export_render_kit::rows::for_each_finding;
use export_templates::view::{FindingRow, VerdictRow, VulnerabilityRow};

use super::images::Images;
use super::words::Pen;
use super::{compliance, detail, place, vulnerabilities};

/// Records between two beats.
const BEAT: u64 = 500;

/// A finding with where it is and what became of it.
pub(crate) struct Listed {
    /// What a designed report shows of it.
    pub(crate) row: FindingRow,
    /// The component or file that it is in.
    pub(crate) what: Option<String>,
    /// The image, where the scope has several.
    pub(crate) image: Option<String>,
    /// `open`, `not affected`, ...
    pub(crate) state: String,
    /// Whether somebody has to act on it.
    pub(crate) open: bool,
    /// Its severity as records are sorted by it.
    pub(crate) severity: Severity,
}

/// Which findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All of them.
    All,
    /// Those that a list of vulnerabilities does not tell one by one: closed ones, and those of other kinds.
    Beside,
}

/// Reads rows, `most` at most of each kind.
pub(crate) struct Rows<'a> {
    from: &'a dyn Snapshot,
    pulse: &'a dyn Pulse,
    images: Images<'a>,
    most: u64,
    shortened: Cell<Option<Pen>>,
}

impl<'a> Rows<'a> {
    /// Rows of `from`.
    pub(crate) fn new(from: &'a dyn Snapshot, pulse: &'a dyn Pulse, most: u64) -> Self {
        Self { from, pulse, images: Images::new(from.facts(), true), most, shortened: Cell::new(None) }
    }

    /// The numbers of the snapshot.
    pub(crate) fn facts(&self) -> &SnapshotFacts {
        self.from.facts()
    }

    /// The first findings, in the order of the snapshot: the worst come first.
    pub(crate) fn findings<E: From<RenderError>>(
        &self,
        which: Which,
        mut visit: impl FnMut(&Listed) -> Result<(), E>,
    ) -> Result<u64, E> {
        let pen = Pen::default();
        let (mut listed, mut fault) = (0, None);
        let read = for_each_finding(self.from, self.pulse, |record| {
            if listed == self.most || (which == Which::Beside && is_told_elsewhere(record)) {
                return Ok(());
            }
            listed += 1;
            let one = self.listed(record, &pen)?;
            visit(&one).map_err(|error| {
                fault = Some(error);
                RenderError::from(export_core::ports::Interrupt::Cancelled)
            })
        });
        self.shortened.set(Some(pen));
        match (fault, read) {
            (Some(fault), _) => Err(fault),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Ok(listed),
        }
    }

    fn listed(&self, record: &FindingRecord<'_>, pen: &Pen) -> Result<Listed, RenderError> {
        let finding = &record.finding;
        let image = self.images.index(&finding.scan_id)?;
        let component = finding.component.as_ref().map(|it| place::component(it, pen));
        Ok(Listed {
            row: detail::finding_row(record, false, pen),
            what: component.or_else(|| place::file(finding, pen)),
            image: (self.images.count() > 1).then(|| self.images.label(image).to_owned()),
            state: record.status.as_str().replace('_', " "),
            open: record.status.is_open(),
            severity: finding.severity,
        })
    }

    /// The vulnerabilities: those with open findings first, the worst first.
    pub(crate) fn vulnerabilities<E: From<RenderError>>(
        &self,
        mut visit: impl FnMut(&VulnerabilityRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let pen = Pen::default();
        let mut cursor = self.from.vulnerabilities().map_err(RenderError::from)?;
        let mut rows = 0;
        while rows < self.most {
            let Some(record) = cursor.next().map_err(RenderError::from)? else { break };
            visit(&vulnerabilities::row(&record, &self.images, &pen)?)?;
            rows += 1;
            self.beat(rows)?;
        }
        self.shortened.set(Some(pen));
        Ok(())
    }

    /// The verdicts that do not simply allow, scan after scan, each with its rule.
    pub(crate) fn verdicts<E: From<RenderError>>(
        &self,
        mut visit: impl FnMut(&str, &VerdictRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let (pen, at) = (Pen::default(), self.from.facts().taken_at);
        let mut cursor = self.from.annotations().map_err(RenderError::from)?;
        let (mut read, mut rows) = (0, 0);
        while rows < self.most {
            let Some(annotation) = cursor.next().map_err(RenderError::from)? else { break };
            read += 1;
            self.beat(read)?;
            let Said::Verdict(verdict) = &annotation.said else { continue };
            let decision = standing(verdict, at);
            if matches!(decision, Decision::Pass | Decision::Waived) {
                continue;
            }
            let image = self.images.label(self.images.index(&annotation.scan_id)?);
            let rule = format!("{} / {}", pen.copy(&verdict.policy, 100), pen.copy(&verdict.rule, 100));
            visit(&rule, &compliance::verdict_row(verdict, decision, image, &pen))?;
            rows += 1;
        }
        self.shortened.set(Some(pen));
        Ok(())
    }

    fn beat(&self, rows: u64) -> Result<(), RenderError> {
        if rows.is_multiple_of(BEAT) { Ok(self.pulse.beat(rows)?) } else { Ok(()) }
    }

    /// What was cut in the rows of the last reading.
    pub(crate) fn shortened(&self) -> Option<Warning> {
        self.shortened.take().and_then(|pen| pen.shortened())
    }
}

/// Whether the list of vulnerabilities tells a finding in full: open ones of that kind.
fn is_told_elsewhere(record: &FindingRecord<'_>) -> bool {
    record.status.is_open() && record.finding.kind() == FindingKind::Vulnerability
}
