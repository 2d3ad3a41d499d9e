//! A snapshot beside earlier scans: what is new, what changed, what is gone.

mod cursors;
mod known;
mod tallies;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{
    AnnotationCursor, AuditCursor, BaselineFacts, FindingCursor, Pulse, SbomCursor, Snapshot, SnapshotFacts,
    VulnerabilityCursor,
};
use export_core::record::BaselineState;
use export_core::sbom::SbomSection;
use export_core::warning::Warning;

use self::cursors::{Absent, Counted, Current};
use self::known::Known;
use self::tallies::Tallies;
use crate::beat::Beat;
use crate::codec::encode;
use crate::snapshot::SpooledSnapshot;
use crate::spool::{Spool, SpoolWriter};

/// The most findings that the baseline may have. Each takes some 40 bytes of memory; one that is gone takes twice as much while
/// it is looked for.
const MOST: u64 = 5_000_000;

/// A snapshot whose records know how they stand to those of a baseline: one earlier scan, or several. Findings are the same
/// if their ids are, in whichever scan they are; or else if they are of one rule in one package of one repository, in
/// another version or place.
#[derive(Debug)]
pub struct ComparedSnapshot {
    facts: SnapshotFacts,
    current: SpooledSnapshot,
    absent: Spool,
    known: Known,
    tallies: Option<Tallies>,
}

impl ComparedSnapshot {
    /// Compares `current` with `baseline`, the snapshot of the earlier scans.
    ///
    /// # Errors
    /// `Limit` if the baseline has more than five million findings, or `current` a list of so many vulnerabilities;
    /// `Invalid` if the baseline has no scan; what reading the snapshots says; `Cancelled` or `Timeout` if the pulse says so.
    pub fn new(
        current: SpooledSnapshot,
        baseline: &SpooledSnapshot,
        pulse: &dyn Pulse,
    ) -> Result<Self, PortError> {
        let refused = |kind, message: &str| Err(PortError::new(kind, "snapshot: compare", message));
        if baseline.facts.scans.is_empty() {
            return refused(ErrorKind::Invalid, "a baseline has one scan at least");
        }
        if baseline.facts.totals.findings > MOST {
            return refused(ErrorKind::Limit, "a baseline has at most 5,000,000 findings");
        }
        if current.facts.vulnerabilities.is_some_and(|count| count > MOST) {
            return refused(ErrorKind::Limit, "at most 5,000,000 vulnerabilities can be compared");
        }
        let mut beat = Beat::new(pulse);
        let mut comparing = Comparing {
            known: Known::new(baseline, &current, &mut beat)?,
            tallies: current.vulnerabilities.is_some().then(Tallies::default),
            counts: BaselineFacts {
                scans: baseline.facts.scans.iter().map(|it| it.scan.clone()).collect(),
                by_state: [0; 4],
                changed_severity: 0,
                changed_vex: 0,
            },
        };
        comparing.read(&current, &mut beat)?;
        let absent = comparing.write_absent(baseline, &current, &mut beat)?;
        let Comparing { known, tallies, counts } = comparing;
        let mut facts = SnapshotFacts { baseline: Some(counts), ..current.facts.clone() };
        let sources = baseline.facts.sources.iter().filter(|source| !facts.sources.contains(source));
        let sources: Vec<_> = sources.cloned().collect();
        facts.sources.extend(sources);
        Ok(Self { facts, current, absent, known, tallies })
    }

    /// The same snapshot with further warnings: of what could not be compared.
    #[must_use]
    pub fn warned(mut self, warnings: Vec<Warning>) -> Self {
        self.facts.warnings.extend(warnings);
        self
    }
}

/// A comparison in the making.
struct Comparing {
    known: Known,
    tallies: Option<Tallies>,
    counts: BaselineFacts,
}

impl Comparing {
    /// Counts the records of the scope.
    fn read(&mut self, current: &SpooledSnapshot, beat: &mut Beat<'_>) -> Result<(), PortError> {
        let mut cursor = current.findings()?;
        let mut rows = 0;
        while let Some(record) = cursor.next()? {
            rows += 1;
            beat.rows(rows)?;
            let (state, change) = self.known.compare(&record);
            self.counts.by_state[state as usize] += 1;
            self.counts.changed_severity += u64::from(change.is_of_severity());
            self.counts.changed_vex += u64::from(change.is_of_vex());
            if let Some(tallies) = &mut self.tallies {
                tallies.add(&record, state, change);
            }
        }
        Ok(())
    }

    /// Writes and counts the records that only the baseline has.
    fn write_absent(
        &mut self,
        baseline: &SpooledSnapshot,
        beside: &SpooledSnapshot,
        beat: &mut Beat<'_>,
    ) -> Result<Spool, PortError> {
        let mut spool = SpoolWriter::create(&beside.scratch, "absent")?;
        let mut cursor = baseline.findings()?;
        while let Some(record) = cursor.next()? {
            beat.rows(beside.facts.totals.findings)?;
            if self.known.is_gone(&record) {
                self.counts.by_state[BaselineState::Absent as usize] += 1;
                spool.push_with(|buffer| encode(&record, buffer))?;
                if let Some(tallies) = &mut self.tallies {
                    tallies.add_absent(&record);
                }
            }
        }
        spool.seal()
    }
}

impl Snapshot for ComparedSnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Current { records: self.current.findings()?, known: &self.known }))
    }

    fn absent(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Absent { records: self.absent.read()?, known: &self.known }))
    }

    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        let records = self.current.vulnerabilities()?;
        Ok(match &self.tallies {
            Some(tallies) => Box::new(Counted { records, tallies }),
            None => records,
        })
    }

    fn audit(&self) -> Result<Box<dyn AuditCursor + '_>, PortError> {
        self.current.audit()
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        self.current.annotations()
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        self.current.sbom(section)
    }
}
