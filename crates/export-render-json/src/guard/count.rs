//! Counts over a set of findings.

use std::cmp::Reverse;

use export_core::finding::{CodeGuard, Probability, Severity};
use export_core::record::FindingRecord;
use serde::Serialize;

/// Counts over a set of findings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) findings: u64,
    open: u64,
    critical: u64,
    high: u64,
    confidence: Mean,
    written: Mean,
}

/// The mean of numbers from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    steps: u64,
    numbers: u64,
}

impl Count {
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, guard: Option<&CodeGuard<'_>>) {
        let severity = record.finding.severity;
        self.findings += 1;
        self.open += u64::from(record.status.is_open());
        self.critical += u64::from(severity == Severity::Critical);
        self.high += u64::from(severity == Severity::High);
        self.confidence.add(guard.and_then(|guard| guard.confidence));
        self.written.add(guard.and_then(|guard| guard.attribution.as_ref()?.share));
    }

    pub(super) const fn plus(mut self, other: &Self) -> Self {
        self.findings += other.findings;
        self.open += other.open;
        self.critical += other.critical;
        self.high += other.high;
        self.confidence = self.confidence.plus(other.confidence);
        self.written = self.written.plus(other.written);
        self
    }

    /// Sorts what is worse first.
    pub(super) const fn weight(&self) -> Reverse<(u64, u64, u64)> {
        Reverse((self.critical, self.high, self.findings))
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.findings == 0
    }
}

impl Mean {
    fn add(&mut self, number: Option<Probability>) {
        self.steps += number.map_or(0, |number| u64::from(number.steps()));
        self.numbers += u64::from(number.is_some());
    }

    const fn plus(mut self, other: Self) -> Self {
        self.steps += other.steps;
        self.numbers += other.numbers;
        self
    }

    fn json(self) -> Option<f64> {
        (self.numbers > 0).then(|| share(self.steps, self.numbers * 100_000))
    }
}

/// `part` of `whole`, to five digits behind the point.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    let whole = u128::from(whole.max(1));
    let steps = (u128::from(part) * 200_000 + whole) / (2 * whole);
    f64::from(u32::try_from(steps).expect("a part is no more than the whole")) / 100_000.0
}

/// A [`Count`] as JSON.
#[derive(Serialize)]
pub(super) struct CountJson<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'r str>,
    findings: u64,
    open: u64,
    critical: u64,
    high: u64,
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_confidence: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_model_share: Option<f64>,
}

impl<'r> CountJson<'r> {
    /// `count` of `all` findings.
    pub(super) fn of(name: Option<&'r str>, count: &Count, all: u64) -> Self {
        Self {
            name,
            findings: count.findings,
            open: count.open,
            critical: count.critical,
            high: count.high,
            share: share(count.findings, all),
            mean_confidence: count.confidence.json(),
            mean_model_share: count.written.json(),
        }
    }
}
