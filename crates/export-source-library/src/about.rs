//! What a document says of the artifact that it is about.

use export_core::id::ScanId;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;

/// What a document says of its artifact; whatever it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The artifact's name, with its version behind `:` or `@` as an image's.
    pub(crate) image: String,
    /// The artifact's digest, `sha256:...`.
    pub(crate) image_digest: Option<String>,
    /// When the document was made.
    pub(crate) created_at: Option<Timestamp>,
    /// What made it, with its version: `syft 1.18.1`.
    pub(crate) tool: String,
    /// Further names that an image reference may say to mean the artifact.
    pub(crate) aliases: Vec<String>,
    /// The scan that it belongs to; that of its folder if it names none.
    pub(crate) scan_id: Option<String>,
}

impl About {
    /// The scan that this document tells of.
    pub(crate) fn scan(&self, id: &ScanId) -> ScanRef {
        let image = if self.image.is_empty() { id.as_str() } else { &self.image };
        ScanRef {
            id: id.clone(),
            image: image.to_owned(),
            image_digest: self.image_digest.clone(),
            created_at: self.created_at,
            tool: self.tool.clone(),
        }
    }

    /// All that an image reference may say to mean the artifact.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let texts = [&self.image].into_iter().chain(&self.image_digest).chain(&self.aliases);
        texts.map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The other scan that it belongs to, if it is another one.
    pub(crate) fn of_another(&self, id: &ScanId) -> Option<&str> {
        self.scan_id.as_deref().filter(|named| *named != id.as_str())
    }
}
