//! What to do: the upgrades over all images, best first.

use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

use super::Link;

/// The upgrades that end most findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remediation {
    /// What the upgrades come to, a sentence.
    pub sentence: String,
    /// The upgrades: those that end known-exploited findings first, then those that end the worst and the most.
    pub upgrades: Vec<Upgrade>,
    /// How many more upgrades there are.
    pub more: u64,
    /// Open findings in packages that no upgrade ends, by what can be done instead.
    pub remaining: Vec<Remaining>,
}

/// One package to upgrade, in every image that has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Upgrade {
    /// The package.
    pub name: String,
    /// Its ecosystem, for example `deb` or `npm`.
    pub kind: Option<String>,
    /// The installed version.
    pub installed: String,
    /// The version to upgrade to.
    pub fixed: String,
    /// The worst severity of what it ends.
    pub mark: Mark,
    /// Whether it ends a known-exploited finding.
    pub known_exploited: bool,
    /// Open findings of the package.
    pub open: u64,
    /// How many of them the upgrade ends.
    pub ends: u64,
    /// The first ids of what is open in it, worst first, with where to read.
    pub ids: Vec<(String, Option<Link>)>,
    /// Whether there are more ids.
    pub more_ids: bool,
    /// The first images that have it; none where the scope is one image.
    pub images: Vec<String>,
    /// How many more images have it.
    pub more_images: u64,
}

/// Findings that no upgrade ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remaining {
    /// What is known of a fix: `No fix yet`, `Will not be fixed`, ...
    pub what: String,
    /// How many.
    pub findings: u64,
    /// What can be done instead.
    pub action: String,
}
