//! Scans by image and over time, worked out once, so that all reports of many scans tell the same.
//!
//! * Scans are of one image if they name it alike, tag included; where a scan names none, by its digest, or else by itself.
//! * The scan before another is the last earlier one of the same image by the same tool, whatever its version: what two tools
//!   count differs without anything having changed.
//! * A scan without a time can be an image's newest one if no scan of the image has a time. It is before or after nothing.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use export_core::finding::Severity;
use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_core::totals::Totals;

const MILLIS_A_DAY: i64 = 86_400_000;

/// The scans of a snapshot by image and over time. Scans are told by their place in [`SnapshotFacts::scans`].
#[derive(Debug, Clone)]
pub struct History<'f> {
    /// Every image once: most critical open findings in its newest scan first, then most high ones and so on, then by name.
    pub images: Vec<ImageHistory<'f>>,
    /// Open findings over time, oldest first; empty if no scan has a time.
    pub trend: Vec<Point>,
    /// Whether each point of the trend is the end of a day (UTC), and not one time of a single day.
    pub by_day: bool,
    /// Scans without a time, which the trend cannot show.
    pub undated: usize,
    scans: &'f [ScanTotals],
    previous: Vec<Option<usize>>,
}

/// One image with its scans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageHistory<'f> {
    /// The image's name with its tag; its digest or the scan's id where the scan names none.
    pub image: &'f str,
    /// All its scans: those without a time by id, then the others, oldest first. Never empty.
    pub scans: Vec<usize>,
    /// The last of them, which tells the state of the image.
    pub newest: usize,
    /// The scan before the newest one.
    pub previous: Option<usize>,
    /// From that one to the newest.
    pub change: Option<Change>,
}

/// Open findings of one scan less those of an earlier one: above 0 is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// All open findings.
    pub open: i64,
    /// By [`Severity::ALL`].
    pub open_by_severity: [i64; 6],
}

/// The open findings of all images at one time: of each image, those of its newest scan up to then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When the last scan was made that it counts.
    pub at: Timestamp,
    /// All open findings.
    pub open: u64,
    /// By [`Severity::ALL`].
    pub open_by_severity: [u64; 6],
    /// Images that had been scanned by then.
    pub images: usize,
}

impl<'f> History<'f> {
    /// Works out the history of a snapshot's scans.
    #[must_use]
    pub fn of(facts: &'f SnapshotFacts) -> Self {
        let scans = facts.scans.as_slice();
        let mut by_image: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, it) in scans.iter().enumerate() {
            by_image.entry(image_of(&it.scan)).or_default().push(at);
        }
        let mut previous = vec![None; scans.len()];
        for of_image in by_image.values_mut() {
            of_image.sort_by_key(|at| (scans[*at].scan.created_at, scans[*at].scan.id.as_str()));
            link(scans, of_image, &mut previous);
        }
        let mut images: Vec<ImageHistory<'f>> = by_image
            .into_iter()
            .map(|(image, of_image)| ImageHistory::of(image, of_image, scans, &previous))
            .collect();
        // The sort is stable: images with equal numbers stay sorted by name.
        images.sort_by(|a, b| open(scans, b.newest).cmp(open(scans, a.newest)));
        let (trend, by_day) = trend(scans);
        let undated = scans.iter().filter(|it| it.scan.created_at.is_none()).count();
        Self { images, trend, by_day, undated, scans, previous }
    }

    /// The scan at `scan`, with its numbers.
    #[must_use]
    pub fn scan(&self, scan: usize) -> &'f ScanTotals {
        &self.scans[scan]
    }

    /// The scan before another.
    #[must_use]
    pub fn previous(&self, scan: usize) -> Option<&'f ScanTotals> {
        self.previous[scan].map(|previous| &self.scans[previous])
    }

    /// From the scan before to this one; none if it is the first.
    #[must_use]
    pub fn change(&self, scan: usize) -> Option<Change> {
        self.previous(scan).map(|previous| Change::between(&previous.totals, &self.scans[scan].totals))
    }

    /// The totals of an image's newest scan.
    #[must_use]
    pub fn state(&self, image: &ImageHistory<'_>) -> &'f Totals {
        &self.scans[image.newest].totals
    }

    /// The newest scan of each image, summed: open findings and those by [`Severity::ALL`].
    #[must_use]
    pub fn now(&self) -> (u64, [u64; 6]) {
        let mut sum = (0, [0; 6]);
        for image in &self.images {
            let totals = self.state(image);
            sum.0 += totals.open;
            (0..6).for_each(|at| sum.1[at] += totals.open_by_severity[at]);
        }
        sum
    }
}

impl<'f> ImageHistory<'f> {
    fn of(image: &'f str, scans: Vec<usize>, all: &[ScanTotals], previous: &[Option<usize>]) -> Self {
        let newest = *scans.last().expect("an image is known by a scan of it");
        let previous = previous[newest];
        let change = previous.map(|previous| Change::between(&all[previous].totals, &all[newest].totals));
        Self { image, scans, newest, previous, change }
    }
}

impl Change {
    /// From `earlier` to `later`.
    #[must_use]
    pub fn between(earlier: &Totals, later: &Totals) -> Self {
        let less = |later: u64, earlier: u64| later.wrapping_sub(earlier).cast_signed();
        let of = |at: usize| less(later.open_by_severity[at], earlier.open_by_severity[at]);
        Self { open: less(later.open, earlier.open), open_by_severity: std::array::from_fn(of) }
    }

    /// Of one severity.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> i64 {
        self.open_by_severity[severity as usize]
    }
}

impl Point {
    /// Open findings of one severity.
    #[must_use]
    pub const fn severity(&self, severity: Severity) -> u64 {
        self.open_by_severity[severity as usize]
    }
}

/// What an image is known by.
#[must_use]
pub fn image_of(scan: &ScanRef) -> &str {
    match (scan.image.as_str(), &scan.image_digest) {
        ("", Some(digest)) => digest,
        ("", None) => scan.id.as_str(),
        (image, _) => image,
    }
}

/// The tool without its version.
fn tool_of(scan: &ScanRef) -> &str {
    scan.tool.split_whitespace().next().unwrap_or_default()
}

fn open(scans: &[ScanTotals], at: usize) -> &[u64; 6] {
    &scans[at].totals.open_by_severity
}

/// Finds the scan before each of one image's scans, which are in their order.
fn link(scans: &[ScanTotals], of_image: &[usize], previous: &mut [Option<usize>]) {
    // By tool: the last scan, and the last one that is earlier than it.
    let mut last: BTreeMap<&str, (usize, Option<usize>)> = BTreeMap::new();
    for &at in of_image {
        let scan = &scans[at].scan;
        let Some(time) = scan.created_at else { continue };
        let before = match last.get(tool_of(scan)) {
            Some(&(same, before)) if scans[same].scan.created_at == Some(time) => before,
            known => known.map(|(earlier, _)| *earlier),
        };
        previous[at] = before;
        last.insert(tool_of(scan), (at, before));
    }
}

/// A point for each day, or for each time if all scans are of one day.
fn trend(scans: &[ScanTotals]) -> (Vec<Point>, bool) {
    let mut dated: Vec<(Timestamp, &ScanTotals)> =
        scans.iter().filter_map(|it| Some((it.scan.created_at?, it))).collect();
    dated.sort_by_key(|(at, it)| (*at, it.scan.id.as_str()));
    let day = |at: Timestamp| at.as_millis().div_euclid(MILLIS_A_DAY);
    let by_day = dated.first().map(|it| day(it.0)) != dated.last().map(|it| day(it.0));
    let mut newest: BTreeMap<&str, &Totals> = BTreeMap::new();
    let mut points: Vec<Point> = Vec::new();
    let mut sum = Point { at: Timestamp::from_millis(0), open: 0, open_by_severity: [0; 6], images: 0 };
    for (at, it) in dated {
        let replaced = newest.insert(image_of(&it.scan), &it.totals);
        sum.exchange(replaced, &it.totals);
        sum.at = at;
        match points.last_mut() {
            Some(last) if last.at == at || (by_day && day(last.at) == day(at)) => *last = sum,
            _ => points.push(sum),
        }
    }
    (points, by_day)
}

impl Point {
    fn exchange(&mut self, replaced: Option<&Totals>, by: &Totals) {
        self.images += usize::from(replaced.is_none());
        self.open = self.open - replaced.map_or(0, |it| it.open) + by.open;
        for (at, sum) in self.open_by_severity.iter_mut().enumerate() {
            *sum = *sum - replaced.map_or(0, |it| it.open_by_severity[at]) + by.open_by_severity[at];
        }
    }
}
