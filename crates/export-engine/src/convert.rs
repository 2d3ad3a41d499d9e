//! An export without a job store: sources in, files out. What `exportctl convert` and embedders use.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use export_core::catalogue::ExportType;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::export::Artifact;
use export_core::id::TenantId;
use export_core::ports::{Snapshot as _, SnapshotFacts};
use export_core::problem::Problem;
use export_core::request::{ExportRequest, OnSourceError, Scope};
use export_core::scan::ScanRef;
use export_core::time::{Now, Timestamp};
use export_core::warning::Warning;
use export_snapshot::SpooledSnapshot;
use futures::{FutureExt as _, StreamExt as _, stream};
use tracing::Instrument as _;

use crate::attempt::unlisted_id;
use crate::baseline::{Comparison, compare, settle};
use crate::findings::Findings;
use crate::produce::{Fresh, Place, produce};
use crate::render::{Order, Output};
use crate::{AttemptPulse, Fault, Limits, Sources, Wanted, Writers, gather};

/// What is to be converted.
pub struct Conversion<'a> {
    /// The owner that artifacts name.
    pub tenant: TenantId,
    /// One request for each file; all have the same scope and are rendered from one snapshot.
    pub requests: Vec<ExportRequest>,
    /// The time that artifacts name.
    pub at: Timestamp,
    /// The folder that the files are written into; files of the same names are replaced, once the new ones are whole.
    pub out: &'a Path,
}

/// What a conversion wrote.
#[derive(Debug)]
pub struct Converted {
    /// Each file with its path, in the order of the requests.
    pub artifacts: Vec<(Artifact, PathBuf)>,
    /// The numbers of the one snapshot.
    pub facts: SnapshotFacts,
    /// Everything that was not done as asked.
    pub warnings: Vec<Warning>,
}

/// Gathers once, renders every request, and moves the files into place.
///
/// # Errors
/// The first failure. No file is in place then, unless it was the moving that failed: each is whole or as it was before.
pub async fn convert(
    sources: &Sources,
    writers: &Writers,
    limits: &Limits,
    conversion: Conversion<'_>,
    pulse: &Arc<AttemptPulse>,
) -> Result<Converted, Fault> {
    let Conversion { tenant, mut requests, at, out } = conversion;
    let scope = &check(&requests, writers)?.clone();
    let wanted = Wanted::by(scope, &requests);
    let snapshot = gather(sources, &tenant, wanted, limits, at, pulse)
        .instrument(tracing::info_span!("data-gather"))
        .await?;
    settle_all(&mut requests, &snapshot, (sources, &tenant), wanted.on_error).await?;
    let baseline = requests.iter().find_map(|request| request.options.baseline.as_ref());
    let with = baseline.map(|baseline| Comparison { baseline, wanted });
    let snapshot = compare(snapshot, with, sources, (&tenant, at), (limits, pulse)).await?;
    let facts = snapshot.facts().clone();
    let order = Order {
        export_id: unlisted_id(at),
        tenant,
        created_at: at,
        scope: scope.clone(),
        template: None,
        snapshot,
    };
    let scratch = |error| Fault::of_scratch("write the output folder", error);
    tokio::fs::create_dir_all(out).await.map_err(scratch)?;
    // Inside the output folder, so that moving a finished file into place never copies it.
    let folder = tempfile::Builder::new().prefix(".convert-").tempdir_in(out).map_err(scratch)?;
    // A conversion is of one moment, so that the same input and time give the same bytes, seals included.
    let digest = order.snapshot.facts().digest;
    let random = |contents: &Digest| {
        let seed = Digest::of(format!("{digest} {contents}").as_bytes());
        std::array::from_fn(|place| seed.as_bytes()[place])
    };
    let now = || Now::at(at);
    let fresh = Fresh { now: &now, random: &random };
    let place = Place { folder: folder.path(), limits, fresh, pulse };
    let made = render_all(&order, &requests, writers, place).await?;
    let mut artifacts: Vec<(Artifact, PathBuf)> = Vec::new();
    let mut warnings = facts.warnings.clone();
    for (request, output) in requests.iter().zip(made) {
        for mut file in output.files {
            if artifacts.iter().any(|(known, _)| known.name == file.artifact.name) {
                file.artifact.name = format!("{}.{}", request.format, file.artifact.name);
            }
            let path = out.join(&file.artifact.name);
            tokio::fs::rename(&file.path, &path).await.map_err(scratch)?;
            artifacts.push((file.artifact, path));
        }
        // Two files may have the same to say.
        for warning in output.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    Ok(Converted { artifacts, facts, warnings })
}

/// Puts into every request what its baseline stands for.
async fn settle_all(
    requests: &mut [ExportRequest],
    current: &SpooledSnapshot,
    (sources, tenant): (&Sources, &TenantId),
    on_error: OnSourceError,
) -> Result<(), Fault> {
    let asked = requests.iter().find_map(|request| request.options.baseline.clone());
    let Some(asked) = asked else { return Ok(()) };
    let scope: Vec<ScanRef> = current.facts().scans.iter().map(|it| it.scan.clone()).collect();
    let settled = settle(&*sources.scans, tenant, &asked, &scope, on_error).await;
    let settled = settled
        .map_err(Fault::of_source)?
        .map_err(|lacking| Fault::new(Code::DataNotFound, lacking.to_string()))?;
    for baseline in requests.iter_mut().filter_map(|request| request.options.baseline.as_mut()) {
        *baseline = settled.clone();
    }
    Ok(())
}

/// Renders as many requests at a time as there are processors: they share nothing but the snapshot. The first failure
/// stops the others, and is told when the last of them has ended.
async fn render_all(
    order: &Order,
    requests: &[ExportRequest],
    writers: &Writers,
    place: Place<'_>,
) -> Result<Vec<Output>, Fault> {
    let at_once = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let rendering = requests.iter().enumerate().map(async |(index, request)| {
        // A folder each, for two of them may have files of the same name.
        let folder = place.folder.join(index.to_string());
        let made = tokio::fs::create_dir(&folder).await;
        made.map_err(|error| Fault::of_scratch("write the output folder", error))?;
        produce(order, request, writers, Place { folder: &folder, ..place }).await
    });
    let first_failure = OnceLock::new();
    let note = |made: Result<Output, Fault>| match made {
        Ok(output) => Some(output),
        Err(fault) => {
            let _later_ones_follow_from_it = first_failure.set(fault);
            place.pulse.cancel();
            None
        }
    };
    let rendering = rendering.map(|making| making.map(&note));
    let made: Vec<Option<Output>> = stream::iter(rendering).buffered(at_once).collect().await;
    first_failure.into_inner().map_or_else(|| Ok(made.into_iter().flatten().collect()), Err)
}

/// The one scope of `requests`, each of which can be written.
fn check<'r>(requests: &'r [ExportRequest], writers: &Writers) -> Result<&'r Scope, Fault> {
    let Some(first) = requests.first() else {
        return Err(Fault::new(Code::InvalidRequest, "nothing was asked for"));
    };
    let mut names = BTreeSet::new();
    for request in requests {
        if request.kind == ExportType::AuditLog {
            let message =
                "an audit_log is of the trail that a server keeps; files have none, so ask a server for it";
            return Err(Fault::new(Code::InvalidRequest, message));
        }
        if request.scope != first.scope {
            return Err(Fault::new(Code::InvalidRequest, "files of one conversion have one scope"));
        }
        if Findings::by(request.kind) != Findings::by(first.kind) {
            let message = "an ai_code_guard_report holds only what guards of AI-written code have found, and the other files hold \
                           everything: convert it on its own";
            return Err(Fault::new(Code::InvalidRequest, message));
        }
        let name = request.main_artifact();
        if names.contains(&name) {
            return Err(Fault::new(Code::InvalidRequest, format!("two files would be named {name}")));
        }
        names.insert(name);
        if !writers.can_write(request.kind, request.format) {
            let message = format!("{} cannot be written as {} by this version", request.kind, request.format);
            return Err(Fault::new(Code::UnsupportedFormat, message));
        }
    }
    Ok(&first.scope)
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::new(problem.code, problem.to_string())
    }
}
