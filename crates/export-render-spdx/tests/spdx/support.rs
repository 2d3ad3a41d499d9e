//! Rendering, reading back with the library's readers, and where the data lies.

use std::path::{Path, PathBuf};

use export_contract::renderers::{Files, WitnessPulse, request};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, ScanId, TenantId};
use export_core::ports::{
    Brief, Flow, RenderError, Rendered, Renderer as _, SbomSource as _, ScanTotals, Snapshot,
};
use export_core::record::FindingRecord;
use export_core::request::OnSourceError;
use export_core::sbom::{SbomFamily, SbomPart};
use export_core::totals::Totals;
use export_core::warning::Warning;
use export_render_spdx::SpdxRenderer;
use export_source_library::LibrarySource;
use futures::StreamExt as _;
use serde_json::{Map, Value, json};

/// The versions that are written.
pub(crate) const VERSIONS: [&str; 2] = ["2.3", "3.0.1"];

/// What one rendering gave.
pub(crate) struct Output {
    pub(crate) rendered: Rendered,
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
    /// The report of what was lost, if there is one.
    pub(crate) report: Option<Value>,
}

/// A document as a reader gives it, put together as CycloneDX.
pub(crate) struct Read {
    pub(crate) family: SbomFamily,
    pub(crate) spec_version: String,
    pub(crate) document: Value,
    pub(crate) warnings: Vec<Warning>,
}

/// Renders a snapshot.
pub(crate) fn render(snapshot: &dyn Snapshot, version: &str) -> Output {
    let mut out = Files::new();
    let rendered = render_to(snapshot, version, &WitnessPulse::default(), &mut out).unwrap();
    let json = serde_json::from_slice(out.main()).unwrap();
    let report = out.further().first().map(|(name, bytes)| {
        assert_eq!(name, "conversion-report.json");
        serde_json::from_slice(bytes).unwrap()
    });
    Output { rendered, bytes: out.main().to_vec(), json, report }
}

/// Renders a snapshot to `out`.
pub(crate) fn render_to(
    snapshot: &dyn Snapshot,
    version: &str,
    pulse: &WitnessPulse<'_>,
    out: &mut dyn export_core::ports::Outlet,
) -> Result<Rendered, RenderError> {
    let mut request = request(ExportType::Sbom, Format::Spdx);
    request.options.spec_version = Some(version.to_owned());
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse,
    };
    SpdxRenderer.render(&brief, snapshot, out)
}

/// Reads an SBOM document as the library does.
pub(crate) fn read(bytes: &[u8]) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sbom.json");
    std::fs::write(&file, bytes).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(parts(&file))
}

async fn parts(file: &Path) -> Read {
    let id: ScanId = "s".parse().unwrap();
    let source = LibrarySource::of_files(&[(id.clone(), vec![file.to_owned()])]).unwrap();
    let scan = export_core::scan::ScanRef { id, ..corpus::scan(0) };
    let mut flows = source.sboms(&"acme".parse().unwrap(), &scan, OnSourceError::Fail).await.unwrap();
    let mut read = Read {
        family: SbomFamily::Scan,
        spec_version: String::new(),
        document: json!({}),
        warnings: Vec::new(),
    };
    while let Some(flow) = flows.next().await {
        match flow.unwrap() {
            Flow::Item(SbomPart::Head(head)) => {
                assert_eq!(read.spec_version, "", "one file is one document");
                (read.family, read.spec_version) = (head.family, head.spec_version.to_string());
                read.document = serde_json::from_str(&head.json).unwrap();
            }
            Flow::Item(SbomPart::Element { section, json }) => {
                let document = read.document.as_object_mut().unwrap();
                let list = document.entry(section.as_str()).or_insert(json!([]));
                list.as_array_mut().unwrap().push(serde_json::from_str(&json).unwrap());
            }
            Flow::Warning(warning) => read.warnings.push(warning),
            Flow::Document(_) | Flow::End { .. } => {}
        }
    }
    read
}

/// A snapshot of one document, and no findings.
pub(crate) fn snapshot(read: &Read) -> MemorySnapshot {
    with_records(read, vec![])
}

/// A snapshot of one document with these findings.
pub(crate) fn with_records(read: &Read, records: Vec<FindingRecord<'static>>) -> MemorySnapshot {
    let snapshot = MemorySnapshot::new(records).with_sbom(read.family, &read.spec_version, &read.document);
    with_scan(snapshot)
}

/// The same snapshot with its first scan, whether or not that has findings.
pub(crate) fn with_scan(snapshot: MemorySnapshot) -> MemorySnapshot {
    snapshot.with_facts(|facts| {
        if !facts.scans.iter().any(|scan| scan.scan.id == corpus::scan(0).id) {
            facts.scans.push(ScanTotals { scan: corpus::scan(0), totals: Totals::default() });
        }
    })
}

/// A CycloneDX document, taken as it is.
pub(crate) fn cyclonedx(document: Value) -> Read {
    let spec_version = document["specVersion"].as_str().unwrap_or("1.6").to_owned();
    let mut document = document;
    let object: &mut Map<String, Value> = document.as_object_mut().unwrap();
    ["bomFormat", "specVersion", "$schema"].iter().for_each(|member| drop(object.remove(*member)));
    Read { family: SbomFamily::Cyclonedx, spec_version, document, warnings: vec![] }
}

/// The bytes of a file that is not part of this repository; none, said loudly, if it is absent.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
pub(crate) fn shared(path: &str) -> Option<Vec<u8>> {
    let root = match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let path = root.join(path);
    if !path.exists() {
        println!("SKIPPED: {} is absent", path.display());
        return None;
    }
    Some(std::fs::read(path).unwrap())
}

/// A member that is a list; empty if it is absent.
pub(crate) fn list<'d>(value: &'d Value, member: &str) -> &'d [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

/// CycloneDX documents of real tools.
pub(crate) const CYCLONEDX: [&str; 8] = [
    "own/syft/generated/py.cdx16.json",
    "own/syft/generated/py.cdx14.json",
    "own/syft/generated/node.cdx16.json",
    "own/cyclonedx/cyclonedx-py-1.6.json",
    "own/trivy/generated/fs-repo.cdx.json",
    "reference/pairs/trivy-convert-0.59.1/npm/report.cdx.json",
    "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package/out.cdx16.json",
    "reference/conformance/cyclonedx/1.6/valid-bom-1.6.json",
];

/// SPDX documents of real tools.
pub(crate) const SPDX: [&str; 10] = [
    "own/syft/generated/py.spdx23.json",
    "own/syft/generated/node.spdx23.json",
    "reference/pairs/trivy-convert-0.59.1/npm/report.spdx.json",
    "reference/conformance/protobom/spdx/2.3/json/curl.spdx.json",
    "reference/conformance/protobom/spdx/2.3/json/bom-v0.4.1_cirros-0.4.0.spdx.json",
    "reference/conformance/protobom/spdx/2.3/json/trivy-0.42.1_mageia-5.1.spdx.json",
    "reference/conformance/protobom/spdx/2.3/json/kubernetes_kubernetes_d61cbac69aae97db1839bd2e0e86d68f26b353a7.json",
    "reference/spdx/tools-java/SPDXJSONExample-v2.3.spdx.json",
    "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package/out.spdx.json",
    "reference/spdx/spdx-examples/software/example14/spdx3.0/examplemaven-0.0.1-enriched.spdx3.json",
];

/// Every document of the two lists that is there, by its path.
pub(crate) fn documents() -> impl Iterator<Item = (&'static str, Read)> {
    let cyclonedx = CYCLONEDX
        .iter()
        .filter_map(|path| Some((*path, cyclonedx(serde_json::from_slice(&shared(path)?).unwrap()))));
    cyclonedx.chain(SPDX.iter().filter_map(|path| Some((*path, read(&shared(path)?)))))
}
