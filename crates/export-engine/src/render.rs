//! Step 3: one renderer writes its files from the snapshot.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use export_core::code::Code;
use export_core::export::Stage;
use export_core::id::{ExportId, TenantId};
use export_core::manifest::TemplateRecord;
use export_core::ports::{
    Brief, Interrupt, RecordKind, RenderError, Rendered, Renderer, SealBrief, Snapshot, SnapshotFacts,
};
use export_core::request::{ExportRequest, Scope};
use export_core::seal::{BundleRecord, SealedFile};
use export_core::template::Template;
use export_core::time::Timestamp;
use export_core::warning::Warning;

use crate::pulse::Stop;
use crate::spool::{SpoolOutlet, Spooled};
use crate::{AttemptPulse, Fault};

/// What all files of an export have in common.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) export_id: ExportId,
    pub(crate) tenant: TenantId,
    pub(crate) created_at: Timestamp,
    pub(crate) scope: Scope,
    /// The tenant's own template that the request names, if it is still there.
    pub(crate) template: Option<Arc<Template>>,
    pub(crate) snapshot: Arc<dyn Snapshot>,
}

/// One renderer's part of an order.
pub(crate) struct Commission {
    pub(crate) order: Order,
    pub(crate) request: ExportRequest,
    pub(crate) renderer: Arc<dyn Renderer>,
    /// The name of its main file.
    pub(crate) name: String,
    /// The seal that it tells of.
    pub(crate) seal: Option<(BundleRecord, Vec<SealedFile>)>,
}

/// What was made: the main artifact first.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) files: Vec<Spooled>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) template: Option<TemplateRecord>,
    pub(crate) bundle: Option<BundleRecord>,
}

/// Renders the files of `commission` into `folder`.
pub(crate) async fn render(
    commission: Commission,
    folder: &Path,
    deadline: Duration,
    pulse: &Arc<AttemptPulse>,
) -> Result<Output, Fault> {
    pulse.enter(Stage::Render, Some(commission.order.snapshot.facts().rows_matched()));
    let writing = {
        let (folder, pulse) = (folder.to_owned(), Arc::clone(pulse));
        let span = tracing::info_span!("template-render", artifact = %commission.name);
        tokio::task::spawn_blocking(move || span.in_scope(|| write(&commission, &folder, &pulse)))
    };
    within(deadline, pulse, writing).await
}

/// What `working` comes to. It obeys the pulse, which says stop at the deadline; its thread is never left behind.
pub(crate) async fn within<T>(
    deadline: Duration,
    pulse: &AttemptPulse,
    working: tokio::task::JoinHandle<Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::pin!(working);
    tokio::select! {
        finished = &mut working => finished.map_err(Fault::of_task)?,
        () = tokio::time::sleep(deadline) => {
            pulse.stop(Stop::Deadline);
            working.await.map_err(Fault::of_task)??;
            Err(RenderError::from(Interrupt::Deadline).into()) // it ended at the very last moment
        }
    }
}

fn write(commission: &Commission, folder: &Path, pulse: &AttemptPulse) -> Result<Output, Fault> {
    let Commission { order, request, renderer, name, seal } = commission;
    let mut outlet =
        SpoolOutlet::begin(folder, name, request.main_media_type()).map_err(Fault::of_storage)?;
    let brief = Brief {
        export_id: order.export_id,
        tenant: &order.tenant,
        request,
        created_at: order.created_at,
        template: order.template.as_deref(),
        seal: seal.as_ref().map(|(record, files)| SealBrief { record, files }),
        pulse,
    };
    let rendered = renderer.render(&brief, &*order.snapshot, &mut outlet)?;
    let mut files = outlet.finish().map_err(Fault::of_storage)?;
    check_complete(&rendered, order.snapshot.facts())?;
    let further = rendered.further_rows.into_iter().map(Some);
    for (file, rows) in files.iter_mut().zip(std::iter::once(rendered.rows).chain(further)) {
        file.artifact.rows = rows;
    }
    Ok(Output { files, warnings: rendered.warnings, template: rendered.template, bundle: None })
}

/// Records written are records matched, or a warning says what is missing.
fn check_complete(rendered: &Rendered, facts: &SnapshotFacts) -> Result<(), Fault> {
    let is_short = |(kind, listed): &&(RecordKind, u64)| *listed != facts.records(*kind);
    match rendered.lists.iter().find(is_short) {
        Some((kind, listed)) if rendered.warnings.is_empty() => {
            let matched = facts.records(*kind);
            let message =
                format!("{listed} of {matched} records ({kind:?}) were written, and no warning says why");
            Err(Fault::new(Code::Internal, message))
        }
        _ => Ok(()),
    }
}
