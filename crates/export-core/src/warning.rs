//! Everything that was not done as asked, in words and with a code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of shortfall a [`Warning`] tells. The set is closed; clients may switch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// The detail table holds fewer rows than the scope has findings.
    RowsTruncated,
    /// The report was printed by the plain engine, not the designed one.
    PdfSimplified,
    /// A template failed and the default one was used.
    TemplateFallback,
    /// Characters that no installed font can show.
    GlyphsMissing,
    /// Content of a report tried to load something from outside and was stopped.
    ContentBlocked,
    /// A text was shortened to what the format can hold.
    TextShortened,
    /// Characters that the format cannot hold were replaced by visible ones.
    CharactersReplaced,
    /// Fields that the target format cannot hold; `conversion-report.json` names each.
    FieldsLost,
    /// The export is in several files, because its reader takes no larger ones.
    FilesSplit,
    /// The SBOM lists the components that findings name, because no source lists all.
    SbomIncomplete,
    /// A part of a source's file was read although it breaks its format.
    SourceLenient,
    /// A file of a scan that no reader knows, or that holds nothing for an export.
    SourceIgnored,
    /// Scans that have no scan before them to compare with: all their findings count as new.
    BaselineMissing,
    /// A file or scan that cannot be read was left out, because the request says so.
    SourceRefused,
    /// A bundle was sealed without the token of the time-stamp authority, which did not answer.
    TimestampMissing,
    /// A bundle does not carry the head of the log that it was added to.
    CheckpointMissing,
}

impl WarningCode {
    /// The code as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RowsTruncated => "rows_truncated",
            Self::PdfSimplified => "pdf_simplified",
            Self::TemplateFallback => "template_fallback",
            Self::GlyphsMissing => "glyphs_missing",
            Self::ContentBlocked => "content_blocked",
            Self::TextShortened => "text_shortened",
            Self::CharactersReplaced => "characters_replaced",
            Self::FieldsLost => "fields_lost",
            Self::FilesSplit => "files_split",
            Self::SbomIncomplete => "sbom_incomplete",
            Self::SourceLenient => "source_lenient",
            Self::SourceIgnored => "source_ignored",
            Self::BaselineMissing => "baseline_missing",
            Self::SourceRefused => "source_refused",
            Self::TimestampMissing => "timestamp_missing",
            Self::CheckpointMissing => "checkpoint_missing",
        }
    }
}

/// One shortfall: what happened, what it means for the reader, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// For machines.
    pub code: WarningCode,
    /// For people.
    pub message: String,
    /// Where, if it has a place: a file, with a JSON pointer or line behind `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Warning {
    /// A warning without a place.
    pub fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None }
    }

    /// The same warning at `place`.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{} ({place})", self.message),
            None => f.write_str(&self.message),
        }
    }
}
