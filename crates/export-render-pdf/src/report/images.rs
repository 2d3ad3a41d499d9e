//! The images of the scope: what each is called in a line of text, and how they are ordered.

use std::collections::{BTreeSet, HashMap};

use export_core::code::Code;
use export_core::finding::Severity;
use export_core::ports::{RenderError, ScanTotals, SnapshotFacts};
use export_render_kit::charts::{Mark, SeverityCounts};
use export_templates::format::short_digest;

use super::words::NAME;

/// The scans of a snapshot, found by id; each is spoken of as its image.
pub(super) struct Images<'a> {
    scans: &'a [ScanTotals],
    by_id: HashMap<&'a str, usize>,
    labels: Vec<String>,
}

impl<'a> Images<'a> {
    /// Names every scan of the snapshot; scans of one image have different names where `apart`.
    pub(super) fn new(facts: &'a SnapshotFacts, apart: bool) -> Self {
        let scans = &facts.scans;
        let by_id = scans.iter().enumerate().map(|(index, it)| (it.scan.id.as_str(), index)).collect();
        Self { scans, by_id, labels: labels(scans, apart) }
    }

    /// The place of a scan in the snapshot's facts.
    pub(super) fn index(&self, scan_id: &str) -> Result<usize, RenderError> {
        self.by_id.get(scan_id).copied().ok_or_else(|| {
            let message = format!("the snapshot has a finding of the scan {scan_id:?} and no such scan");
            RenderError::new(Code::StorageCorrupt, message)
        })
    }

    /// How many scans there are.
    pub(super) const fn count(&self) -> usize {
        self.scans.len()
    }

    /// The scan with its numbers.
    pub(super) fn get(&self, index: usize) -> &'a ScanTotals {
        &self.scans[index]
    }

    /// The shortest name that tells the image from the others: its last part, `payments-api:4.18.2`, where that is enough.
    pub(super) fn label(&self, index: usize) -> &str {
        &self.labels[index]
    }

    /// All images by `counts`, the worst first, then by name.
    pub(super) fn worst_first(&self, counts: impl Fn(usize) -> SeverityCounts) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.scans.len()).collect();
        let weight = |index: usize| Mark::ALL.map(|mark| counts(index).get(mark));
        order.sort_by(|a, b| {
            weight(*b)
                .cmp(&weight(*a))
                .then_with(|| self.scans[*a].scan.image.cmp(&self.scans[*b].scan.image))
        });
        order
    }

    /// The open findings of an image.
    pub(super) fn open(&self, index: usize) -> SeverityCounts {
        open(&self.scans[index].totals.open_by_severity)
    }
}

/// Counts in the order of [`Severity::ALL`] as marks count.
pub(super) fn open(by_severity: &[u64; 6]) -> SeverityCounts {
    let of = |severity: Severity| by_severity[severity.rank()];
    SeverityCounts {
        critical: of(Severity::Critical),
        high: of(Severity::High),
        medium: of(Severity::Medium),
        low: of(Severity::Low),
        unknown: of(Severity::None) + of(Severity::Unknown),
    }
}

fn labels(scans: &[ScanTotals], apart: bool) -> Vec<String> {
    let shortest: Vec<String> = scans.iter().map(|it| last_part(&it.scan.image)).collect();
    let images: BTreeSet<&str> = scans.iter().map(|it| it.scan.image.as_str()).collect();
    let unlike = shortest.iter().collect::<BTreeSet<_>>().len() == images.len();
    let twice = apart && images.len() < scans.len();
    let names = scans.iter().zip(shortest).map(|(it, short)| {
        let name: String = if unlike { short } else { it.scan.image.clone() };
        let name: String = name.chars().take(NAME).collect();
        if twice && scans.iter().filter(|other| other.scan.image == it.scan.image).count() > 1 {
            format!("{name} ({})", it.scan.id)
        } else {
            name
        }
    });
    names.collect()
}

/// The last part of a path; a digest in it is shortened.
fn last_part(image: &str) -> String {
    let last = image.rsplit('/').find(|part| !part.is_empty()).unwrap_or(image);
    match last.split_once('@') {
        Some((name, digest)) => format!("{name}@{}", short_digest(digest)),
        None => last.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use export_contract::corpus;
    use export_core::totals::Totals;

    use super::*;

    fn labels_of(images: &[&str]) -> Vec<String> {
        let scan = |(index, image): (usize, &&str)| {
            let scan = corpus::scan(u32::try_from(index).unwrap());
            ScanTotals {
                scan: export_core::scan::ScanRef { image: (*image).to_owned(), ..scan },
                totals: Totals::default(),
            }
        };
        labels(&images.iter().enumerate().map(scan).collect::<Vec<_>>(), true)
    }

    #[test]
    fn labels_are_short_where_that_is_enough() {
        assert_eq!(labels_of(&["r.example/a/api:1", "r.example/b/web:2"]), ["api:1", "web:2"]);
        assert_eq!(
            labels_of(&["r.example/a/api:1", "r.example/b/api:1"]),
            ["r.example/a/api:1", "r.example/b/api:1"]
        );
        assert_eq!(labels_of(&["r.example/a:1", "r.example/a:1"]), ["a:1 (scan-0)", "a:1 (scan-1)"]);
        assert_eq!(labels_of(&["r.example/a@sha256:0123456789abcdef0123"]), ["a@0123456789ab"]);
        assert_eq!(labels_of(&["", "/"]), ["", "/"]);
    }
}
