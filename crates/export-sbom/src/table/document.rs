//! A document, its metadata, and how its elements relate.

use super::Type::{Either, Filled, Formed, Licences, Link, List, Obj, Ref, Set, Signature, Text, Word};
use super::common::{CONTACT, EXTERNAL_REFERENCE, HASH, ORGANISATION, PROPERTY};
use super::component::COMPONENT;
use super::declaration::{DECLARATIONS, DEFINITIONS};
use super::formulation::FORMULA;
use super::service::SERVICE;
use super::vulnerability::VULNERABILITY;
use super::{DATE_TIME, Object, POSITIVE, Rule, VERSION, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::{V1_2, V1_3, V1_4, V1_5, V1_6, V1_7};

pub(super) static DOCUMENT: Object = object(&[
    opt("$schema", Text),
    req("bomFormat", Word(&BOM_FORMAT)),
    req("specVersion", Text),
    opt("serialNumber", Formed(Form::SerialNumber)),
    opt("version", POSITIVE).required(V1_2, V1_4),
    opt("metadata", Obj(&METADATA)),
    opt("components", Set(&Obj(&COMPONENT))),
    opt("services", Set(&Obj(&SERVICE))),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
    opt("dependencies", Set(&Obj(&DEPENDENCY))),
    opt("compositions", Set(&Obj(&COMPOSITION))).since(V1_3),
    opt("vulnerabilities", Set(&Obj(&VULNERABILITY))).since(V1_4),
    opt("annotations", Set(&Obj(&ANNOTATION))).since(V1_5),
    opt("formulation", Set(&Obj(&FORMULA))).since(V1_5),
    opt("declarations", Obj(&DECLARATIONS)).since(V1_6),
    opt("definitions", Obj(&DEFINITIONS)).since(V1_6),
    opt("citations", Set(&Obj(&CITATION))).since(V1_7),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_5),
    opt("signature", Signature).since(V1_4),
]);

static BOM_FORMAT: Words = words(&[(V1_2, "CycloneDX")]);

pub(super) static METADATA: Object = object(&[
    opt("timestamp", DATE_TIME),
    opt("lifecycles", List(&Either(&[(V1_5, Obj(&PHASE)), (V1_5, Obj(&NAMED_LIFECYCLE))]))).since(V1_5),
    opt("tools", Either(&[(V1_2, List(&Obj(&TOOL))), (V1_5, Obj(&TOOLS))])),
    opt("manufacturer", Obj(&ORGANISATION)).since(V1_6).was("manufacture"),
    opt("authors", List(&Obj(&CONTACT))),
    opt("component", Obj(&COMPONENT)),
    opt("manufacture", Obj(&ORGANISATION)),
    opt("supplier", Obj(&ORGANISATION)),
    opt("licenses", Licences).since(V1_3),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_3),
    opt("distributionConstraints", Obj(&DISTRIBUTION_CONSTRAINTS)).since(V1_7),
]);

static PHASE: Object = object(&[req("phase", Word(&PHASE_NAME))]);

static PHASE_NAME: Words =
    words(&[(V1_5, "design, pre-build, build, post-build, operations, discovery, decommission")]);

static NAMED_LIFECYCLE: Object = object(&[req("name", Text), opt("description", Text)]);

pub(super) static TOOLS: Object =
    object(&[opt("components", Set(&Obj(&COMPONENT))), opt("services", Set(&Obj(&SERVICE)))]);

pub(super) static TOOL: Object = object(&[
    opt("vendor", Text),
    opt("name", Text),
    opt("version", VERSION),
    opt("hashes", List(&Obj(&HASH))),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))).since(V1_4),
]);

static DISTRIBUTION_CONSTRAINTS: Object = object(&[opt("tlp", Word(&TLP))]);

static TLP: Words = words(&[(V1_7, "CLEAR, GREEN, AMBER, AMBER_AND_STRICT, RED")]);

pub(super) static DEPENDENCY: Object =
    object(&[req("ref", Link), opt("dependsOn", Set(&Link)), opt("provides", Set(&Link)).since(V1_6)]);

pub(super) static COMPOSITION: Object = object(&[
    opt("bom-ref", Ref).since(V1_5),
    req("aggregate", Word(&AGGREGATE_TYPE)),
    opt("assemblies", Set(&Link)),
    opt("dependencies", Set(&Link)),
    opt("vulnerabilities", Set(&Link)).since(V1_5),
    opt("signature", Signature).since(V1_4),
]);

static AGGREGATE_TYPE: Words = words(&[
    (
        V1_3,
        "complete, incomplete, incomplete_first_party_only, incomplete_third_party_only, unknown, \
         not_specified",
    ),
    (
        V1_5,
        "incomplete_first_party_proprietary_only, incomplete_first_party_opensource_only, \
         incomplete_third_party_proprietary_only, incomplete_third_party_opensource_only",
    ),
])
.or_else(&[
    ("incomplete_first_party_proprietary_only", "incomplete_first_party_only"),
    ("incomplete_first_party_opensource_only", "incomplete_first_party_only"),
    ("*", "incomplete_third_party_only"),
]);

pub(super) static ANNOTATION: Object = object(&[
    opt("bom-ref", Ref),
    req("subjects", Set(&Link)),
    req("annotator", Obj(&ANNOTATOR)),
    req("timestamp", DATE_TIME),
    req("text", Text),
    opt("signature", Signature),
]);

static ANNOTATOR: Object = object(&[
    opt("organization", Obj(&ORGANISATION)),
    opt("individual", Obj(&CONTACT)),
    opt("component", Obj(&COMPONENT)),
    opt("service", Obj(&SERVICE)),
])
.rules(&[Rule::OneOf(&[&["organization"], &["individual"], &["component"], &["service"]])]);

pub(super) static CITATION: Object = object(&[
    opt("bom-ref", Ref),
    opt("pointers", Filled(&Text)),
    opt("expressions", Filled(&Text)),
    req("timestamp", DATE_TIME),
    opt("attributedTo", Link),
    opt("process", Link),
    opt("note", Text),
    opt("signature", Signature),
])
.rules(&[Rule::AnyOf(&["attributedTo", "process"]), Rule::OneOf(&[&["pointers"], &["expressions"]])]);
