//! Declarations and the standards they speak of.

use super::Type::{Bool, Either, Formed, Link, List, Obj, Ref, Share, Signature, Text};
use super::common::{ATTACHMENT, CONTACT, EXTERNAL_REFERENCE, ORGANISATION, PROPERTY};
use super::component::COMPONENT;
use super::data::GOVERNANCE;
use super::patent::{PATENT, PATENT_FAMILY};
use super::service::SERVICE;
use super::{DATE_TIME, IRI, Object, Rule, object, opt};
use crate::form::Form;
use crate::version::Version::V1_7;

pub(super) static DECLARATIONS: Object = object(&[
    opt("assessors", List(&Obj(&ASSESSOR))),
    opt("attestations", List(&Obj(&ATTESTATION))),
    opt("claims", List(&Obj(&CLAIM))),
    opt("evidence", List(&Obj(&CLAIM_EVIDENCE))),
    opt("targets", Obj(&TARGETS)),
    opt("affirmation", Obj(&AFFIRMATION)),
    opt("signature", Signature),
]);

static ASSESSOR: Object =
    object(&[opt("bom-ref", Ref), opt("thirdParty", Bool), opt("organization", Obj(&ORGANISATION))]);

static ATTESTATION: Object = object(&[
    opt("summary", Text),
    opt("assessor", Link),
    opt("map", List(&Obj(&MAP))),
    opt("signature", Signature),
]);

static MAP: Object = object(&[
    opt("requirement", Link),
    opt("claims", List(&Link)),
    opt("counterClaims", List(&Link)),
    opt("conformance", Obj(&CONFORMANCE)),
    opt("confidence", Obj(&CONFIDENCE)),
]);

static CONFORMANCE: Object =
    object(&[opt("score", Share), opt("rationale", Text), opt("mitigationStrategies", List(&Link))]);

static CONFIDENCE: Object = object(&[opt("score", Share), opt("rationale", Text)]);

static CLAIM: Object = object(&[
    opt("bom-ref", Ref),
    opt("target", Link),
    opt("predicate", Text),
    opt("mitigationStrategies", List(&Link)),
    opt("reasoning", Text),
    opt("evidence", List(&Link)),
    opt("counterEvidence", List(&Link)),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
    opt("signature", Signature),
]);

static CLAIM_EVIDENCE: Object = object(&[
    opt("bom-ref", Ref),
    opt("propertyName", Text),
    opt("description", Text),
    opt("data", List(&Obj(&EVIDENCE_DATA))),
    opt("created", DATE_TIME),
    opt("expires", DATE_TIME),
    opt("author", Obj(&CONTACT)),
    opt("reviewer", Obj(&CONTACT)),
    opt("signature", Signature),
]);

static EVIDENCE_DATA: Object = object(&[
    opt("name", Text),
    opt("contents", Obj(&EVIDENCE_CONTENTS)),
    opt("classification", Text),
    opt("sensitiveData", List(&Text)),
    opt("governance", Obj(&GOVERNANCE)),
]);

static EVIDENCE_CONTENTS: Object = object(&[opt("attachment", Obj(&ATTACHMENT)), opt("url", IRI)]);

static TARGETS: Object = object(&[
    opt("organizations", List(&Obj(&ORGANISATION))),
    opt("components", List(&Obj(&COMPONENT))),
    opt("services", List(&Obj(&SERVICE))),
]);

static AFFIRMATION: Object = object(&[
    opt("statement", Text),
    opt("signatories", List(&Obj(&SIGNATORY))),
    opt("signature", Signature),
]);

static SIGNATORY: Object = object(&[
    opt("name", Text),
    opt("role", Text),
    opt("signature", Signature),
    opt("organization", Obj(&ORGANISATION)),
    opt("externalReference", Obj(&EXTERNAL_REFERENCE)),
])
.rules(&[Rule::OneOf(&[&["signature"], &["externalReference", "organization"]])]);

pub(super) static DEFINITIONS: Object = object(&[
    opt("standards", List(&Obj(&STANDARD))),
    opt("patents", List(&Either(&[(V1_7, Obj(&PATENT)), (V1_7, Obj(&PATENT_FAMILY))]))).since(V1_7),
]);

static STANDARD: Object = object(&[
    opt("bom-ref", Ref),
    opt("name", Text),
    opt("version", Text),
    opt("description", Text),
    opt("owner", Text),
    opt("requirements", List(&Obj(&REQUIREMENT))),
    opt("levels", List(&Obj(&LEVEL))),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
    opt("signature", Signature),
]);

static REQUIREMENT: Object = object(&[
    opt("bom-ref", Ref),
    opt("identifier", Text),
    opt("title", Text),
    opt("text", Text),
    opt("descriptions", List(&Text)),
    opt("openCre", List(&Formed(Form::OpenCre))),
    opt("parent", Link),
    opt("properties", List(&Obj(&PROPERTY))),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
]);

static LEVEL: Object = object(&[
    opt("bom-ref", Ref),
    opt("identifier", Text),
    opt("title", Text),
    opt("description", Text),
    opt("requirements", List(&Link)),
]);
