//! What a report of guards comes to, before its findings.

use export_core::finding::{CodeGuard, Subject};
use export_core::ports::{Interrupt, Pulse, RenderError, Snapshot};
use export_core::record::FindingRecord;
use export_render_kit::rows::for_each_finding;
use serde::Serialize;

use super::count::{Count, CountJson};
use super::names::{Names, NamesJson};

/// Files that are listed.
const FILES: usize = 100;
/// Names of the other lists.
const ALL: usize = usize::MAX;
/// Where each bucket of confidence begins, in steps of 0.00001. The last one ends with 1, which is in it.
const BUCKETS: [u32; 5] = [0, 25_000, 50_000, 75_000, 90_000];

/// Counts over all findings.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    all: Count,
    categories: Names,
    rules: Names,
    models: Names,
    files: Names,
    buckets: [u64; 5],
    unsure: u64,
}

/// Passes beats on that tell of no progress: what is only counted is not done.
struct Waiting<'p>(&'p dyn Pulse);

impl Pulse for Waiting<'_> {
    fn beat(&self, _rows_done: u64) -> Result<(), Interrupt> {
        self.0.beat(0)
    }
}

impl Summary {
    /// Counts all findings of `from`.
    ///
    /// # Errors
    /// What the snapshot or the pulse says.
    pub(crate) fn of(from: &dyn Snapshot, pulse: &dyn Pulse) -> Result<Self, RenderError> {
        let mut summary = Self::default();
        for_each_finding(from, &Waiting(pulse), |record| {
            summary.add(record);
            Ok(())
        })?;
        Ok(summary)
    }

    /// The summary as JSON.
    pub(crate) fn json(&self) -> SummaryJson<'_> {
        let all = self.all.findings;
        SummaryJson {
            all: CountJson::of(None, &self.all, all),
            by_category: self.categories.json(all, ALL),
            by_rule: self.rules.json(all, ALL),
            by_model: self.models.json(all, ALL),
            by_file: self.files.json(all, FILES),
            confidence: self.confidence(),
        }
    }

    fn add(&mut self, record: &FindingRecord<'_>) {
        let guard = guard(record);
        self.all.add(record, guard);
        self.categories.add(guard.map_or("", |guard| &guard.category), record, guard);
        self.rules.add(record.finding.rule(), record, guard);
        self.models.add(
            guard.and_then(|it| it.attribution.as_ref()).map_or("", |it| &it.model),
            record,
            guard,
        );
        self.files.add(&record.finding.target, record, guard);
        match guard.and_then(|guard| guard.confidence) {
            None => self.unsure += 1,
            Some(confidence) => {
                let bucket = BUCKETS.iter().rposition(|from| *from <= confidence.steps());
                self.buckets[bucket.unwrap_or(0)] += 1;
            }
        }
    }

    fn confidence(&self) -> ConfidenceJson {
        let number = |steps: u32| f64::from(steps) / 100_000.0;
        let ends = BUCKETS[1..].iter().copied().chain([100_000]);
        let buckets = BUCKETS.iter().zip(ends).zip(self.buckets);
        let buckets = buckets.map(|((from, to), findings)| BucketJson {
            from: number(*from),
            to: number(to),
            findings,
        });
        ConfidenceJson { buckets: buckets.collect(), unknown: self.unsure }
    }
}

fn guard<'r>(record: &'r FindingRecord<'r>) -> Option<&'r CodeGuard<'r>> {
    match &record.finding.subject {
        Subject::Code(code) => code.guard.as_ref(),
        Subject::Vulnerability(_)
        | Subject::Misconfiguration(_)
        | Subject::Secret(_)
        | Subject::Licence(_) => None,
    }
}

/// A [`Summary`] as JSON.
#[derive(Serialize)]
pub(crate) struct SummaryJson<'r> {
    all: CountJson<'r>,
    by_category: NamesJson<'r>,
    by_rule: NamesJson<'r>,
    by_model: NamesJson<'r>,
    by_file: NamesJson<'r>,
    confidence: ConfidenceJson,
}

#[derive(Serialize)]
struct ConfidenceJson {
    buckets: Vec<BucketJson>,
    unknown: u64,
}

#[derive(Serialize)]
struct BucketJson {
    from: f64,
    to: f64,
    findings: u64,
}
