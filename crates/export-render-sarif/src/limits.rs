//! How much one run and one file may hold.

/// What its reader takes; results beyond it go into the next run, and runs beyond it into the next file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Results in a run.
    pub(crate) results: u64,
    /// Rules in a run.
    pub(crate) rules: u64,
    /// Runs in a file.
    pub(crate) runs: u64,
    /// Locations of a result, the first one included.
    pub(crate) locations: usize,
    /// Bytes of a file after gzip; not measured if absent, for measuring costs more than all the rest.
    pub(crate) compressed: Option<u64>,
}

impl Limits {
    /// Everything in one run: the standard has no limits.
    pub(crate) const NONE: Self =
        Self { results: u64::MAX, rules: u64::MAX, runs: u64::MAX, locations: usize::MAX, compressed: None };

    /// GitHub code scanning ("SARIF results exceed one or more limits"). It takes 25,000 results a run, and shows the 5,000 most
    /// severe: a run of ours holds no more, so that all are shown. Of 1,000 locations it keeps 100. What is beyond any other
    /// limit makes it refuse the file.
    pub(crate) const GITHUB: Self =
        Self { results: 5_000, rules: 25_000, runs: 20, locations: 1_000, compressed: Some(10_000_000) };
}
