//! What came and what went since an earlier scan.

use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

use super::Link;

/// A comparison with an earlier scan. The four numbers count findings, open or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Changes {
    /// What is compared with what, a sentence.
    pub since: String,
    /// Findings that the earlier scan does not have.
    pub introduced: u64,
    /// Findings that only the earlier scan has.
    pub gone: u64,
    /// Findings that both have, with another severity or status.
    pub changed: u64,
    /// Findings that both have as they are.
    pub unchanged: u64,
    /// Those of `introduced` that are listed, worst first.
    pub introduced_rows: Vec<ChangeRow>,
    /// Those of `gone` that are listed, worst first.
    pub gone_rows: Vec<ChangeRow>,
    /// Those of `changed` that are listed, worst first.
    pub changed_rows: Vec<ChangeRow>,
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
    /// What is known of it: `open`, `not affected`, `known exploited`, ...
    pub state: String,
}
