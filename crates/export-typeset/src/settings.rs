//! What a document is told besides its content.

use chrono::{DateTime, Utc};

/// Which standards the PDF holds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Tagged; tables past [`CELL_TAGS`] rows are told row by row, and past [`ROW_TAGS`] page by page.
    #[default]
    Standard,
    /// PDF/UA-1 and PDF/A-2a, with every cell tagged whatever its number.
    Archival,
}

/// How many rows of a document's tables are told cell by cell in [`Profile::Standard`]; a table that does not
/// fit is told row by row. Each row takes about 8 KB until the document is finished.
pub const CELL_TAGS: u64 = 3_000;

/// How many further rows are told row by row, each as one paragraph of about 1 KB; past that, what a page has
/// of a table is one paragraph. All text is in the structure, whatever the number of rows.
pub const ROW_TAGS: u64 = 20_000;

/// How many links a document has at most, in [`Profile::Standard`]: each takes about 1 KB until the document is finished. Text past
/// it stays, and [`crate::Written::links_dropped`] counts.
pub const MAX_LINKS: u64 = 50_000;

/// A document's properties, its header and footer, and whom to ask whether to go on.
pub struct Settings<'a> {
    /// The title, in the properties of the file and in the title bar of readers.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// What made it, such as `export-center 0.1.0`.
    pub producer: String,
    /// The language, such as `en`.
    pub language: String,
    /// When the content was made; the file has no other time.
    pub created: DateTime<Utc>,
    /// The header's left: the tenant.
    pub header_left: String,
    /// The header's right: the report's title.
    pub header_right: String,
    /// The footer's left: the classification.
    pub footer_left: String,
    /// The footer's centre: the short digest of the snapshot. The right has the page's number.
    pub footer_centre: String,
    /// The tenant's colour, already known to have a contrast of 4.5:1; otherwise ours.
    pub accent: Option<[u8; 3]>,
    /// The standards to hold to.
    pub profile: Profile,
    /// Asked every few hundred rows and on each page; `true` ends the work with [`crate::Error::Stopped`].
    pub stop: &'a dyn Fn() -> bool,
}

/// Never stops.
fn never() -> bool {
    false
}

impl Settings<'_> {
    /// A document of this title, in English, with nothing in its header and footer but the page's number.
    #[must_use]
    pub fn new(title: impl Into<String>, created: DateTime<Utc>) -> Self {
        Self {
            title: title.into(),
            author: String::new(),
            producer: String::new(),
            language: "en".to_owned(),
            created,
            header_left: String::new(),
            header_right: String::new(),
            footer_left: String::new(),
            footer_centre: String::new(),
            accent: None,
            profile: Profile::Standard,
            stop: &never,
        }
    }
}
