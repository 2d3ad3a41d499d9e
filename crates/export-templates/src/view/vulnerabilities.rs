//! Vulnerabilities over all images, each once with all that it affects.

use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

use super::{Link, Verdict};

/// The vulnerabilities of the scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Vulnerabilities {
    /// How many different ones the scope has, listed or not.
    pub total: u64,
    /// Those that are listed: with open findings first, the worst first.
    pub rows: Vec<VulnerabilityRow>,
}

/// One vulnerability.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VulnerabilityRow {
    /// Its severity: the worst of its open findings, or of all if none is open.
    pub mark: Mark,
    /// Its id, for example `CVE-2026-1234`.
    pub id: String,
    /// Other ids of the same weakness, a few.
    pub aliases: Vec<String>,
    /// Where to read about it.
    pub link: Option<Link>,
    /// Its title.
    pub title: Option<String>,
    /// Its description, by [`crate::format::clip`].
    pub description: Option<String>,
    /// Its CVSS base score, by [`crate::format::score`].
    pub score: Option<String>,
    /// Its EPSS probability, by [`crate::format::percent`].
    pub epss: Option<String>,
    /// Whether it is known to be exploited.
    pub known_exploited: bool,
    /// When its advisory was published, by [`crate::format::date`].
    pub published: Option<String>,
    /// All findings of it.
    pub findings: u64,
    /// Those that are open.
    pub open: u64,
    /// How many findings of it have each status, in words, open ones first; none left out.
    pub statuses: Vec<Count>,
    /// The first images that have an open finding of it; if none has, that have any. None where the scope is one image.
    pub images: Vec<String>,
    /// How many more images have it.
    pub more_images: u64,
    /// The first components that have it: with open findings first.
    pub components: Vec<AffectedComponent>,
    /// How many more components there are.
    pub more_components: u64,
    /// The worst that any policy says of any finding of it.
    pub verdict: Option<Verdict>,
}

/// How many of something there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What, in words: `open`, `not affected`.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// A component that has a vulnerability, in however many images.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AffectedComponent {
    /// Its name.
    pub name: String,
    /// The installed version.
    pub installed: Option<String>,
    /// The versions that end it, as the source writes them.
    pub fixed: Option<String>,
    /// What is known instead of such a version, for example `no fix`.
    pub unfixed: String,
    /// How many images have it so.
    pub images: u64,
}
