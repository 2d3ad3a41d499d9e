//! What the library reads, as a snapshot.

use std::fs;

use export_contract::{MemorySnapshot, corpus};
use export_core::ports::{Flow, Flows, SbomSource as _, ScanSource as _};
use export_core::record::FindingRecord;
use export_core::request::OnSourceError;
use export_core::sbom::{SbomFamily, SbomPart};
use export_core::scan::ScanRef;
use export_source_library::LibrarySource;
use futures::StreamExt as _;
use serde_json::{Map, Value, json};

/// The scan of every library here, which is the corpus' first one.
fn scan() -> ScanRef {
    corpus::scan(0)
}

/// What the library reads from a document, put together again.
pub(crate) fn read_sbom(content: &[u8]) -> Value {
    let (_, mut documents) = read(&[("sbom", content)]);
    assert_eq!(documents.len(), 1);
    documents.remove(0).1
}

/// The snapshot of a scan's files, and the number of its findings.
pub(crate) fn snapshot_of(files: &[(&str, &[u8])]) -> MemorySnapshot {
    let (records, documents) = read(files);
    documents.iter().fold(MemorySnapshot::new(records), |snapshot, (family, document)| {
        snapshot.with_sbom(*family, "as read", document)
    })
}

type Documents = Vec<(SbomFamily, Value)>;

fn read(files: &[(&str, &[u8])]) -> (Vec<FindingRecord<'static>>, Documents) {
    let folder = tempfile::tempdir().unwrap();
    let scan = scan();
    fs::create_dir(folder.path().join(scan.id.as_str())).unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(scan.id.as_str()).join(name), content).unwrap();
    }
    let library = LibrarySource::open(&format!("file://{}/", folder.path().display()), Vec::new()).unwrap();
    let tenant = "acme".parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let findings = all(library.findings(&tenant, &scan, OnSourceError::Fail).await.unwrap()).await;
        let records =
            findings.into_iter().map(|it| FindingRecord::join(it, None, vec![], corpus::AT)).collect();
        let mut documents: Documents = Vec::new();
        for part in all(library.sboms(&tenant, &scan, OnSourceError::Fail).await.unwrap()).await {
            match part {
                SbomPart::Head(head) => {
                    let members: Map<String, Value> = serde_json::from_str(&head.json).unwrap();
                    documents.push((head.family, members.into()));
                }
                SbomPart::Element { section, json } => {
                    let (_, document) = documents.last_mut().unwrap();
                    let members = document.as_object_mut().unwrap();
                    let list = members.entry(section.as_str()).or_insert(json!([])).as_array_mut().unwrap();
                    list.push(serde_json::from_str(&json).unwrap());
                }
            }
        }
        (records, documents)
    })
}

async fn all<T>(mut flows: Flows<T>) -> Vec<T> {
    let mut items = Vec::new();
    while let Some(flow) = flows.next().await {
        if let Flow::Item(item) = flow.unwrap() {
            items.push(item);
        }
    }
    items
}
