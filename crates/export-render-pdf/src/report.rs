//! From a snapshot to the view of a report: one pass over the records, holding no more than the report shows.
//!
//! What a type and a template show is decided first ([`plan`]). Each part of the report has a module: those that need records
//! collect while one pass over them goes on ([`gathered`], [`passes`]); the others are made from the snapshot's facts alone.
//! Who prints the view, and how, is no business of this module.

mod changes;
mod charts;
mod compliance;
mod cover;
mod detail;
mod evidence;
mod first;
mod gathered;
mod glance;
mod history;
mod images;
mod method;
mod not_open;
mod other;
mod packages;
mod passes;
mod place;
mod plan;
mod policies;
mod remediation;
mod remedy;
mod seal;
mod state;
mod stream;
mod unlisted;
mod vulnerabilities;
mod words;

use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, RecordKind, RenderError, Snapshot, SnapshotFacts};
use export_core::warning::{Warning, WarningCode};
use export_render_kit::brand::Brand;
use export_render_kit::history::History;
use export_render_kit::upgrade;
use export_templates::{ReportView, view};

use self::gathered::Gathered;
use self::passes::Passes;
use self::plan::Plan;
pub(crate) use self::plan::Room;
use self::state::State;
pub(crate) use self::stream::{Listed, Rows, Which};
use self::words::counted;

/// Warnings that a report shows. The manifest has all of them.
const WARNINGS_SHOWN: usize = 40;

/// A report in words and numbers, before it has a form.
pub(crate) struct Report {
    /// What it says.
    pub(crate) view: ReportView,
    /// The records that have rows of their own, if the template has such rows.
    pub(crate) listed: Option<(RecordKind, u64)>,
    /// All rows of records: what makes it long.
    pub(crate) rows: u64,
    /// What is missing in it.
    pub(crate) warnings: Vec<Warning>,
}

/// Rows of records that the report has, with no limit but the request's; and whether they can be read while it is written.
pub(crate) fn wanted(brief: &Brief<'_>, facts: &SnapshotFacts, template: &TemplateRecord) -> (u64, bool) {
    let plan = Plan::of(brief, &template.name, facts, Room { most: u64::MAX, streams: false });
    (plan.wanted(facts), plan.can_stream())
}

/// Reads `from` and makes the report that `brief` asks for, with as many rows as there is room for, in the dress
/// of its tenant.
pub(crate) fn build(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    template: &TemplateRecord,
    room: Room,
    brand: &Brand,
) -> Result<Report, RenderError> {
    let facts = from.facts();
    let plan = Plan::of(brief, &template.name, facts, room);
    let history = plan.tells_history().then(|| History::of(facts));
    let state = history.as_ref().map_or_else(|| State::of_all(facts), State::of_newest);
    let passes = Passes::read(brief, from, plan, history.as_ref())?;
    let (listed, rows) = (passes.listed(facts), passes.rows(facts));
    let known = Known { brief, facts, template, plan, history, state, brand };
    let (view, warnings) = known.view(passes);
    Ok(Report { view, listed, rows, warnings })
}

/// What is known without reading records.
struct Known<'a> {
    brief: &'a Brief<'a>,
    facts: &'a SnapshotFacts,
    template: &'a TemplateRecord,
    plan: Plan,
    history: Option<History<'a>>,
    state: State<'a>,
    brand: &'a Brand,
}

impl Known<'_> {
    /// All sections in their words, and what is missing in them.
    fn view(&self, passes: Passes<'_>) -> (ReportView, Vec<Warning>) {
        let Self { brief, facts, template, plan, history, state, brand } = self;
        let (accent, history) = (brand.accent(), history.as_ref());
        let missing = passes.missing(facts, brief);
        let glance = passes.glance(facts, state, history, &accent);
        let charts = passes.charts(facts, state, &accent);
        let first_things = passes.first_things();
        let Passes { gathered, vulnerabilities, compliance, changes, .. } = passes;
        let Gathered { images, pen, packages, detail, statements, other, not_open, .. } = gathered;
        let prove = || evidence::section(brief, facts, (template, plan), statements, &pen);
        let (detailed, more_images) =
            if plan.tells_images() { detail.finish(&images, &pen) } else { (Vec::new(), 0) };
        let mut view = ReportView {
            kind: brief.request.kind.as_str().to_owned(),
            cover: cover::cover(brief, facts, &pen, brand),
            glance,
            changes,
            first_things,
            charts,
            policies: if plan.tells_compliance() { Vec::new() } else { policies::rows(facts, &pen) },
            history: history.map(|it| history::section(facts, it, plan, (&accent, &pen))),
            compliance,
            remediation: plan.tells_remediation().then(|| remediation::remediation(&packages, &images, plan)),
            vulnerabilities,
            unlisted: (!missing.is_empty()).then(|| missing.join(" ")),
            images: detailed,
            more_images,
            other_findings: other.finish(),
            not_open: not_open.finish(facts),
            warnings: Vec::new(),
            evidence: plan.proves().then(prove),
            method: method::method(brief, facts, template, plan),
            accent,
        };
        let told = |text: &String| Warning::new(WarningCode::RowsTruncated, text.clone());
        // Last of all, so that the pen knows of every text that was cut.
        let own: Vec<Warning> = missing.iter().map(told).chain(pen.shortened()).collect();
        view.warnings = shown(facts.warnings.iter().chain(&own));
        (view, own)
    }
}

fn shown<'w>(warnings: impl Iterator<Item = &'w Warning>) -> Vec<view::Warning> {
    let mut warnings = warnings.map(|warning| view::Warning {
        code: Some(warning.code.as_str().to_owned()),
        text: warning.message.clone(),
        place: warning.place.clone(),
    });
    let mut shown: Vec<view::Warning> = warnings.by_ref().take(WARNINGS_SHOWN).collect();
    let more = warnings.count() as u64;
    if more > 0 {
        let text = format!(
            "{} not shown here; the manifest has all.",
            counted(more, "more warning is", "more warnings are")
        );
        shown.push(view::Warning { code: None, text, place: None });
    }
    shown
}

#[cfg(test)]
mod tests;
