//! A library in a folder of its own, and what its streams give.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use export_core::error::PortError;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::TenantId;
use export_core::ports::{Flow, Flows, IntelligenceSource, Resolution, ScanSource, VerdictSource, VexSource};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::warning::Warning;
use export_source_library::LibrarySource;
use futures::StreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tempfile::TempDir;

/// A library in a temporary folder.
pub(crate) struct Library {
    pub(crate) source: LibrarySource,
    pub(crate) folder: TempDir,
}

/// What a whole stream gave.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) items: Vec<T>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) documents: Vec<SourceDigest>,
}

/// A small, whole report.
pub(crate) fn report(artifact: &str, created_at: &str, results: &str) -> String {
    format!(
        r#"{{"SchemaVersion":2,"CreatedAt":"{created_at}","ArtifactName":"{artifact}","ArtifactType":"container_image",
            "Metadata":{{"RepoTags":["{artifact}"]}},"Results":{results}}}"#
    )
}

/// A report with these vulnerabilities.
pub(crate) fn vulnerabilities(list: &str) -> String {
    let results = format!(
        r#"[{{"Target":"app:1 (debian 12.7)","Class":"os-pkgs","Type":"debian","Vulnerabilities":{list}}}]"#
    );
    report("app:1", "2026-11-20T10:00:00Z", &results)
}

pub(crate) fn tenant() -> TenantId {
    "acme".parse().unwrap()
}

pub(crate) fn ids(ids: &[&str]) -> Scope {
    Scope { scan_ids: ids.iter().map(|id| id.parse().unwrap()).collect(), ..Scope::default() }
}

/// A reference to a scan, with only what the source needs of it.
pub(crate) fn scan(id: &str) -> ScanRef {
    ScanRef {
        id: id.parse().unwrap(),
        image: String::new(),
        image_digest: None,
        created_at: None,
        tool: String::new(),
    }
}

impl Library {
    /// A library with these files: path below its root, content.
    pub(crate) fn with<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        Self { source: at(folder.path()), folder }
    }

    pub(crate) async fn resolve(&self, scope: &Scope) -> Result<Resolution, PortError> {
        self.source.resolve(&tenant(), scope, OnSourceError::Fail).await
    }

    pub(crate) async fn findings(&self, id: &str) -> Result<Read<Finding<'static>>, PortError> {
        collect(self.source.findings(&tenant(), &scan(id), OnSourceError::Fail).await?).await
    }

    pub(crate) async fn verdicts(&self, id: &str) -> Result<Read<Verdict<'static>>, PortError> {
        collect(self.source.verdicts(&tenant(), &scan(id), OnSourceError::Fail).await?).await
    }

    pub(crate) async fn statements(&self, id: &str) -> Result<Read<VexStatement<'static>>, PortError> {
        collect(self.source.statements(&tenant(), &scan(id), OnSourceError::Fail).await?).await
    }

    pub(crate) async fn intelligence(&self) -> Result<Read<Intelligence<'static>>, PortError> {
        collect(self.source.intelligence(&tenant(), OnSourceError::Fail).await?).await
    }
}

/// The findings of the only scan of a library whose only file has this content.
pub(crate) async fn findings_of(content: impl AsRef<[u8]>) -> Result<Read<Finding<'static>>, PortError> {
    Library::with(&[("s/report.json", content)]).findings("s").await
}

/// A library in an existing folder.
pub(crate) fn at(folder: &FilePath) -> LibrarySource {
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder).unwrap());
    LibrarySource::new(store, Path::default(), "library")
}

/// A library in a store that gives streams of chunks, as buckets do.
pub(crate) async fn in_memory(files: &[(&str, Vec<u8>)]) -> LibrarySource {
    let store = InMemory::new();
    for (path, content) in files {
        store.put(&Path::from(*path), content.clone().into()).await.unwrap();
    }
    let store: Arc<dyn ObjectStore> = Arc::new(store);
    LibrarySource::new(store, Path::default(), "bucket")
}

/// Reads a stream to its end, and checks what holds for every stream.
pub(crate) async fn collect<T>(mut flows: Flows<T>) -> Result<Read<T>, PortError> {
    let mut read = Read { items: Vec::new(), warnings: Vec::new(), documents: Vec::new() };
    while let Some(flow) = flows.next().await {
        match flow {
            Ok(Flow::Item(item)) => read.items.push(item),
            Ok(Flow::Warning(warning)) => read.warnings.push(warning),
            Ok(Flow::Document(document)) => read.documents.push(document),
            Ok(Flow::End { items }) => {
                assert_eq!(items, read.items.len() as u64);
                assert_eq!(items, read.documents.iter().map(|document| document.records).sum::<u64>());
                assert!(flows.next().await.is_none(), "nothing comes behind the end");
                return Ok(read);
            }
            Err(error) => {
                assert!(flows.next().await.is_none(), "an error is the last item");
                return Err(error);
            }
        }
    }
    panic!("the stream stopped without an end");
}

/// The folder of data that is not part of this repository; none, said loudly, if it is absent.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => PathBuf::from(root),
        None => workspace().join("../shared/data"),
    };
    let path = root.join(path);
    if !path.exists() {
        println!("SKIPPED: {} is absent", path.display());
        return None;
    }
    Some(path)
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
