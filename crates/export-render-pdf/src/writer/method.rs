//! Where the facts come from, and how to check them.

use export_templates::view::ReportView;
use export_typeset::{Cell, Column, Flow, Item, Row, Run};

use super::Done;
use super::parts::{count, counted, text};

/// Images that the first page has room for.
const ON_COVER: usize = 6;

/// Warnings, sources, request, decisions, verification.
pub(super) fn section(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let method = &view.method;
    flow.anchored(2, "Method and proof", Some("method"))?;
    warnings(flow, view)?;
    sources(flow, view)?;
    if !method.request.is_empty() {
        flow.heading(3, "What was asked")?;
        let pairs: Vec<(&str, Vec<Run<'_>>)> = method
            .request
            .iter()
            .map(|fact| (fact.label.as_str(), vec![Run::new(fact.value.as_str())]))
            .collect();
        flow.pairs(&pairs)?;
    }
    images(flow, view)?;
    if !method.decided.is_empty() {
        flow.heading(3, "How ids and severities were decided")?;
        for paragraph in &method.decided {
            flow.paragraph(&[Run::new(paragraph.as_str())])?;
        }
    }
    if !method.verify.is_empty() {
        flow.anchored(3, "How to verify this report", Some("verify"))?;
        let steps: Vec<Item<'_>> = method
            .verify
            .iter()
            .map(|step| Item { runs: vec![Run::new(step.text.as_str())], code: step.command.as_deref() })
            .collect();
        flow.list(true, &steps)?;
    }
    Ok(flow.aside(&format!(
        "Made by {} with the template {}. Digests are shortened to 12 characters; the manifest has them whole.",
        method.generator, method.template
    ))?)
}

fn warnings(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.warnings.is_empty() {
        return Ok(());
    }
    flow.anchored(3, "Warnings", Some("warnings"))?;
    for warning in &view.warnings {
        let mut runs = vec![Run::new(warning.text.as_str())];
        runs.extend(warning.place.as_deref().map(|place| Run::new(format!(" {place}")).mono()));
        runs.extend(warning.code.as_deref().map(|code| Run::new(format!(" {code}")).mono().quiet()));
        flow.callout(&runs)?;
    }
    Ok(())
}

fn sources(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let method = &view.method;
    flow.heading(3, "What was read")?;
    if method.sources.is_empty() {
        return Ok(flow.paragraph(&[Run::new("No source was read.")])?);
    }
    flow.caption(&[Run::new(format!("Read at {}.", method.taken_at)).quiet()])?;
    let mut table = flow.table(&[
        Column::mm("Source", 34.0).head(),
        Column::rest("Asked for"),
        Column::mm("Digest", 28.0),
        Column::mm("Records", 18.0).right(),
    ])?;
    let whole = view.evidence.is_some();
    for source in &method.sources {
        let mut asked = Cell::new(Run::new(source.query.as_str()).mono());
        if let Some(digest) = source.whole_digest.as_deref().filter(|_| whole) {
            asked = asked.line(vec![Run::new(digest).mono().quiet()]);
        }
        table.row(&Row::new([
            Cell::new(Run::new(source.name.as_str()).semibold()),
            asked,
            match &source.digest {
                Some(digest) => Cell::new(Run::new(digest.as_str()).mono()),
                None => text(None),
            },
            count(source.records),
        ]))?;
    }
    table.finish()?;
    if method.more_sources > 0 {
        let more = counted(method.more_sources, "more source was", "more sources were");
        flow.aside(&format!("{more} read: the manifest lists all."))?;
    }
    Ok(())
}

fn images(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let images = &view.cover.images;
    if images.len() <= ON_COVER {
        return Ok(());
    }
    flow.anchored(3, "Images that were looked at", Some("images"))?;
    let mut table = flow.table(&[Column::rest("Image").head(), Column::mm("Digest", 28.0)])?;
    for image in images {
        table.row(&Row::new([
            Cell::new(Run::new(image.name.as_str()).mono()),
            match &image.digest {
                Some(digest) => Cell::new(Run::new(digest.as_str()).mono()),
                None => text(None),
            },
        ]))?;
    }
    Ok(table.finish()?)
}
