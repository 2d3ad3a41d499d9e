//! First things first: the ten open findings to act on before all others.
//!
//! Findings of one vulnerability in one package are one row, in however many images. Order: known exploited, then EPSS,
//! then CVSS, then severity. Candidates beyond [`KEPT`] are dropped on the way, so that memory stays bounded.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use export_core::record::FindingRecord;
use export_render_kit::charts::Mark;
use export_render_kit::urgency::{Urgency, urgency};
use export_templates::format;
use export_templates::view::{FirstThing, Link};

use super::images::Images;
use super::words::{self, NAME, Pen, TEXT, capitalised, counted};
use super::{remedy, upgrade};

/// Rows that a report has.
const ROWS: usize = 10;
/// Candidates that are kept: so many more than rows that a group's records, which rank alike, are all met.
const KEPT: usize = 500;

/// The version to upgrade a package to: by image, name and installed version.
pub(super) type Upgrades<'a> = dyn Fn(usize, &str, &str) -> Option<String> + 'a;

/// The most urgent groups so far.
#[derive(Default)]
pub(super) struct FirstThings {
    groups: HashMap<String, Group>,
    /// The rank of the least urgent group when some were last dropped.
    least: Option<Urgency>,
}

struct Group {
    rank: Urgency,
    mark: Mark,
    id: String,
    link: Option<Link>,
    title: String,
    package: Option<String>,
    installed: Option<String>,
    /// Whether all its images have that version.
    same_version: bool,
    reasons: Vec<String>,
    action: String,
    images: BTreeSet<usize>,
    /// What the first finding is fixed in, and in which image it is.
    fixed: (String, usize),
    /// Whether another image needs another action.
    differs: bool,
}

impl FirstThings {
    /// One more open finding.
    pub(super) fn consider(
        &mut self,
        record: &FindingRecord<'_>,
        image: usize,
        images: &Images<'_>,
        pen: &Pen,
    ) {
        let rank = urgency(record);
        let key = key(record);
        match self.groups.get_mut(&key) {
            Some(group) => group.join(record, image, pen),
            None if self.least.is_some_and(|least| rank < least) => {}
            None => {
                self.groups.insert(key, Group::new(record, rank, image, pen));
            }
        }
        if self.groups.len() > 2 * KEPT + images.count() {
            self.drop_least();
        }
    }

    /// The rows, the most urgent first. Where `upgrades` has one of the package that ends the finding too, it is named here:
    /// one upgrade for all of a package's findings.
    pub(super) fn rows(&self, images: &Images<'_>, upgrades: &Upgrades<'_>) -> Vec<FirstThing> {
        let mut groups: Vec<&Group> = self.groups.values().collect();
        groups
            .sort_by(|a, b| (Reverse(a.rank), &a.id, &a.package).cmp(&(Reverse(b.rank), &b.id, &b.package)));
        groups.truncate(ROWS);
        groups.into_iter().map(|group| group.row(images, upgrades)).collect()
    }

    fn drop_least(&mut self) {
        let mut ranks: Vec<Urgency> = self.groups.values().map(|group| group.rank).collect();
        ranks.sort_by_key(|rank| Reverse(*rank));
        let least = ranks[KEPT - 1];
        self.groups.retain(|_, group| group.rank >= least);
        if self.groups.len() > 2 * KEPT {
            // More groups share that rank than are kept: the first by key stay, so that two runs agree.
            let mut keys: Vec<String> = self.groups.keys().cloned().collect();
            keys.sort_by_key(|key| (Reverse(self.groups[key].rank), key.clone()));
            for key in &keys[KEPT..] {
                self.groups.remove(key);
            }
        }
        self.least = Some(least);
    }
}

impl Group {
    fn new(record: &FindingRecord<'_>, rank: Urgency, image: usize, pen: &Pen) -> Self {
        let finding = &record.finding;
        let component = finding.component.as_ref();
        Self {
            rank,
            mark: Mark::from(finding.severity),
            id: pen.copy_or(finding.rule(), NAME, "no id"),
            link: words::link(finding.primary_url.as_deref()),
            title: pen.copy(&finding.title, TEXT),
            package: component.and_then(|it| pen.copy_some(&it.name, NAME)),
            installed: component.and_then(|it| pen.copy_some(&it.version, NAME)),
            same_version: true,
            reasons: reasons(record),
            action: remedy::action(record, pen),
            images: BTreeSet::from([image]),
            fixed: (pen.copy(&finding.fix.versions, NAME), image),
            differs: false,
        }
    }

    fn join(&mut self, record: &FindingRecord<'_>, image: usize, pen: &Pen) {
        self.images.insert(image);
        let version = record.finding.component.as_ref().map(|it| &*it.version);
        self.same_version &= self.installed.as_deref() == version;
        self.differs |= self.action != remedy::action(record, pen);
    }

    fn row(&self, images: &Images<'_>, upgrades: &Upgrades<'_>) -> FirstThing {
        let place = self.place(images);
        let action = self.common_upgrade(upgrades).unwrap_or_else(|| self.action.clone());
        let action = if self.differs { format!("{action}; elsewhere as under Detail") } else { action };
        FirstThing {
            mark: self.mark,
            id: self.id.clone(),
            link: self.link.clone(),
            title: self.title.clone(),
            place,
            reasons: self.reasons.clone(),
            action,
        }
    }

    fn common_upgrade(&self, upgrades: &Upgrades<'_>) -> Option<String> {
        let (fixed, image) = &self.fixed;
        let (name, installed) = (self.package.as_ref()?, self.installed.as_ref()?);
        let version = upgrades(*image, name, installed)?;
        upgrade::ends(&version, fixed).then(|| format!("Upgrade {name} to {version}"))
    }

    /// `openssl 3.0.11 in payments-api:4.18.2 and 3 more images`.
    fn place(&self, images: &Images<'_>) -> String {
        let version = self.installed.iter().filter(|_| self.same_version);
        let what: Vec<&str> = self.package.iter().chain(version).map(String::as_str).collect();
        let first = self.images.first().map_or("", |image| images.label(*image));
        let others = self.images.len() as u64 - 1;
        let places = match others {
            _ if images.count() == 1 => None,
            0 => Some(first.to_owned()),
            1 => Some(format!("{first} and {}", self.images.last().map_or("", |image| images.label(*image)))),
            more => Some(format!("{first} and {}", counted(more, "more image", "more images"))),
        };
        let what = what.join(" ");
        match (what.is_empty(), places) {
            (false, Some(places)) => format!("{what} in {places}"),
            (true, Some(places)) => format!("in {places}"),
            (_, None) => what,
        }
    }
}

/// What makes a group: the vulnerability and the package.
fn key(record: &FindingRecord<'_>) -> String {
    let name = record.finding.component.as_ref().map_or("", |it| &*it.name);
    let head = |text: &str| text.chars().take(NAME).collect::<String>();
    format!("{}\0{}", head(record.finding.rule()), head(name))
}

fn reasons(record: &FindingRecord<'_>) -> Vec<String> {
    let known = record.finding.vulnerability().and_then(|it| it.known_exploited.as_ref());
    let severity = || format!("{} severity", capitalised(record.finding.severity.as_str()));
    let reasons: Vec<String> = [
        known.map(|_| "Known exploited".to_owned()),
        known.filter(|it| it.ransomware).map(|_| "Used by ransomware".to_owned()),
        record.epss().map(|epss| format!("EPSS {}", format::percent(epss.as_f64()))),
        record.score().map(|score| format!("CVSS {score}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if reasons.is_empty() { vec![severity()] } else { reasons }
}
