//! What is known about the use of vulnerabilities.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::Intelligence;
use export_core::warning::WarningCode;

use crate::common::{Library, Read};

const EPSS: &str = "#model_version:v2025.03.14,score_date:2026-11-22T00:00:00+0000\ncve,epss,percentile\nCVE-2021-44228,0.94358,0.99957\nCVE-2005-2541,0.00043,0.1\n";
const KEV: &str = r#"{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.11.20","count":2,"vulnerabilities":[
    {"cveID":"CVE-2021-44228","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known","cwes":[]},
    {"cveID":"CVE-2024-1","dateAdded":"2024-01-01","knownRansomwareCampaignUse":"Unknown"}]}"#;

async fn intelligence(files: &[(&str, &str)]) -> Result<Read<Intelligence<'static>>, PortError> {
    Library::with(files).intelligence().await
}

#[tokio::test]
async fn catalogue_and_scores_are_read() {
    let read = intelligence(&[("_intelligence/a", EPSS), ("_intelligence/b", KEV)]).await.unwrap();
    assert_eq!(read.items.len(), 4);
    let scored = &read.items[0];
    assert_eq!(scored.vulnerability, "CVE-2021-44228");
    let epss = scored.epss.unwrap();
    assert_eq!((epss.probability.as_f64(), epss.percentile.unwrap().as_f64()), (0.94358, 0.99957));
    let exploited = read.items[2].known_exploited.as_ref().unwrap();
    assert_eq!(
        (&*exploited.added, exploited.due.as_deref(), exploited.ransomware),
        ("2021-12-10", Some("2021-12-24"), true)
    );
    let exploited = read.items[3].known_exploited.as_ref().unwrap();
    assert_eq!((exploited.due.as_deref(), exploited.ransomware), (None, false));
    assert!(read.warnings.is_empty());
    assert_eq!(read.documents[0].query, "_intelligence/a");
}

#[tokio::test]
async fn a_library_that_knows_nothing_gives_an_ended_stream() {
    let read = intelligence(&[("s/x.json", "{}")]).await.unwrap();
    assert!(read.items.is_empty() && read.documents.is_empty() && read.warnings.is_empty());
}

#[tokio::test]
async fn other_files_are_told_and_left_out() {
    let read = intelligence(&[("_intelligence/notes.txt", "x"), ("_intelligence/b", KEV)]).await.unwrap();
    assert_eq!((read.items.len(), read.warnings[0].code), (2, WarningCode::SourceIgnored));
}

#[tokio::test]
async fn a_catalogue_that_counts_wrong_is_told() {
    let read =
        intelligence(&[("_intelligence/b", &KEV.replace("\"count\":2", "\"count\":3"))]).await.unwrap();
    assert_eq!((read.items.len(), read.warnings[0].code), (2, WarningCode::SourceLenient));
}

#[tokio::test]
async fn damaged_files_are_refused_with_their_place() {
    for (content, place) in [
        (EPSS.replace("0.00043", "often"), "#L4"),
        (EPSS.replace("0.00043", "1.1"), "#L4"),
        (EPSS.replace("0.00043,0.1", "0.00043"), "#L4"),
        (EPSS.replace(",0.1\n", ",0.1,x\n"), "#L4"),
        (EPSS.replace("epss,percentile", "epss"), "#L2"),
        ("#model_version:x\n".to_owned(), ""),
        (KEV.replace("\"CVE-2024-1\"", "7"), "#/vulnerabilities/1/cveID"),
        (KEV[..KEV.len() - 2].to_owned(), "#/vulnerabilities"),
    ] {
        let error = intelligence(&[("_intelligence/f", &content)]).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert_eq!(error.place.as_deref(), Some(format!("_intelligence/f{place}").as_str()), "{error}");
    }
}

#[tokio::test]
async fn scores_that_end_within_a_line_are_told() {
    let read = intelligence(&[("_intelligence/f", EPSS.trim_end())]).await.unwrap();
    assert_eq!(read.items.len(), 2);
    assert_eq!(read.warnings[0].place.as_deref(), Some("_intelligence/f#L4"));
}
