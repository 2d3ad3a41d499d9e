//! What files are taken for, by their content.

use export_core::digest::Digest;
use export_core::error::ErrorKind;
use export_core::warning::WarningCode;

use crate::common::{Library, findings_of, ids, report, vulnerabilities};

const ONE: &str = r#"[{"VulnerabilityID":"CVE-1","PkgName":"x","InstalledVersion":"1"}]"#;

/// Files that no reader here takes, and a part of what is said about them.
const OTHERS: [(&str, &str); 16] = [
    ("", "an empty file"),
    (" \n\t", "an empty file"),
    ("\u{feff}", "an empty file"),
    ("null", "`null`"),
    ("{}", "`{}`"),
    ("[]", "`[]`"),
    (
        r#"{"schema_version":"1.7.0","id":"GHSA-x","modified":"2026-01-01T00:00:00Z","affected":[]}"#,
        "OSV advisory",
    ),
    (r#"{"version":"15.0.7","scan":{},"vulnerabilities":[]}"#, "GitLab"),
    (r#"[{"check_name":"x","fingerprint":"y"}]"#, "Code Climate"),
    (r#"{"summary":{"modelscan_version":"0.8.8"},"issues":[]}"#, "modelscan"),
    (r#"{"Records":[{"eventVersion":"1.05"}]}"#, "CloudTrail"),
    (r#"{"actor":"a","action":"b","created_at":1}"#, "GitHub"),
    (r#"{"auditID":"1","kind":"Event"}"#, "Kubernetes"),
    (r#"{"SchemaVersion":3,"ArtifactName":"x"}"#, "schema version 3"),
    ("<html></html>", "XML or HTML"),
    ("# Notes\n", "no JSON"),
];

#[tokio::test]
async fn a_scan_of_other_files_alone_is_refused_and_says_what_they_are() {
    for (content, what) in OTHERS {
        let library = Library::with(&[("s/file.json", content)]);
        let findings = library.findings("s").await.unwrap_err();
        let resolve = library.resolve(&ids(&["s"])).await.unwrap_err();
        for error in [findings, resolve] {
            assert_eq!(error.kind, ErrorKind::Invalid, "{content}");
            assert_eq!(error.place.as_deref(), Some("s/file.json"), "{content}");
            assert!(error.message.contains(what), "{content}: {error}");
        }
    }
}

#[tokio::test]
async fn other_files_next_to_a_report_are_told_and_left_out() {
    for (content, what) in OTHERS {
        let library = Library::with(&[("s/file.json", content), ("s/trivy.json", &vulnerabilities(ONE))]);
        let read = library.findings("s").await.unwrap();
        assert_eq!((read.items.len(), read.warnings.len(), read.documents.len()), (1, 1, 1), "{content}");
        assert_eq!(read.warnings[0].code, WarningCode::SourceIgnored);
        assert_eq!(read.warnings[0].place.as_deref(), Some("s/file.json"));
        assert!(read.warnings[0].message.contains(what), "{content}: {}", read.warnings[0]);
    }
}

#[tokio::test]
async fn damaged_files_are_refused_even_next_to_a_report() {
    for (content, what) in [
        (&b"{"[..], "cut off"),
        (b"{\"a\":", "cut off"),
        (b"{\"a\" 1}", "expected `:`"),
        (b"[", "cut off"),
        (b"{\"a\":tru}", "this is no JSON value"),
        (b"\x1F\x8B\x08\0\0\0\0\0", "the gzip-compressed file ends too early"),
        (b"\xFF\xFE{\0}\0", "UTF-16"),
        (b"{\"SchemaVersion\":2,\"Metadata\":[1],\"ArtifactName\":\"x\"}", "expected an object"),
    ] {
        let report = vulnerabilities(ONE);
        let library = Library::with(&[("s/broken", content), ("s/trivy.json", report.as_bytes())]);
        let error = library.findings("s").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.place.as_deref().unwrap().starts_with("s/broken"), "{error}");
        assert!(error.message.contains(what), "{error}");
    }
}

#[tokio::test]
async fn a_scan_without_a_report_is_refused() {
    let verdict = r#"{"policy_set":"s","policy":"p","rule":"r","decision":"pass"}"#;
    let library = Library::with(&[("s/v", verdict)]);
    let error = library.resolve(&ids(&["s"])).await.unwrap_err();
    assert_eq!((error.kind, error.place.as_deref()), (ErrorKind::Invalid, Some("s")));
    assert!(error.message.contains("neither a report nor an SBOM"), "{error}");
}

#[tokio::test]
async fn names_say_nothing() {
    let library = Library::with(&[
        ("s/a~b.sarif", vulnerabilities(ONE)),
        ("s/trivy.json", r#"{"policy_set":"s","policy":"p","rule":"r","decision":"pass"}"#.into()),
        ("s/verdicts.ndjson", r#"{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}"#.into()),
        ("s/.trivy.json", vulnerabilities("[")),
        ("s/_trivy.json", vulnerabilities("[")),
    ]);
    let read = library.findings("s").await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (1, 0), "hidden files are left out");
    assert_eq!(library.verdicts("s").await.unwrap().items.len(), 1);
    assert_eq!(library.statements("s").await.unwrap().documents.len(), 1);
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_and_the_digest_has_it() {
    let text = format!("\u{feff}{}", vulnerabilities(ONE));
    let read = findings_of(&text).await.unwrap();
    assert_eq!(read.items.len(), 1);
    assert_eq!(read.documents[0].digest, Digest::of(text.as_bytes()));
    assert_eq!((read.documents[0].query.as_str(), read.documents[0].records), ("s/report.json", 1));
}

#[tokio::test]
async fn folders_within_a_scan_are_told_and_left_out() {
    let library =
        Library::with(&[("s/trivy.json", vulnerabilities(ONE)), ("s/more/trivy.json", vulnerabilities(ONE))]);
    let read = library.findings("s").await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (1, 1));
    assert_eq!(read.warnings[0].place.as_deref(), Some("s/more"));
}

#[tokio::test]
async fn all_reports_of_a_scan_are_read() {
    let two = r#"[{"VulnerabilityID":"CVE-1","PkgName":"x","InstalledVersion":"1"},{"VulnerabilityID":"CVE-2","PkgName":"x"}]"#;
    let other = report("other:1", "2026-11-01T10:00:00Z", r#"[{"Target":"t","Secrets":[{"RuleID":"r"}]}]"#);
    let library = Library::with(&[
        ("s/a.json", vulnerabilities(ONE)),
        ("s/b.json", vulnerabilities(two)),
        ("s/c.json", other),
    ]);
    let read = library.findings("s").await.unwrap();
    let told: Vec<_> = read.items.iter().map(|it| (it.rule(), &*it.image)).collect();
    assert_eq!(told, [("CVE-1", "app:1"), ("CVE-1", "app:1"), ("CVE-2", "app:1"), ("r", "other:1")]);
    assert_eq!(read.documents.iter().map(|document| document.records).collect::<Vec<_>>(), [1, 2, 1]);
    assert_eq!(read.items[0].id, read.items[1].id, "the snapshot makes one of them");
    assert_eq!(read.warnings.len(), 0);
}

/// Packs `text` as a tool of Debian's does.
fn packed(tool: &str, text: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let child = Command::new(tool).arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child =
        child.unwrap_or_else(|_| panic!("{tool} is not installed; scripts/setup.sh test installs it"));
    let (mut input, text) = (child.stdin.take().unwrap(), text.to_owned());
    let writing = std::thread::spawn(move || input.write_all(&text));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
}

#[tokio::test]
async fn packed_files_are_read_and_the_digest_is_that_of_the_file() {
    let many: Vec<String> = (0..5_000).map(|i| format!(r#"{{"VulnerabilityID":"CVE-2024-{i}"}}"#)).collect();
    let text = vulnerabilities(&format!("[{}]", many.join(",")));
    for tool in ["gzip", "bzip2", "xz", "zstd"] {
        let whole = packed(tool, text.as_bytes());
        let read = findings_of(&whole[..]).await.unwrap();
        assert_eq!(read.items.len(), 5_000, "{tool}");
        assert_eq!(read.documents[0].digest, Digest::of(&whole), "{tool}");

        let (head, tail) = text.split_at(text.len() / 2);
        let pieces = [packed(tool, head.as_bytes()), packed(tool, tail.as_bytes())].concat();
        assert_eq!(
            findings_of(&pieces[..]).await.unwrap().items.len(),
            5_000,
            "{tool}: two behind one another"
        );

        for cut in [whole.len() - 1, whole.len() / 2, 9] {
            let error = findings_of(&whole[..cut]).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid, "{tool} cut at {cut}");
            assert!(error.message.contains(tool), "{tool} cut at {cut}: {error}");
        }
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x10;
        let error = findings_of(&flipped[..]).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{tool} with a flipped bit");
    }
}

#[tokio::test]
async fn two_reads_give_the_same() {
    let library = Library::with(&[("s/a.json", vulnerabilities(ONE)), ("s/b.txt", "x".into())]);
    let (first, second) = (library.findings("s").await.unwrap(), library.findings("s").await.unwrap());
    assert_eq!(
        (first.items, first.documents, first.warnings),
        (second.items, second.documents, second.warnings)
    );
}
