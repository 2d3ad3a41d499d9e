//! A renderer of one JSON document a line.

use std::sync::atomic::{AtomicU64, Ordering};

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{Brief, Outlet, RenderError, Rendered, Renderer, Snapshot};
use export_core::warning::{Warning, WarningCode};

use super::Gate;

type Hook = dyn Fn(&Brief<'_>, u64) -> Result<(), RenderError> + Send + Sync;

/// Writes each record as a line of JSON, unless it is told to do worse.
pub(crate) struct Lines {
    pub(crate) kind: ExportType,
    pub(crate) format: Format,
    /// Called before the first line, with the number of the rendering, counted from 1.
    pub(crate) before: Box<Hook>,
    /// Records that are left out.
    pub(crate) loses: u64,
    /// Whether a warning tells of them.
    pub(crate) tells: bool,
    pub(crate) calls: AtomicU64,
}

impl Default for Lines {
    fn default() -> Self {
        Self::with(|_, _| Ok(()))
    }
}

impl Lines {
    /// A renderer that begins with `before`.
    pub(crate) fn with(
        before: impl Fn(&Brief<'_>, u64) -> Result<(), RenderError> + Send + Sync + 'static,
    ) -> Self {
        let before = Box::new(before);
        Self {
            kind: ExportType::ScanReport,
            format: Format::Json,
            before,
            loses: 0,
            tells: false,
            calls: AtomicU64::new(0),
        }
    }

    /// A renderer that stands at `gate` first.
    pub(crate) fn at(gate: &Gate) -> Self {
        let gate = gate.clone();
        Self::with(move |brief, _| Ok(gate.pass_asking(brief.pulse)?))
    }
}

impl Renderer for Lines {
    fn format(&self) -> Format {
        self.format
    }

    fn types(&self) -> &[ExportType] {
        std::slice::from_ref(&self.kind)
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        (self.before)(brief, self.calls.fetch_add(1, Ordering::Relaxed) + 1)?;
        let mut records = from.findings()?;
        let (mut seen, mut rows) = (0, 0);
        while let Some(record) = records.next()? {
            seen += 1;
            brief.pulse.beat(seen)?;
            if seen > self.loses {
                serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
                rows += 1;
            }
        }
        let warning = Warning::new(WarningCode::RowsTruncated, "some are left out");
        let warnings = if self.tells { vec![warning] } else { vec![] };
        Ok(Rendered { warnings, ..Rendered::of_findings(rows) })
    }
}
