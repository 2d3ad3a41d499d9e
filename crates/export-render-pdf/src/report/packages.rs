//! Packages over all images: what upgrades end, and which packages hold most.

use std::collections::{BTreeMap, HashMap, HashSet};

use export_core::finding::FixState;
use export_core::record::FindingRecord;
use export_render_kit::charts::{Mark, PackageBar, SeverityCounts};
use export_templates::view::Link;

use super::place;
use super::upgrade::Fixes;
use super::words::{self, NAME, Pen};

/// Packages, each in one version, that are kept.
const KEPT: usize = 20_000;
/// Ids of a package that are kept.
const IDS: usize = 6;

/// The packages with open findings so far.
#[derive(Default)]
pub(super) struct Packages {
    of: HashMap<(String, String), usize>,
    list: Vec<Package>,
    /// Open findings in packages that are not kept.
    pub(super) unplaced: u64,
    /// Open findings in packages without a fixed version, by what is known of a fix.
    pub(super) unfixed: BTreeMap<FixState, u64>,
    /// All open findings in packages.
    pub(super) open: u64,
}

/// One package in one version, in however many images.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) kind: Option<String>,
    pub(super) installed: String,
    pub(super) counts: SeverityCounts,
    pub(super) known_exploited: bool,
    pub(super) fixes: Fixes,
    /// The first ids, worst first.
    pub(super) ids: Vec<(String, Option<Link>)>,
    /// Whether it has more ids.
    pub(super) more_ids: bool,
    /// The images that have it with an open finding, sorted.
    pub(super) images: Vec<usize>,
}

impl Packages {
    /// One more open vulnerability.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: usize, pen: &Pen) {
        let finding = &record.finding;
        self.open += 1;
        if !finding.fix.is_available() {
            *self.unfixed.entry(finding.fix.state).or_default() += 1;
        }
        let component = finding.component.as_ref();
        let part = |text: Option<&str>, instead| pen.copy_or(text.unwrap_or_default(), NAME, instead);
        let name = part(component.map(|it| &*it.name), place::NO_PACKAGE);
        let installed = part(component.map(|it| &*it.version), place::NO_VERSION);
        let key = (name, installed);
        let at = match self.of.get(&key) {
            Some(at) => *at,
            None if self.list.len() == KEPT => {
                self.unplaced += 1;
                return;
            }
            None => {
                let kind = component.and_then(|it| pen.copy_some(&it.ecosystem, NAME));
                self.list.push(Package::new(&key, kind));
                self.of.insert(key, self.list.len() - 1);
                self.list.len() - 1
            }
        };
        self.list[at].add(record, image, pen);
    }

    /// Every package that is kept, in the order in which they were met.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Package> {
        self.list.iter()
    }

    /// The version that ends most findings of a package.
    pub(super) fn upgrade(&self, name: &str, installed: &str) -> Option<String> {
        let at = self.of.get(&(name.to_owned(), installed.to_owned()))?;
        self.list[*at].fixes.best(installed).map(|(version, _)| version)
    }

    /// The packages by name, whatever their version.
    pub(super) fn bars(&self) -> Vec<PackageBar> {
        let mut by_name: BTreeMap<&str, (SeverityCounts, HashSet<usize>)> = BTreeMap::new();
        for package in &self.list {
            let (counts, images) = by_name.entry(&package.name).or_default();
            *counts = counts.plus(&package.counts);
            images.extend(&package.images);
        }
        let bar = |(name, (counts, images)): (&str, (SeverityCounts, HashSet<usize>))| PackageBar {
            name: name.to_owned(),
            counts,
            images: images.len() as u64,
        };
        by_name.into_iter().map(bar).collect()
    }
}

impl Package {
    fn new((name, installed): &(String, String), kind: Option<String>) -> Self {
        Self {
            name: name.clone(),
            kind,
            installed: installed.clone(),
            counts: SeverityCounts::default(),
            known_exploited: false,
            fixes: Fixes::default(),
            ids: Vec::new(),
            more_ids: false,
            images: Vec::new(),
        }
    }

    fn add(&mut self, record: &FindingRecord<'_>, image: usize, pen: &Pen) {
        let finding = &record.finding;
        self.counts.add(Mark::from(finding.severity));
        self.known_exploited |= record.is_known_exploited();
        self.fixes.add(&pen.copy(&finding.fix.versions, NAME));
        if let Err(at) = self.images.binary_search(&image) {
            self.images.insert(at, image);
        }
        let id = pen.copy_or(finding.rule(), NAME, "no id");
        if self.ids.iter().all(|(known, _)| *known != id) {
            if self.ids.len() < IDS {
                self.ids.push((id, words::link(finding.primary_url.as_deref())));
            } else {
                self.more_ids = true;
            }
        }
    }

    /// Its worst severity.
    pub(super) fn mark(&self) -> Mark {
        let held = |mark: &Mark| self.counts.get(*mark) > 0;
        Mark::ALL.into_iter().find(held).unwrap_or(Mark::Unknown)
    }
}
