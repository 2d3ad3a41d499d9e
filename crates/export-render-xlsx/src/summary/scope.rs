//! What this is a report of.

use std::collections::BTreeSet;

use export_core::ports::{Brief, SnapshotFacts};
use export_core::request::DateRange;
use export_core::time::DateBound;
use rust_xlsxwriter::XlsxError;

use super::board::{Board, ink, quiet};
use super::words::{counted, listed};
use crate::page::{self, Page};

/// Images that the page names.
const NAMED: usize = 4;
/// Characters of a value that runs over the page.
const SHOWN: usize = 110;

/// Whose it is, the title, and the sentence that sums up.
pub(super) fn title(
    board: &mut Board<'_>,
    (brief, page): (&Brief<'_>, &Page),
    sentence: &str,
) -> Result<(), XlsxError> {
    board.text(0, page.tenant(), &ink(10).set_bold().set_font_color(board.accent()))?;
    board.down(1);
    board.height(28)?;
    board.text(0, brief.request.kind.title(), &ink(20).set_bold())?;
    board.down(1);
    let mut line = vec![time(brief.created_at)];
    line.extend(page::classification(brief).map(head));
    board.text(0, &line.join("  ·  "), &quiet(10))?;
    board.down(2);
    board.height(20)?;
    board.text(0, sentence, &ink(12))?;
    board.down(2);
    Ok(())
}

/// Scans, images, the snapshot, the export, and what the request says of them.
pub(super) fn scope(
    board: &mut Board<'_>,
    brief: &Brief<'_>,
    facts: &SnapshotFacts,
) -> Result<(), XlsxError> {
    board.head("Scope")?;
    let images = images(facts);
    let scans = counted(facts.scans.len() as u64, "scan", "scans");
    let both = format!("{scans} of {}", counted(images.len() as u64, "image", "images"));
    let (label, value) = (quiet(10), ink(10));
    board.text(0, "Looked at", &label)?;
    board.text(1, &both, &value)?;
    board.text(3, "Taken at", &label)?;
    board.date(4, facts.taken_at, &value)?;
    board.down(1);
    board.text(0, "Snapshot", &label)?;
    board.text(1, &facts.digest.short(), &value)?;
    board.text(3, "Export", &label)?;
    board.text(4, &brief.export_id.to_string(), &value)?;
    board.down(1);
    for (name, text) in details(brief, &images) {
        board.text(0, name, &label)?;
        board.text(1, &head(&text), &value)?;
        board.down(1);
    }
    Ok(())
}

/// Lines of their own: images, and what was asked for.
fn details(brief: &Brief<'_>, images: &[&str]) -> Vec<(&'static str, String)> {
    let scope = &brief.request.scope;
    let asked = [
        ("Images", Some(listed(images.iter().copied(), NAMED)).filter(|_| !images.is_empty())),
        ("Period", scope.date_range.as_ref().map(period)),
        ("Policy sets", (!scope.policy_sets.is_empty()).then(|| scope.policy_sets.join(", "))),
    ];
    asked.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

/// Each image once, however often it was scanned.
fn images(facts: &SnapshotFacts) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let scans = facts.scans.iter().map(|it| &it.scan);
    scans.filter(|it| seen.insert((&it.image, &it.image_digest))).map(|it| it.image.as_str()).collect()
}

fn period(range: &DateRange) -> String {
    let bound = |bound: DateBound| match bound {
        DateBound::At(at) => time(at),
        DateBound::Ago(_) => bound.to_string(),
    };
    format!("{} to {}", bound(range.start), bound(range.end))
}

fn time(at: export_core::time::Timestamp) -> String {
    at.to_utc().format("%Y-%m-%d %H:%M UTC").to_string()
}

fn head(text: &str) -> String {
    let line = text.replace(['\n', '\r'], " ");
    let mut characters = line.chars();
    let head: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_none() { head } else { format!("{head}…") }
}
