//! An export without a job store: sources in, files out. What `exportctl convert` and embedders use.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use export_core::code::Code;
use export_core::export::Artifact;
use export_core::id::TenantId;
use export_core::ports::{Renderer, Snapshot, SnapshotFacts};
use export_core::problem::Problem;
use export_core::request::{ExportRequest, Scope};
use export_core::time::Timestamp;
use export_core::warning::Warning;
use tracing::Instrument as _;

use crate::attempt::unlisted_id;
use crate::render::Commission;
use crate::{AttemptPulse, Fault, Limits, Renderers, Sources, gather, render};

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
    renderers: &Renderers,
    limits: &Limits,
    conversion: Conversion<'_>,
    pulse: &Arc<AttemptPulse>,
) -> Result<Converted, Fault> {
    let Conversion { tenant, requests, at, out } = conversion;
    let (scope, found) = check(&requests, renderers)?;
    let snapshot = gather(sources, &tenant, scope, limits, at, pulse)
        .instrument(tracing::info_span!("data-gather"))
        .await?;
    let snapshot: Arc<dyn Snapshot> = Arc::new(snapshot);
    let scratch = |error| Fault::of_scratch("write the output folder", error);
    tokio::fs::create_dir_all(out).await.map_err(scratch)?;
    // Inside the output folder, so that moving a finished file into place never copies it.
    let folder = tempfile::Builder::new().prefix(".convert-").tempdir_in(out).map_err(scratch)?;
    let mut spooled = Vec::new();
    for (request, renderer) in requests.into_iter().zip(found) {
        let commission = Commission {
            export_id: unlisted_id(at),
            tenant: tenant.clone(),
            request,
            created_at: at,
            snapshot: Arc::clone(&snapshot),
            renderer,
        };
        spooled.push(render::render(commission, folder.path(), limits.render, pulse).await?);
    }
    let mut artifacts = Vec::new();
    let mut warnings = snapshot.facts().warnings.clone();
    for file in spooled {
        let path = out.join(&file.artifact.name);
        tokio::fs::rename(&file.path, &path).await.map_err(scratch)?;
        warnings.extend(file.warnings);
        artifacts.push((file.artifact, path));
    }
    Ok(Converted { artifacts, facts: snapshot.facts().clone(), warnings })
}

/// The one scope of `requests`, and the renderer of each.
fn check<'r>(
    requests: &'r [ExportRequest],
    renderers: &Renderers,
) -> Result<(&'r Scope, Vec<Arc<dyn Renderer>>), Fault> {
    let Some(first) = requests.first() else {
        return Err(Fault::new(Code::InvalidRequest, "nothing was asked for"));
    };
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for request in requests {
        if request.scope != first.scope {
            return Err(Fault::new(Code::InvalidRequest, "files of one conversion have one scope"));
        }
        let name = request.main_artifact();
        if names.contains(&name) {
            return Err(Fault::new(Code::InvalidRequest, format!("two files would be named {name}")));
        }
        names.insert(name);
        found.push(renderers.find(request.kind, request.format).ok_or_else(|| {
            let message = format!("{} cannot be written as {} by this version", request.kind, request.format);
            Fault::new(Code::UnsupportedFormat, message)
        })?);
    }
    Ok((&first.scope, found))
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::new(problem.code, problem.to_string())
    }
}
