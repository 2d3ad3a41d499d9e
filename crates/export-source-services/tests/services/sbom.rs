//! SBOM documents, fetched and read by the readers of the library.

use export_contract::services::{Fault, Stub, Style};
use export_core::error::ErrorKind;
use export_core::ports::SbomSource as _;
use export_core::request::OnSourceError::Fail;
use export_core::sbom::{SbomFamily, SbomPart};

use crate::common::{CHECKOUT, GATEWAY, OLDER, read, sboms, scan, tenant};

#[tokio::test]
async fn documents_of_both_families_are_read() {
    let stub = Stub::start(Style::Lines).await;
    for (id, family, version, elements) in
        [(CHECKOUT, SbomFamily::Cyclonedx, "1.6", 3), (OLDER, SbomFamily::Spdx, "SPDX-2.3", 2)]
    {
        let read = read(sboms(&stub).sboms(&tenant(), &scan(id), Fail).await).await.unwrap();
        let SbomPart::Head(head) = &read.items[0] else { panic!("the head comes first") };
        assert_eq!((head.family, head.spec_version.as_str()), (family, version));
        assert!(head.place.starts_with(&format!("{}/internal/sboms/sha256:", stub.url)), "{}", head.place);
        assert_eq!(read.items.len() - 1, elements, "{:#?}", read.items);
        assert_eq!(read.documents[0].name, "sbom");
    }
}

#[tokio::test]
async fn a_scan_without_a_document_or_a_digest_has_none() {
    let stub = Stub::start(Style::Lines).await;
    for scan in
        [scan(GATEWAY), export_core::scan::ScanRef { image_digest: Some("../x".into()), ..scan(CHECKOUT) }]
    {
        assert_eq!(read(sboms(&stub).sboms(&tenant(), &scan, Fail).await).await.unwrap().items, []);
        assert_eq!(stub.asked("/").len(), 0);
    }
    stub.fail_always("/", Fault::Status(404, None));
    assert_eq!(read(sboms(&stub).sboms(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap().items, []);
}

#[tokio::test]
async fn a_document_is_fetched_again_until_it_is_whole() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail("/", [Fault::CutAfter(700), Fault::Status(502, None), Fault::GzipStopAfter(300), Fault::Gzip]);
    let whole = read(sboms(&stub).sboms(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap();
    assert_eq!((whole.items.len(), stub.asked("/").len()), (4, 4));
}

#[tokio::test]
async fn what_is_no_sbom_is_refused_with_its_place() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always("/", Fault::Instead("application/json", br#"{"version":"2.1.0","runs":[]}"#.to_vec()));
    let error = read(sboms(&stub).sboms(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(error.to_string().contains("a SARIF log") && error.place.unwrap().contains("/internal/sboms/"));
    stub.fail_always("/", Fault::StopAfter(700));
}
