//! Cases of `findings`, and of tenants.

use std::collections::BTreeSet;

use export_core::error::ErrorKind;
use export_core::finding::Finding;
use export_core::ports::{Flow, Resolution};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_core::scan::ScanRef;
use export_core::warning::WarningCode;
use futures::StreamExt as _;

use super::{Read, Scans, assert_cut_off, read};

impl Scans {
    async fn read(&self, scan: &ScanRef) -> Read<Finding<'static>> {
        let flows = self.source.findings(&self.tenant, scan, OnSourceError::Fail).await.unwrap();
        read(flows, scan.id.as_str()).await
    }
}

/// Reads the findings of one scan, each once; only the end says that everything was read.
pub async fn every_finding_is_given_once_and_then_the_end(subject: Scans) {
    for held in &subject.held {
        let findings = subject.read(&held.scan).await.items;
        assert_eq!(findings.len() as u64, held.findings, "{}", held.scan.id);
        let ids: BTreeSet<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
        assert_eq!(ids.len(), findings.len(), "{}: an id occurs twice", held.scan.id);
        for finding in &findings {
            assert_eq!(finding.scan_id.as_str(), held.scan.id.as_str(), "{}", finding.id);
        }
    }
}

/// Findings come in the order of the source; two reads of the same data give the same findings.
pub async fn two_reads_give_the_same_findings(subject: Scans) {
    for held in &subject.held {
        let (first, second) = (subject.read(&held.scan).await, subject.read(&held.scan).await);
        assert_eq!(first.items, second.items, "{}", held.scan.id);
        assert_eq!(first.documents, second.documents, "{}", held.scan.id);
    }
}

/// Every document read is told behind its findings, with the digest of its bytes.
pub async fn every_document_is_told_behind_its_findings(subject: Scans) {
    for held in &subject.held {
        let mut told = subject.read(&held.scan).await.documents;
        let mut expected = held.documents.clone();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{}", held.scan.id);

        let mut flows =
            subject.source.findings(&subject.tenant, &held.scan, OnSourceError::Fail).await.unwrap();
        let mut untold = false;
        while let Some(flow) = flows.next().await {
            match flow.unwrap() {
                Flow::Item(_) => untold = true,
                Flow::Document(_) => untold = false,
                Flow::Warning(_) => {}
                Flow::End { .. } => assert!(!untold, "{}: findings of no document", held.scan.id),
            }
        }
    }
}

/// Data that ends too early is an `Invalid` error with its place, never a shorter stream.
pub async fn data_that_ends_too_early_is_invalid_at_its_place(subject: Scans) {
    if let Some(cut_off) = &subject.cut_off {
        assert_cut_off(
            subject.source.findings(&subject.tenant, cut_off, OnSourceError::Fail).await,
            cut_off.id.as_str(),
        )
        .await;
    }
}

/// With `Warn`, data that ends too early is a `source_refused` warning with its place, and none of its findings are given.
pub async fn data_that_ends_too_early_is_left_out_where_that_is_asked_for(subject: Scans) {
    let Some(cut_off) = &subject.cut_off else { return };
    let mut flows = subject.source.findings(&subject.tenant, cut_off, OnSourceError::Warn).await.unwrap();
    let mut told = vec![];
    loop {
        match flows.next().await.expect("an end comes").unwrap() {
            Flow::Item(finding) => panic!("{} is of data that cannot be read", finding.id),
            Flow::Warning(warning) => told.push(warning),
            Flow::Document(_) => {}
            Flow::End { items } => break assert_eq!(items, 0),
        }
    }
    let refused = told.iter().find(|warning| warning.code == WarningCode::SourceRefused);
    assert!(refused.is_some_and(|warning| warning.place.is_some()), "{told:?}");
}

/// `NotFound` if the scan is gone.
pub async fn a_scan_that_is_gone_is_not_found(subject: Scans) {
    let gone = ScanRef { id: "gone-by-now".parse().unwrap(), ..subject.held[0].scan.clone() };
    let refused =
        subject.source.findings(&subject.tenant, &gone, OnSourceError::Fail).await.map(drop).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound, "{refused}");
}

/// What belongs to one tenant is nothing for another, in sources that keep tenants apart.
pub async fn another_tenant_has_nothing(subject: Scans) {
    let Some(stranger) = &subject.stranger else { return };
    let everything = subject.source.resolve(stranger, &Scope::default(), OnSourceError::Fail).await.unwrap();
    assert_eq!(everything, Resolution::default());
    for held in &subject.held {
        let scope = Scope { scan_ids: vec![held.scan.id.clone()], ..Scope::default() };
        let resolution = subject.source.resolve(stranger, &scope, OnSourceError::Fail).await.unwrap();
        assert_eq!((resolution.scans, resolution.missing.scan_ids), (vec![], vec![held.scan.id.clone()]));
        let refused =
            subject.source.findings(stranger, &held.scan, OnSourceError::Fail).await.map(drop).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::NotFound, "{refused}");
    }
}
