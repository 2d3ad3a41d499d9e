//! The numbers of the scans that a report speaks of.

use std::collections::BTreeSet;

use export_core::ports::{ScanTotals, SnapshotFacts};
use export_core::totals::Totals;
use export_render_kit::history::History;

/// Scans with the sum of their numbers: all of a scope, or the newest one of each image.
pub(super) struct State<'f> {
    scans: Vec<&'f ScanTotals>,
    /// The sum over them.
    pub(super) totals: Totals,
}

impl<'f> State<'f> {
    /// All scans of the scope.
    pub(super) fn of_all(facts: &'f SnapshotFacts) -> Self {
        Self { scans: facts.scans.iter().collect(), totals: facts.totals.clone() }
    }

    /// The newest scan of each image: what is so now.
    pub(super) fn of_newest(history: &History<'f>) -> Self {
        let scans: Vec<&ScanTotals> = history.images.iter().map(|it| history.scan(it.newest)).collect();
        let mut totals = Totals::default();
        scans.iter().for_each(|scan| add(&mut totals, &scan.totals));
        Self { scans, totals }
    }

    /// How many different images have a scan like that.
    pub(super) fn images(&self, wanted: impl Fn(&Totals) -> bool) -> u64 {
        let scans = self.scans.iter().filter(|it| wanted(&it.totals));
        scans.map(|it| (&it.scan.image, &it.scan.image_digest)).collect::<BTreeSet<_>>().len() as u64
    }
}

/// Adds the numbers that the first page shows.
fn add(sum: &mut Totals, more: &Totals) {
    sum.findings += more.findings;
    sum.open += more.open;
    sum.open_with_fix += more.open_with_fix;
    sum.open_known_exploited += more.open_known_exploited;
    sum.open_known_exploited_with_fix += more.open_known_exploited_with_fix;
    for (sum, more) in sum.open_by_severity.iter_mut().zip(more.open_by_severity) {
        *sum += more;
    }
}
