//! What came, what went and what changed since earlier scans.

use export_core::ports::{BaselineFacts, Pulse, RenderError, Snapshot};
use export_core::record::{BaselineState, FindingRecord};
use export_core::scan::ScanRef;
use export_render_kit::change;
use export_render_kit::charts::Mark;
use export_templates::view::{ChangePart, ChangeRow, Changes};

use super::place;
use super::words::{self, NAME, Pen, TEXT, counted, time};

/// Rows of each list, and in a report for those who decide.
const LISTED: usize = 10;
const LISTED_IN_SHORT: usize = 5;
/// Scans that are compared with, by name.
const NAMED: usize = 3;

/// The rows so far.
pub(super) struct Changed {
    most: usize,
    new: Vec<ChangeRow>,
    severity: Vec<ChangeRow>,
    vex: Vec<ChangeRow>,
}

impl Changed {
    /// No rows yet.
    pub(super) const fn new(short: bool) -> Self {
        let most = if short { LISTED_IN_SHORT } else { LISTED };
        Self { most, new: Vec::new(), severity: Vec::new(), vex: Vec::new() }
    }

    /// One more record of the scope, in the image that is named if there are several. Without a baseline it stands to nothing.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: Option<&str>, pen: &Pen) {
        let most = self.most;
        let list = |rows: &mut Vec<ChangeRow>, state: String| {
            if rows.len() < most {
                rows.push(row(record, image, state, pen));
            }
        };
        match record.baseline {
            Some(BaselineState::New) => list(&mut self.new, change::state(record)),
            Some(BaselineState::Updated) => {
                if let Some(severity) = change::of_severity(record) {
                    list(&mut self.severity, severity);
                }
                if let Some(vex) = change::of_vex(record) {
                    list(&mut self.vex, vex);
                }
            }
            Some(BaselineState::Unchanged | BaselineState::Absent) | None => {}
        }
    }

    /// The section, if the snapshot has a baseline.
    pub(super) fn finish(
        self,
        from: &dyn Snapshot,
        pulse: &dyn Pulse,
        pen: &Pen,
    ) -> Result<Option<Changes>, RenderError> {
        let facts = from.facts();
        let Some(baseline) = &facts.baseline else { return Ok(None) };
        let several = facts.scans.len() > 1;
        let mut gone = Vec::new();
        let mut cursor = from.absent()?;
        while gone.len() < self.most {
            let Some(record) = cursor.next()? else { break };
            let image = pen.copy(&record.finding.image, NAME);
            let image = Some(image.as_str()).filter(|image| several && !image.is_empty());
            gone.push(row(&record, image, change::of_absent(&record), pen));
        }
        pulse.beat(facts.totals.findings)?;
        let part = |kind: usize, total, rows: Vec<ChangeRow>| {
            (total > 0).then(|| ChangePart { title: change::KINDS[kind].to_owned(), total, rows })
        };
        let [new, updated, unchanged, absent] = baseline.by_state;
        let (severity, vex) = (baseline.changed_severity, baseline.changed_vex);
        let figures = change::KINDS.into_iter().zip([new, absent, severity, vex, unchanged]);
        let both = (severity + vex).saturating_sub(updated);
        let parts = [
            part(0, new, self.new),
            part(1, absent, gone),
            part(2, severity, self.severity),
            part(3, vex, self.vex),
        ];
        Ok(Some(Changes {
            since: since(baseline, pen),
            note: note(baseline, both),
            figures: figures.map(|(name, count)| (name.to_owned(), count)).collect(),
            parts: parts.into_iter().flatten().collect(),
        }))
    }
}

/// The line of the first page.
pub(super) fn line(baseline: &BaselineFacts, changes: &Changes) -> String {
    if baseline.is_calm() {
        return format!("{} Nothing changed.", changes.since);
    }
    let count = export_templates::format::count;
    format!(
        "{} {} introduced, {} fixed, {} changed in severity, {} in VEX or status.",
        changes.since,
        counted(baseline.count(BaselineState::New), "finding is", "findings are"),
        count(baseline.count(BaselineState::Absent)),
        count(baseline.changed_severity),
        count(baseline.changed_vex),
    )
}

fn since(baseline: &BaselineFacts, pen: &Pen) -> String {
    let named = |scan: &ScanRef| {
        let when = scan.created_at.map(|at| format!(", {}", time(at))).unwrap_or_default();
        let image = pen.copy_or(&scan.image, NAME, "an unnamed image");
        format!("{} of {image}{when}", scan.id)
    };
    if let [scan] = baseline.scans.as_slice() {
        return format!("Compared with the scan {}.", named(scan));
    }
    let scans: Vec<String> = baseline.scans.iter().take(NAMED).map(named).collect();
    let more = baseline.scans.len() - scans.len();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("Compared with the scan before of each image: {}{more}.", scans.join("; "))
}

/// What the numbers do not say by themselves.
fn note(baseline: &BaselineFacts, both: u64) -> Option<String> {
    if baseline.is_calm() {
        return Some("Nothing changed.".to_owned());
    }
    (both > 0).then(|| {
        let (changed, verb) =
            if both == 1 { ("finding changed", "counts") } else { ("findings changed", "count") };
        format!("{} in both, and {verb} in both numbers.", counted(both, changed, changed))
    })
}

fn row(record: &FindingRecord<'_>, image: Option<&str>, state: String, pen: &Pen) -> ChangeRow {
    let finding = &record.finding;
    let what = finding.component.as_ref().map(|it| place::component(it, pen));
    let what = what.or_else(|| place::file(finding, pen));
    let place = match (what, image) {
        (Some(what), Some(image)) => format!("{what} in {image}"),
        (Some(what), None) => what,
        (None, image) => image.unwrap_or("the whole image").to_owned(),
    };
    ChangeRow {
        mark: Mark::from(finding.severity),
        id: pen.copy_or(finding.rule(), NAME, "no id"),
        link: words::link(finding.primary_url.as_deref()),
        title: pen.copy_some(&finding.title, TEXT),
        place,
        state,
    }
}
