//! The check for providers: a good service passes, and each fault is told.

use export_contract::services::{Fault, Stub, Style};
use export_source_services::provider::{Check, Outcome, Provider};
use export_source_services::{Endpoint, Service};

use crate::common::{CHECKOUT, around, endpoint, limits, tenant};

async fn check(stub: &Stub, services: &[Service]) -> Vec<Check> {
    check_at(endpoint(&stub.url, limits()), services).await
}

async fn check_at(endpoint: Endpoint, services: &[Service]) -> Vec<Check> {
    let services = services.to_vec();
    let provider = Provider { endpoint, around: around(), tenant: tenant(), scan: None, services };
    provider.check().await.unwrap()
}

fn failed(checks: &[Check]) -> Vec<(Service, &'static str)> {
    let is_failed = |it: &&Check| matches!(it.outcome, Outcome::Failed(_));
    checks.iter().filter(is_failed).map(|it| (it.service, it.what)).collect()
}

#[tokio::test]
async fn a_service_that_keeps_the_contract_passes_everything() {
    for style in [Style::Lines, Style::Pages] {
        let stub = Stub::start(style).await;
        let checks = check(&stub, &Service::ALL).await;
        let is_passed = |it: &Check| matches!(it.outcome, Outcome::Passed(_));
        assert!(checks.iter().all(is_passed), "{style:?}: {checks:#?}");
        assert_eq!(checks.len(), 16, "{checks:#?}");
    }
}

#[tokio::test]
async fn each_fault_is_told_at_its_check() {
    let scan = format!("/internal/scans/{CHECKOUT}");
    let verdicts = format!("/internal/verdicts/{CHECKOUT}");
    let lines = |text: &str| Fault::Instead("application/x-ndjson", text.as_bytes().to_vec());
    let other = "{\"type\":\"scan\",\"id\":\"checkout-2026-11-20\",\"image\":\"a:1\",\"created_at\":\"2026-11-20T04:12:09Z\"}\n{\"type\":\"end\",\"count\":1}\n";
    for (path, fault, service, told) in [
        (scan.as_str(), Fault::StopAfter(2_000), Service::Scanner, "answers whole"),
        (
            &scan,
            lines("{\"type\":\"head\",\"id\":\"x\",\"image\":\"y\"}\n{\"type\":\"end\",\"count\":0}\n"),
            Service::Scanner,
            "answers whole",
        ),
        ("/internal/scans?image_ref", lines(other), Service::Scanner, "of an image"),
        ("/internal/scans?from", lines("{\"type\":\"end\",\"count\":0}\n"), Service::Scanner, "of a time"),
        ("/internal/scans/provider-check", Fault::Status(500, None), Service::Scanner, "404"),
        (
            "/internal/scans/provider-check",
            lines("{\"type\":\"end\",\"count\":0}\n"),
            Service::Scanner,
            "404",
        ),
        ("/internal/scans", Fault::StopAfter(300), Service::Scanner, "lists all"),
        (&verdicts, lines("{\"type\":\"end\",\"count\":4}\n"), Service::Policy, "answers whole"),
        (&verdicts, Fault::Status(404, None), Service::Policy, "says something"),
        ("/internal/sboms", Fault::Instead("application/json", b"{}".to_vec()), Service::Sbom, "can be read"),
    ] {
        let stub = Stub::start(Style::Lines).await;
        stub.fail_always(path, fault);
        let checks = check(&stub, &Service::ALL).await;
        let failed = failed(&checks);
        let is_told = failed.iter().any(|(by, what)| *by == service && what.contains(told));
        assert!(is_told, "{path} {told}: {checks:#?}");
    }
}

#[tokio::test]
async fn one_service_alone_is_checked_by_a_scan_that_is_named() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always("/internal/scans", Fault::Status(404, None));
    let provider = Provider {
        endpoint: endpoint(&stub.url, limits()),
        around: around(),
        tenant: tenant(),
        scan: Some(CHECKOUT.parse().unwrap()),
        services: vec![Service::Policy],
    };
    let checks = provider.check().await.unwrap();
    assert_eq!(failed(&checks), [], "{checks:#?}");
    assert!(checks.iter().filter(|it| it.service == Service::Policy).count() >= 3);
}

#[tokio::test]
async fn a_service_that_answers_anyone_is_told() {
    // The stub accepts one token alone; a check without any sees 401 everywhere and says so.
    let stub = Stub::start(Style::Lines).await;
    let endpoint = Endpoint::new(stub.url.parse().unwrap(), None, limits()).unwrap();
    let checks = check_at(endpoint, &[]).await;
    assert_eq!(failed(&checks).len(), 1, "{checks:#?}");
    let open = Stub::start(Style::Lines).await;
    open.let_anyone_in();
    let checks = check(&open, &[]).await;
    let told = failed(&checks);
    assert_eq!(told.len(), 3, "{checks:#?}");
    assert!(told.iter().all(|(_, what)| what.contains("401")), "{told:?}");
}
