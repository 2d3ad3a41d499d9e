//! Open vulnerabilities by image and package, with the upgrade that ends most of each package.

use std::collections::{HashMap, HashSet};

use export_core::finding::{Decision, Finding, VexStatus};
use export_core::record::FindingRecord;
use export_core::scan::ScanRef;
use export_render_kit::charts::{Mark, SeverityCounts};
use export_templates::format;
use export_templates::view::{self, FindingRow, ImageDetail, PackageBlock};

use super::images::Images;
use super::plan::Plan;
use super::upgrade::Fixes;
use super::words::{self, NAME, Pen, TEXT, time};
use super::{place, remedy};

/// Rows with a description; the later, milder ones have a title.
const DESCRIBED: u64 = 2_000;
/// Images whose upgrades a report without single findings shows.
const UPGRADED: usize = 10;
/// Packages that are kept.
const PACKAGES: usize = 20_000;

/// The packages of each image so far.
pub(super) struct Detail {
    images: Vec<Image>,
    /// Where in its image a package is.
    places: HashMap<String, usize>,
    plan: Plan,
    /// Findings that belong to an image or package that is not kept.
    pub(super) unplaced: u64,
}

#[derive(Default)]
struct Image {
    /// Whether its packages are shown.
    kept: bool,
    counts: SeverityCounts,
    packages: Vec<Package>,
}

struct Package {
    block: PackageBlock,
    fixes: Fixes,
}

impl Detail {
    /// No packages yet. Which images are the worst is known from their totals.
    pub(super) fn new(images: &Images<'_>, plan: Plan) -> Self {
        let mut all: Vec<Image> = (0..images.count()).map(|_| Image::default()).collect();
        let most = if plan.lists_findings() { usize::MAX } else { UPGRADED };
        for index in images.worst_first(|index| images.open(index)).into_iter().take(most) {
            all[index].kept = true;
        }
        Self { images: all, places: HashMap::new(), plan, unplaced: 0 }
    }

    /// One more open vulnerability; `row` is the number of its row, if it has one.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: usize, row: Option<u64>, pen: &Pen) {
        let finding = &record.finding;
        let of_image = &mut self.images[image];
        of_image.counts.add(Mark::from(finding.severity));
        if row.is_none() && (self.plan.lists_findings() || !of_image.kept) {
            return;
        }
        // Where no findings are listed, copies of a package in several places are one upgrade.
        let location = self.plan.lists_findings().then(|| place::package_file(finding, pen)).flatten();
        let key = key(finding, image, location.as_deref());
        let index = match self.places.get(&key) {
            Some(index) => *index,
            None if self.places.len() == PACKAGES => {
                self.unplaced += 1;
                return;
            }
            None => {
                let index = of_image.packages.len();
                of_image.packages.push(Package::new(finding, location, pen));
                self.places.insert(key, index);
                index
            }
        };
        of_image.packages[index].add(record, row, pen);
    }

    /// The version that ends most findings of a package, if that package is kept.
    pub(super) fn upgrade(&self, image: usize, name: &str, installed: &str) -> Option<String> {
        let mut packages = self.images[image].packages.iter();
        let package = packages.find(|it| it.block.name == name && it.block.installed == installed)?;
        package.fixes.best(installed).map(|(version, _)| version)
    }

    /// The images, worst first, and how many more hold open vulnerabilities of which none has a row.
    pub(super) fn finish(mut self, images: &Images<'_>, pen: &Pen) -> (Vec<ImageDetail>, u64) {
        let counts: Vec<SeverityCounts> = self.images.iter().map(|image| image.counts).collect();
        let mut more = 0;
        let mut shown = Vec::new();
        for index in images.worst_first(|index| counts[index]) {
            let packages = std::mem::take(&mut self.images[index].packages);
            if packages.is_empty() && counts[index].total() > 0 {
                more += 1;
            } else {
                let head = image_head(&images.get(index).scan, counts[index], pen);
                let blocks = packages.into_iter().map(Package::finish).collect();
                shown.push(ImageDetail { tables: ImageDetail::tables_of(blocks), ..head });
            }
        }
        describe_once(&mut shown);
        (shown, more)
    }
}

impl Package {
    fn new(finding: &Finding<'_>, location: Option<String>, pen: &Pen) -> Self {
        let component = finding.component.as_ref();
        let block = PackageBlock {
            name: component.map_or_else(
                || place::NO_PACKAGE.to_owned(),
                |it| pen.copy_or(&it.name, NAME, place::NO_PACKAGE),
            ),
            kind: component.and_then(|it| pen.copy_some(&it.ecosystem, NAME)),
            location,
            installed: installed(finding, pen),
            fixed: None,
            open: 0,
            ended: 0,
            mark: Mark::from(finding.severity),
            known_exploited: false,
            continued: false,
            findings: Vec::new(),
        };
        Self { block, fixes: Fixes::default() }
    }

    fn add(&mut self, record: &FindingRecord<'_>, row: Option<u64>, pen: &Pen) {
        self.block.open += 1;
        self.block.known_exploited |= record.is_known_exploited();
        self.fixes.add(&pen.copy(&record.finding.fix.versions, NAME));
        if let Some(number) = row {
            self.block.findings.push(finding_row(record, number < DESCRIBED, pen));
        }
    }

    fn finish(mut self) -> PackageBlock {
        if let Some((version, ended)) = self.fixes.best(&self.block.installed) {
            self.block.fixed = Some(version);
            self.block.ended = ended;
        }
        self.block
    }
}

fn image_head(scan: &ScanRef, counts: SeverityCounts, pen: &Pen) -> ImageDetail {
    let when = scan.created_at.map(|at| format!(" {}", time(at))).unwrap_or_default();
    let with = pen.copy_some(&scan.tool, NAME).map(|tool| format!(" with {tool}")).unwrap_or_default();
    let known = !(when.is_empty() && with.is_empty());
    ImageDetail {
        name: pen.copy_or(&scan.image, NAME, "unnamed image"),
        digest: scan.image_digest.as_deref().map(format::short_digest),
        scan: known.then(|| format!("scanned{when}{with}")),
        counts,
        tables: Vec::new(),
    }
}

/// A description stands with the first finding of its vulnerability only.
fn describe_once(images: &mut [ImageDetail]) {
    let mut described = HashSet::new();
    let packages = images.iter_mut().flat_map(|it| &mut it.tables).flat_map(|it| &mut it.packages);
    for row in packages.flat_map(|it| &mut it.findings) {
        if row.description.is_some() && !described.insert(row.id.clone()) {
            row.description = None;
        }
    }
}

/// What makes a package of its own: the same name and version in another place is another thing to upgrade.
fn key(finding: &Finding<'_>, image: usize, location: Option<&str>) -> String {
    let component = finding.component.as_ref();
    let (name, version) = component.map_or(("", ""), |it| (&*it.name, &*it.version));
    let head = |text: &str| text.chars().take(NAME).collect::<String>();
    format!("{image}\0{}\0{}\0{}", head(name), head(version), location.unwrap_or_default())
}

fn installed(finding: &Finding<'_>, pen: &Pen) -> String {
    let version = finding.component.as_ref().map_or("", |it| &*it.version);
    pen.copy_or(version, NAME, place::NO_VERSION)
}

pub(super) fn finding_row(record: &FindingRecord<'_>, described: bool, pen: &Pen) -> FindingRow {
    let finding = &record.finding;
    let is_news = |text: &String| *text != *finding.title;
    FindingRow {
        mark: Mark::from(finding.severity),
        id: pen.copy_or(finding.rule(), NAME, "no id"),
        link: words::link(finding.primary_url.as_deref()),
        score: record.score().map(|score| score.to_string()),
        epss: record.epss().map(|epss| format::percent(epss.as_f64())),
        known_exploited: record.is_known_exploited(),
        fixed: pen.copy_some(&finding.fix.versions, NAME),
        unfixed: remedy::unfixed(finding.fix.state).to_owned(),
        vex: record.vex.as_ref().map(|vex| vex_status(vex.status)),
        verdict: record.decision().map(verdict),
        title: pen.copy_some(&finding.title, TEXT),
        description: described.then(|| words::description(&finding.description)).flatten().filter(is_news),
    }
}

const fn vex_status(status: VexStatus) -> view::VexStatus {
    match status {
        VexStatus::NotAffected => view::VexStatus::NotAffected,
        VexStatus::Affected => view::VexStatus::Affected,
        VexStatus::Fixed => view::VexStatus::Fixed,
        VexStatus::UnderInvestigation => view::VexStatus::UnderInvestigation,
    }
}

/// A policy's decision as reports show it.
pub(super) const fn verdict(decision: Decision) -> view::Verdict {
    match decision {
        Decision::Pass => view::Verdict::Pass,
        Decision::Warn => view::Verdict::Warn,
        Decision::Fail => view::Verdict::Fail,
        Decision::Waived => view::Verdict::Waived,
        Decision::Error => view::Verdict::Error,
    }
}
