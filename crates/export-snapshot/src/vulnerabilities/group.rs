//! All findings of one vulnerability, counted together.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, Epss, KnownExploited, Rating, Severity};
use export_core::record::FindingStatus;
use export_core::text::Text;
use export_core::time::Timestamp;
use export_core::vulnerability::{AFFECTED_BYTES, AFFECTED_KEPT};
use serde::Serialize;

use super::details::Merged;
use super::key::{self, DETAILS, Occurrence, RANK};
use crate::codec::encode;
use crate::sort::{Entry, Sorter};

/// What stands behind rank and name in the key of a vulnerability's head, and of what it affects.
pub(super) const HEAD: u8 = 0;
pub(super) const AFFECTED: u8 = 1;

/// A [`VulnerabilityRecord`](export_core::vulnerability::VulnerabilityRecord) before what it affects: the same fields in the
/// same order.
#[derive(Serialize)]
struct Head<'a> {
    id: Text<'a>,
    aliases: Vec<Text<'a>>,
    cwes: Vec<Text<'a>>,
    title: Text<'a>,
    description: Text<'a>,
    severity: Severity,
    rating: Option<Rating<'a>>,
    epss: Option<Epss>,
    known_exploited: Option<KnownExploited<'a>>,
    primary_url: Option<Text<'a>>,
    published: Option<Timestamp>,
    modified: Option<Timestamp>,
    counts: Counts,
}

/// The numbers among those fields.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Counts {
    findings: u64,
    open: u64,
    open_with_fix: u64,
    by_status: [u64; 6],
    decision: Option<Decision>,
    scans: u64,
    open_scans: u64,
}

/// The vulnerability whose entries are being taken.
pub(super) struct Group {
    name: Vec<u8>,
    /// None before the first vulnerability, and before the details of any.
    rank: Option<[u8; RANK]>,
    details: Merged,
    counts: Counts,
    /// The number of the vulnerability, from 1, and for each scan the last one that it has, and has open.
    number: u64,
    scans: Vec<[u64; 2]>,
    affected: Affected,
    key: Vec<u8>,
}

/// The component in its scan whose occurrences are being counted, and what became of those before.
#[derive(Default)]
struct Affected {
    key: Vec<u8>,
    findings: u64,
    kept: usize,
    bytes: usize,
    more: u64,
}

impl Group {
    pub(super) fn new(scans: usize) -> Self {
        Self {
            name: Vec::new(),
            rank: None,
            details: Merged::default(),
            counts: Counts::default(),
            number: 0,
            scans: vec![[0; 2]; scans],
            affected: Affected::default(),
            key: Vec::new(),
        }
    }

    /// Takes the next entry; what is finished goes into `ranked`.
    pub(super) fn take(&mut self, entry: Entry<'_>, ranked: &mut Sorter) -> Result<(), PortError> {
        let (name, rest) = entry.key.split_at(key::name_length(entry.key));
        let (kind, rest) = rest.split_first().ok_or_else(cut)?;
        if self.rank.is_none() || name != self.name {
            self.end(ranked)?;
            self.start(name);
        }
        if *kind == DETAILS {
            self.details(rest, entry.payload)
        } else {
            self.occurrence(rest, entry.payload, ranked)
        }
    }

    /// Finishes the last vulnerability, if there is one.
    pub(super) fn end(&mut self, ranked: &mut Sorter) -> Result<(), PortError> {
        let Some(rank) = self.rank else { return Ok(()) };
        self.end_affected(ranked)?;
        self.write_key(rank, HEAD);
        let id = key::read_name(&self.name)?;
        let details = self.details.details()?;
        let head = Head {
            id,
            aliases: details.aliases,
            cwes: details.cwes,
            title: details.title,
            description: details.description,
            severity: details.severity,
            rating: details.rating,
            epss: details.epss,
            known_exploited: details.known_exploited,
            primary_url: details.primary_url,
            published: details.published,
            modified: details.modified,
            counts: self.counts,
        };
        let Affected { kept, more, .. } = self.affected;
        ranked.push_with(&self.key, |payload| {
            payload.extend_from_slice(&(kept as u64).to_le_bytes());
            payload.extend_from_slice(&more.to_le_bytes());
            encode(&head, payload)
        })
    }

    fn start(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.extend_from_slice(name);
        self.rank = None;
        self.counts = Counts::default();
        self.number += 1;
        let Affected { findings, kept, bytes, more, .. } = &mut self.affected;
        (*findings, *kept, *bytes, *more) = (0, 0, 0, 0);
    }

    /// Details come before occurrences, the worst first.
    fn details(&mut self, rank: &[u8], details: &[u8]) -> Result<(), PortError> {
        if self.rank.is_some() {
            return self.details.fill(details);
        }
        self.rank = Some(*rank.first_chunk().ok_or_else(cut)?);
        self.details.start(details)
    }

    fn occurrence(&mut self, affected: &[u8], payload: &[u8], ranked: &mut Sorter) -> Result<(), PortError> {
        let Occurrence { scan, status, has_fix, decision } = Occurrence::from_bytes(payload)?;
        let counts = &mut self.counts;
        counts.findings += 1;
        counts.open += u64::from(status.is_open());
        counts.open_with_fix += u64::from(status.is_open() && has_fix);
        counts.by_status[status as usize] += 1;
        counts.decision = worst(counts.decision, decision);
        self.count_scan(scan, status)?;
        if self.affected.findings == 0 || self.affected.key != affected {
            self.end_affected(ranked)?;
            self.affected.key.clear();
            self.affected.key.extend_from_slice(affected);
        }
        self.affected.findings += 1;
        Ok(())
    }

    fn count_scan(&mut self, scan: u32, status: FindingStatus) -> Result<(), PortError> {
        let [any, open] = self.scans.get_mut(scan as usize).ok_or_else(cut)?;
        self.counts.scans += u64::from(*any != self.number);
        *any = self.number;
        if status.is_open() {
            self.counts.open_scans += u64::from(*open != self.number);
            *open = self.number;
        }
        Ok(())
    }

    /// Passes on what was counted, or counts it as one more.
    fn end_affected(&mut self, ranked: &mut Sorter) -> Result<(), PortError> {
        let findings = std::mem::take(&mut self.affected.findings);
        if findings == 0 {
            return Ok(());
        }
        let bytes = self.affected.bytes + self.affected.key.len();
        if self.affected.more > 0 || self.affected.kept == AFFECTED_KEPT || bytes > AFFECTED_BYTES {
            self.affected.more += 1;
            return Ok(());
        }
        (self.affected.kept, self.affected.bytes) = (self.affected.kept + 1, bytes);
        self.write_key(self.rank.ok_or_else(cut)?, AFFECTED);
        self.key.extend_from_slice(&self.affected.key);
        ranked.push(Entry { key: &self.key, payload: &findings.to_le_bytes() })
    }

    fn write_key(&mut self, rank: [u8; RANK], kind: u8) {
        self.key.clear();
        self.key.extend_from_slice(&rank);
        self.key.extend_from_slice(&self.name);
        self.key.push(kind);
    }
}

fn worst(one: Option<Decision>, two: Option<Decision>) -> Option<Decision> {
    one.into_iter().chain(two).min()
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: vulnerabilities", "an entry is cut")
}
