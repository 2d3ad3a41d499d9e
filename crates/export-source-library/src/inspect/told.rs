//! Counting what a document tells.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use export_core::attestation::Attestation;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::ports::Flow;
use export_core::sbom::SbomPart;
use export_core::warning::Warning;
use serde::Serialize;

use crate::emit::Emitter;

/// Warnings that are kept.
const WARNINGS: usize = 100;

/// What a document tells, in numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Findings, those that the tool was told to leave out included.
    #[serde(skip_serializing_if = "is_zero")]
    pub findings: u64,
    /// Findings by kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_kind: BTreeMap<&'static str, u64>,
    /// Findings by severity.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_severity: BTreeMap<&'static str, u64>,
    /// Findings that the tool was told to leave out.
    #[serde(skip_serializing_if = "is_zero")]
    pub suppressed: u64,
    /// VEX statements by status.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statements: BTreeMap<&'static str, u64>,
    /// Policy verdicts by decision.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<&'static str, u64>,
    /// Elements of an SBOM by the list that they are in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub elements: BTreeMap<&'static str, u64>,
    /// Attestations by what they attest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attestations: BTreeMap<String, u64>,
    /// Vulnerabilities about whose use something is known.
    #[serde(skip_serializing_if = "is_zero")]
    pub intelligence: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Told {
    /// Everything together: zero means that the document is empty.
    #[must_use]
    pub fn records(&self) -> u64 {
        let sum = |counts: &BTreeMap<&'static str, u64>| counts.values().sum::<u64>();
        self.findings
            + sum(&self.statements)
            + sum(&self.verdicts)
            + sum(&self.elements)
            + self.attestations.values().sum::<u64>()
            + self.intelligence
    }
}

/// A count in the making, shared by the emitters that add to it.
#[derive(Default)]
pub(super) struct Telling(Rc<RefCell<(Told, Vec<Warning>)>>);

impl Telling {
    pub(super) fn findings(&self) -> Emitter<Finding<'static>> {
        self.emitter(|told, finding: Finding<'_>| {
            told.findings += 1;
            told.suppressed += u64::from(finding.suppression.is_some());
            *told.by_kind.entry(finding.kind().as_str()).or_default() += 1;
            *told.by_severity.entry(finding.severity.as_str()).or_default() += 1;
        })
    }

    pub(super) fn statements(&self) -> Emitter<VexStatement<'static>> {
        self.emitter(|told, statement: VexStatement<'_>| {
            *told.statements.entry(statement.assertion.status.as_str()).or_default() += 1;
        })
    }

    pub(super) fn verdicts(&self) -> Emitter<Verdict<'static>> {
        self.emitter(|told, verdict: Verdict<'_>| {
            *told.verdicts.entry(verdict.decision.as_str()).or_default() += 1;
        })
    }

    pub(super) fn sbom(&self) -> Emitter<SbomPart<'static>> {
        self.emitter(|told, part: SbomPart<'_>| {
            if let SbomPart::Element { section, .. } = part {
                *told.elements.entry(section.as_str()).or_default() += 1;
            }
        })
    }

    pub(super) fn attestations(&self) -> Emitter<Attestation<'static>> {
        self.emitter(|told, attestation: Attestation<'_>| {
            *told.attestations.entry(attestation.predicate_type.to_string()).or_default() += 1;
        })
    }

    pub(super) fn intelligence(&self) -> Emitter<Intelligence<'static>> {
        self.emitter(|told, _: Intelligence<'_>| told.intelligence += 1)
    }

    /// The numbers, and the warnings on the way.
    pub(super) fn end(self) -> (Told, Vec<Warning>) {
        self.0.take()
    }

    fn emitter<T: 'static>(&self, add: fn(&mut Told, T)) -> Emitter<T> {
        let shared = Rc::clone(&self.0);
        Emitter::showing(move |flow| {
            let (told, warnings) = &mut *shared.borrow_mut();
            match flow {
                Flow::Item(item) => add(told, item),
                // One reader may tell the same as another one.
                Flow::Warning(warning) if warnings.len() < WARNINGS && !warnings.contains(&warning) => {
                    warnings.push(warning);
                }
                Flow::Warning(_) | Flow::Document(_) | Flow::End { .. } => {}
            }
        })
    }
}
