//! Images and scans over time.

use export_render_kit::charts::SeverityCounts;
use serde::{Deserialize, Serialize};

use super::{Change, Chart, Verdict};

/// Many scans in figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct History {
    /// Different images.
    pub images: u64,
    /// Scans of them.
    pub scans: u64,
    /// What was open over time; none where time has one point.
    pub trend: Option<Chart>,
    /// The images by their newest scan, the worst first.
    pub worst: Vec<ImageRow>,
    /// How many more images are left out of `worst`.
    pub more_images: u64,
    /// Every scan, by image, the newest first. A report without single rows leaves them out.
    pub rows: Vec<ScanRow>,
    /// How many more scans are left out of `rows`, if it is not empty.
    pub more_scans: u64,
    /// The sum over all scans, listed or not: an image that was scanned twice counts twice.
    pub sum: Option<ScanRow>,
}

/// An image as its newest scan found it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImageRow {
    /// Its reference.
    pub name: String,
    /// When it was last scanned, by [`crate::format::date`].
    pub scanned: Option<String>,
    /// How often it was scanned.
    pub scans: u64,
    /// Open findings by severity.
    pub counts: SeverityCounts,
    /// Open findings with a fix.
    pub with_fix: u64,
    /// Open findings known to be exploited.
    pub known_exploited: u64,
    /// The change of its open findings since the scan before; none without one.
    pub change: Option<Change>,
    /// The worst verdict about anything in its newest scan.
    pub verdict: Option<Verdict>,
}

/// One scan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScanRow {
    /// The scan's id.
    pub id: String,
    /// The image's reference.
    pub image: String,
    /// The image's digest, whole.
    pub digest: Option<String>,
    /// When, by [`crate::format::time`].
    pub scanned: Option<String>,
    /// With what, for example `trivy 0.67.0`.
    pub tool: Option<String>,
    /// All findings.
    pub findings: u64,
    /// Open findings by severity.
    pub counts: SeverityCounts,
    /// Open findings with a fix.
    pub with_fix: u64,
    /// Open findings known to be exploited.
    pub known_exploited: u64,
}
