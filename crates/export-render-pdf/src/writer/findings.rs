//! Open findings by image and package, and those of other kinds.

use export_templates::format;
use export_templates::view::{FindingRow, ImageDetail, OtherGroup, PackageBlock, ReportView, VexStatus};
use export_typeset::{Banner, Cell, Column, Flow, Row, Run};

use super::parts::{counted, exploited, findings, id, tallied, text, verdict};
use super::{Done, stream};
use crate::engine::Page;

/// Upgrades of one image in a report without single findings.
const UPGRADES: usize = 5;

/// The findings in packages: from the view, or all from the snapshot where the view has no room for all.
pub(super) fn images(flow: &mut Flow<'_>, page: &Page<'_>) -> Done {
    let view = page.view;
    if view.vulnerabilities.is_some() || view.compliance.is_some() || view.history.is_some() {
        return Ok(());
    }
    if let Some(rows) = page.stream {
        return stream::findings(flow, rows);
    }
    if view.images.is_empty() && !view.other_findings.is_empty() {
        return Ok(());
    }
    flow.heading(2, "Detail")?;
    if let Some(unlisted) = &view.unlisted {
        flow.callout(&[Run::new(unlisted.as_str())])?;
    }
    let open = || view.images.iter().filter(|image| !image.tables.is_empty());
    if open().next().is_none() && view.other_findings.is_empty() {
        nothing(flow)?;
    }
    for image in open() {
        one_image(flow, image)?;
    }
    after_images(flow, view, "none of them has a row here")
}

/// The word that an empty scope is a result.
pub(super) fn nothing(flow: &mut Flow<'_>) -> Done {
    let text = "No open findings. What was looked at stands on the first page; the sources that were read, with their digests, are \
                under ";
    Ok(flow.paragraph(&[Run::new(text), Run::new("Method and proof").link("#method"), Run::new(".")])?)
}

fn after_images(flow: &mut Flow<'_>, view: &ReportView, what: &str) -> Done {
    if view.more_images > 0 {
        let more = counted(view.more_images, "more image holds", "more images hold");
        flow.aside(&format!("{more} open findings in packages: {what}."))?;
    }
    let clean: Vec<&str> =
        view.images.iter().filter(|image| image.tables.is_empty()).map(|image| image.name.as_str()).collect();
    let shows = view.images.len() > clean.len() || !view.other_findings.is_empty();
    if shows && !clean.is_empty() {
        flow.heading(3, "Images without open findings in packages")?;
        flow.paragraph(&[Run::new(clean.join(", "))])?;
    }
    Ok(())
}

fn banner(flow: &mut Flow<'_>, image: &ImageDetail) -> Done {
    let mut facts = Vec::new();
    if let Some(digest) = &image.digest {
        facts.extend([Run::new(digest.as_str()).mono(), Run::new("  ")]);
    }
    facts.extend(image.scan.as_deref().map(Run::new));
    let marks = export_render_kit::charts::Mark::ALL.into_iter();
    let counts = marks.filter(|mark| image.counts.get(*mark) > 0);
    let counts = counts.map(|mark| (mark, format::count(image.counts.get(mark)))).collect();
    Ok(flow.banner(&image.name, &Banner { facts, of: "open in packages", counts, anchor: None })?)
}

fn one_image(flow: &mut Flow<'_>, image: &ImageDetail) -> Done {
    banner(flow, image)?;
    let mut table = flow.table(&[
        Column::mm("", 8.0),
        Column::mm("Finding", 36.0).head(),
        Column::mm("Score", 11.0).right(),
        Column::mm("EPSS", 15.0).right(),
        Column::mm("Exploited", 17.0),
        Column::mm("Fixed in", 56.0),
        Column::mm("VEX", 22.0),
        Column::rest("Verdict"),
    ])?;
    for package in image.tables.iter().flat_map(|table| &table.packages) {
        // The browser's tables are short, and say again where a package goes on; here a page does.
        if !package.continued {
            table.group(&package_head(package), &format!("{}, continued", package.name))?;
        }
        for row in &package.findings {
            table.row(&finding(row))?;
        }
    }
    Ok(table.finish()?)
}

fn package_head(package: &PackageBlock) -> Cell<'_> {
    let mut runs = vec![Run::new(package.name.as_str()).semibold(), Run::new("  ")];
    runs.extend(versions(package));
    runs.push(Run::new(match &package.fixed {
        Some(_) => format!("  ends {}", ended(package)),
        None => format!(": no fix yet for {}", findings(package.open)),
    }));
    let cell = Cell::runs(runs);
    match &package.location {
        Some(location) => cell.line(vec![Run::new(location.as_str()).quiet()]),
        None => cell,
    }
}

fn versions(package: &PackageBlock) -> Vec<Run<'_>> {
    let installed = Run::new(package.installed.as_str()).mono();
    match &package.fixed {
        Some(fixed) => vec![installed, Run::new(" → "), Run::new(fixed.as_str()).mono()],
        None => vec![installed],
    }
}

fn ended(package: &PackageBlock) -> String {
    if package.ended < package.open {
        format!("{} of {}", format::count(package.ended), findings(package.open))
    } else {
        findings(package.open)
    }
}

fn finding(row: &FindingRow) -> Row<'_> {
    let cells = [
        Cell::mark(row.mark),
        Cell::new(id(&row.id, row.link.as_ref())),
        text(row.score.as_deref()),
        text(row.epss.as_deref()),
        exploited(row.known_exploited),
        fixed(row),
        vex(row.vex),
        verdict(row.verdict),
    ];
    let mut under = Cell::default();
    under = match &row.title {
        Some(title) => under.line(vec![Run::new(title.as_str())]),
        None => under,
    };
    under = match &row.description {
        Some(description) => under.line(vec![Run::new(description.as_str()).quiet()]),
        None => under,
    };
    Row::new(cells).under(1, 6, under.clip(5))
}

/// The fixed version, or what is known instead.
pub(super) fn fixed(row: &FindingRow) -> Cell<'_> {
    match &row.fixed {
        Some(fixed) => Cell::new(fixed.as_str()),
        None => Cell::new(Run::new(row.unfixed.as_str()).quiet()),
    }
}

/// What a VEX statement says.
pub(super) fn vex<'a>(status: Option<VexStatus>) -> Cell<'a> {
    Cell::new(match status {
        None => super::parts::NONE,
        Some(VexStatus::Affected) => "affected",
        Some(VexStatus::NotAffected) => "not affected",
        Some(VexStatus::Fixed) => "fixed",
        Some(VexStatus::UnderInvestigation) => "under investigation",
    })
}

/// The upgrades of the worst images.
pub(super) fn upgrades(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.images.is_empty() {
        return Ok(());
    }
    flow.heading(2, "Upgrades by image")?;
    if let Some(unlisted) = &view.unlisted {
        flow.callout(&[Run::new(unlisted.as_str())])?;
    }
    let open: Vec<&ImageDetail> = view.images.iter().filter(|image| !image.tables.is_empty()).collect();
    if open.is_empty() && view.other_findings.is_empty() {
        nothing(flow)?;
    }
    for image in open {
        banner(flow, image)?;
        let packages: Vec<&PackageBlock> =
            image.tables.iter().flat_map(|it| &it.packages).filter(|it| !it.continued).collect();
        let mut table = flow.table(&[
            Column::mm("", 8.0),
            Column::mm("Package", 60.0).head(),
            Column::mm("Installed → fixed", 72.0),
            Column::rest("The upgrade ends"),
        ])?;
        for package in packages.iter().take(UPGRADES) {
            table.row(&upgrade(package))?;
        }
        table.finish()?;
        if packages.len() > UPGRADES {
            let more = counted((packages.len() - UPGRADES) as u64, "more package", "more packages");
            flow.aside(&format!("{more} of this image: see the detailed report."))?;
        }
    }
    after_images(flow, view, "see the detailed report")?;
    if !view.other_findings.is_empty() {
        flow.heading(3, "Of other kinds")?;
        let groups: Vec<String> = view
            .other_findings
            .iter()
            .map(|it| format!("{}: {}", it.title, format::count(it.total)))
            .collect();
        flow.paragraph(&[Run::new(format!("{}.", groups.join("; ")))])?;
    }
    Ok(())
}

fn upgrade(package: &PackageBlock) -> Row<'_> {
    let mut name = vec![Run::new(package.name.as_str()).semibold()];
    if package.known_exploited {
        name.push(Run::new("  known exploited").semibold().alert());
    }
    let mut versions = versions(package);
    if package.fixed.is_none() {
        versions.extend([Run::new(" → "), Run::new("no fix").quiet()]);
    }
    let ends = match &package.fixed {
        Some(_) => ended(package),
        None => format!("none: {} open", format::count(package.open)),
    };
    Row::new([Cell::mark(package.mark), Cell::runs(name), Cell::runs(versions), Cell::new(ends)])
}

/// Findings of other kinds.
pub(super) fn other(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if !view.other_findings.iter().any(|group| !group.rows.is_empty()) {
        return Ok(());
    }
    flow.heading(2, "Configuration, secrets, licences, code")?;
    view.other_findings.iter().try_for_each(|group| other_group(flow, group))
}

fn other_group(flow: &mut Flow<'_>, group: &OtherGroup) -> Done {
    tallied(flow, 3, &group.title, group.rows.len(), group.total)?;
    if group.rows.is_empty() {
        return Ok(());
    }
    let mut table = flow.table(&[
        Column::mm("", 8.0),
        Column::mm("Rule", 30.0).head(),
        Column::mm("Finding", 70.0),
        Column::mm("Where", 54.0),
        Column::rest("Verdict"),
    ])?;
    for row in &group.rows {
        let mut finding = Cell::new(row.title.as_str());
        if let Some(message) = &row.message {
            finding = finding.line(vec![Run::new(message.as_str()).quiet()]);
        }
        table.row(&Row::new([
            Cell::mark(row.mark),
            Cell::new(id(&row.id, row.link.as_ref())),
            finding,
            Cell::new(Run::new(row.place.as_str()).mono()),
            verdict(row.verdict),
        ]))?;
    }
    Ok(table.finish()?)
}
