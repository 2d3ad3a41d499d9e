//! Sources of scans, verdicts, statements and intelligence that hold what they are given.

mod flows;

use std::collections::BTreeMap;

use async_trait::async_trait;
use export_core::attestation::Attestation;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::{ScanId, TenantId};
use export_core::ports::{
    AttestationSource, Flows, IntelligenceSource, Missing, Resolution, SbomSource, ScanSource, VerdictSource,
    VexSource,
};
use export_core::record::FindingRecord;
use export_core::request::OnSourceError;
use export_core::request::{DateRange, Scope};
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};

use self::flows::{cut, flows};
use crate::corpus;

/// Every source at once; what belongs to one tenant is nothing for another.
#[derive(Debug, Clone, Default)]
pub struct MemorySources {
    tenants: BTreeMap<TenantId, Tenant>,
}

#[derive(Debug, Clone, Default)]
struct Tenant {
    scans: Vec<Scan>,
    intelligence: Vec<Intelligence<'static>>,
}

#[derive(Debug, Clone)]
struct Scan {
    scan: ScanRef,
    findings: Vec<Finding<'static>>,
    verdicts: Vec<Verdict<'static>>,
    statements: Vec<VexStatement<'static>>,
    sboms: Vec<SbomPart<'static>>,
    attestations: Vec<Attestation<'static>>,
    cut_off: bool,
}

impl MemorySources {
    /// Sources without anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `records` apart: joined again they give the same records. Their scans are those of the [`corpus`].
    #[must_use]
    pub fn of(tenant: &TenantId, records: &[FindingRecord<'static>]) -> Self {
        let mut sources = Self::new();
        for index in 0..3 {
            let scan = corpus::scan(index);
            let own = |record: &&FindingRecord<'_>| *record.finding.scan_id == *scan.id.as_str();
            let own: Vec<_> = records.iter().filter(own).collect();
            let findings = own.iter().map(|record| record.finding.clone()).collect();
            sources = sources.with_scan(tenant, scan.clone(), findings);
            let about = sources.last(tenant);
            about.verdicts = own.iter().flat_map(|record| record.verdicts.clone()).collect();
            let said = |record: &&FindingRecord<'static>| {
                record.vex.clone().map(|vex| corpus::statement_about(&record.finding, vex))
            };
            about.statements = own.iter().filter_map(said).collect();
        }
        sources
    }

    /// Adds a scan with its findings.
    #[must_use]
    pub fn with_scan(mut self, tenant: &TenantId, scan: ScanRef, findings: Vec<Finding<'static>>) -> Self {
        let scan = Scan {
            scan,
            findings,
            verdicts: vec![],
            statements: vec![],
            sboms: vec![],
            attestations: vec![],
            cut_off: false,
        };
        self.tenants.entry(tenant.clone()).or_default().scans.push(scan);
        self
    }

    /// Adds verdicts about the scan that was added last.
    #[must_use]
    pub fn with_verdicts(mut self, tenant: &TenantId, verdicts: Vec<Verdict<'static>>) -> Self {
        self.last(tenant).verdicts = verdicts;
        self
    }

    /// Adds statements that apply to the scan that was added last.
    #[must_use]
    pub fn with_statements(mut self, tenant: &TenantId, statements: Vec<VexStatement<'static>>) -> Self {
        self.last(tenant).statements = statements;
        self
    }

    /// Sets the SBOM documents of the scan that was added last.
    #[must_use]
    pub fn with_sboms(mut self, tenant: &TenantId, parts: Vec<SbomPart<'static>>) -> Self {
        self.last(tenant).sboms = parts;
        self
    }

    /// Sets the attestations of the scan that was added last.
    #[must_use]
    pub fn with_attestations(mut self, tenant: &TenantId, attestations: Vec<Attestation<'static>>) -> Self {
        self.last(tenant).attestations = attestations;
        self
    }

    /// Makes the data of the scan that was added last end too early, behind its last record.
    #[must_use]
    pub fn cut_off(mut self, tenant: &TenantId) -> Self {
        self.last(tenant).cut_off = true;
        self
    }

    /// Sets what is known about the use of vulnerabilities.
    #[must_use]
    pub fn with_intelligence(mut self, tenant: &TenantId, known: Vec<Intelligence<'static>>) -> Self {
        self.tenants.entry(tenant.clone()).or_default().intelligence = known;
        self
    }

    fn last(&mut self, tenant: &TenantId) -> &mut Scan {
        let tenant = self.tenants.get_mut(tenant).expect("a scan of this tenant was added before");
        tenant.scans.last_mut().expect("a scan of this tenant was added before")
    }

    fn scans(&self, tenant: &TenantId) -> &[Scan] {
        self.tenants.get(tenant).map_or(&[], |tenant| &tenant.scans)
    }

    fn scan(&self, tenant: &TenantId, id: &ScanId) -> Option<&Scan> {
        self.scans(tenant).iter().find(|held| held.scan.id == *id)
    }
}

#[async_trait]
impl ScanSource for MemorySources {
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        _on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        let held = self.scans(tenant);
        let within = |scan: &ScanRef| scope.date_range.is_none_or(|range| is_within(range, scan.created_at));
        let mut missing = Missing::default();
        let mut scans: Vec<ScanRef> = Vec::new();
        for id in &scope.scan_ids {
            match self.scan(tenant, id) {
                Some(found) => scans.push(found.scan.clone()),
                None => missing.scan_ids.push(id.clone()),
            }
        }
        for image in &scope.image_refs {
            let of_image = held.iter().map(|held| &held.scan).filter(|scan| {
                (scan.image == *image || scan.image_digest.as_ref() == Some(image)) && within(scan)
            });
            match of_image.max_by(|a, b| newest_first(b, a)) {
                Some(newest) => scans.push(newest.clone()),
                None => missing.image_refs.push(image.clone()),
            }
        }
        if scope.scan_ids.is_empty() && scope.image_refs.is_empty() {
            scans.extend(held.iter().map(|held| held.scan.clone()).filter(within));
        }
        scans.sort_by(newest_first);
        scans.dedup_by(|a, b| a.id == b.id);
        Ok(Resolution { scans, missing, warnings: vec![] })
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let gone = || PortError::new(ErrorKind::NotFound, "memory: read findings", "the scan is gone");
        let held = self.scan(tenant, &scan.id).ok_or_else(gone)?;
        Ok(flows("findings", scan.id.as_str(), held.findings.clone(), cut(held.cut_off, on_error)))
    }
}

#[async_trait]
impl VerdictSource for MemorySources {
    async fn verdicts(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Verdict<'static>>, PortError> {
        let held = self.scan(tenant, &scan.id);
        let verdicts = held.map(|held| held.verdicts.clone()).unwrap_or_default();
        Ok(flows(
            "verdicts",
            scan.id.as_str(),
            verdicts,
            cut(held.is_some_and(|held| held.cut_off), on_error),
        ))
    }
}

#[async_trait]
impl VexSource for MemorySources {
    async fn statements(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<VexStatement<'static>>, PortError> {
        let held = self.scan(tenant, &scan.id);
        let statements = held.map(|held| held.statements.clone()).unwrap_or_default();
        Ok(flows(
            "statements",
            scan.id.as_str(),
            statements,
            cut(held.is_some_and(|held| held.cut_off), on_error),
        ))
    }
}

#[async_trait]
impl SbomSource for MemorySources {
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        let held = self.scan(tenant, &scan.id);
        let parts = held.map(|held| held.sboms.clone()).unwrap_or_default();
        Ok(flows("sboms", scan.id.as_str(), parts, cut(held.is_some_and(|held| held.cut_off), on_error)))
    }
}

#[async_trait]
impl AttestationSource for MemorySources {
    async fn attestations(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Attestation<'static>>, PortError> {
        let held = self.scan(tenant, &scan.id);
        let attestations = held.map(|held| held.attestations.clone()).unwrap_or_default();
        Ok(flows(
            "attestations",
            scan.id.as_str(),
            attestations,
            cut(held.is_some_and(|held| held.cut_off), on_error),
        ))
    }
}

#[async_trait]
impl IntelligenceSource for MemorySources {
    async fn intelligence(
        &self,
        tenant: &TenantId,
        on_error: OnSourceError,
    ) -> Result<Flows<Intelligence<'static>>, PortError> {
        let known = self.tenants.get(tenant).map(|tenant| tenant.intelligence.clone()).unwrap_or_default();
        Ok(flows("intelligence", "", known, cut(false, on_error)))
    }
}

/// Newest first; scans without a time come last, by id.
fn newest_first(a: &ScanRef, b: &ScanRef) -> std::cmp::Ordering {
    b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id))
}

/// Ranges are absolute here: requests are resolved when their export is created.
fn is_within(range: DateRange, at: Option<Timestamp>) -> bool {
    let absolute = |bound: DateBound| bound.resolve(corpus::AT);
    at.is_some_and(|at| absolute(range.start) <= at && at <= absolute(range.end))
}
