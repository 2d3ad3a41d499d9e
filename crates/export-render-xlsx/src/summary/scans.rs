//! Many scans at a glance: the state of all images, and the worst of them.

use export_core::finding::Severity;
use export_core::ports::SnapshotFacts;
use export_core::totals::Totals;
use export_render_kit::charts::{Mark, tokens};
use export_render_kit::history::{History, ImageHistory};
use rust_xlsxwriter::{Format, FormatAlign, XlsxError};

use super::board::{Board, cell, ink, quiet};
use super::trend;
use super::words::{counted, thousands};
use crate::look::colour;

/// Images that the table shows.
const SHOWN: usize = 10;
/// Characters of an image's name: two lines of its column.
const NAME: usize = 60;

/// The newest scan of each image, summed.
fn now(history: &History<'_>) -> Totals {
    history.images.iter().fold(Totals::default(), |mut sum, image| {
        let state = history.state(image);
        sum.open += state.open;
        sum.open_with_fix += state.open_with_fix;
        sum.open_known_exploited += state.open_known_exploited;
        (0..6).for_each(|at| sum.open_by_severity[at] += state.open_by_severity[at]);
        sum
    })
}

/// The changes of all images that have a scan before the newest.
fn change(history: &History<'_>) -> Option<i64> {
    let changes = history.images.iter().filter_map(|it| it.change);
    changes.map(|it| it.open).reduce(i64::saturating_add)
}

/// `412 findings are open in 41 images, 37 fewer than in the scans before; the worst is registry/app:1.`
pub(super) fn sentence(history: &History<'_>) -> String {
    let (now, images) = (now(history), history.images.len() as u64);
    let Some(worst) = history.images.first() else {
        return "Nothing was looked at: the scope has no scan.".to_owned();
    };
    if now.open == 0 {
        return format!("No finding is open in {}.", counted(images, "image", "images"));
    }
    let open = counted(now.open, "finding is open", "findings are open");
    let change = match change(history) {
        None => String::new(),
        Some(0) => ", as many as in the scans before".to_owned(),
        Some(more @ 1..) => format!(", {} more than in the scans before", thousands(more.unsigned_abs())),
        Some(fewer) => format!(", {} fewer than in the scans before", thousands(fewer.unsigned_abs())),
    };
    let worst: String = worst.image.chars().take(NAME).collect();
    format!("{open} in {}{change}; the worst is {worst}.", counted(images, "image", "images"))
}

/// Six numbers, each with its name above and what it is a part of below.
pub(super) fn tiles(
    board: &mut Board<'_>,
    facts: &SnapshotFacts,
    history: &History<'_>,
) -> Result<(), XlsxError> {
    let now = now(history);
    let of_severity = |severity: Severity| {
        let change = history.images.iter().filter_map(|it| it.change).map(|it| it.severity(severity));
        change.reduce(i64::saturating_add)
    };
    let since = |change: Option<i64>| match change {
        None => "no scan before".to_owned(),
        Some(0) => "no change".to_owned(),
        Some(more @ 1..) => format!("+{} since before", thousands(more.unsigned_abs())),
        Some(fewer) => format!("\u{2212}{} since before", thousands(fewer.unsigned_abs())),
    };
    let (critical, high) = (now.open_severity(Severity::Critical), now.open_severity(Severity::High));
    let of_open =
        || if now.open == 0 { "none open".to_owned() } else { format!("of {} open", thousands(now.open)) };
    let scans = counted(facts.scans.len() as u64, "scan", "scans");
    let tiles = [
        ("Images", history.images.len() as u64, scans, tokens::INK),
        ("Open findings", now.open, since(change(history)), tokens::INK),
        ("Critical", critical, since(of_severity(Severity::Critical)), Mark::Critical.fill()),
        ("High", high, since(of_severity(Severity::High)), Mark::High.fill()),
        ("With a fix", now.open_with_fix, of_open(), tokens::ACCENT),
        ("Known exploited", now.open_known_exploited, of_open(), Mark::Critical.fill()),
    ];
    for (at, (name, ..)) in (0..).zip(&tiles) {
        board.text(at, name, &quiet(10))?;
    }
    board.down(1);
    board.height(30)?;
    for (at, (_, count, _, fill)) in (0..).zip(&tiles) {
        let fill = if *count > 0 { fill } else { tokens::INK };
        let big = ink(22).set_bold().set_font_color(colour(fill)).set_align(FormatAlign::Left);
        board.count(at, *count, &big)?;
    }
    board.down(1);
    for (at, (.., note, _)) in (0..).zip(&tiles) {
        board.text(at, note, &quiet(9))?;
    }
    board.down(1);
    Ok(())
}

/// The worst images, as the sheet of images orders them.
pub(super) fn worst(board: &mut Board<'_>, history: &History<'_>) -> Result<(), XlsxError> {
    board.head("Worst images")?;
    if history.images.is_empty() {
        board.text(0, "No image was scanned.", &ink(10))?;
        board.down(1);
        return Ok(());
    }
    for (at, name) in (2..).zip(["Critical and high", "Open", "Since the scan before", "Scanned at"]) {
        let align = if at == 5 { FormatAlign::Left } else { FormatAlign::Right };
        board.text(at, name, &quiet(9).set_align(align))?;
    }
    board.text(0, "Image", &quiet(9))?;
    board.down(1);
    history.images.iter().take(SHOWN).try_for_each(|image| row(board, history, image))?;
    match history.images.len().saturating_sub(SHOWN) as u64 {
        0 => Ok(()),
        more => {
            let text = format!("{} on the sheet Images.", counted(more, "more image is", "more images are"));
            board.text(0, &text, &quiet(9))?;
            board.down(1);
            Ok(())
        }
    }
}

fn row(board: &mut Board<'_>, history: &History<'_>, image: &ImageHistory<'_>) -> Result<(), XlsxError> {
    let (state, small) = (history.state(image), cell(9));
    let right = |format: Format| format.set_align(FormatAlign::Right);
    let mut characters = image.image.chars();
    let mut name: String = characters.by_ref().take(NAME).collect();
    if characters.next().is_some() {
        name.push('…');
    }
    board.span(0, 1, &name, &small)?;
    let (critical, high) = (state.open_severity(Severity::Critical), state.open_severity(Severity::High));
    board.text(2, &format!("{} / {}", thousands(critical), thousands(high)), &right(small.clone()))?;
    board.count(3, state.open, &small)?;
    match image.change {
        Some(change) => board.change(4, change.open, &small)?,
        None => board.text(4, "first scan", &right(small.clone()))?,
    }
    match history.scan(image.newest).scan.created_at {
        Some(at) => board.date(5, at, &small)?,
        None => board.text(5, "unknown", &small)?,
    }
    board.down(1);
    Ok(())
}

/// Severity by image, and the trend where there is more than one time.
pub(super) fn charts(board: &mut Board<'_>, history: &History<'_>) -> Result<(), XlsxError> {
    if now(history).open > 0 {
        board.head("Severity by image")?;
        trend::by_image(board, history.images.len())?;
    }
    if history.trend.len() > 1 {
        board.head("Open findings over time")?;
        trend::over_time(board, history.trend.len(), history.by_day)?;
    }
    match history.undated as u64 {
        0 => Ok(()),
        undated => {
            let text =
                format!("{} no time and are not in the trend.", counted(undated, "scan has", "scans have"));
            board.text(0, &text, &quiet(9))?;
            board.down(1);
            Ok(())
        }
    }
}
