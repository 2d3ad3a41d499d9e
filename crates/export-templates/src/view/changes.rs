//! What came, what went and what changed since earlier scans.

use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

use super::Link;

/// A comparison with earlier scans. The numbers count findings, open or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Changes {
    /// What is compared with what, a sentence.
    pub since: String,
    /// What came of it where there is something to say besides the numbers, a sentence.
    pub note: Option<String>,
    /// Each number by its name, in the order of reading.
    pub figures: Vec<(String, u64)>,
    /// What is listed, in the order of reading; a part without a finding is left out.
    pub parts: Vec<ChangePart>,
}

/// The findings of one kind of change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangePart {
    /// `Introduced`, `Fixed`, `Changed severity`, `Changed VEX or status`.
    pub title: String,
    /// All findings of that kind.
    pub total: u64,
    /// Those that are listed, worst first.
    pub rows: Vec<ChangeRow>,
}

/// A finding that came, went or changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeRow {
    /// Its severity.
    pub mark: Mark,
    /// Its id.
    pub id: String,
    /// Where to read about it.
    pub link: Option<Link>,
    /// Its title.
    pub title: Option<String>,
    /// What it is in, for example `openssl 3.0.11 in payments-api:4.18.2`.
    pub place: String,
    /// What is known of it, or what changed: `open, known exploited`, `was open`, `high → critical`, `open → not affected`.
    pub state: String,
}
