//! Which files a request comes to, and who writes each.

use std::path::Path;
use std::sync::Arc;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::request::{ExportRequest, Options};
use export_core::time::Now;

use crate::render::{Commission, Order, Output};
use crate::{AttemptPulse, Fault, Limits, Writers, bundle, render};

/// Makes all files of `request` in `folder`: the main artifact first, then what comes beside it.
pub(crate) async fn produce(
    order: &Order,
    request: &ExportRequest,
    writers: &Writers,
    place: Place<'_>,
) -> Result<Output, Fault> {
    if request.kind == ExportType::EvidenceBundle {
        return bundle::assemble(order, request, writers, place).await;
    }
    let mut output = place.render(commission(order, request, writers, request.main_artifact())?).await?;
    let own_files = output.files.len();
    if request.options.include_sbom && request.kind != ExportType::Sbom {
        let sbom = place.render(sbom(order, writers)?).await?;
        output.files.extend(sbom.files);
        output.warnings.extend(sbom.warnings);
    }
    if request.options.include_evidence {
        bundle::seal_output(order, request.kind, (&mut output, own_files), writers, place).await?;
    }
    Ok(output)
}

/// Where files are made, and within which limits.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) limits: &'a Limits,
    /// The time and the randomness of seals.
    pub(crate) fresh: Fresh<'a>,
    pub(crate) pulse: &'a Arc<AttemptPulse>,
}

/// Where a seal's time and the bundle's id come from.
#[derive(Clone, Copy)]
pub(crate) struct Fresh<'a> {
    pub(crate) now: &'a (dyn Fn() -> Now + Send + Sync),
    /// Random bytes for a bundle with these contents: where nothing is random, bundles differ by what is in them.
    pub(crate) random: &'a (dyn Fn(&Digest) -> [u8; 10] + Send + Sync),
}

impl Place<'_> {
    pub(crate) async fn render(&self, commission: Commission) -> Result<Output, Fault> {
        render::render(commission, self.folder, self.limits.render, self.pulse).await
    }
}

/// The part of whoever can write `request`.
pub(crate) fn commission(
    order: &Order,
    request: &ExportRequest,
    writers: &Writers,
    name: String,
) -> Result<Commission, Fault> {
    let renderer = writers.renderer(request.kind, request.format).ok_or_else(|| {
        let message = format!("this installation cannot write {} as {}", request.kind, request.format);
        Fault::new(Code::RendererMissing, message)
    })?;
    Ok(Commission { order: order.clone(), request: request.clone(), renderer, name, seal: None })
}

/// The SBOM as one more artifact.
pub(crate) fn sbom(order: &Order, writers: &Writers) -> Result<Commission, Fault> {
    let request = of_same_scope(order, ExportType::Sbom, Format::Cyclonedx);
    let name = request.main_artifact();
    commission(order, &request, writers, name)
}

/// A request for another view on the data of the order, with every option at its default.
pub(crate) fn of_same_scope(order: &Order, kind: ExportType, format: Format) -> ExportRequest {
    let scope = order.scope.clone();
    ExportRequest { kind, format, scope, options: Options::default(), delivery: Default::default() }
}
