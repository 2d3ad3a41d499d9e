//! The upgrade of each package of each scan: one step, what it ends, what it leaves.
//!
//! Packages are put together scan by scan, some scans in one pass over the findings, so that memory is bounded by
//! `FINDINGS_A_PASS` whatever the snapshot holds. A single scan with more open findings than that has a pass of its own, and
//! packages for which even then there is no room are counted and told, never forgotten.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use export_core::finding::{Finding, Severity};
use export_core::ports::{Pulse, RenderError, ScanTotals, Snapshot, SnapshotFacts};
use export_core::record::FindingRecord;
use export_core::warning::{Warning, WarningCode};

use crate::rows::for_each_finding;
use crate::upgrade::{Fixes, ends};

/// Open findings whose packages are held at one time.
const FINDINGS_A_PASS: u64 = 50_000;
/// Packages of one scan that are held.
const PACKAGES: usize = 100_000;
/// Ids of one package that are listed; the numbers count all.
const IDS: usize = 5_000;
/// Ids of all packages that are held at one time.
const ALL_IDS: usize = 300_000;
/// References of one package.
const REFERENCES: usize = 20;

/// What becomes of one package of one scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// The scanned artifact.
    pub image: String,
    /// The scan.
    pub scan_id: String,
    /// The component.
    pub package: String,
    /// Its ecosystem.
    pub ecosystem: String,
    /// Its package URL; of several places, the first by name.
    pub purl: Option<String>,
    /// The version that it has.
    pub installed: String,
    /// The version to upgrade to; none if no open finding has a fix.
    pub version: Option<String>,
    /// Open findings that this ends, in all places.
    pub ends: u64,
    /// Open findings that stay.
    pub remaining: u64,
    /// The ids that it ends, sorted.
    pub ended: Vec<String>,
    /// The ids that stay, sorted.
    pub open: Vec<String>,
    /// The worst open finding.
    pub severity: Severity,
    /// Whether any open one is known to be exploited.
    pub known_exploited: bool,
    /// The pages to read first, sorted.
    pub references: Vec<String>,
    /// Whether the numbers count findings that `ended` and `open` do not name.
    pub is_shortened: bool,
}

/// What was left out, if anything was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Upgrades that were given.
    pub upgrades: u64,
    /// Open findings in packages without room.
    pub findings: u64,
    /// Packages of which not all ids were listed.
    pub shortened: u64,
}

impl LeftOut {
    /// What a reader has to know.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let missing = (self.findings > 0).then(|| {
            let message = format!(
                "{} open findings are in packages for which the list of upgrades has no room: a scan has more than {PACKAGES} \
                 such packages. The findings themselves are all there.",
                self.findings
            );
            Warning::new(WarningCode::RowsTruncated, message)
        });
        let shortened = (self.shortened > 0).then(|| {
            let message = format!(
                "{} upgrades do not name all vulnerabilities that they count. The findings themselves are all there.",
                self.shortened
            );
            Warning::new(WarningCode::TextShortened, message)
        });
        missing.into_iter().chain(shortened).collect()
    }
}

/// Calls `visit` with the upgrade of each package that has an open vulnerability: by image and scan; in each, those with an
/// upgrade first, the worst first.
///
/// The pulse is told that all findings are done: this comes behind them.
///
/// # Errors
/// What `visit`, the snapshot or the pulse says.
pub fn for_each_upgrade(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    mut visit: impl FnMut(&Upgrade) -> Result<(), RenderError>,
) -> Result<LeftOut, RenderError> {
    let facts = from.facts();
    let done = Done { pulse, rows: facts.totals.findings };
    let mut left_out = LeftOut::default();
    for scans in passes(facts) {
        let wanted: HashSet<&str> = scans.iter().map(|it| it.scan.id.as_str()).collect();
        let mut packages = Packages::default();
        for_each_finding(from, &done, |record| {
            if record.status.is_open() && wanted.contains(record.finding.scan_id.as_str()) {
                packages.add(record);
            }
            Ok(())
        })?;
        left_out.findings += packages.without_room;
        for scan in scans {
            for upgrade in packages.of(scan.scan.id.as_str()) {
                left_out.upgrades += 1;
                left_out.shortened += u64::from(upgrade.is_shortened);
                visit(&upgrade)?;
                if left_out.upgrades.is_multiple_of(1_000) {
                    done.pulse.beat(done.rows)?;
                }
            }
        }
    }
    Ok(left_out)
}

/// The findings are done; what follows does not undo them.
struct Done<'p> {
    pulse: &'p dyn Pulse,
    rows: u64,
}

impl Pulse for Done<'_> {
    fn beat(&self, _rows: u64) -> Result<(), export_core::ports::Interrupt> {
        self.pulse.beat(self.rows)
    }
}

/// The scans with open findings by image and time, as many together as there is room for.
fn passes(facts: &SnapshotFacts) -> Vec<Vec<&ScanTotals>> {
    let mut scans: Vec<&ScanTotals> = facts.scans.iter().filter(|it| it.totals.open > 0).collect();
    scans.sort_by_key(|it| (&it.scan.image, it.scan.created_at, &it.scan.id));
    let mut passes: Vec<(u64, Vec<&ScanTotals>)> = Vec::new();
    for scan in scans {
        let open = scan.totals.open;
        match passes.last_mut().filter(|(sum, _)| sum + open <= FINDINGS_A_PASS) {
            Some((sum, scans)) => {
                *sum += open;
                scans.push(scan);
            }
            None => passes.push((open, vec![scan])),
        }
    }
    passes.into_iter().map(|(_, scans)| scans).collect()
}

/// Ecosystem, name, installed version.
type Key = (String, String, String);

#[derive(Default)]
struct Packages {
    by_scan: BTreeMap<String, BTreeMap<Key, Package>>,
    held: usize,
    ids: usize,
    without_room: u64,
}

struct Package {
    image: String,
    purl: Option<String>,
    fixes: Fixes,
    /// The vulnerabilities with the fixes that are named for them, and in how many places.
    found: BTreeMap<(String, String), u64>,
    /// Findings of ids for which there is no room, by their fixes.
    unnamed: BTreeMap<String, u64>,
    references: BTreeSet<String>,
    severity: Severity,
    known_exploited: bool,
}

impl Packages {
    fn add(&mut self, record: &FindingRecord<'_>) {
        let finding = &record.finding;
        let (Some(vulnerability), Some(component)) = (finding.vulnerability(), &finding.component) else {
            return;
        };
        let key = [&component.ecosystem, &component.name, &component.version].map(ToString::to_string);
        let key: Key = key.into();
        let of_scan = match self.by_scan.get_mut(finding.scan_id.as_str()) {
            Some(of_scan) => of_scan,
            None => self.by_scan.entry(finding.scan_id.to_string()).or_default(),
        };
        if !of_scan.contains_key(&key) {
            if self.held == PACKAGES {
                self.without_room += 1;
                return;
            }
            self.held += 1;
        }
        let package = of_scan.entry(key).or_insert_with(|| Package::of(finding));
        let has_room = package.found.len() < IDS && self.ids < ALL_IDS;
        self.ids += usize::from(package.add(record, &vulnerability.id, has_room));
    }

    /// Takes out the upgrades of one scan.
    fn of(&mut self, scan: &str) -> Vec<Upgrade> {
        let packages = self.by_scan.remove(scan).unwrap_or_default();
        let mut upgrades: Vec<Upgrade> =
            packages.into_iter().map(|(key, package)| package.upgrade(scan, key)).collect();
        // The sort is stable: what is equal stays sorted by ecosystem, name and version.
        upgrades.sort_by_key(|it| {
            (it.version.is_none(), it.severity, !it.known_exploited, std::cmp::Reverse(it.ends))
        });
        upgrades
    }
}

impl Package {
    fn of(finding: &Finding<'_>) -> Self {
        Self {
            image: finding.image.to_string(),
            purl: None,
            fixes: Fixes::default(),
            found: BTreeMap::new(),
            unnamed: BTreeMap::new(),
            references: BTreeSet::new(),
            severity: finding.severity,
            known_exploited: false,
        }
    }

    /// Takes a finding; whether it names one more vulnerability.
    fn add(&mut self, record: &FindingRecord<'_>, id: &str, has_room: bool) -> bool {
        let finding = &record.finding;
        let fixed = finding.fix.versions.as_str();
        self.fixes.add(fixed);
        let named = (id.to_owned(), fixed.to_owned());
        let is_new = !self.found.contains_key(&named);
        if has_room || !is_new {
            *self.found.entry(named).or_default() += 1;
        } else {
            *self.unnamed.entry(named.1).or_default() += 1;
        }
        let purl = finding.component.as_ref().and_then(|it| it.purl.as_deref());
        if let Some(purl) = purl.filter(|purl| self.purl.as_deref().is_none_or(|known| *purl < known)) {
            self.purl = Some(purl.to_owned());
        }
        if let Some(url) = finding.primary_url.as_deref()
            && self.references.len() < REFERENCES
        {
            self.references.insert(url.to_owned());
        }
        self.severity = self.severity.min(finding.severity);
        self.known_exploited |= record.is_known_exploited();
        is_new && has_room
    }

    fn upgrade(self, scan: &str, (ecosystem, package, installed): Key) -> Upgrade {
        let version = self.fixes.best(&installed).map(|(version, _)| version);
        let is_ended = |fixed: &str| version.as_deref().is_some_and(|version| ends(version, fixed));
        let (mut ended, mut open) = (BTreeSet::new(), BTreeSet::new());
        let mut counts = [0, 0];
        for ((id, fixed), places) in self.found {
            let is_ended = is_ended(&fixed);
            counts[usize::from(!is_ended)] += places;
            if is_ended {
                ended.insert(id)
            } else {
                open.insert(id)
            };
        }
        for (fixed, places) in &self.unnamed {
            counts[usize::from(!is_ended(fixed))] += places;
        }
        Upgrade {
            image: self.image,
            scan_id: scan.to_owned(),
            package,
            ecosystem,
            purl: self.purl,
            installed,
            ends: counts[0],
            remaining: counts[1],
            ended: ended.into_iter().collect(),
            open: open.into_iter().collect(),
            severity: self.severity,
            known_exploited: self.known_exploited,
            references: self.references.into_iter().collect(),
            is_shortened: !self.unnamed.is_empty(),
            version,
        }
    }
}
