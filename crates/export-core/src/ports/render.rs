//! How a snapshot becomes a file.

use std::fmt;
use std::io::Write;

use super::{RecordKind, Snapshot};
use crate::catalogue::{ExportType, Format};
use crate::code::Code;
use crate::error::{ErrorKind, PortError};
use crate::id::{ExportId, TenantId};
use crate::manifest::TemplateRecord;
use crate::request::ExportRequest;
use crate::seal::{BundleRecord, SealedFile};
use crate::template::Template;
use crate::time::Timestamp;
use crate::warning::Warning;

/// What a renderer is told besides the data.
pub struct Brief<'a> {
    /// The export; its id and times are the only ones that may stand in an artifact.
    pub export_id: ExportId,
    /// The owner.
    pub tenant: &'a TenantId,
    /// What was asked for.
    pub request: &'a ExportRequest,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The tenant's own template that the request names, as it is stored; none for templates that come with the program.
    pub template: Option<&'a Template>,
    /// The seal that the artifact tells of: for the page that goes with a bundle.
    pub seal: Option<SealBrief<'a>>,
    /// Told of progress; says when to stop.
    pub pulse: &'a dyn Pulse,
}

/// A sealed bundle, as a report tells of it.
#[derive(Debug, Clone, Copy)]
pub struct SealBrief<'a> {
    /// What is kept of it.
    pub record: &'a BundleRecord,
    /// Its files.
    pub files: &'a [SealedFile],
}

/// The line between a renderer and whoever waits for it.
pub trait Pulse: Send + Sync {
    /// Tells that `rows_done` records are done. Called at least every 1,000 records, and while waiting at least four times a
    /// second; it is cheap.
    ///
    /// # Errors
    /// The reason to stop at once.
    fn beat(&self, rows_done: u64) -> Result<(), Interrupt>;
}

/// Why a renderer must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Interrupt {
    /// Nobody wants the result any more.
    #[error("rendering was cancelled")]
    Cancelled,
    /// It took longer than it may.
    #[error("rendering took longer than it may")]
    Deadline,
}

/// Where a renderer writes: the main artifact first, then further files where the format needs them.
pub trait Outlet: Write + Send {
    /// Ends the file that is being written, and begins another one beside it.
    ///
    /// `name` differs from the main artifact's and every other; it is a file name without folders.
    ///
    /// # Errors
    /// What ending the one and beginning the other says.
    fn next_file(&mut self, name: &str, media_type: &str) -> Result<(), PortError>;
}

/// Any writer, for renderers that write one file. A second one is refused.
#[derive(Debug)]
pub struct OneFile<W>(pub W);

impl<W: Write> Write for OneFile<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Send> Outlet for OneFile<W> {
    fn next_file(&mut self, name: &str, _media_type: &str) -> Result<(), PortError> {
        Err(second(name))
    }
}

/// A buffer holds one file.
impl Outlet for Vec<u8> {
    fn next_file(&mut self, name: &str, _media_type: &str) -> Result<(), PortError> {
        Err(second(name))
    }
}

fn second(name: &str) -> PortError {
    let message = format!("there is room for one file, and {name} would be a second one");
    PortError::new(ErrorKind::Invalid, "render: next file", message)
}

/// Nobody wants the bytes, of however many files.
impl Outlet for std::io::Sink {
    fn next_file(&mut self, _name: &str, _media_type: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// What a renderer says of what it wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The records in the main artifact, for formats that list them.
    pub rows: Option<u64>,
    /// The records in each further file, in the order of [`Outlet::next_file`]; shorter if the last files list none.
    pub further_rows: Vec<u64>,
    /// How many records of each kind all files together list. The engine compares them with what the snapshot has: fewer
    /// without a warning are a fault.
    pub lists: Vec<(RecordKind, u64)>,
    /// Everything that was not done as asked.
    pub warnings: Vec<Warning>,
    /// The template, for formats that have one.
    pub template: Option<TemplateRecord>,
}

impl Rendered {
    /// One file with a row for each finding.
    #[must_use]
    pub fn of_findings(rows: u64) -> Self {
        Self { rows: Some(rows), lists: vec![(RecordKind::Finding, rows)], ..Self::default() }
    }
}

/// Why a file could not be written.
#[derive(Debug)]
pub struct RenderError {
    /// What a user is told.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl RenderError {
    /// An error of the renderer itself.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source: None }
    }

    /// The same error, caused by `source`.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<Interrupt> for RenderError {
    fn from(interrupt: Interrupt) -> Self {
        let code = match interrupt {
            Interrupt::Cancelled => Code::Cancelled,
            Interrupt::Deadline => Code::RenderTimeout,
        };
        Self::new(code, interrupt.to_string())
    }
}

impl From<PortError> for RenderError {
    fn from(error: PortError) -> Self {
        Self::new(Code::of_storage(error.kind), error.to_string()).because(error)
    }
}

impl From<std::io::Error> for RenderError {
    fn from(error: std::io::Error) -> Self {
        PortError::io("write an artifact", error).into()
    }
}

impl RenderError {
    /// Whether the same rendering may succeed later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        !matches!(self.code.retry(), crate::code::Retry::Never)
    }

    /// The error as ports tell it.
    #[must_use]
    pub fn into_port_error(self, operation: &'static str) -> PortError {
        let kind = if self.is_transient() { ErrorKind::Unavailable } else { ErrorKind::Invalid };
        PortError::new(kind, operation, self.message.clone()).because(self)
    }
}

/// Writes one format.
///
/// Rendering is synchronous on purpose: it is CPU work and `io::Write`, and runs on a thread of its own.
pub trait Renderer: Send + Sync {
    /// The format that it writes.
    fn format(&self) -> Format;

    /// The types that it can write in that format.
    fn types(&self) -> &[ExportType];

    /// The versions of the format that a request may name, the default one first; none for formats without a choice.
    fn spec_versions(&self) -> &[&'static str] {
        &[]
    }

    /// The templates that a request may name, the default one first; none for formats without templates.
    fn templates(&self) -> &[&'static str] {
        &[]
    }

    /// Whether a request may name a template of the tenant's own, which then comes with the [`Brief`].
    fn takes_own_templates(&self) -> bool {
        false
    }

    /// Writes the main artifact to `out`, and further files behind it where the format needs them.
    ///
    /// * The same snapshot and brief give the same bytes.
    /// * Memory does not depend on the number of records.
    /// * Every record of the snapshot is in the files, or a warning says which are not.
    /// * A [`Pulse::beat`] that says stop is obeyed at once, with its error; the bytes written so far are then worthless.
    /// * An error of `out` ends rendering with that error.
    /// * Hostile text in records stays text.
    ///
    /// # Errors
    /// [`RenderError`] with the code for the user.
    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError>;
}
