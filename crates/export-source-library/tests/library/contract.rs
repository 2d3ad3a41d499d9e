//! The suites of the ports, run on a folder.

use std::sync::Arc;

use export_contract::sources::{Annotations, Held, Open, Scans};
use export_core::digest::Digest;
use export_core::finding::{Intelligence, Verdict, VexStatement};
use export_core::ports::{IntelligenceSource as _, VerdictSource as _, VexSource as _};
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use export_source_library::{Layout, LibrarySource};
use futures::FutureExt as _;
use object_store::local::LocalFileSystem;

use crate::common::{Library, Read, report, scan, tenant};

const TWO: &str = r#"[{"Target":"t","Type":"npm","Vulnerabilities":[{"VulnerabilityID":"CVE-1"},{"VulnerabilityID":"CVE-2"}]}]"#;
const VERDICTS: &str = r#"{"policy_set":"a","policy":"b","rule":"c","decision":"pass"}
{"policy_set":"a","policy":"b","rule":"d","decision":"fail"}"#;
const STATEMENTS: &str = r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"i","author":"a","timestamp":"2026-01-01T00:00:00Z",
    "statements":[{"vulnerability":"CVE-1","products":["p"],"status":"fixed"}]}"#;
const KNOWN: &str =
    r#"{"catalogVersion":"1","count":1,"vulnerabilities":[{"cveID":"CVE-1","dateAdded":"2026-01-01"}]}"#;

fn of(folder: &Library) -> LibrarySource {
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.folder.path()).unwrap());
    LibrarySource::new(store, Layout::parse("{tenant}").unwrap(), "library")
}

mod scans {
    use super::*;

    async fn open() -> (Scans, impl Sized) {
        let texts = [
            ("app-1", "app:1", "2026-11-20T10:00:00Z", TWO),
            ("app-1-old", "app:1", "2026-11-01T10:00:00Z", TWO),
            ("other", "other:1", "2026-11-10T10:00:00Z", "null"),
        ];
        let mut files = Vec::new();
        let mut held = Vec::new();
        for (id, image, at, results) in texts {
            let text = report(image, at, results);
            let findings = if results == TWO { 2 } else { 0 };
            held.push(Held {
                scan: whole(id, image, at),
                findings,
                documents: vec![Digest::of(text.as_bytes())],
            });
            files.push((format!("acme/{id}/trivy.json"), text));
        }
        let cut_off = report("cut:1", "2026-11-05T10:00:00Z", &TWO[..TWO.len() - 20]);
        files.push(("acme/cut-off/trivy.json".to_owned(), cut_off));
        let files: Vec<(&str, &String)> = files.iter().map(|(path, text)| (path.as_str(), text)).collect();
        let folder = Library::with(&files);
        let scans = Scans {
            source: Arc::new(of(&folder)),
            tenant: tenant(),
            held,
            cut_off: Some(whole("cut-off", "cut:1", "2026-11-05T10:00:00Z")),
            stranger: Some("umbrella".parse().unwrap()),
        };
        (scans, folder)
    }

    fn whole(id: &str, image: &str, at: &str) -> ScanRef {
        ScanRef {
            image: image.into(),
            created_at: Some(at.parse().unwrap()),
            tool: "trivy".into(),
            ..scan(id)
        }
    }

    export_contract::scans_suite!(open);
}

/// A library with a scan that has `content` next to its report, one that has nothing, and one that has half of it.
fn annotated(content: &str) -> (Library, LibrarySource) {
    let report = report("app:1", "2026-11-20T10:00:00Z", "[]");
    let half = &content[..content.len() - 10];
    let folder = Library::with(&[
        ("acme/with/trivy.json", report.as_str()),
        ("acme/with/said", content),
        ("acme/without/trivy.json", report.as_str()),
        ("acme/cut-off/trivy.json", report.as_str()),
        ("acme/cut-off/said", half),
        ("known/_intelligence/said", content),
        ("half/_intelligence/said", half),
    ]);
    let source = of(&folder);
    (folder, source)
}

fn subject<T>(content: &str, expected: Read<T>, open: impl Fn(&'static str) -> Open<T>) -> Annotations<T> {
    Annotations {
        with: open("with"),
        expected: expected.items,
        documents: vec![Digest::of(content.as_bytes())],
        without: open("without"),
        cut_off: Some(open("cut-off")),
    }
}

mod verdicts {
    use super::*;

    async fn open() -> (Annotations<Verdict<'static>>, impl Sized) {
        let (folder, source) = annotated(VERDICTS);
        let expected = Library::with(&[("s/v", VERDICTS)]).verdicts("s").await.unwrap();
        assert_eq!(expected.items.len(), 2);
        let open = |id: &'static str| -> Open<_> {
            let source = source.clone();
            Box::new(move || {
                let source = source.clone();
                async move { source.verdicts(&tenant(), &scan(id), OnSourceError::Fail).await }.boxed()
            })
        };
        (subject(VERDICTS, expected, open), folder)
    }

    export_contract::annotations_suite!(open);
}

mod statements {
    use super::*;

    async fn open() -> (Annotations<VexStatement<'static>>, impl Sized) {
        let (folder, source) = annotated(STATEMENTS);
        let expected = Library::with(&[("s/v", STATEMENTS)]).statements("s").await.unwrap();
        assert_eq!(expected.items.len(), 1);
        let open = |id: &'static str| -> Open<_> {
            let source = source.clone();
            Box::new(move || {
                let source = source.clone();
                async move { source.statements(&tenant(), &scan(id), OnSourceError::Fail).await }.boxed()
            })
        };
        (subject(STATEMENTS, expected, open), folder)
    }

    export_contract::annotations_suite!(open);
}

mod intelligence {
    use super::*;

    async fn open() -> (Annotations<Intelligence<'static>>, impl Sized) {
        let (folder, source) = annotated(KNOWN);
        let expected = Library::with(&[("_intelligence/v", KNOWN)]).intelligence().await.unwrap();
        assert_eq!(expected.items.len(), 1);
        let open = |id: &'static str| -> Open<_> {
            let source = source.clone();
            let tenant = match id {
                "with" => "known",
                "cut-off" => "half",
                _ => "acme",
            };
            Box::new(move || {
                let source = source.clone();
                async move { source.intelligence(&tenant.parse().unwrap(), OnSourceError::Fail).await }
                    .boxed()
            })
        };
        (subject(KNOWN, expected, open), folder)
    }

    export_contract::annotations_suite!(open);
}
