//! The library as a source: what its ports promise, put together.

use std::sync::Arc;

use async_trait::async_trait;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flows, IntelligenceSource, Resolution, ScanSource, VerdictSource, VexSource};
use export_core::request::Scope;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::warning::{Warning, WarningCode};
use object_store::ObjectStore;
use object_store::path::Path;

use crate::emit::{Emitter, flows};
use crate::files::{Files, Folder};
use crate::guard;
use crate::input::Input;
use crate::layout::Layout;
use crate::recognise::{Content, recognise};
use crate::scan::Contents;
use crate::trivy::Seen;
use crate::{epss, known_exploited, openvex, resolve, trivy, verdicts};

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

    fn reading(&self, files: Files, folder: Folder) -> Reading {
        Reading { source: Arc::clone(&self.name), files, folder }
    }

    /// The folder of one scan, to be read for one stream.
    pub(crate) async fn read_scan(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        operation: &'static str,
    ) -> Result<Reading, PortError> {
        let files = self.files(tenant, operation);
        let folder = files.existing_scan(&scan.id).await?;
        Ok(self.reading(files, folder))
    }
}

#[async_trait]
impl ScanSource for LibrarySource {
    async fn resolve(&self, tenant: &TenantId, scope: &Scope) -> Result<Resolution, PortError> {
        resolve::resolve(&self.files(tenant, "scan source: resolve"), scope).await
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let reading = self.read_scan(tenant, scan, "scan source: findings").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| {
            let contents = Contents::of(&reading.files, &id, &reading.folder)?;
            let mut seen = (contents.reports.len() > 1).then(Seen::default);
            for (file, head) in &contents.reports {
                reading.document(file, emit, |input, emit| {
                    let report = trivy::Report { id: &id, head, reopen: &|| reading.files.open(file) };
                    report.read(input, seen.as_mut(), emit)
                })?;
            }
            read_guards(&reading, &contents, &id, emit)?;
            contents.others.iter().try_for_each(|(file, what)| reading.ignored(file, what, emit))
        }))
    }
}

/// The findings of guards of AI-written code, which may lie beside those of a scanner.
fn read_guards(
    reading: &Reading,
    contents: &Contents,
    id: &ScanId,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<(), PortError> {
    let mut ids = guard::Ids::default();
    let scan = contents.scan(id);
    for (file, head) in &contents.guards {
        let of_scan = scan.as_ref().map_or(id.as_str(), |scan| &scan.image);
        let report = guard::Report { id, head, image: head.repository().unwrap_or(of_scan) };
        reading.document(file, emit, |input, emit| report.read(input, &mut ids, emit))?;
    }
    Ok(())
}

#[async_trait]
impl VerdictSource for LibrarySource {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let reading = self.read_scan(tenant, scan, "verdict source: verdicts").await?;
        let id = scan.id.clone();
        Ok(flows(move |emit| {
            for file in &reading.folder.files {
                if matches!(recognise(reading.files.open(file)?)?, Content::Verdicts) {
                    reading.document(file, emit, |input, emit| verdicts::read(input, &id, emit))?;
                }
            }
            Ok(())
        }))
    }
}

#[async_trait]
impl VexSource for LibrarySource {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let reading = self.read_scan(tenant, scan, "vex source: statements").await?;
        Ok(flows(move |emit| {
            for file in &reading.folder.files {
                if matches!(recognise(reading.files.open(file)?)?, Content::OpenVex) {
                    let reopen = || reading.files.open(file);
                    reading.document(file, emit, |input, emit| openvex::read(input, &reopen, emit))?;
                }
            }
            Ok(())
        }))
    }
}

#[async_trait]
impl IntelligenceSource for LibrarySource {
    async fn intelligence(&self, tenant: &TenantId) -> Result<Flows<Intelligence<'static>>, PortError> {
        let files = self.files(tenant, "intelligence source: intelligence");
        let folder = files.intelligence().await?;
        let reading = self.reading(files, folder);
        Ok(flows(move |emit| {
            for file in &reading.folder.files {
                match recognise(reading.files.open(file)?)? {
                    Content::KnownExploited => reading.document(file, emit, known_exploited::read)?,
                    Content::Epss => reading.document(file, emit, epss::read)?,
                    Content::Other(what) => reading.ignored(file, &what, emit)?,
                    Content::Trivy(_)
                    | Content::Guard(_)
                    | Content::OpenVex
                    | Content::Verdicts
                    | Content::Cyclonedx
                    | Content::Spdx2
                    | Content::Spdx3 => {
                        reading.ignored(
                            file,
                            "a document about scans, which belongs into a scan's folder",
                            emit,
                        )?;
                    }
                }
            }
            Ok(())
        }))
    }
}

/// One folder being read for one stream.
pub(crate) struct Reading {
    source: Arc<str>,
    pub(crate) files: Files,
    pub(crate) folder: Folder,
}

impl Reading {
    /// Reads one document with `read`, and tells of it behind its records.
    pub(crate) fn document<T>(
        &self,
        file: &Path,
        emit: &mut Emitter<T>,
        read: impl FnOnce(Input, &mut Emitter<T>) -> Result<Digest, PortError>,
    ) -> Result<(), PortError> {
        let before = emit.items();
        let digest = read(self.files.open(file)?, emit)?;
        let (name, query) = (self.source.to_string(), self.files.name_of(file));
        emit.document(SourceDigest { name, query, digest, records: emit.items() - before })
    }

    fn ignored<T>(&self, file: &Path, what: &str, emit: &mut Emitter<T>) -> Result<(), PortError> {
        let message = format!("This file was not read: it is {what}.");
        emit.warning(Warning::new(WarningCode::SourceIgnored, message).at(self.files.name_of(file)))
    }
}
