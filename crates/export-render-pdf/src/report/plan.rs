//! What a report shows, decided by its type and its template before anything is read.

use export_core::catalogue::ExportType;
use export_core::finding::Decision;
use export_core::ports::{Brief, SnapshotFacts};

/// How a template tells a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Everything, each record with a row of its own.
    Detailed,
    /// The state and what to do; no single records.
    Executive,
    /// Where all of it comes from and who decided what; of records, those that somebody decided about.
    Evidence,
    /// A tenant's own template may show anything that there is.
    Own,
}

/// How many rows of records a report has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Rows at most, unless the request wants fewer.
    pub(crate) most: u64,
    /// Whether the rows are read while the report is written, so that the view holds none of them.
    pub(crate) streams: bool,
}

/// The most waivers that a view holds where nothing else bounds it.
const MOST_WAIVERS: u64 = 20_000;

/// What is gathered for a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    kind: ExportType,
    style: Style,
    /// Rows at most.
    pub(super) most: u64,
    /// Whether they are no business of the view.
    streams: bool,
    /// Whether the request asks for how findings end.
    asks_remediation: bool,
    /// Whether the snapshot can tell vulnerabilities one by one.
    knows_vulnerabilities: bool,
    /// Whether verdicts can be read as they were.
    knows_verdicts: bool,
}

impl Plan {
    /// What the template `name` shows of the type that `brief` asks for, in `most` rows or in fewer if the request says so.
    pub(super) fn of(brief: &Brief<'_>, name: &str, facts: &SnapshotFacts, room: Room) -> Self {
        let most = room.most;
        let options = &brief.request.options;
        Self {
            kind: brief.request.kind,
            style: match name {
                "compliance-executive" => Style::Executive,
                "audit-evidence" => Style::Evidence,
                "compliance-detailed" => Style::Detailed,
                _ => Style::Own,
            },
            most: options.pdf_max_rows.map_or(most, |rows| most.min(u64::from(rows.get()))),
            streams: room.streams,
            asks_remediation: options.include_remediation,
            knows_vulnerabilities: facts.vulnerabilities.is_some(),
            knows_verdicts: facts.compliance.is_some(),
        }
    }

    /// The type.
    pub(super) const fn kind(&self) -> ExportType {
        self.kind
    }

    const fn lists_records(&self) -> bool {
        matches!(self.style, Style::Detailed | Style::Own)
    }

    /// Whether it is for those who decide: short, without single records.
    pub(super) const fn is_short(&self) -> bool {
        matches!(self.style, Style::Executive)
    }

    /// Whether each open finding has a row.
    pub(super) const fn lists_findings(&self) -> bool {
        let of_type = match self.kind {
            ExportType::ScanReport => true,
            ExportType::VulnerabilityReport => !self.knows_vulnerabilities,
            _ => false,
        };
        of_type && self.lists_records()
    }

    /// Whether packages are told by image: with their findings, or for the worst images alone.
    pub(super) const fn tells_images(&self) -> bool {
        self.lists_findings() || (matches!(self.kind, ExportType::ScanReport) && self.is_short())
    }

    /// Whether each vulnerability has a row.
    pub(super) const fn lists_vulnerabilities(&self) -> bool {
        matches!(self.kind, ExportType::VulnerabilityReport)
            && self.knows_vulnerabilities
            && self.lists_records()
    }

    /// Whether each scan has a row.
    pub(super) const fn lists_scans(&self) -> bool {
        matches!(self.kind, ExportType::ScanSummary) && self.lists_records()
    }

    /// Whether findings that are not open have rows: with who decided, why, and until when.
    pub(super) const fn lists_closed(&self) -> bool {
        match self.style {
            Style::Executive => false,
            Style::Evidence => true,
            Style::Detailed | Style::Own => !matches!(self.kind, ExportType::ScanSummary),
        }
    }

    /// Whether findings of other kinds than vulnerabilities are told.
    pub(super) const fn tells_others(&self) -> bool {
        matches!(self.kind, ExportType::ScanReport | ExportType::VulnerabilityReport)
            && !matches!(self.style, Style::Evidence)
    }

    /// Whether rules and verdicts are the subject.
    pub(super) const fn tells_compliance(&self) -> bool {
        matches!(self.kind, ExportType::PolicyCompliance) && self.knows_verdicts
    }

    /// Verdicts of a broken rule that are shown as examples where they are not all listed.
    pub(super) const fn examples(&self) -> Option<usize> {
        match (self.is_short(), self.streams) {
            (true, _) => Some(3),
            (false, true) => Some(0),
            (false, false) => None,
        }
    }

    /// Whether the rows are read while the report is written.
    pub(super) const fn streams(&self) -> bool {
        self.streams
    }

    /// Rows that the view has room for.
    pub(super) const fn held(&self) -> u64 {
        if self.streams { 0 } else { self.most }
    }

    /// Waivers that the view has room for.
    pub(super) fn held_waivers(&self) -> u64 {
        self.most.min(MOST_WAIVERS)
    }

    /// Whether the rows of this report can be read while it is written.
    pub(super) const fn can_stream(&self) -> bool {
        matches!(self.style, Style::Detailed)
    }

    /// Rows that it would have without a limit.
    pub(super) fn wanted(&self, facts: &SnapshotFacts) -> u64 {
        let totals = &facts.totals;
        let closed = if self.lists_closed() { totals.findings - totals.open } else { 0 };
        let listed = if self.lists_findings() {
            totals.open
        } else if self.lists_vulnerabilities() {
            facts.vulnerabilities.unwrap_or(0)
        } else if self.lists_scans() {
            facts.scans.len() as u64
        } else {
            0
        };
        let verdicts = facts.compliance.as_ref().filter(|_| self.tells_compliance() && !self.is_short());
        let verdicts = verdicts.map_or(0, |known| known.verdicts() - known.total().decision(Decision::Pass));
        self.most.min(listed + closed + verdicts)
    }

    /// Whether images and scans over time are the subject.
    pub(super) const fn tells_history(&self) -> bool {
        matches!(self.kind, ExportType::ScanSummary)
    }

    /// Whether the open findings to act on first are told.
    pub(super) const fn tells_first_things(&self) -> bool {
        !matches!(self.kind, ExportType::PolicyCompliance) && !matches!(self.style, Style::Evidence)
    }

    /// Whether upgrades over all images are told: where they are asked for, and where they are the answer to the type.
    pub(super) const fn tells_remediation(&self) -> bool {
        let answers = matches!(self.kind, ExportType::VulnerabilityReport) && self.is_short();
        (self.asks_remediation || answers) && !matches!(self.style, Style::Evidence)
    }

    /// Whether the packages with most findings are drawn.
    pub(super) const fn draws_packages(&self) -> bool {
        matches!(self.kind, ExportType::VulnerabilityReport | ExportType::ScanSummary) && self.draws()
    }

    /// Whether there are charts.
    pub(super) const fn draws(&self) -> bool {
        !matches!(self.style, Style::Evidence)
    }

    /// Whether the provenance of everything is told.
    pub(super) const fn proves(&self) -> bool {
        matches!(self.style, Style::Evidence | Style::Own)
    }
}
