//! A scan: the head of its findings, or an item of a list.

use export_core::id::ScanId;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde::Deserialize;

use super::{Record, Wrong, nullable};
use crate::records::Names;

/// A scan as the Scanner writes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Scan {
    id: String,
    image: String,
    #[serde(default)]
    image_digest: Option<String>,
    #[serde(default)]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    tool: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
}

/// A scan of a list, with all that an image reference may say to mean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) scan: ScanRef,
    aliases: Vec<String>,
}

impl Listed {
    /// Whether `image` means this scan's artifact.
    pub(crate) fn is_of(&self, image: &str) -> bool {
        self.scan.image == image
            || self.scan.image_digest.as_deref() == Some(image)
            || self.aliases.iter().any(|alias| alias == image)
    }
}

impl Scan {
    /// The scan.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn read(self) -> Result<Listed, Wrong> {
        let id: ScanId = self.id.parse().map_err(|_| ("is no id of a scan", "/id"))?;
        if self.image.is_empty() {
            return Err(("must not be empty", "/image"));
        }
        let scan = ScanRef {
            id,
            image: self.image,
            image_digest: self.image_digest.filter(|digest| !digest.is_empty()),
            created_at: self.created_at,
            tool: self.tool,
        };
        Ok(Listed { scan, aliases: self.aliases })
    }
}

impl Record for Listed {
    type Wire = Scan;

    const NAMES: Names = Names { one: "scan", many: "scans", head: None };

    fn read(wire: Scan, _: &ScanRef) -> Result<Self, Wrong> {
        wire.read()
    }
}
