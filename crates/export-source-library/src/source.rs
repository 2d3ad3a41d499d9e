//! The library as a source: what its ports promise, put together.

use std::sync::Arc;

use async_trait::async_trait;
use export_core::attestation::Attestation;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{
    AttestationSource, Flows, IntelligenceSource, Resolution, SbomSource, ScanSource, VerdictSource,
    VexSource,
};
use export_core::request::{OnSourceError, Scope};
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;
use object_store::ObjectStore;

use crate::emit::flows;
use crate::files::Files;
use crate::layout::Layout;
use crate::reading::{Reading, read_intelligence};
use crate::resolve;

/// A folder or an object-store prefix with one sub-folder for each scan.
///
/// Cheap to clone. Its methods must be called on a Tokio runtime: files are read on the runtime's blocking threads.
#[derive(Debug, Clone)]
pub struct LibrarySource {
    store: Arc<dyn ObjectStore>,
    layout: Layout,
    name: Arc<str>,
    /// The folder of links that a library of loose files consists of; removed with the last clone.
    _links: Option<Arc<tempfile::TempDir>>,
}

impl LibrarySource {
    /// A library in `store`. A path as `layout` stands for [`Layout::Shared`]; `name` is what manifests call the source.
    pub fn new(store: Arc<dyn ObjectStore>, layout: impl Into<Layout>, name: impl Into<String>) -> Self {
        Self { store, layout: layout.into(), name: name.into().into(), _links: None }
    }

    /// The same library, which needs `links` for as long as it lives.
    pub(crate) fn keeping(self, links: tempfile::TempDir) -> Self {
        Self { _links: Some(Arc::new(links)), ..self }
    }

    fn files(&self, tenant: &TenantId, operation: &'static str) -> Files {
        Files::new(Arc::clone(&self.store), self.layout.root(tenant), operation)
    }

    /// The folder of one scan, to be read for one stream.
    async fn scan(
        &self,
        (tenant, scan): (&TenantId, &ScanRef),
        on_error: OnSourceError,
        operation: &'static str,
    ) -> Result<Reading, PortError> {
        let files = self.files(tenant, operation);
        let folder = files.existing_scan(&scan.id).await?;
        let image = scan.image.clone();
        Ok(Reading { source: Arc::clone(&self.name), files, folder, on_error, image })
    }
}

#[async_trait]
impl ScanSource for LibrarySource {
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        resolve::resolve(&self.files(tenant, "scan source: resolve"), scope, on_error).await
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let reading = self.scan((tenant, scan), on_error, "scan source: findings").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| {
            let mut contents = reading.contents(&id)?.of_a_scan(&reading.files, &id)?;
            let left = contents.leave_to_scanners();
            reading.all(&contents, &id, |format| format.findings, emit)?;
            Reading::left_to_scanners(&left, &id, emit)?;
            contents.others.iter().try_for_each(|(file, what)| reading.ignored(file, what, emit))?;
            contents.refused.into_iter().try_for_each(|warning| emit.warning(warning))
        }))
    }
}

#[async_trait]
impl VerdictSource for LibrarySource {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let reading = self.scan((tenant, scan), on_error, "verdict source: verdicts").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| reading.all(&reading.contents(&id)?, &id, |format| format.verdicts, emit)))
    }
}

#[async_trait]
impl VexSource for LibrarySource {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let reading = self.scan((tenant, scan), on_error, "vex source: statements").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| reading.all(&reading.contents(&id)?, &id, |format| format.statements, emit)))
    }
}

#[async_trait]
impl SbomSource for LibrarySource {
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        let reading = self.scan((tenant, scan), on_error, "sbom source: sboms").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| {
            let mut contents = reading.contents(&id)?;
            if contents.documents.iter().any(|document| document.format.sbom.is_some()) {
                return reading.all(&contents, &id, |format| format.sbom, emit);
            }
            contents.keep_packages()?;
            reading.all(&contents, &id, |format| format.packages, emit)
        }))
    }
}

#[async_trait]
impl AttestationSource for LibrarySource {
    async fn attestations(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError> {
        let operation = "attestation source: attestations";
        let reading = self.scan((tenant, scan), on_error, operation).await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| reading.all(&reading.contents(&id)?, &id, |format| format.attestations, emit)))
    }
}

#[async_trait]
impl IntelligenceSource for LibrarySource {
    async fn intelligence(
        &self,
        tenant: &TenantId,
        on_error: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError> {
        let files = self.files(tenant, "intelligence source: intelligence");
        let folder = files.intelligence().await?;
        let reading =
            Reading { source: Arc::clone(&self.name), files, folder, on_error, image: String::new() };
        Ok(flows(move |emit| read_intelligence(&reading, emit)))
    }
}
