//! Many images' scans as one series.

use std::collections::BTreeMap;

use export_core::time::Timestamp;

use super::{SeverityCounts, TrendPoint};

const DAY_MILLIS: i64 = 86_400_000;

/// What was open in one image when it was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanCounts<'a> {
    /// What tells the image from others.
    pub image: &'a str,
    /// When it was scanned.
    pub at: Timestamp,
    /// What was open then.
    pub counts: SeverityCounts,
}

/// A point for each day (UTC) with scans: the sum over all images that were scanned by then, each with its latest scan.
///
/// An image counts until it is scanned again, so that a day on which few were scanned does not look like a good one; it
/// counts from its first scan on, so that a rise may be a new image.
#[must_use]
pub fn sum_by_day(scans: &[ScanCounts<'_>]) -> Vec<TrendPoint> {
    let mut scans = scans.to_vec();
    scans.sort_by_key(|scan| (scan.at, scan.image));
    let mut latest: BTreeMap<&str, SeverityCounts> = BTreeMap::new();
    let day = |scan: &ScanCounts<'_>| scan.at.as_millis().div_euclid(DAY_MILLIS);
    let days = scans.chunk_by(|a, b| day(a) == day(b));
    days.map(|scans| {
        latest.extend(scans.iter().map(|scan| (scan.image, scan.counts)));
        let counts = latest.values().fold(SeverityCounts::default(), |sum, counts| sum.plus(counts));
        TrendPoint { at: Timestamp::from_millis(day(&scans[0]).saturating_mul(DAY_MILLIS)), counts }
    })
    .collect()
}
