//! How long open findings have been known.

use export_core::time::Timestamp;

use super::bars::{self, Columns, ROW, Row};
use super::mark::Mark;
use super::svg::{Canvas, Svg};
use super::{SeverityCounts, tokens};

const COLUMNS: Columns = Columns { names: 110.0, beside: 184.0, notes: 0.0 };
const DAY_MILLIS: u64 = 86_400_000;

/// For how long the advisory of a finding has been out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Age {
    /// Up to seven days, or published after the report's time.
    Week,
    /// 8 to 30 days.
    Month,
    /// 31 to 90 days.
    Quarter,
    /// 91 to 180 days.
    HalfYear,
    /// 181 to 365 days.
    Year,
    /// More than 365 days.
    Older,
    /// Nobody says when it was published.
    Unknown,
}

impl Age {
    /// Every age, youngest first.
    pub const ALL: [Self; 7] =
        [Self::Week, Self::Month, Self::Quarter, Self::HalfYear, Self::Year, Self::Older, Self::Unknown];

    /// The age at `now` of what was published at `published`, in whole days.
    #[must_use]
    pub fn at(now: Timestamp, published: Option<Timestamp>) -> Self {
        let Some(published) = published else { return Self::Unknown };
        let millis = now.as_millis().saturating_sub(published.as_millis());
        match u64::try_from(millis).unwrap_or(0) / DAY_MILLIS {
            0..=7 => Self::Week,
            8..=30 => Self::Month,
            31..=90 => Self::Quarter,
            91..=180 => Self::HalfYear,
            181..=365 => Self::Year,
            _ => Self::Older,
        }
    }

    /// The age as it is written beside its bar: `8 to 30 days`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Week => "up to 7 days",
            Self::Month => "8 to 30 days",
            Self::Quarter => "31 to 90 days",
            Self::HalfYear => "91 to 180 days",
            Self::Year => "181 to 365 days",
            Self::Older => "over a year",
            Self::Unknown => "unknown",
        }
    }
}

/// Open findings by [`Age`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgeCounts([SeverityCounts; 7]);

impl AgeCounts {
    /// Adds one finding.
    pub fn add(&mut self, age: Age, mark: Mark) {
        self.0[age as usize].add(mark);
    }

    /// The findings of one age.
    #[must_use]
    pub fn get(&self, age: Age) -> &SeverityCounts {
        &self.0[age as usize]
    }
}

/// Stacked bars of open findings by age, youngest first, or `None` if nothing is open or no age is known.
///
/// Every age has its row, so that a gap is seen; "unknown" only if there is any.
#[must_use]
pub fn age(counts: &AgeCounts) -> Option<Svg> {
    let shown = |age: &Age| *age != Age::Unknown || counts.get(*age).total() > 0;
    let row = |age: Age| Row { name: age.words().to_owned(), counts: *counts.get(age), note: String::new() };
    let rows: Vec<Row> = Age::ALL.into_iter().filter(shown).map(row).collect();
    if Age::ALL[..6].iter().all(|age| counts.get(*age).total() == 0) {
        return None;
    }
    let at = (COLUMNS, COLUMNS.scale(&rows)?);
    let mut canvas = Canvas::new(tokens::PAGE_WIDTH, rows.len() as f32 * ROW, &spoken(&rows));
    for (index, row) in rows.iter().enumerate() {
        bars::draw(&mut canvas, index as f32 * ROW, row, at);
    }
    Some(canvas.finish())
}

fn spoken(rows: &[Row]) -> String {
    let one = |row: &Row| format!("{}: {}", row.name, bars::in_words(&row.counts));
    let parts: Vec<String> = rows.iter().map(one).collect();
    format!("Open findings by the age of their advisory. {}.", parts.join("; "))
}
