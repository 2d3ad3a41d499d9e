//! Which scans a scope stands for.

use std::sync::Arc;

use export_core::error::ErrorKind;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Resolution, ScanSource as _};
use export_core::request::OnSourceError;
use export_core::request::{DateRange, Scope};
use export_source_library::{Layout, LibrarySource};
use object_store::local::LocalFileSystem;

use crate::common::{Library, collect, ids, in_memory, report, scan, tenant};

const DIGEST: &str = "sha256:228be516a11bcd8cb977d1169ff00824494404abb9a0de73823ea28ca57b4b4f";

fn library() -> Library {
    let pushed = report("r.example/app:2", "2026-11-20T10:00:00Z", "[]")
        .replace(
            "\"Metadata\":{",
            &format!(
                "\"Metadata\":{{\"ImageID\":\"sha256:id\",\"RepoDigests\":[\"r.example/app@{DIGEST}\"],"
            ),
        )
        .replacen('{', r#"{"Trivy":{"Version":"0.69.1"},"#, 1);
    let old = r#"{"SchemaVersion":2,"ArtifactName":"timeless","ArtifactType":"repository","Results":null}"#;
    Library::with(&[
        ("app-1/trivy.json", report("r.example/app:1", "2026-11-01T10:00:00Z", "[]")),
        ("app-2/trivy.json", pushed),
        ("app-2-again/trivy.json", report("r.example/app:2", "2026-11-22T10:00:00Z", "[]")),
        ("timeless/trivy.json", old.into()),
        ("_private/trivy.json", report("hidden:1", "2026-11-22T10:00:00Z", "[]")),
        (".git/trivy.json", report("hidden:2", "2026-11-22T10:00:00Z", "[]")),
        ("no scan/trivy.json", report("hidden:3", "2026-11-22T10:00:00Z", "[]")),
        ("at-the-root.json", "{".into()),
    ])
}

fn names(resolution: &Resolution) -> Vec<&str> {
    resolution.scans.iter().map(|scan| scan.id.as_str()).collect()
}

fn images(images: &[&str]) -> Scope {
    Scope { image_refs: images.iter().map(ToString::to_string).collect(), ..Scope::default() }
}

fn range(start: &str, end: &str) -> Option<DateRange> {
    Some(DateRange { start: start.parse().unwrap(), end: end.parse().unwrap() })
}

#[tokio::test]
async fn an_empty_scope_is_every_scan_newest_first_and_timeless_ones_last() {
    let all = library().resolve(&Scope::default()).await.unwrap();
    assert_eq!(names(&all), ["app-2-again", "app-2", "app-1", "timeless"]);
    assert!(all.missing.is_empty());
}

#[tokio::test]
async fn a_scan_says_what_was_scanned_when_and_by_what() {
    let scans = library().resolve(&ids(&["app-2", "timeless"])).await.unwrap().scans;
    assert_eq!(scans[0].image, "r.example/app:2");
    assert_eq!(scans[0].image_digest.as_deref(), Some(DIGEST));
    assert_eq!(scans[0].created_at.unwrap().to_string(), "2026-11-20T10:00:00Z");
    assert_eq!(scans[0].tool, "trivy 0.69.1");
    assert_eq!(
        (scans[1].image_digest.as_ref(), scans[1].created_at, scans[1].tool.as_str()),
        (None, None, "trivy")
    );
}

#[tokio::test]
async fn ids_are_found_whatever_their_date_and_missing_ones_are_told_in_order() {
    let mut scope = ids(&["zz", "app-1", "aa", "_private".trim_start_matches('_'), "app-1", "zz"]);
    scope.date_range = range("2026-11-20T00:00:00Z", "2026-11-30T00:00:00Z");
    let found = library().resolve(&scope).await.unwrap();
    assert_eq!(names(&found), ["app-1"]);
    let missing: Vec<_> = found.missing.scan_ids.iter().map(ScanId::as_str).collect();
    assert_eq!(missing, ["zz", "aa", "private"]);
}

#[tokio::test]
async fn an_image_is_its_newest_scan_by_tag_or_digest() {
    let library = library();
    let by_digest = format!("r.example/app@{DIGEST}");
    for (image, scan) in [
        ("r.example/app:2", "app-2-again"),
        ("r.example/app:1", "app-1"),
        (DIGEST, "app-2"),
        (by_digest.as_str(), "app-2"),
        ("sha256:id", "app-2"),
    ] {
        assert_eq!(names(&library.resolve(&images(&[image])).await.unwrap()), [scan], "{image}");
    }
    let found = library
        .resolve(&images(&["r.example/app", "hidden:1", "r.example/app:1", "hidden:2"]))
        .await
        .unwrap();
    assert_eq!(names(&found), ["app-1"]);
    assert_eq!(found.missing.image_refs, ["r.example/app", "hidden:1", "hidden:2"]);
}

#[tokio::test]
async fn an_image_in_a_range_is_its_newest_scan_within() {
    let mut scope = images(&["r.example/app:2"]);
    scope.date_range = range("2026-11-01T00:00:00Z", "2026-11-20T10:00:00Z");
    assert_eq!(names(&library().resolve(&scope).await.unwrap()), ["app-2"]);
    scope.date_range = range("2026-11-01T00:00:00Z", "2026-11-19T00:00:00Z");
    assert_eq!(library().resolve(&scope).await.unwrap().missing.image_refs, ["r.example/app:2"]);
}

#[tokio::test]
async fn a_range_alone_is_every_scan_in_it_both_ends_included() {
    let date_range = range("2026-11-01T10:00:00Z", "2026-11-20T10:00:00Z");
    let found = library().resolve(&Scope { date_range, ..Scope::default() }).await.unwrap();
    assert_eq!(names(&found), ["app-2", "app-1"]);
    let date_range = range("-7d", "now");
    let error = library().resolve(&Scope { date_range, ..Scope::default() }).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "a library has no clock");
}

#[tokio::test]
async fn a_scan_that_two_members_name_is_there_once() {
    let mut scope = images(&["r.example/app:1", DIGEST]);
    scope.scan_ids = ids(&["app-1"]).scan_ids;
    assert_eq!(names(&library().resolve(&scope).await.unwrap()), ["app-2", "app-1"]);
}

#[tokio::test]
async fn of_several_reports_the_newest_speaks_for_the_scan() {
    let library = Library::with(&[
        ("s/a.json", report("app:2", "2026-11-02T10:00:00Z", "[]")),
        ("s/b.json", report("app:1", "2026-11-01T10:00:00Z", "[]")),
    ]);
    let scans = library.resolve(&ids(&["s"])).await.unwrap().scans;
    assert_eq!(scans[0].image, "app:2");
    assert_eq!(names(&library.resolve(&images(&["app:1"])).await.unwrap()), ["s"]);
}

#[tokio::test]
async fn only_heads_are_read() {
    let cut_off = report("app:1", "2026-11-02T10:00:00Z", "[{\"Target\":");
    let library = Library::with(&[("s/a.json", cut_off)]);
    assert_eq!(names(&library.resolve(&Scope::default()).await.unwrap()), ["s"]);
}

#[tokio::test]
async fn a_scan_that_cannot_be_read_fails_only_scopes_that_stand_for_it() {
    let library = Library::with(&[
        ("broken/trivy.json", "{\"SchemaVersion\":2".to_owned()),
        ("good/trivy.json", report("app:1", "2026-11-02T10:00:00Z", "[]")),
    ]);
    for scope in [ids(&["broken", "good"]), Scope::default()] {
        let error = library.resolve(&scope).await.unwrap_err();
        assert_eq!((error.kind, error.place.as_deref()), (ErrorKind::Invalid, Some("broken/trivy.json")));
    }
    assert_eq!(names(&library.resolve(&ids(&["good"])).await.unwrap()), ["good"]);
    assert_eq!(names(&library.resolve(&images(&["app:1"])).await.unwrap()), ["good"]);
}

#[tokio::test]
async fn a_scan_that_is_gone_is_not_found() {
    let library = library();
    assert_eq!(library.findings("gone").await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(library.verdicts("gone").await.unwrap_err().kind, ErrorKind::NotFound);
    assert_eq!(library.statements("gone").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_library_without_a_folder_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    let library = LibrarySource::new(store, Layout::parse("not/there/{tenant}").unwrap(), "library");
    let found = library.resolve(&tenant(), &Scope::default(), OnSourceError::Fail).await.unwrap();
    assert!(found.scans.is_empty() && found.missing.is_empty());
}

#[tokio::test]
async fn each_tenant_sees_only_its_folder() {
    let folder = Library::with(&[
        ("all/acme/scans/a/t.json", report("a:1", "2026-11-02T10:00:00Z", "[]")),
        ("all/umbrella/scans/u/t.json", report("u:1", "2026-11-02T10:00:00Z", "[]")),
    ]);
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.folder.path()).unwrap());
    let library = LibrarySource::new(store, Layout::parse("all/{tenant}/scans").unwrap(), "library");
    let umbrella: TenantId = "umbrella".parse().unwrap();
    assert_eq!(
        names(&library.resolve(&tenant(), &Scope::default(), OnSourceError::Fail).await.unwrap()),
        ["a"]
    );
    assert_eq!(
        names(&library.resolve(&umbrella, &Scope::default(), OnSourceError::Fail).await.unwrap()),
        ["u"]
    );
    let error = library.findings(&tenant(), &scan("u"), OnSourceError::Fail).await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn folders_and_files_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a b", "a~b", "größe", "100%", "[x]", "a#b", "a+b@c:d", "%20"] {
        let scan_folder = folder.path().join(name).join("s");
        std::fs::create_dir_all(&scan_folder).unwrap();
        std::fs::write(scan_folder.join(format!("{name}.json")), report("a:1", "2026-11-02T10:00:00Z", "[]"))
            .unwrap();
        let url = url::Url::from_directory_path(folder.path().join(name)).unwrap();
        let library = LibrarySource::open(url.as_str(), Vec::new()).unwrap();
        let scans = library.resolve(&tenant(), &Scope::default(), OnSourceError::Fail).await.unwrap().scans;
        assert_eq!(scans.len(), 1, "{name}");
        let read = collect(library.findings(&tenant(), &scans[0], OnSourceError::Fail).await.unwrap())
            .await
            .unwrap();
        assert_eq!(read.documents.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_bucket_reads_as_a_folder_does() {
    let text = crate::common::vulnerabilities(r#"[{"VulnerabilityID":"CVE-1","PkgName":"x"}]"#);
    let bucket = in_memory(&[("s/t.json", text.clone().into_bytes())]).await;
    let folder = Library::with(&[("s/t.json", &text)]);
    let scope = Scope::default();
    assert_eq!(
        bucket.resolve(&tenant(), &scope, OnSourceError::Fail).await.unwrap(),
        folder.resolve(&scope).await.unwrap()
    );
    let streamed =
        collect(bucket.findings(&tenant(), &scan("s"), OnSourceError::Fail).await.unwrap()).await.unwrap();
    let read = folder.findings("s").await.unwrap();
    assert_eq!(streamed.items, read.items);
    assert_eq!(streamed.documents[0].digest, read.documents[0].digest);
    assert_eq!((streamed.documents[0].name.as_str(), read.documents[0].name.as_str()), ("bucket", "library"));
}
