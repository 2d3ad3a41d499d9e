//! All that is read of a snapshot for one report, and what follows from it.

use export_core::catalogue::ExportType;
use export_core::ports::{Brief, RecordKind, RenderError, Snapshot, SnapshotFacts};
use export_render_kit::history::History;
use export_render_kit::rows::for_each_finding;
use export_templates::Accent;
use export_templates::view::{Changes, Chart, Compliance, FirstThing, Glance, Vulnerabilities};

use super::changes::Changed;
use super::gathered::Gathered;
use super::plan::Plan;
use super::state::State;
use super::unlisted::{self, Listing};
use super::{changes, charts, compliance, glance, history, vulnerabilities};

/// What was read.
pub(super) struct Passes<'a> {
    pub(super) gathered: Gathered<'a>,
    pub(super) vulnerabilities: Option<Vulnerabilities>,
    pub(super) compliance: Option<Compliance>,
    pub(super) changes: Option<Changes>,
    /// Verdicts that should have a row and have none.
    unlisted_verdicts: u64,
    plan: Plan,
}

impl<'a> Passes<'a> {
    /// Reads each list of the snapshot that `plan` needs, once.
    pub(super) fn read(
        brief: &Brief<'_>,
        from: &'a dyn Snapshot,
        plan: Plan,
        history: Option<&History<'_>>,
    ) -> Result<Self, RenderError> {
        let (facts, pulse) = (from.facts(), brief.pulse);
        let scans = facts.scans.len();
        let current = history.map_or_else(|| vec![true; scans], |it| history::newest(it, scans));
        let mut gathered = Gathered::new(facts, plan, current);
        let own = (&gathered.images, &gathered.pen);
        let vulnerabilities = plan.lists_vulnerabilities();
        let vulnerabilities =
            vulnerabilities.then(|| vulnerabilities::read(from, pulse, own, plan.held())).transpose()?;
        let (compliance, unlisted_verdicts) = if plan.tells_compliance() {
            let (section, unlisted) = compliance::read(from, pulse, own, &plan)?;
            (Some(section), unlisted)
        } else {
            (None, 0)
        };
        gathered.leave_room_for(vulnerabilities.as_ref().map_or(0, |it| it.rows.len() as u64));
        for_each_finding(from, pulse, |record| gathered.add(record))?;
        let changed = std::mem::replace(&mut gathered.changed, Changed::new(true));
        let changes = changed.finish(from, pulse, &gathered.pen)?;
        Ok(Self { gathered, vulnerabilities, compliance, changes, unlisted_verdicts, plan })
    }

    /// The records that have rows of their own, if this is such a report.
    pub(super) fn listed(&self, facts: &SnapshotFacts) -> Option<(RecordKind, u64)> {
        let plan = &self.plan;
        if plan.lists_findings() {
            let streamed = plan.most.min(facts.totals.findings);
            let listed = if plan.streams() { streamed } else { self.gathered.listed };
            return Some((RecordKind::Finding, listed));
        }
        if plan.lists_scans() {
            return Some((RecordKind::Scan, plan.most.min(facts.scans.len() as u64)));
        }
        self.vulnerabilities.as_ref().map(|it| {
            let listed = if plan.streams() { plan.most.min(it.total) } else { it.rows.len() as u64 };
            (RecordKind::Vulnerability, listed)
        })
    }

    /// All rows of records.
    pub(super) fn rows(&self, facts: &SnapshotFacts) -> u64 {
        let tells_scans = self.plan.lists_scans() || self.plan.proves();
        let scans = if tells_scans { self.plan.most.min(facts.scans.len() as u64) } else { 0 };
        let vulnerabilities = self.vulnerabilities.as_ref().map_or(0, |it| it.rows.len());
        let verdicts = self.compliance.as_ref().map_or(0, |it| {
            it.broken.iter().map(|rule| rule.rows.len()).sum::<usize>() + it.waivers.len() + it.images.len()
        });
        self.gathered.listed + scans + (vulnerabilities + verdicts) as u64
    }

    /// What has no row and should, a sentence for each kind of record.
    pub(super) fn missing(&self, facts: &SnapshotFacts, brief: &Brief<'_>) -> Vec<String> {
        let plan = &self.plan;
        let asked = brief.request.options.pdf_max_rows.map(|rows| u64::from(rows.get()));
        let told =
            |names, listed: u64, all: u64| unlisted::told(&Listing { names, all, listed }, plan, asked);
        let listed = self.listed(facts);
        let records = listed.and_then(|(kind, listed)| {
            let names = match kind {
                RecordKind::Vulnerability => ("vulnerability", "vulnerabilities"),
                RecordKind::Scan => ("scan", "scans"),
                _ => ("finding", "findings"),
            };
            told(names, listed, facts.records(kind))
        });
        let findings = if plan.lists_findings() || plan.streams() {
            None
        } else {
            let names = if plan.lists_vulnerabilities() {
                ("finding that is closed, or of another kind", "findings that are closed, or of other kinds")
            } else {
                ("closed finding", "closed findings")
            };
            told(names, self.gathered.listed, self.expected(facts))
        };
        let verdicts = (self.unlisted_verdicts > 0).then(|| unlisted::verdicts(self.unlisted_verdicts));
        let unplaced = if plan.tells_images() && !plan.streams() { self.gathered.detail.unplaced } else { 0 };
        let packages = unlisted::unplaced(unplaced, plan);
        records.into_iter().chain(findings).chain(verdicts).chain(packages).collect()
    }

    /// Findings that have a row each where not all have.
    fn expected(&self, facts: &SnapshotFacts) -> u64 {
        let plan = &self.plan;
        let totals = &facts.totals;
        let closed = if plan.lists_closed() { totals.findings - totals.open } else { 0 };
        let lists_others = plan.lists_vulnerabilities() && plan.tells_others();
        closed + if lists_others { self.gathered.other.open() } else { 0 }
    }

    /// The first page.
    pub(super) fn glance(
        &self,
        facts: &SnapshotFacts,
        state: &State<'_>,
        history: Option<&History<'_>>,
        accent: &Accent,
    ) -> Glance {
        let fixes = &self.gathered.fixes;
        let glance = match (history, &self.compliance, &facts.compliance) {
            (Some(history), ..) => history::glance(history, state, fixes),
            (None, Some(section), Some(known)) => {
                compliance::glance(section, known, (accent, &self.gathered.pen))
            }
            _ => {
                let by_vulnerability = self.plan.kind() == ExportType::VulnerabilityReport;
                let different = facts.vulnerabilities.filter(|_| by_vulnerability);
                glance::glance(facts, state, fixes, different)
            }
        };
        let told = facts.baseline.as_ref().zip(self.changes.as_ref());
        let baseline = told.map(|(counts, changes)| changes::line(counts, changes)).or(glance.baseline);
        let distribution = glance.distribution.filter(|_| self.plan.draws());
        Glance { baseline, distribution, ..glance }
    }

    /// The charts that say something about the type.
    pub(super) fn charts(&self, facts: &SnapshotFacts, state: &State<'_>, accent: &Accent) -> Vec<Chart> {
        if !self.plan.draws() {
            return Vec::new();
        }
        if let (true, Some(known)) = (self.plan.tells_compliance(), &facts.compliance) {
            return charts::policies(&compliance::bars(known), accent).into_iter().collect();
        }
        let gathered = &self.gathered;
        let drawn = [
            charts::by_image(&gathered.images, |image| gathered.is_current(image)),
            charts::age(&gathered.age),
            if self.plan.draws_packages() { charts::packages(&gathered.packages.bars()) } else { None },
            if self.plan.kind() == ExportType::ScanSummary {
                None
            } else {
                charts::with_fix(&state.totals, &gathered.fixes)
            },
        ];
        drawn.into_iter().flatten().collect()
    }

    /// What to do first.
    pub(super) fn first_things(&self) -> Vec<FirstThing> {
        let Gathered { first, images, detail, packages, .. } = &self.gathered;
        let by_image = self.plan.tells_images();
        let upgrades = |image: usize, name: &str, installed: &str| {
            if by_image { detail.upgrade(image, name, installed) } else { packages.upgrade(name, installed) }
        };
        first.rows(images, &upgrades)
    }
}
