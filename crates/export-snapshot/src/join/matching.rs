//! Merging what is said with who is spoken about, key by key.

use std::cmp::Ordering;

use export_core::error::PortError;

use super::annotate::Annotations;
use super::found::{Matches, Topic, check_size, match_key};
use super::key::kind_of;
use super::said;
use super::unmatched::Statements;
use crate::beat::Beat;
use crate::sort::{Entry, Sorted, Sorter};

/// What the join found.
pub(crate) struct Matched {
    /// What is said about each finding.
    pub(crate) matches: Matches,
    /// Different statements about no finding.
    pub(crate) unmatched_statements: u64,
    /// Verdicts with a subject that is no finding.
    pub(crate) unmatched_verdicts: u64,
}

/// Gives each finding what is said under its keys; `into` sorts it by the finding's number.
pub(crate) fn join(
    annotations: Annotations,
    probes: Sorter,
    into: Sorter,
    beat: &mut Beat<'_>,
) -> Result<Matched, PortError> {
    let Annotations { sorter, statements, verdicts, .. } = annotations;
    let mut join = Join {
        said: Side::of(sorter, beat)?,
        probes: Side::of(probes, beat)?,
        into,
        statements,
        verdicts: 0,
    };
    let mut group = Group::default();
    while join.said.more && join.probes.more {
        beat.tick()?;
        match join.said.entry().key.cmp(join.probes.entry().key) {
            Ordering::Less => join.said.advance()?,
            Ordering::Greater => join.probes.advance()?,
            Ordering::Equal => {
                join.collect(&mut group, beat)?;
                join.hand_out(&group, beat)?;
            }
        }
    }
    let Join { said, probes, into, statements, verdicts: matched } = join;
    drop((said, probes));
    Ok(Matched {
        unmatched_statements: statements.count_unmatched(beat)?,
        unmatched_verdicts: verdicts - matched,
        matches: Matches::of(into.sorted(beat)?)?,
    })
}

struct Join {
    said: Side,
    probes: Side,
    into: Sorter,
    statements: Statements,
    /// Verdicts that matched.
    verdicts: u64,
}

impl Join {
    /// Takes what is said under the key that both sides stand at, as far as it counts.
    fn collect(&mut self, group: &mut Group, beat: &mut Beat<'_>) -> Result<(), PortError> {
        group.start(self.said.entry().key);
        while self.said.more && self.said.entry().key == group.key {
            beat.tick()?;
            let said = self.said.entry().payload;
            match group.topic() {
                Topic::Statement => {
                    self.statements.matched(said::statement_id(said)?)?;
                    group.replace(said);
                }
                Topic::Verdict => {
                    self.verdicts += 1;
                    group.add(said)?;
                }
                Topic::Epss | Topic::KnownExploited => group.replace(said),
            }
            self.said.advance()?;
        }
        Ok(())
    }

    /// Gives it to all findings with that key.
    fn hand_out(&mut self, group: &Group, beat: &mut Beat<'_>) -> Result<(), PortError> {
        while self.probes.more && self.probes.entry().key == group.key {
            let number = *self.probes.entry().payload.first_chunk().expect("probes carry a number");
            let key = match_key(u64::from_be_bytes(number), group.topic());
            for payload in group.said() {
                beat.tick()?;
                self.into.push(Entry { key: &key, payload })?;
            }
            self.probes.advance()?;
        }
        Ok(())
    }
}

/// One side of the merge, standing at an entry if there are more.
struct Side {
    sorted: Sorted,
    more: bool,
}

impl Side {
    fn of(sorter: Sorter, beat: &mut Beat<'_>) -> Result<Self, PortError> {
        let mut sorted = sorter.sorted(beat)?;
        let more = sorted.advance()?;
        Ok(Self { sorted, more })
    }

    fn entry(&self) -> Entry<'_> {
        self.sorted.entry()
    }

    fn advance(&mut self) -> Result<(), PortError> {
        self.more = self.sorted.advance()?;
        Ok(())
    }
}

/// What is said under one key; the memory is used again for the next.
#[derive(Default)]
struct Group {
    key: Vec<u8>,
    said: Vec<u8>,
    ends: Vec<usize>,
}

impl Group {
    fn start(&mut self, key: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(key);
        self.said.clear();
        self.ends.clear();
    }

    fn topic(&self) -> Topic {
        Topic::of(kind_of(&self.key))
    }

    fn replace(&mut self, said: &[u8]) {
        self.said.clear();
        self.ends.clear();
        self.said.extend_from_slice(said);
        self.ends.push(said.len());
    }

    fn add(&mut self, said: &[u8]) -> Result<(), PortError> {
        self.said.extend_from_slice(said);
        self.ends.push(self.said.len());
        check_size(self.said.len())
    }

    fn said(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.said[start..*end])
    }
}
