//! What one pass over the records leaves.

use export_core::finding::FindingKind;
use export_core::ports::{RenderError, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use export_render_kit::charts::{Age, AgeCounts, Mark, SeverityCounts};

use super::changes::Changed;
use super::detail::Detail;
use super::evidence::Statements;
use super::first::FirstThings;
use super::images::Images;
use super::not_open::NotOpen;
use super::other::Others;
use super::packages::Packages;
use super::plan::Plan;
use super::words::Pen;

/// The parts of a report that need the records. Their size is bounded by [`Plan`] and the number of images.
pub(super) struct Gathered<'a> {
    pub(super) images: Images<'a>,
    pub(super) pen: Pen,
    /// Open findings with a version to upgrade to.
    pub(super) fixes: SeverityCounts,
    pub(super) age: AgeCounts,
    pub(super) first: FirstThings,
    pub(super) detail: Detail,
    pub(super) packages: Packages,
    pub(super) other: Others,
    pub(super) not_open: NotOpen,
    pub(super) changed: Changed,
    pub(super) statements: Statements,
    /// Rows of findings, and those that may still come.
    pub(super) listed: u64,
    room: u64,
    plan: Plan,
    taken_at: Timestamp,
    /// Whether a scan tells what is so now; an older one of the same image does not.
    current: Vec<bool>,
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub(super) fn new(facts: &'a SnapshotFacts, plan: Plan, current: Vec<bool>) -> Self {
        let images = Images::new(facts, !plan.tells_history());
        Self {
            pen: Pen::default(),
            fixes: SeverityCounts::default(),
            age: AgeCounts::default(),
            first: FirstThings::default(),
            detail: Detail::new(&images, plan),
            packages: Packages::default(),
            other: Others::new(plan.kind()),
            not_open: NotOpen::default(),
            changed: Changed::new(plan.is_short()),
            statements: Statements::default(),
            listed: 0,
            room: plan.held(),
            plan,
            taken_at: facts.taken_at,
            current,
            images,
        }
    }

    /// Other records take `rows` of the rows.
    pub(super) const fn leave_room_for(&mut self, rows: u64) {
        self.room = self.room.saturating_sub(rows);
    }

    /// Whether a scan tells what is so now.
    pub(super) fn is_current(&self, image: usize) -> bool {
        self.current[image]
    }

    /// One more record, in the order of the snapshot: the worst come first.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>) -> Result<(), RenderError> {
        let image = self.images.index(&record.finding.scan_id)?;
        let several = (self.images.count() > 1).then(|| self.images.label(image));
        self.changed.add(record, several, &self.pen);
        if self.plan.proves() {
            self.statements.add(record, &self.pen);
        }
        if record.status.is_open() {
            self.add_open(record, image);
        } else if self.plan.lists_closed() && self.take_row() {
            self.not_open.add(record, self.images.label(image), &self.pen);
        }
        Ok(())
    }

    fn add_open(&mut self, record: &FindingRecord<'_>, image: usize) {
        let in_package = record.finding.kind() == FindingKind::Vulnerability;
        if self.current[image] {
            self.count(record, image, in_package);
        }
        if !in_package && self.plan.tells_others() {
            self.other.count(record.finding.kind());
            // The report of vulnerabilities, which has their own rows, only names the others.
            let lists = self.plan.lists_findings() || self.plan.lists_vulnerabilities();
            if lists && self.take_row() {
                self.other.add(record, self.images.label(image), &self.pen);
            }
        }
        if in_package && self.plan.tells_images() {
            let row = self.plan.lists_findings() && self.take_row();
            self.detail.add(record, image, row.then(|| self.listed - 1), &self.pen);
        }
    }

    fn count(&mut self, record: &FindingRecord<'_>, image: usize, in_package: bool) {
        let mark = Mark::from(record.finding.severity);
        if record.finding.fix.is_available() {
            self.fixes.add(mark);
        }
        if self.plan.tells_first_things() {
            self.first.consider(record, image, &self.images, &self.pen);
        }
        if in_package {
            self.age.add(Age::at(self.taken_at, record.finding.published), mark);
            if self.plan.tells_remediation() || self.plan.draws_packages() {
                self.packages.add(record, image, &self.pen);
            }
        }
    }

    fn take_row(&mut self) -> bool {
        let has_room = self.listed < self.room;
        self.listed += u64::from(has_room);
        has_room
    }
}
