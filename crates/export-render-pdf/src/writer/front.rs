//! The first page: what this is, the state, what to do first, what changed.

use export_templates::format;
use export_templates::view::{ChangePart, Figure, ReportView, Trend};
use export_typeset::{Cell, Change, Column, Fact, Flow, Row, Run, Tile};

use super::parts::{id, tallied};
use super::{Done, picture};

/// Millimetres that a logo has room in.
const LOGO: (f32, f32) = (60.0, 14.0);
/// Images on the first page.
const IMAGES: usize = 6;
/// Rows of "First things first".
const FIRST: usize = 10;

/// The head of the report.
pub(super) fn cover(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let cover = &view.cover;
    if let Some(logo) = &cover.logo {
        flow.image(logo.logo().bytes(), &format!("Logo of {}", cover.tenant), LOGO)?;
        flow.space(2.0)?;
    }
    flow.paragraph(&[Run::new(cover.tenant.as_str()).semibold().accent()])?;
    flow.heading(1, &cover.title)?;
    let mut images: Vec<Vec<Run<'_>>> = cover.images.iter().take(IMAGES).map(image).collect();
    if images.is_empty() {
        images.push(vec![Run::new("None named")]);
    }
    if cover.images.len() > IMAGES {
        let more = format::count((cover.images.len() - IMAGES) as u64);
        let text = format!("and {more} more, all listed under Method and proof");
        images.push(vec![Run::new(text).link("#images")]);
    }
    let sets = cover.policy_sets.join(", ");
    let name = if cover.images.len() == 1 { "Image" } else { "Images" };
    let mut facts = vec![Fact::wide(name, images)];
    facts.extend(cover.period.as_deref().map(|period| Fact::new("Period", period)));
    if !sets.is_empty() {
        facts
            .push(Fact::new(if cover.policy_sets.len() == 1 { "Policy set" } else { "Policy sets" }, &*sets));
    }
    facts.push(Fact::new("Generated", cover.generated_at.as_str()));
    facts.extend(cover.classification.as_deref().map(|label| Fact::new("Classification", label)));
    facts.push(Fact::new("Snapshot", Run::new(cover.snapshot.as_str()).mono()));
    facts.extend(cover.custom.iter().map(|fact| Fact::new(&fact.label, fact.value.as_str())));
    Ok(flow.facts(&facts)?)
}

fn image(image: &export_templates::view::ScopeImage) -> Vec<Run<'_>> {
    let mut runs = vec![Run::new(image.name.as_str()).semibold()];
    if let Some(digest) = &image.digest {
        runs.extend([Run::new("  "), Run::new(digest.as_str()).mono().quiet()]);
    }
    runs
}

/// The state in numbers and a sentence.
pub(super) fn glance(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let glance = &view.glance;
    flow.heading(2, "At a glance")?;
    let tiles: Vec<Tile<'_>> = glance.figures.iter().map(tile).collect();
    flow.tiles(&tiles)?;
    if let Some(baseline) = &glance.baseline {
        flow.paragraph(&[Run::new(baseline.as_str()).quiet().small()])?;
    }
    flow.lead(&[Run::new(glance.sentence.as_str())])?;
    if let Some(distribution) = &glance.distribution {
        picture::draw(flow, distribution)?;
    }
    let told = match view.warnings.len() {
        0 => return Ok(()),
        1 => "One thing was".to_owned(),
        more => format!("{more} things were"),
    };
    let text = format!("{told} not done as asked: see Warnings under Method and proof.");
    Ok(flow.callout(&[Run::new(text).link("#warnings")])?)
}

fn tile(figure: &Figure) -> Tile<'_> {
    let change = figure.change.as_ref().map(|change| {
        let trend = match change.trend {
            Trend::Better => Change::Better,
            Trend::Same => Change::Same,
            Trend::Worse => Change::Worse,
        };
        (trend, change.text.as_str())
    });
    Tile {
        label: &figure.label,
        mark: figure.mark,
        value: &figure.value,
        change,
        note: figure.note.as_deref(),
    }
}

/// The findings to act on first.
pub(super) fn first_things(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.first_things.is_empty() {
        return Ok(());
    }
    flow.heading(2, "First things first")?;
    let mut table = flow.table(&[
        Column::mm("", 7.0).right(),
        Column::mm("", 8.0),
        Column::mm("Finding", 84.0).head(),
        Column::mm("Why it is here", 34.0),
        Column::rest("What ends it"),
    ])?;
    for (index, row) in view.first_things.iter().take(FIRST).enumerate() {
        let finding = Cell::runs(vec![id(&row.id, row.link.as_ref())])
            .line(vec![Run::new(row.title.as_str())])
            .line(vec![Run::new(row.place.as_str()).quiet()])
            .clip(6);
        let mut why = Cell::default();
        for reason in &row.reasons {
            why = why.line(vec![Run::new(reason.as_str())]);
        }
        table.row(&Row::new([
            Cell::new(Run::new(format!("{}", index + 1)).quiet()),
            Cell::mark(row.mark),
            finding,
            why,
            Cell::new(row.action.as_str()).clip(6),
        ]))?;
    }
    Ok(table.finish()?)
}

/// What came, what went and what changed since earlier scans.
pub(super) fn changes(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(changes) = &view.changes else { return Ok(()) };
    flow.heading(2, "What changed")?;
    let mut told = vec![Run::new(changes.since.as_str())];
    if let Some(note) = &changes.note {
        told.extend([Run::new(" "), Run::new(note.as_str())]);
    }
    flow.paragraph(&told)?;
    let numbers: Vec<String> = changes.figures.iter().map(|(_, number)| format::count(*number)).collect();
    let labelled = changes.figures.iter().map(|(label, _)| label.as_str()).zip(&numbers);
    let tiles = labelled.map(|(label, value)| Tile { label, value, mark: None, change: None, note: None });
    flow.tiles(&tiles.collect::<Vec<_>>())?;
    changes.parts.iter().try_for_each(|part| change_part(flow, part))
}

fn change_part(flow: &mut Flow<'_>, part: &ChangePart) -> Done {
    if part.rows.is_empty() {
        return Ok(());
    }
    tallied(flow, 3, &part.title, part.rows.len(), part.total)?;
    let mut table = flow.table(&[
        Column::mm("", 8.0),
        Column::mm("Finding", 36.0).head(),
        Column::mm("In", 50.0),
        Column::rest("Title"),
        Column::mm("State", 34.0),
    ])?;
    for row in &part.rows {
        table.row(&Row::new([
            Cell::mark(row.mark),
            Cell::new(id(&row.id, row.link.as_ref())),
            Cell::new(row.place.as_str()),
            super::parts::text(row.title.as_deref()).clip(2),
            Cell::new(row.state.as_str()),
        ]))?;
    }
    Ok(table.finish()?)
}
