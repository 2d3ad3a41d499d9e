//! The head of the first page: what this is a report of.

use std::collections::BTreeSet;

use export_core::catalogue::ExportType;
use export_core::ports::{Brief, SnapshotFacts};
use export_core::request::DateRange;
use export_core::time::DateBound;
use export_render_kit::brand::Brand;
use export_templates::format;
use export_templates::view::{Cover, Fact, LogoImage, ScopeImage};

use super::words::{NAME, Pen, time};

/// The custom field that is printed on every page as the classification label.
const CLASSIFICATION: &str = "classification";

/// The scope and the facts of the request.
pub(super) fn cover(brief: &Brief<'_>, facts: &SnapshotFacts, pen: &Pen, brand: &Brand) -> Cover {
    let request = brief.request;
    let fields = &request.options.custom_fields;
    let is_label = |name: &str| name.eq_ignore_ascii_case(CLASSIFICATION);
    Cover {
        title: kind_of(brief).title().to_owned(),
        tenant: brand.name_of(brief.tenant),
        logo: brand.logo.clone().map(LogoImage::from),
        images: images(facts, pen),
        period: request.scope.date_range.as_ref().map(period),
        policy_sets: request.scope.policy_sets.clone(),
        generated_at: time(brief.created_at),
        classification: fields.iter().find(|(name, _)| is_label(name)).map(|(_, label)| label.clone()),
        snapshot: facts.digest.short(),
        custom: fields
            .iter()
            .filter(|(name, _)| !is_label(name))
            .map(|(label, value)| Fact { label: label.clone(), value: value.clone() })
            .collect(),
    }
}

/// `2026-11-01 00:00 UTC to 2026-11-23 14:05 UTC`.
pub(super) fn period(range: &DateRange) -> String {
    let bound = |bound: DateBound| match bound {
        DateBound::At(at) => time(at),
        DateBound::Ago(_) => bound.to_string(),
    };
    format!("{} to {}", bound(range.start), bound(range.end))
}

/// Each image once, however often it was scanned.
fn images(facts: &SnapshotFacts, pen: &Pen) -> Vec<ScopeImage> {
    let mut seen = BTreeSet::new();
    let scans = facts.scans.iter().map(|it| &it.scan);
    let once = scans.filter(|scan| seen.insert((&scan.image, &scan.image_digest)));
    once.map(|scan| ScopeImage {
        name: pen.copy_or(&scan.image, NAME, "unnamed image"),
        digest: scan.image_digest.as_deref().map(format::short_digest),
    })
    .collect()
}

/// What the page is about: the bundle that it goes with, if there is one.
fn kind_of(brief: &Brief<'_>) -> ExportType {
    if brief.seal.is_some() { ExportType::EvidenceBundle } else { brief.request.kind }
}
