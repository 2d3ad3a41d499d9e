//! Services.

use super::Type::{Bool, Licences, List, Obj, Ref, Set, Signature, Text, Word};
use super::common::{EXTERNAL_REFERENCE, ORGANISATION, PROPERTY};
use super::component::RELEASE_NOTES;
use super::data::GOVERNANCE;
use super::patent::PATENT_ASSERTION;
use super::{IRI, Object, VERSION, Words, object, opt, req, words};
use crate::version::Version::{V1_2, V1_3, V1_4, V1_5, V1_6, V1_7};

pub(super) static SERVICE: Object = object(&[
    opt("bom-ref", Ref),
    opt("provider", Obj(&ORGANISATION)),
    opt("group", Text),
    req("name", Text),
    opt("version", VERSION),
    opt("description", Text),
    opt("endpoints", List(&IRI)),
    opt("authenticated", Bool),
    opt("x-trust-boundary", Bool),
    opt("trustZone", Text).since(V1_5),
    opt("data", List(&Obj(&SERVICE_DATA))),
    opt("licenses", Licences),
    opt("patentAssertions", List(&Obj(&PATENT_ASSERTION))).since(V1_7),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
    opt("services", Set(&Obj(&SERVICE))),
    opt("releaseNotes", Obj(&RELEASE_NOTES)).since(V1_4),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_3),
    opt("tags", List(&Text)).since(V1_6),
    opt("signature", Signature).since(V1_4),
]);

static SERVICE_DATA: Object = object(&[
    req("flow", Word(&DATA_FLOW)),
    req("classification", Text),
    opt("name", Text).since(V1_5),
    opt("description", Text).since(V1_5),
    opt("governance", Obj(&GOVERNANCE)).since(V1_5),
    opt("source", List(&IRI)).since(V1_5),
    opt("destination", List(&IRI)).since(V1_5),
]);

static DATA_FLOW: Words = words(&[(V1_2, "inbound, outbound, bi-directional, unknown")]);
