//! What one pass over the records leaves.

use export_core::catalogue::ExportType;
use export_core::finding::FindingKind;
use export_core::ports::{RenderError, SnapshotFacts};
use export_core::record::FindingRecord;
use export_render_kit::charts::{Mark, SeverityCounts};

use super::detail::Detail;
use super::first::FirstThings;
use super::images::Images;
use super::not_open::NotOpen;
use super::other::Others;
use super::rows::Depth;
use super::words::Pen;

/// The parts of a report that need the records. Their size is bounded by [`Depth`] and the number of images.
pub(super) struct Gathered<'a> {
    pub(super) images: Images<'a>,
    pub(super) pen: Pen,
    /// Open findings with a version to upgrade to.
    pub(super) fixes: SeverityCounts,
    pub(super) first: FirstThings,
    pub(super) detail: Detail,
    pub(super) other: Others,
    pub(super) not_open: NotOpen,
    /// Findings with a row of their own.
    pub(super) listed: u64,
    pub(super) depth: Depth,
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub(super) fn new(facts: &'a SnapshotFacts, kind: ExportType, depth: Depth) -> Self {
        let images = Images::new(facts);
        Self {
            pen: Pen::default(),
            fixes: SeverityCounts::default(),
            first: FirstThings::default(),
            detail: Detail::new(&images, depth),
            other: Others::new(kind),
            not_open: NotOpen::default(),
            listed: 0,
            depth,
            images,
        }
    }

    /// One more record, in the order of the snapshot: the worst come first.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>) -> Result<(), RenderError> {
        let image = self.images.index(&record.finding.scan_id)?;
        let open = record.status.is_open();
        if open {
            if record.finding.fix.is_available() {
                self.fixes.add(Mark::from(record.finding.severity));
            }
            self.first.consider(record, image, &self.images, &self.pen);
        }
        let in_package = open && record.finding.kind() == FindingKind::Vulnerability;
        if open && !in_package {
            self.other.count(record.finding.kind());
        }
        let row = self.depth.has_room(self.listed);
        if in_package {
            self.detail.add(record, image, row.then_some(self.listed), &self.pen);
        } else if row && open {
            self.other.add(record, self.images.label(image), &self.pen);
        } else if row {
            self.not_open.add(record, self.images.label(image), &self.pen);
        }
        self.listed += u64::from(row);
        Ok(())
    }
}
