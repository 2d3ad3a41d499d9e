//! Bills of materials, on their way from a source to a renderer.
//!
//! Both families travel in one shape: an element of an SBOM is the JSON of the element of that name in CycloneDX 1.7
//! (ECMA-424), whatever document it was read from. What another family has and CycloneDX has not travels as a CycloneDX
//! property whose name begins with the family (`spdx:...`). So nothing is lost before the format is known that it is lost
//! for, and memory holds one element at a time. `docs/adr/0008-sbom-interchange.md` has the reasons.

use serde::{Deserialize, Serialize};

use crate::id::ScanId;
use crate::text::Text;

/// Where the elements of an SBOM come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SbomFamily {
    /// A CycloneDX document.
    Cyclonedx,
    /// An SPDX document.
    Spdx,
    /// A scanner's report that lists all components.
    Scan,
}

impl SbomFamily {
    /// The family as people write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cyclonedx => "CycloneDX",
            Self::Spdx => "SPDX",
            Self::Scan => "scan report",
        }
    }
}

/// The lists of an SBOM, each the member of that name in CycloneDX 1.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SbomSection {
    /// `components`; nested ones stand inside their parent.
    Components,
    /// `services`.
    Services,
    /// `externalReferences` of the document.
    ExternalReferences,
    /// `dependencies`.
    Dependencies,
    /// `compositions`.
    Compositions,
    /// `vulnerabilities` that the document itself tells of; findings of a scan are records, not elements.
    Vulnerabilities,
    /// `annotations`.
    Annotations,
    /// `formulation`.
    Formulation,
    /// `properties` of the document.
    Properties,
    /// `citations`.
    Citations,
}

impl SbomSection {
    /// Every section, in the order in which the schema lists them.
    pub const ALL: [Self; 10] = [
        Self::Components,
        Self::Services,
        Self::ExternalReferences,
        Self::Dependencies,
        Self::Compositions,
        Self::Vulnerabilities,
        Self::Annotations,
        Self::Formulation,
        Self::Properties,
        Self::Citations,
    ];

    /// The member's name in CycloneDX.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Components => "components",
            Self::Services => "services",
            Self::ExternalReferences => "externalReferences",
            Self::Dependencies => "dependencies",
            Self::Compositions => "compositions",
            Self::Vulnerabilities => "vulnerabilities",
            Self::Annotations => "annotations",
            Self::Formulation => "formulation",
            Self::Properties => "properties",
            Self::Citations => "citations",
        }
    }
}

/// One step of an SBOM: a document's head, then its elements in any order of sections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SbomPart<'a> {
    /// Begins a document.
    #[serde(borrow)]
    Head(SbomHead<'a>),
    /// One element of the document that began last.
    Element {
        /// The list that it belongs to.
        section: SbomSection,
        /// The element as CycloneDX 1.7 JSON.
        #[serde(borrow)]
        json: Text<'a>,
    },
}

/// What a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbomHead<'a> {
    /// What it was read from.
    pub family: SbomFamily,
    /// The version of that family: `1.6`, `SPDX-2.3`, `3.0.1`; of a scanner's report, its tool.
    #[serde(borrow)]
    pub spec_version: Text<'a>,
    /// The file, as [`SourceDigest::query`](crate::scan::SourceDigest) names it.
    #[serde(borrow)]
    pub place: Text<'a>,
    /// A CycloneDX 1.7 document without its lists: `serialNumber`, `version`, `metadata`, `definitions`, `declarations`.
    #[serde(borrow)]
    pub json: Text<'a>,
}

/// One SBOM document of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbomDocument {
    /// The scan that it belongs to.
    pub scan_id: ScanId,
    /// What it was read from.
    pub family: SbomFamily,
    /// The version of that family.
    pub spec_version: String,
    /// The file.
    pub place: String,
    /// The document without its lists, as [`SbomHead::json`].
    pub head: String,
    /// Its elements, by [`SbomSection::ALL`].
    pub elements: [u64; 10],
}

impl SbomDocument {
    /// The number of elements in one list.
    #[must_use]
    pub const fn count(&self, section: SbomSection) -> u64 {
        self.elements[section as usize]
    }
}

/// An element as a snapshot gives it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbomElement<'a> {
    /// The document, as an index into [`SnapshotFacts::sboms`](crate::ports::SnapshotFacts::sboms).
    pub document: usize,
    /// The element as CycloneDX 1.7 JSON.
    pub json: &'a str,
}
