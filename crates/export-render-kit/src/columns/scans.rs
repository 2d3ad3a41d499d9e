//! The columns of scans, and of images with their newest scan.

use export_core::finding::{Decision, Severity};
use export_core::ports::ScanTotals;
use export_core::record::FindingStatus;
use export_core::totals::Totals;

use super::{Column, ColumnKind, column, number, some, text};
use crate::cell::Cell;
use crate::history::{Change, History, ImageHistory, Point};

/// Finds a column's value in a scan.
pub type ScanAccessor = for<'r> fn(&'r ScanRow<'r>) -> Cell<'r>;
/// Finds a column's value in an image.
pub type ImageAccessor = for<'r> fn(&'r ImageRow<'r>) -> Cell<'r>;

/// Finds a column's value in a point of the trend.
pub type PointAccessor = for<'r> fn(&'r Point) -> Cell<'r>;

/// One scan, and the one before it.
#[derive(Debug, Clone, Copy)]
pub struct ScanRow<'r> {
    scan: &'r ScanTotals,
    previous: Option<&'r ScanTotals>,
    change: Option<Change>,
}

impl<'r> ScanRow<'r> {
    /// The scan at `scan`.
    #[must_use]
    pub fn of(history: &History<'r>, scan: usize) -> Self {
        let (previous, change) = (history.previous(scan), history.change(scan));
        Self { scan: history.scan(scan), previous, change }
    }
}

/// One image with its newest scan.
#[derive(Debug, Clone, Copy)]
pub struct ImageRow<'r> {
    image: &'r ImageHistory<'r>,
    oldest: &'r ScanTotals,
    newest: ScanRow<'r>,
}

impl<'r> ImageRow<'r> {
    /// An image of `history`.
    #[must_use]
    pub fn of(history: &'r History<'r>, image: &'r ImageHistory<'r>) -> Self {
        let dated = image.scans.iter().map(|scan| history.scan(*scan));
        let newest = history.scan(image.newest);
        let oldest = dated.into_iter().find(|it| it.scan.created_at.is_some()).unwrap_or(newest);
        Self { image, oldest, newest: ScanRow::of(history, image.newest) }
    }
}

/// Every column of scans, in order.
pub const SCANS: &[Column<ScanAccessor>] = &[
    text("scan_id", "The scan", |it| some(it.scan.scan.id.as_str())),
    text("image", "The scanned artifact: an image, a repository", |it| some(&it.scan.scan.image)),
    text("image_digest", "Its digest, if the scanner knows it", |it| {
        Cell::text(it.scan.scan.image_digest.as_deref())
    }),
    column("scanned_at", ColumnKind::Date, "When the scan was made", |it| {
        Cell::date(it.scan.scan.created_at)
    }),
    text("tool", "The scanner and its version", |it| some(&it.scan.scan.tool)),
    number("findings", "All findings, open or not", |it| count(it.totals().findings)),
    number("open", "Open findings", |it| count(it.totals().open)),
    number("open_critical", "Open findings of critical severity", |it| open(it, Severity::Critical)),
    number("open_high", "Open findings of high severity", |it| open(it, Severity::High)),
    number("open_medium", "Open findings of medium severity", |it| open(it, Severity::Medium)),
    number("open_low", "Open findings of low severity", |it| open(it, Severity::Low)),
    number("open_none", "Open findings that are told for information", |it| open(it, Severity::None)),
    number("open_unknown", "Open findings that nobody has rated", |it| open(it, Severity::Unknown)),
    number("open_with_fix", "Open findings with a version to upgrade to", |it| {
        count(it.totals().open_with_fix)
    }),
    number("open_known_exploited", "Open findings that are known to be exploited", |it| {
        count(it.totals().open_known_exploited)
    }),
    number(
        "epss_half",
        "Findings that are used within 30 days with a probability of at least 0.5 (FIRST EPSS)",
        |it| count(it.totals().epss_half),
    ),
    number("fixed", "Findings that a VEX statement calls fixed", |it| status(it, FindingStatus::Fixed)),
    number("not_affected", "Findings that a VEX statement calls not affected", |it| {
        status(it, FindingStatus::NotAffected)
    }),
    number("waived", "Findings that were accepted", |it| status(it, FindingStatus::Waived)),
    number("suppressed", "Findings that the scanner was told to leave out", |it| {
        status(it, FindingStatus::Suppressed)
    }),
    number("verdict_fail", "Findings whose worst decision of any policy is fail", |it| {
        decision(it, Decision::Fail)
    }),
    number("verdict_error", "Findings whose worst decision is error", |it| decision(it, Decision::Error)),
    number("verdict_warn", "Findings whose worst decision is warn", |it| decision(it, Decision::Warn)),
    number("verdict_waived", "Findings whose worst decision is waived", |it| decision(it, Decision::Waived)),
    number("verdict_pass", "Findings whose worst decision is pass", |it| decision(it, Decision::Pass)),
    text(
        "previous_scan_id",
        "The scan of the same image by the same tool before this one; empty if it is the first",
        |it| Cell::text(it.previous.map(|it| it.scan.id.as_str())),
    ),
    column("previous_scanned_at", ColumnKind::Date, "When that was made", |it| {
        Cell::date(it.previous.and_then(|it| it.scan.created_at))
    }),
    number("open_change", "Open findings more than in the scan before; below 0 is fewer", |it| {
        Cell::number(it.change.map(|it| it.open))
    }),
    number("critical_change", "The same of critical severity", |it| change(it, Severity::Critical)),
    number("high_change", "The same of high severity", |it| change(it, Severity::High)),
];

/// Every column of images, in order.
pub const IMAGES: &[Column<ImageAccessor>] = &[
    text("image", "The image with its newest tag", |it| some(it.image.image)),
    number("scans", "Its scans in the scope", |it| count(it.image.scans.len() as u64)),
    column("first_scanned_at", ColumnKind::Date, "When the first of them was made", |it| {
        Cell::date(it.oldest.scan.created_at)
    }),
    column("scanned_at", ColumnKind::Date, "When the newest was made, which the numbers are of", |it| {
        Cell::date(it.newest.scan.scan.created_at)
    }),
    text("scan_id", "The newest scan", |it| some(it.newest.scan.scan.id.as_str())),
    text("image_digest", "The image's digest in it", |it| {
        Cell::text(it.newest.scan.scan.image_digest.as_deref())
    }),
    number("open", "Open findings", |it| count(it.newest.totals().open)),
    number("open_critical", "Open findings of critical severity", |it| open(&it.newest, Severity::Critical)),
    number("open_high", "Open findings of high severity", |it| open(&it.newest, Severity::High)),
    number("open_medium", "Open findings of medium severity", |it| open(&it.newest, Severity::Medium)),
    number("open_low", "Open findings of low severity", |it| open(&it.newest, Severity::Low)),
    number("open_none", "Open findings that are told for information", |it| open(&it.newest, Severity::None)),
    number("open_unknown", "Open findings that nobody has rated", |it| open(&it.newest, Severity::Unknown)),
    number("open_with_fix", "Open findings with a version to upgrade to", |it| {
        count(it.newest.totals().open_with_fix)
    }),
    number("open_known_exploited", "Open findings that are known to be exploited", |it| {
        count(it.newest.totals().open_known_exploited)
    }),
    number("verdict_fail", "Findings whose worst decision of any policy is fail", |it| {
        decision(&it.newest, Decision::Fail)
    }),
    column(
        "previous_scanned_at",
        ColumnKind::Date,
        "When the scan before was made, by the same tool; empty if there is none",
        |it| Cell::date(it.newest.previous.and_then(|it| it.scan.created_at)),
    ),
    number("open_change", "Open findings more than in the scan before; below 0 is fewer", |it| {
        Cell::number(it.newest.change.map(|it| it.open))
    }),
    number("critical_change", "The same of critical severity", |it| change(&it.newest, Severity::Critical)),
    number("high_change", "The same of high severity", |it| change(&it.newest, Severity::High)),
];

/// Every column of the trend, in order.
pub const TREND: &[Column<PointAccessor>] = &[
    column(
        "at",
        ColumnKind::Date,
        "The last scan that the numbers count: the newest of each image up to then",
        |it| Cell::Date(it.at),
    ),
    number("images", "Images that had been scanned by then", |it| count(it.images as u64)),
    number("open", "Open findings", |it| count(it.open)),
    number("open_critical", "Open findings of critical severity", |it| {
        count(it.severity(Severity::Critical))
    }),
    number("open_high", "Open findings of high severity", |it| count(it.severity(Severity::High))),
    number("open_medium", "Open findings of medium severity", |it| count(it.severity(Severity::Medium))),
    number("open_low", "Open findings of low severity", |it| count(it.severity(Severity::Low))),
    number("open_none", "Open findings that are told for information", |it| {
        count(it.severity(Severity::None))
    }),
    number("open_unknown", "Open findings that nobody has rated", |it| count(it.severity(Severity::Unknown))),
];

impl ScanRow<'_> {
    const fn totals(&self) -> &Totals {
        &self.scan.totals
    }
}

fn count<'r>(count: u64) -> Cell<'r> {
    Cell::number(Some(count))
}

fn open<'r>(it: &ScanRow<'_>, severity: Severity) -> Cell<'r> {
    count(it.totals().open_severity(severity))
}

fn status<'r>(it: &ScanRow<'_>, status: FindingStatus) -> Cell<'r> {
    count(it.totals().status(status))
}

fn decision<'r>(it: &ScanRow<'_>, decision: Decision) -> Cell<'r> {
    count(it.totals().decision(decision))
}

fn change<'r>(it: &ScanRow<'_>, severity: Severity) -> Cell<'r> {
    Cell::number(it.change.map(|it| it.severity(severity)))
}
