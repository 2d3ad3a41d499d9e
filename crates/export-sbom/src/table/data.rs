//! Data that a component is made of or works with.

use super::Type::{List, Obj, Ref, Text, Word};
use super::common::{ATTACHMENT, CONTACT, ORGANISATION, PROPERTY};
use super::{IRI, Object, Rule, Words, object, opt, req, words};
use crate::version::Version::V1_5;

pub(super) static COMPONENT_DATA: Object = object(&[
    opt("bom-ref", Ref),
    req("type", Word(&DATA_TYPE)),
    opt("name", Text),
    opt("contents", Obj(&CONTENTS)),
    opt("classification", Text),
    opt("sensitiveData", List(&Text)),
    opt("graphics", Obj(&GRAPHICS)),
    opt("description", Text),
    opt("governance", Obj(&GOVERNANCE)),
]);

static DATA_TYPE: Words = words(&[(V1_5, "source-code, configuration, dataset, definition, other")]);

static CONTENTS: Object =
    object(&[opt("attachment", Obj(&ATTACHMENT)), opt("url", IRI), opt("properties", List(&Obj(&PROPERTY)))]);

pub(super) static GRAPHICS: Object =
    object(&[opt("description", Text), opt("collection", List(&Obj(&GRAPHIC)))]);

static GRAPHIC: Object = object(&[opt("name", Text), opt("image", Obj(&ATTACHMENT))]);

pub(super) static GOVERNANCE: Object = object(&[
    opt("custodians", List(&Obj(&RESPONSIBLE_PARTY))),
    opt("stewards", List(&Obj(&RESPONSIBLE_PARTY))),
    opt("owners", List(&Obj(&RESPONSIBLE_PARTY))),
]);

static RESPONSIBLE_PARTY: Object =
    object(&[opt("organization", Obj(&ORGANISATION)), opt("contact", Obj(&CONTACT))])
        .rules(&[Rule::OneOf(&[&["organization"], &["contact"]])]);
