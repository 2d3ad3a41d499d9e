//! Vulnerabilities over all images, each once, as many as the report has room for.

use std::collections::BTreeMap;

use export_core::ports::{Pulse, RenderError, Snapshot};
use export_core::record::FindingStatus;
use export_core::vulnerability::{Affected, VulnerabilityRecord};
use export_render_kit::charts::Mark;
use export_templates::format;
use export_templates::view::{AffectedComponent, Count, Vulnerabilities, VulnerabilityRow};

use super::detail::verdict;
use super::images::Images;
use super::remedy;
use super::words::{self, NAME, Pen, TEXT};

/// Images and components that a row names.
const NAMED: usize = 3;
/// Other ids that a row names.
const ALIASES: usize = 3;
/// Records between two beats.
const BEAT: u64 = 500;

/// The first `most` vulnerabilities of the snapshot: those with open findings first, the worst first.
pub(super) fn read(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    (images, pen): (&Images<'_>, &Pen),
    most: u64,
) -> Result<Vulnerabilities, RenderError> {
    let mut rows = Vec::new();
    let mut cursor = from.vulnerabilities()?;
    while (rows.len() as u64) < most {
        let Some(record) = cursor.next()? else { break };
        rows.push(row(&record, images, pen)?);
        if (rows.len() as u64).is_multiple_of(BEAT) {
            pulse.beat(0)?;
        }
    }
    Ok(Vulnerabilities { total: from.facts().vulnerabilities.unwrap_or(rows.len() as u64), rows })
}

pub(super) fn row(
    record: &VulnerabilityRecord<'_>,
    images: &Images<'_>,
    pen: &Pen,
) -> Result<VulnerabilityRow, RenderError> {
    let is_news = |text: &String| *text != *record.title;
    let (named, all) = places(record, images)?;
    let (components, more_components) = components(record, pen);
    Ok(VulnerabilityRow {
        mark: Mark::from(record.severity),
        id: pen.copy_or(&record.id, NAME, "no id"),
        aliases: record.aliases.iter().take(ALIASES).filter_map(|it| pen.copy_some(it, NAME)).collect(),
        link: words::link(record.primary_url.as_deref()),
        title: pen.copy_some(&record.title, TEXT),
        description: words::description(&record.description).filter(is_news),
        score: record.rating.as_ref().and_then(|it| it.score).map(|score| score.to_string()),
        epss: record.epss.map(|it| format::percent(it.probability.as_f64())),
        known_exploited: record.known_exploited.is_some(),
        published: record.published.map(|at| format::date(at.to_utc())),
        findings: record.findings,
        open: record.open,
        statuses: statuses(record),
        more_images: all.saturating_sub(named.len() as u64),
        images: named,
        components,
        more_components,
        verdict: record.decision.map(verdict),
    })
}

fn statuses(record: &VulnerabilityRecord<'_>) -> Vec<Count> {
    let counts = FindingStatus::ALL.into_iter().zip(record.by_status);
    let some = counts.filter(|(_, count)| *count > 0);
    some.map(|(status, count)| Count { what: status.as_str().replace('_', " "), count }).collect()
}

/// The first images that have it, open ones if there are any, and how many there are.
fn places(record: &VulnerabilityRecord<'_>, images: &Images<'_>) -> Result<(Vec<String>, u64), RenderError> {
    let open = record.open_scans > 0;
    let wanted = record.affected.iter().filter(|it| !open || it.status.is_open());
    let mut named: Vec<usize> = Vec::new();
    for affected in wanted {
        let image = images.index(&affected.scan_id)?;
        if !named.contains(&image) {
            named.push(image);
        }
        if named.len() == NAMED {
            break;
        }
    }
    // Where there is one image, it goes without saying.
    named.truncate(if images.count() > 1 { NAMED } else { 0 });
    let labels = named.into_iter().map(|image| images.label(image).to_owned()).collect();
    Ok((labels, if open { record.open_scans } else { record.scans }))
}

/// The components, those with open findings first, and how many are left out.
fn components(record: &VulnerabilityRecord<'_>, pen: &Pen) -> (Vec<AffectedComponent>, u64) {
    let mut groups: BTreeMap<(bool, &str, &str, &str), (u64, &Affected<'_>)> = BTreeMap::new();
    let mut last = None;
    for affected in &record.affected {
        let key = (!affected.status.is_open(), &*affected.component, &*affected.version, &*affected.fixed);
        let group = groups.entry(key).or_insert((0, affected));
        // Entries of one scan stand together: another scan is another image.
        group.0 += u64::from(last != Some((&affected.scan_id, key)));
        last = Some((&affected.scan_id, key));
    }
    let more = groups.len().saturating_sub(NAMED) as u64;
    let component = |(images, it): (u64, &Affected<'_>)| AffectedComponent {
        name: pen.copy_or(&it.component, NAME, super::place::NO_PACKAGE),
        installed: pen.copy_some(&it.version, NAME),
        fixed: pen.copy_some(&it.fixed, NAME),
        unfixed: remedy::unfixed(it.fix_state).to_owned(),
        images,
    };
    (groups.into_values().take(NAMED).map(component).collect(), more)
}
