//! The seam between what a report says and who prints it.

use std::fs::File;

use export_core::manifest::TemplateRecord;
use export_core::ports::RenderError;
use export_core::request::PdfProfile;
use export_core::time::Timestamp;
use export_core::warning::Warning;
use export_templates::{CustomTemplate, ReportView};

use crate::report::Rows;
use crate::stop::Stop;

/// A report that is ready to be printed.
pub(crate) struct Page<'a> {
    /// What it says.
    pub(crate) view: &'a ReportView,
    /// How it is laid out.
    pub(crate) template: &'a TemplateRecord,
    /// The text of that template, if it is the tenant's own.
    pub(crate) own: Option<&'a CustomTemplate>,
    /// The records that have a row of their own: what makes it long.
    pub(crate) rows: u64,
    /// The only time that may stand in the file.
    pub(crate) created: Timestamp,
    /// The standards that it holds to.
    pub(crate) profile: PdfProfile,
    /// Rows that are not in the view; none if all are that should.
    pub(crate) stream: Option<&'a Rows<'a>>,
}

/// Turns a report into a PDF.
pub(crate) trait Engine: Send + Sync {
    /// Writes the whole PDF to `spool`, an empty file, which is of no use after an error. The same page gives the
    /// same bytes. `stop` is asked at least four times a second and obeyed at once.
    fn print(&self, page: &Page<'_>, stop: &Stop<'_>, spool: &mut File) -> Result<Vec<Warning>, RenderError>;
}
