//! Step 3: one artifact is written from the snapshot to a spool file that digests as it goes.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use export_core::code::Code;
use export_core::digest::DigestWriter;
use export_core::export::{Artifact, Stage};
use export_core::id::{ExportId, TenantId};
use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, Interrupt, RenderError, Rendered, Renderer, Snapshot};
use export_core::request::ExportRequest;
use export_core::time::Timestamp;
use export_core::warning::Warning;

use crate::pulse::Stop;
use crate::{AttemptPulse, Fault};

/// An artifact that lies in scratch.
#[derive(Debug)]
pub(crate) struct Spooled {
    pub(crate) artifact: Artifact,
    pub(crate) path: PathBuf,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) template: Option<TemplateRecord>,
}

/// What an artifact is made from.
pub(crate) struct Commission {
    pub(crate) export_id: ExportId,
    pub(crate) tenant: TenantId,
    pub(crate) request: ExportRequest,
    pub(crate) created_at: Timestamp,
    pub(crate) snapshot: Arc<dyn Snapshot>,
    pub(crate) renderer: Arc<dyn Renderer>,
}

/// Renders the main artifact of `commission` into `folder`.
pub(crate) async fn render(
    commission: Commission,
    folder: &Path,
    deadline: Duration,
    pulse: &Arc<AttemptPulse>,
) -> Result<Spooled, Fault> {
    pulse.enter(Stage::Render, Some(commission.snapshot.facts().totals.findings));
    let name = commission.request.main_artifact();
    let path = folder.join(&name);
    let format = commission.request.format;
    let writing = {
        let (path, pulse) = (path.clone(), Arc::clone(pulse));
        let span = tracing::info_span!("template-render", artifact = %name);
        tokio::task::spawn_blocking(move || span.in_scope(|| write(&commission, &path, &pulse)))
    };
    tokio::pin!(writing);
    let finished = tokio::select! {
        finished = &mut writing => finished,
        () = tokio::time::sleep(deadline) => {
            pulse.stop(Stop::Deadline);
            // The renderer obeys its pulse; its thread is never left behind.
            writing.await.map_err(Fault::of_task)??;
            return Err(RenderError::from(Interrupt::Deadline).into()); // it ended at the very last moment
        }
    };
    let (rendered, size, sha256) = finished.map_err(Fault::of_task)??;
    let artifact = Artifact {
        name,
        media_type: format.media_type().to_owned(),
        size,
        sha256,
        rows: rendered.rows,
        download_url: None,
    };
    Ok(Spooled { artifact, path, warnings: rendered.warnings, template: rendered.template })
}

fn write(
    commission: &Commission,
    path: &Path,
    pulse: &AttemptPulse,
) -> Result<(Rendered, u64, export_core::digest::Digest), Fault> {
    let scratch = |error| Fault::of_scratch("spool an artifact", error);
    let file = File::create_new(path).map_err(scratch)?;
    let mut out = DigestWriter::new(BufWriter::with_capacity(1 << 18, file));
    let brief = Brief {
        export_id: commission.export_id,
        tenant: &commission.tenant,
        request: &commission.request,
        created_at: commission.created_at,
        pulse,
    };
    let rendered = commission.renderer.render(&brief, &*commission.snapshot, &mut out)?;
    let (_, size, sha256) = out.finish().map_err(scratch)?;
    check_complete(&rendered, commission.snapshot.facts().totals.findings)?;
    Ok((rendered, size, sha256))
}

/// Rows written are rows matched, or a warning says what is missing.
fn check_complete(rendered: &Rendered, matched: u64) -> Result<(), Fault> {
    match rendered.rows {
        Some(rows) if rows != matched && rendered.warnings.is_empty() => {
            let message = format!("{rows} of {matched} rows were written, and no warning says why");
            Err(Fault::new(Code::Internal, message))
        }
        _ => Ok(()),
    }
}
