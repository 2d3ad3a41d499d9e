//! Findings, records and what belongs to them: each the same for the same seed, some of them hostile.

pub mod audit;
mod finding;
mod hostile;
pub mod job;

use export_core::scan::ScanRef;
use export_core::time::Timestamp;

pub use self::finding::{finding, intelligence, record, records, statement_about, verdict_about};
pub use self::hostile::{HOSTILE, hostile_records, very_long};

/// The time at which the corpus plays: 2026-11-23T14:05:00Z.
pub const AT: Timestamp = Timestamp::from_millis(1_795_442_700_000);

/// Scan number `index`, an hour older than the one before.
#[must_use]
pub fn scan(index: u32) -> ScanRef {
    ScanRef {
        id: format!("scan-{index}").parse().expect("digits are allowed in a scan id"),
        image: format!("registry.example/app-{}:1.{index}", index % 3),
        image_digest: Some(format!("sha256:{index:064x}")),
        created_at: Some(Timestamp::from_millis(AT.as_millis() - i64::from(index) * 3_600_000)),
        tool: "trivy 0.67.0".to_owned(),
    }
}

/// A small generator of numbers for choices (`SplitMix64`); the same seed gives the same numbers.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// Starts at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64)).expect("smaller than a usize")
    }

    /// One of `choices`.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Whether something happens that happens once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
