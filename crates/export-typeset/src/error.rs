//! What can go wrong while a document is set.

use thiserror::Error;

/// Why no PDF came out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing can be written without a text face.
    #[error(
        "no text font is installed (searched {searched}): install the packages fonts-inter, fonts-noto-core and \
         fonts-noto-mono, or DejaVu or Liberation"
    )]
    NoTextFont {
        /// The folders that were searched.
        searched: String,
    },
    /// The caller's stop said so.
    #[error("stopped while the PDF was being set")]
    Stopped,
    /// The finished document breaks a rule of the profile; this is a defect of the writer, not of the report.
    #[error("the PDF does not hold to its profile: {0}")]
    Standard(String),
    /// A picture could not be read.
    #[error("the picture cannot be read: {0}")]
    Picture(String),
    /// The text does not fit into a QR code.
    #[error("{0} bytes are too many for a QR code: at most 2,331 fit")]
    QrTooLong(usize),
    /// A table was described in a way that cannot be drawn.
    #[error("the table cannot be drawn: {0}")]
    Table(&'static str),
    /// The two passes were not given the same content.
    #[error(
        "the document changed between the measuring and the drawing pass: {measured} pages, then {drawn}"
    )]
    Unsteady {
        /// Pages of the first pass.
        measured: u32,
        /// Pages of the second pass.
        drawn: u32,
    },
}
