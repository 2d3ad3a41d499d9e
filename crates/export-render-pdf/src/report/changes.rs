//! What came and what went since an earlier scan.

use export_core::ports::{Pulse, RenderError, Snapshot};
use export_core::record::{BaselineState, FindingRecord};
use export_render_kit::charts::Mark;
use export_templates::view::{ChangeRow, Changes};

use super::place;
use super::words::{self, NAME, Pen, TEXT, counted, time};

/// Rows of each list, and in a report for those who decide.
const LISTED: usize = 10;
const LISTED_IN_SHORT: usize = 5;

/// The rows so far.
pub(super) struct Changed {
    most: usize,
    new: Vec<ChangeRow>,
    updated: Vec<ChangeRow>,
}

impl Changed {
    /// No rows yet.
    pub(super) const fn new(short: bool) -> Self {
        let most = if short { LISTED_IN_SHORT } else { LISTED };
        Self { most, new: Vec::new(), updated: Vec::new() }
    }

    /// One more record of the scope, in the image that is named if there are several. Without a baseline it stands to nothing.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: Option<&str>, pen: &Pen) {
        let rows = match record.baseline {
            Some(BaselineState::New) => &mut self.new,
            Some(BaselineState::Updated) => &mut self.updated,
            Some(BaselineState::Unchanged | BaselineState::Absent) | None => return,
        };
        if rows.len() < self.most {
            rows.push(row(record, image, pen));
        }
    }

    /// The section, if the snapshot has a baseline.
    pub(super) fn finish(
        self,
        from: &dyn Snapshot,
        pulse: &dyn Pulse,
        pen: &Pen,
    ) -> Result<Option<Changes>, RenderError> {
        let Some(baseline) = &from.facts().baseline else { return Ok(None) };
        let mut gone = Vec::new();
        let mut cursor = from.absent()?;
        while gone.len() < self.most {
            let Some(record) = cursor.next()? else { break };
            gone.push(row(&record, None, pen));
        }
        pulse.beat(from.facts().totals.findings)?;
        let scan = &baseline.scan;
        let when = scan.created_at.map(|at| format!(", {}", time(at))).unwrap_or_default();
        let image = pen.copy_or(&scan.image, NAME, "an unnamed image");
        Ok(Some(Changes {
            since: format!("Compared with the scan {} of {image}{when}.", scan.id),
            introduced: baseline.count(BaselineState::New),
            gone: baseline.count(BaselineState::Absent),
            changed: baseline.count(BaselineState::Updated),
            unchanged: baseline.count(BaselineState::Unchanged),
            introduced_rows: self.new,
            gone_rows: gone,
            changed_rows: self.updated,
        }))
    }
}

/// The line of the first page.
pub(super) fn line(changes: &Changes) -> String {
    let are = |count, what| format!("{} {what}", counted(count, "finding is", "findings are"));
    format!(
        "{} {}, {} gone, {} changed.",
        changes.since,
        are(changes.introduced, "new"),
        export_templates::format::count(changes.gone),
        export_templates::format::count(changes.changed),
    )
}

fn row(record: &FindingRecord<'_>, image: Option<&str>, pen: &Pen) -> ChangeRow {
    let finding = &record.finding;
    let what = finding.component.as_ref().map(|it| place::component(it, pen));
    let what = what.or_else(|| place::file(finding, pen));
    let place = match (what, image) {
        (Some(what), Some(image)) => format!("{what} in {image}"),
        (Some(what), None) => what,
        (None, image) => image.unwrap_or("the whole image").to_owned(),
    };
    let known = if record.is_known_exploited() { ", known exploited" } else { "" };
    ChangeRow {
        mark: Mark::from(finding.severity),
        id: pen.copy_or(finding.rule(), NAME, "no id"),
        link: words::link(finding.primary_url.as_deref()),
        title: pen.copy_some(&finding.title, TEXT),
        place,
        state: format!("{}{known}", record.status.as_str().replace('_', " ")),
    }
}
