//! From a snapshot to the view of a report: one pass over the records, holding no more than the report shows.
//!
//! Each part of the report has a module: those that need records (`first`, `detail`, `other`, `not_open`) collect in
//! [`Gathered`] while the pass goes on; the others are made from the snapshot's facts alone.

mod charts;
mod cover;
mod detail;
mod first;
mod gathered;
mod glance;
mod images;
mod method;
mod not_open;
mod other;
mod place;
mod policies;
mod remedy;
mod rows;
mod unlisted;
mod upgrade;
mod version;
mod words;

use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, RenderError, Snapshot};
use export_core::warning::{Warning, WarningCode};
use export_render_kit::rows::for_each_finding;
use export_templates::{Accent, ReportView, view};

use self::gathered::Gathered;
use self::rows::Depth;
use self::words::counted;

/// Warnings that a report shows. The manifest has all of them.
const WARNINGS_SHOWN: usize = 40;

/// A report in words and numbers, before it has a form.
pub(crate) struct Report {
    /// What it says.
    pub(crate) view: ReportView,
    /// How many findings have a row of their own; `None` if the template has no such rows.
    pub(crate) listed: Option<u64>,
    /// What is missing in it.
    pub(crate) warnings: Vec<Warning>,
}

/// Reads `from` once and makes the report that `brief` asks for.
pub(crate) fn build(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    template: &TemplateRecord,
) -> Result<Report, RenderError> {
    let facts = from.facts();
    let depth = Depth::of(&template.name, &brief.request.options);
    let mut gathered = Gathered::new(facts, brief.request.kind, depth);
    for_each_finding(from, brief.pulse, |record| gathered.add(record))?;

    let unlisted = unlisted::told(&gathered, facts, brief.request);
    let missing = unlisted.clone().map(|text| Warning::new(WarningCode::RowsTruncated, text));
    let listed = depth.lists_findings().then_some(gathered.listed);
    let Gathered { images, fixes, first, detail, other, not_open, pen, .. } = gathered;
    let first_things = first.finish(&images, &detail);
    let (detailed, more_images) = detail.finish(&images, &pen);
    let (cover, policies) = (cover::cover(brief, facts, &pen), policies::rows(facts, &pen));
    // Last of all that copies texts, so that it knows of every one that was cut.
    let own: Vec<Warning> = missing.into_iter().chain(pen.shortened()).collect();
    let view = ReportView {
        kind: brief.request.kind.as_str().to_owned(),
        accent: Accent::default(),
        cover,
        glance: glance::glance(facts, &fixes),
        first_things,
        charts: charts::charts(facts, &images, &fixes),
        policies,
        changes: None,
        history: None,
        compliance: None,
        remediation: None,
        vulnerabilities: None,
        evidence: None,
        unlisted,
        images: detailed,
        more_images,
        other_findings: other.finish(),
        not_open: not_open.finish(facts),
        warnings: shown(facts.warnings.iter().chain(&own)),
        method: method::method(brief, facts, template, depth),
    };
    Ok(Report { view, listed, warnings: own })
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
