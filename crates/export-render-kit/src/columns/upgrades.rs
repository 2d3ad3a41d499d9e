//! The columns of upgrades.

use super::{Column, ColumnKind, column, number, some, text};
use crate::cell::Cell;
use crate::list;
use crate::upgrades::Upgrade;

/// Finds a column's value in an upgrade.
pub type UpgradeAccessor = for<'r> fn(&'r Upgrade) -> Cell<'r>;

/// Every column of upgrades, in order.
pub const UPGRADES: &[Column<UpgradeAccessor>] = &[
    text("image", "The scanned artifact: an image, a repository", |it| some(&it.image)),
    text("scan_id", "The scan that found it", |it| some(&it.scan_id)),
    text("package", "The component to upgrade", |it| some(&it.package)),
    text("ecosystem", "Its ecosystem, as the scanner names it", |it| some(&it.ecosystem)),
    text("installed_version", "The version that it has", |it| some(&it.installed)),
    text(
        "upgrade_to",
        "The version that ends most of its open findings by the smallest step; empty without a fix",
        |it| Cell::text(it.version.as_deref()),
    ),
    number("ends", "Open findings that the upgrade ends", |it| Cell::number(Some(it.ends))),
    number("remaining", "Open findings that stay", |it| Cell::number(Some(it.remaining))),
    text("severity", "The worst open finding: critical, high, medium, low, none, unknown", |it| {
        some(it.severity.as_str())
    }),
    column("known_exploited", ColumnKind::Flag, "Whether any open one is known to be exploited", |it| {
        Cell::Flag(it.known_exploited)
    }),
    text("ended_ids", "The vulnerabilities that the upgrade ends (list)", |it| texts(&it.ended)),
    text("remaining_ids", "The vulnerabilities that stay (list)", |it| texts(&it.open)),
    text("purl", "The component's package URL", |it| Cell::text(it.purl.as_deref())),
    text("references", "The pages to read first (list)", |it| texts(&it.references)),
];

fn texts<'r>(items: &[String]) -> Cell<'r> {
    if items.is_empty() { Cell::Empty } else { Cell::Text(list::join(items).into()) }
}
