//! What is said, as bytes that sort by how much they count.
//!
//! Entries of one key are sorted by payload. So what is said begins with what decides between several of its kind, and the
//! one that counts stands last. Verdicts all count: they are as postcard writes them.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Epss, KnownExploited, Probability, VexAssertion};
use export_core::time::Timestamp;

use super::unmatched::StatementId;
use crate::codec::{decode, encode};

/// Time and place in the reading order.
const STATEMENT_RANK: usize = 1 + 8 + 8;
/// Probability and percentile.
const EPSS_RANK: usize = 4 + 4;

/// Time, reading order, id, assertion.
pub(super) fn write_statement(
    assertion: &VexAssertion<'_>,
    reading_order: u64,
    id: StatementId,
    said: &mut Vec<u8>,
) -> Result<(), PortError> {
    said.clear();
    said.push(u8::from(assertion.timestamp.is_some()));
    let millis = assertion.timestamp.map_or(0, Timestamp::as_millis);
    said.extend_from_slice(&(millis ^ i64::MIN).to_be_bytes()); // the sign flipped, negative times sort first
    said.extend_from_slice(&reading_order.to_be_bytes());
    said.extend_from_slice(&id.0);
    encode(assertion, said)
}

pub(super) fn statement_id(said: &[u8]) -> Result<StatementId, PortError> {
    let id = said.get(STATEMENT_RANK..).and_then(|rest| rest.first_chunk());
    id.map(|id| StatementId(*id)).ok_or_else(cut)
}

pub(super) fn read_statement(said: &[u8]) -> Result<VexAssertion<'_>, PortError> {
    decode(said.get(STATEMENT_RANK + StatementId::LENGTH..).ok_or_else(cut)?)
}

/// Probability, percentile, scores.
pub(super) fn write_epss(epss: &Epss, said: &mut Vec<u8>) -> Result<(), PortError> {
    said.clear();
    said.extend_from_slice(&epss.probability.steps().to_be_bytes());
    said.extend_from_slice(&epss.percentile.map_or(0, Probability::steps).to_be_bytes());
    encode(epss, said)
}

pub(super) fn read_epss(said: &[u8]) -> Result<Epss, PortError> {
    decode(said.get(EPSS_RANK..).ok_or_else(cut)?)
}

/// The entry alone. Postcard writes its day first, behind the day's length: days of one form sort by time.
pub(super) fn write_known_exploited(entry: &KnownExploited<'_>, said: &mut Vec<u8>) -> Result<(), PortError> {
    said.clear();
    encode(entry, said)
}

pub(super) fn read_known_exploited(said: &[u8]) -> Result<KnownExploited<'_>, PortError> {
    decode(said)
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: join", "what is said about a finding is cut")
}
