//! How CSAF documents become statements.

use std::fs;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{VexStatement, VexStatus};
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{Library, Read, shared};

async fn statements(content: &[u8]) -> Result<Read<VexStatement<'static>>, PortError> {
    Library::with(&[("s/csaf.json", content)]).statements("s").await
}

async fn of(value: &Value) -> Result<Read<VexStatement<'static>>, PortError> {
    statements(value.to_string().as_bytes()).await
}

/// A document whose products come last, with these vulnerabilities.
fn document(vulnerabilities: &Value) -> Value {
    let product = |id: &str, helper: Value| json!({"name": id, "product_id": id, "product_identification_helper": helper});
    let text = json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {"name": "us"},
            "tracking": {"id": "DOC-1", "version": "2", "current_release_date": "2026-02-01T00:00:00Z", "initial_release_date": "2026-01-01T00:00:00Z"}},
        "vulnerabilities": vulnerabilities,
        "product_tree": {
            "branches": [{"category": "vendor", "name": "v", "branches": [
                {"category": "product_version", "name": "1", "product": product("LIB", json!({"purl": "pkg:rpm/v/openssl@3.0.7-1.el9?arch=x86_64"}))},
                {"category": "product_version", "name": "2", "product": product("OS", json!({"cpe": "cpe:/o:v:os:9"}))}]}],
            "full_product_names": [
                product("APP", json!({"cpe": "cpe:2.3:a:v:app:1:*:*:*:*:*:*:*", "hashes": [{"filename": "f", "file_hashes": [
                    {"algorithm": "sha256", "value": "1111111111111111111111111111111111111111111111111111111111111111"}]}]})),
                {"name": "Only a name", "product_id": "NAME"}],
            "relationships": [
                {"category": "default_component_of", "full_product_name": {"name": "x", "product_id": "OS:LIB"},
                    "product_reference": "LIB", "relates_to_product_reference": "OS"},
                {"category": "default_component_of", "full_product_name": {"name": "x", "product_id": "APP:LIB"},
                    "product_reference": "LIB", "relates_to_product_reference": "APP"}],
            "product_groups": [{"group_id": "G", "product_ids": ["APP", "NAME"]}]},
    });
    text
}

#[tokio::test]
async fn each_status_is_a_statement_with_what_is_said_of_its_products() {
    let read = of(&document(&json!([{
        "cve": "CVE-2022-3602", "ids": [{"system_name": "x", "text": "GHSA-8rwr-x37p-mx23"}],
        "product_status": {"known_not_affected": ["APP", "NAME"], "known_affected": ["OS:LIB"], "fixed": ["APP:LIB"]},
        "flags": [{"label": "component_not_present", "product_ids": ["APP"]}],
        "threats": [{"category": "impact", "details": "It is not in it.", "group_ids": ["G"]},
            {"category": "exploit_status", "details": "none"}],
        "remediations": [{"category": "vendor_fix", "details": "Update.", "url": "https://v.example/1", "product_ids": ["OS:LIB"]}],
    }])))
    .await
    .unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (4, 0), "{read:?}");
    let by = |status| read.items.iter().filter(move |it| it.assertion.status == status);
    let [with, without] = by(VexStatus::NotAffected).collect::<Vec<_>>()[..] else { panic!("{read:?}") };
    assert_eq!(
        (with.vulnerability.as_str(), &with.aliases[..]),
        ("CVE-2022-3602", &["GHSA-8rwr-x37p-mx23".into()][..])
    );
    assert_eq!(with.assertion.justification.as_deref(), Some("component_not_present"));
    assert_eq!(with.assertion.impact.as_deref(), Some("It is not in it."));
    assert_eq!((with.products.len(), with.products[1].id.starts_with("sha256:1111")), (2, true));
    assert_eq!((without.assertion.justification.as_ref(), &*without.products[0].id), (None, "Only a name"));
    let affected = by(VexStatus::Affected).next().unwrap();
    assert_eq!(affected.assertion.action.as_deref(), Some("vendor_fix: Update. (https://v.example/1)"));
    assert_eq!(
        affected.products[0].id, "pkg:rpm/v/openssl@3.0.7-1.el9?arch=x86_64",
        "a platform is not the artifact"
    );
    let fixed = by(VexStatus::Fixed).next().unwrap();
    assert_eq!(
        (fixed.products[0].id.starts_with("cpe:2.3:a"), fixed.products[0].subcomponents.len()),
        (true, 1)
    );
    let says = &fixed.assertion;
    assert_eq!((&*says.author, &*says.document), ("us", "DOC-1"));
    assert_eq!(says.timestamp.unwrap().to_string(), "2026-02-01T00:00:00Z");
}

#[tokio::test]
async fn every_list_of_products_has_a_status() {
    for (list, status) in [
        ("first_affected", VexStatus::Affected),
        ("known_affected", VexStatus::Affected),
        ("last_affected", VexStatus::Affected),
        ("known_not_affected", VexStatus::NotAffected),
        ("first_fixed", VexStatus::Fixed),
        ("fixed", VexStatus::Fixed),
        ("recommended", VexStatus::Fixed),
        ("under_investigation", VexStatus::UnderInvestigation),
    ] {
        let read =
            of(&document(&json!([{"cve": "CVE-1", "product_status": {list: ["APP"]}}]))).await.unwrap();
        assert_eq!(read.items[0].assertion.status, status, "{list}");
    }
}

#[tokio::test]
async fn what_is_unclear_is_told() {
    let read = of(&document(&json!([
        {"cve": "CVE-1", "product_status": {"fixed": ["APP"], "known_affected": ["APP", "GONE"]}},
        {"title": "no name", "product_status": {"fixed": ["APP"]}},
    ])))
    .await
    .unwrap();
    assert_eq!(read.items.last().unwrap().assertion.status, VexStatus::Affected, "the careful one counts");
    assert_eq!(read.warnings.len(), 3, "{:?}", read.warnings);
    assert!(read.warnings.iter().all(|it| it.code == WarningCode::SourceLenient));
    assert_eq!(read.warnings[0].place.as_deref(), Some("s/csaf.json#/vulnerabilities/0"));
    let empty = of(&document(&json!([]))).await.unwrap();
    assert_eq!((empty.items.len(), empty.warnings[0].code), (0, WarningCode::SourceIgnored));
}

#[tokio::test]
async fn wrong_types_and_cut_off_documents_are_refused() {
    let good = document(&json!([{"cve": "CVE-1", "product_status": {"fixed": ["APP"]}}]));
    for (pointer, wrong) in [
        ("/vulnerabilities/0/cve", json!(1)),
        ("/vulnerabilities/0/product_status", json!([])),
        ("/vulnerabilities/0/product_status/fixed", json!("APP")),
        ("/product_tree/branches/0/branches", json!({})),
        ("/product_tree/full_product_names/0/product_id", json!(7)),
        ("/document/tracking/current_release_date", json!("today")),
    ] {
        let mut text = good.clone();
        *text.pointer_mut(pointer).unwrap() = wrong;
        let error = of(&text).await.unwrap_err();
        assert_eq!((error.kind, error.place), (ErrorKind::Invalid, Some(format!("s/csaf.json#{pointer}"))));
    }
    let text = good.to_string();
    for cut in 120..text.len() {
        assert!(statements(&text.as_bytes()[..cut]).await.is_err(), "cut at {cut}");
    }
    let mut deep = json!([]);
    for _ in 0..70 {
        deep = json!([{ "branches": deep }]);
    }
    let mut text = good;
    text["product_tree"]["branches"] = deep;
    assert!(of(&text).await.unwrap_err().message.contains("64 deep"));
}

#[tokio::test]
async fn the_example_of_oasis() {
    let Some(path) = shared("reference/vex/csaf-oasis-2.0/csaf_vex/2022-evd-uc-03-ms-001.json") else {
        return;
    };
    let content = fs::read(path).unwrap();
    let read = statements(&content).await.unwrap();
    let value: Value = serde_json::from_slice(&content).unwrap();
    let count = |list: &str| {
        let all = value["vulnerabilities"].as_array().unwrap().iter();
        all.map(|it| it["product_status"][list].as_array().map_or(0, Vec::len)).sum::<usize>()
    };
    for (list, status) in [
        ("known_affected", VexStatus::Affected),
        ("known_not_affected", VexStatus::NotAffected),
        ("fixed", VexStatus::Fixed),
        ("under_investigation", VexStatus::UnderInvestigation),
    ] {
        let found = read.items.iter().filter(|it| it.assertion.status == status).count();
        assert_eq!(found, count(list), "{list}");
    }
    assert!(read.items.iter().all(|it| it.products[0].id == "Example Company GHI 17.4"
        && it.assertion.author == "Example Company ProductCERT"));
}
