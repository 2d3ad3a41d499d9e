//! Images and scans over time, in figures.

use export_core::finding::Decision;
use export_core::ports::SnapshotFacts;
use export_render_kit::brand::Accent;
use export_render_kit::charts::{self, SeverityCounts, TrendPoint};
use export_render_kit::history::{History, ImageHistory, Point, image_of};
use export_templates::format;
use export_templates::view::{self, Change, Chart, Glance, ImageRow, ScanRow, Trend};

use super::detail::verdict;
use super::glance::{distribution, figure, known_exploited, of_all, sentence, severities, with_fix};
use super::images::open;
use super::plan::Plan;
use super::state::State;
use super::words::{NAME, Pen, counted, time};

/// Images that the table of the worst shows.
const WORST: usize = 15;
const WORST_IN_SHORT: usize = 10;

/// The section, with the rows that `plan` has room for, and how many scans have one.
pub(super) fn section(
    facts: &SnapshotFacts,
    history: &History<'_>,
    plan: &Plan,
    (accent, pen): (&Accent, &Pen),
) -> view::History {
    let shown = if plan.is_short() { WORST_IN_SHORT } else { WORST };
    let worst = history.images.iter().take(shown).map(|it| image_row(facts, history, it, pen));
    let rows = if plan.lists_scans() { scan_rows(facts, history, plan.most, pen) } else { Vec::new() };
    let listed = if plan.lists_scans() { rows.len() } else { facts.scans.len() };
    view::History {
        images: history.images.len() as u64,
        scans: facts.scans.len() as u64,
        trend: if plan.draws() { trend(history, accent) } else { None },
        worst: worst.collect(),
        more_images: history.images.len().saturating_sub(shown) as u64,
        more_scans: (facts.scans.len() - listed) as u64,
        rows,
        sum: Some(sum(facts)),
    }
}

/// The strip of numbers: what is so now, and the change since the scans before.
pub(super) fn glance(history: &History<'_>, state: &State<'_>, fixes: &SeverityCounts) -> Glance {
    let totals = &state.totals;
    let scans = history.images.iter().map(|it| it.scans.len() as u64).sum::<u64>();
    let mut figures = vec![
        figure("Images", history.images.len() as u64, Some(counted(scans, "scan", "scans"))),
        figure("Findings", totals.open, Some(of_all(totals))),
    ];
    figures.extend(severities(totals, fixes));
    figures.extend([with_fix(totals), known_exploited(totals)]);
    let changed: Vec<_> = history.images.iter().filter_map(|it| it.change).collect();
    if !changed.is_empty() {
        let of = |at: usize| changed.iter().map(|it| it.open_by_severity[at]).sum();
        let changes = [changed.iter().map(|it| it.open).sum(), of(0), of(1)];
        for (figure, by) in figures[1..].iter_mut().zip(changes) {
            figure.change = Some(change(by));
        }
    }
    Glance {
        figures,
        baseline: Some(basis(changed.len(), history)),
        sentence: sentence(state, fixes),
        distribution: distribution(totals),
    }
}

/// What the numbers are of, and what changes compare with.
fn basis(changed: usize, history: &History<'_>) -> String {
    let newest = "The numbers are those of the newest scan of each image.";
    match (changed, history.images.len()) {
        (0, _) => newest.to_owned(),
        (some, all) if some == all => format!("{newest} Changes are since the scan before."),
        (some, all) => format!(
            "{newest} Changes are since the scan before, which {some} of {all} images {}.",
            if some == 1 { "has" } else { "have" }
        ),
    }
}

/// A change in the number of open findings: fewer are good news.
fn change(by: i64) -> Change {
    let text = match by {
        0 => "no change".to_owned(),
        1.. => format!("+{}", format::count(by.unsigned_abs())),
        _ => format!("\u{2212}{}", format::count(by.unsigned_abs())),
    };
    let trend = match by {
        0 => Trend::Same,
        1.. => Trend::Worse,
        _ => Trend::Better,
    };
    Change { text, trend }
}

fn image_row(facts: &SnapshotFacts, history: &History<'_>, image: &ImageHistory<'_>, pen: &Pen) -> ImageRow {
    let scan = history.scan(image.newest);
    let verdicts = facts.compliance.as_ref().and_then(|it| it.scans.get(image.newest));
    let worst = |decision: &Decision| verdicts.is_some_and(|it| it.decision(*decision) > 0);
    ImageRow {
        name: pen.copy_or(image.image, NAME, "unnamed image"),
        scanned: scan.scan.created_at.map(|at| format::date(at.to_utc())),
        scans: image.scans.len() as u64,
        counts: open(&scan.totals.open_by_severity),
        with_fix: scan.totals.open_with_fix,
        known_exploited: scan.totals.open_known_exploited,
        change: image.change.map(|it| change(it.open)),
        verdict: Decision::ALL.into_iter().find(worst).map(verdict),
    }
}

/// By image, in the order of the worst; the newest first.
fn scan_rows(facts: &SnapshotFacts, history: &History<'_>, most: u64, pen: &Pen) -> Vec<ScanRow> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let order = history.images.iter().flat_map(|it| it.scans.iter().rev());
    order.take(most).map(|at| scan_row(facts, *at, pen)).collect()
}

/// One scan of the facts.
pub(super) fn scan_row(facts: &SnapshotFacts, at: usize, pen: &Pen) -> ScanRow {
    let it = &facts.scans[at];
    ScanRow {
        id: it.scan.id.to_string(),
        image: pen.copy_or(image_of(&it.scan), NAME, "unnamed image"),
        digest: it.scan.image_digest.as_deref().and_then(|digest| pen.copy_some(digest, NAME)),
        scanned: it.scan.created_at.map(time),
        tool: pen.copy_some(&it.scan.tool, NAME),
        findings: it.totals.findings,
        counts: open(&it.totals.open_by_severity),
        with_fix: it.totals.open_with_fix,
        known_exploited: it.totals.open_known_exploited,
    }
}

fn sum(facts: &SnapshotFacts) -> ScanRow {
    let totals = &facts.totals;
    ScanRow {
        id: String::new(),
        image: format!("All {}", counted(facts.scans.len() as u64, "scan", "scans")),
        digest: None,
        scanned: None,
        tool: None,
        findings: totals.findings,
        counts: open(&totals.open_by_severity),
        with_fix: totals.open_with_fix,
        known_exploited: totals.open_known_exploited,
    }
}

fn trend(history: &History<'_>, accent: &Accent) -> Option<Chart> {
    let point = |it: &Point| TrendPoint { at: it.at, counts: open(&it.open_by_severity) };
    let points: Vec<TrendPoint> = history.trend.iter().map(point).collect();
    let undated = match history.undated as u64 {
        0 => String::new(),
        some => format!(" {} without a time and stands in no point.", counted(some, "scan is", "scans are")),
    };
    Some(Chart {
        title: "Open findings over time".to_owned(),
        caption: Some(format!(
            "Of each image, what its newest scan by then found: a rise may be a new image.{undated}"
        )),
        picture: charts::trend(&points, accent)?.into(),
    })
}

/// Whether a scan is the newest of its image, by its place in the facts.
pub(super) fn newest(history: &History<'_>, scans: usize) -> Vec<bool> {
    let mut newest = vec![false; scans];
    history.images.iter().for_each(|it| newest[it.newest] = true);
    newest
}
