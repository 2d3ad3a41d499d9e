//! What was found for each finding, and the record that follows from it.

use std::ops::Range;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Subject};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;

use super::key::Kind;
use super::said;
use crate::codec::decode;
use crate::sort::Sorted;

/// What may be said about one finding in all. Nobody could read more, and its record has to fit into memory.
const MAX_SAID: usize = 16 << 20;

/// What is said about a finding, whatever key it was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// The newest counts.
    Statement,
    /// All count.
    Verdict,
    /// The highest counts.
    Epss,
    /// The one added last counts.
    KnownExploited,
}

impl Topic {
    const ALL: [Self; 4] = [Self::Statement, Self::Verdict, Self::Epss, Self::KnownExploited];

    /// What is said under keys of a kind.
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::ComponentStatement | Kind::ImageStatement => Self::Statement,
            Kind::Verdict | Kind::TargetVerdict => Self::Verdict,
            Kind::Epss => Self::Epss,
            Kind::KnownExploited => Self::KnownExploited,
            Kind::Image => unreachable!("keys of images are filtered by, never joined"),
        }
    }
}

/// What matches are sorted by: the finding's number, then the topic.
pub(super) fn match_key(number: u64, topic: Topic) -> [u8; 9] {
    let mut key = [topic as u8; 9];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key
}

/// All that was found, in the order of the findings.
pub(crate) struct Matches {
    sorted: Sorted,
    /// The finding and the topic of the next match.
    next: Option<(u64, Topic)>,
}

impl Matches {
    pub(super) fn of(sorted: Sorted) -> Result<Self, PortError> {
        let mut matches = Self { sorted, next: None };
        matches.advance()?;
        Ok(matches)
    }

    /// Takes what was found for the finding with this number. Numbers must be asked for in order.
    pub(crate) fn take(&mut self, number: u64, found: &mut Found) -> Result<(), PortError> {
        found.clear();
        while let Some((_, topic)) = self.next.filter(|(next, _)| *next == number) {
            found.add(topic, self.sorted.entry().payload)?;
            self.advance()?;
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<(), PortError> {
        self.next = if self.sorted.advance()? {
            let (number, topic) =
                self.sorted.entry().key.split_first_chunk().expect("a match begins with a number");
            Some((u64::from_be_bytes(*number), Topic::ALL[usize::from(topic[0])]))
        } else {
            None
        };
        Ok(())
    }
}

/// What was found for one finding; the memory is used again for the next.
#[derive(Default)]
pub(crate) struct Found {
    said: Vec<u8>,
    /// What counts, by topic. Of matches that compete the last one counts: that is how they are sorted.
    statement: Range<usize>,
    epss: Range<usize>,
    known_exploited: Range<usize>,
    verdicts: Vec<Range<usize>>,
}

impl Found {
    fn clear(&mut self) {
        self.said.clear();
        self.verdicts.clear();
        (self.statement, self.epss, self.known_exploited) = (0..0, 0..0, 0..0);
    }

    fn add(&mut self, topic: Topic, said: &[u8]) -> Result<(), PortError> {
        let start = self.said.len();
        self.said.extend_from_slice(said);
        let place = start..self.said.len();
        match topic {
            Topic::Statement => self.statement = place,
            Topic::Verdict => self.verdicts.push(place),
            Topic::Epss => self.epss = place,
            Topic::KnownExploited => self.known_exploited = place,
        }
        check_size(self.said.len())
    }

    /// The record of a finding for which this was found.
    pub(crate) fn join<'a>(
        &'a self,
        mut finding: Finding<'a>,
        taken_at: Timestamp,
    ) -> Result<FindingRecord<'a>, PortError> {
        if let Subject::Vulnerability(vulnerability) = &mut finding.subject {
            if let Some(epss) = self.said(&self.epss) {
                vulnerability.epss = Some(said::read_epss(epss)?);
            }
            if let Some(entry) = self.said(&self.known_exploited) {
                vulnerability.known_exploited = Some(said::read_known_exploited(entry)?);
            }
        }
        let vex = self.said(&self.statement).map(said::read_statement).transpose()?;
        let verdicts = self.verdicts.iter().map(|place| decode(&self.said[place.clone()]));
        Ok(FindingRecord::join(finding, vex, verdicts.collect::<Result<_, _>>()?, taken_at))
    }

    /// Whether the record's finding is not what the scanner gave.
    pub(crate) fn changes_the_finding(&self) -> bool {
        !self.epss.is_empty() || !self.known_exploited.is_empty()
    }

    fn said(&self, place: &Range<usize>) -> Option<&[u8]> {
        (!place.is_empty()).then(|| &self.said[place.clone()])
    }
}

/// Refuses to hold more than [`MAX_SAID`] bytes about one finding.
pub(super) fn check_size(bytes: usize) -> Result<(), PortError> {
    if bytes <= MAX_SAID {
        return Ok(());
    }
    let message = format!("more than {} MiB of verdicts are about one finding", MAX_SAID >> 20);
    Err(PortError::new(ErrorKind::Limit, "snapshot: join", message))
}
