//! VEX: what somebody says about a vulnerability in a product.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Text;
use crate::time::Timestamp;

/// One statement of a VEX document (OpenVEX 0.2.0, "VEX statements").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexStatement<'a> {
    /// The vulnerability's id.
    #[serde(borrow)]
    pub vulnerability: Text<'a>,
    /// Other ids of the same vulnerability.
    #[serde(borrow)]
    pub aliases: Vec<Text<'a>>,
    /// What it speaks about.
    #[serde(borrow)]
    pub products: Vec<Product<'a>>,
    /// What it says.
    #[serde(borrow)]
    pub assertion: VexAssertion<'a>,
}

/// A product that a statement speaks about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product<'a> {
    /// A package URL or another identifier.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The parts of the product it speaks about; empty for the product itself.
    #[serde(borrow)]
    pub subcomponents: Vec<Text<'a>>,
}

/// What a statement says, without about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexAssertion<'a> {
    /// Whether the product is affected.
    pub status: VexStatus,
    /// For `not_affected`: one of the standard's reasons.
    #[serde(borrow)]
    pub justification: Option<Text<'a>>,
    /// For `not_affected`: the reason in words.
    #[serde(borrow)]
    pub impact: Option<Text<'a>>,
    /// For `affected`: what to do.
    #[serde(borrow)]
    pub action: Option<Text<'a>>,
    /// Who says so.
    #[serde(borrow)]
    pub author: Text<'a>,
    /// When; the newest statement about a product wins.
    pub timestamp: Option<Timestamp>,
    /// The document's id.
    #[serde(borrow)]
    pub document: Text<'a>,
}

/// Whether a product is affected (OpenVEX 0.2.0, "Status labels").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VexStatus {
    /// No remediation is needed.
    NotAffected,
    /// Action is needed.
    Affected,
    /// The product holds a fix.
    Fixed,
    /// It is not yet known.
    UnderInvestigation,
}

impl VexStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::NotAffected, Self::Affected, Self::Fixed, Self::UnderInvestigation];

    /// The status as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }
}

impl fmt::Display for VexStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
