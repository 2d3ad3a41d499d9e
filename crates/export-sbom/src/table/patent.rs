//! Patents.

use super::Type::{Either, Formed, Link, List, Obj, Ref, Text, Word};
use super::common::{CONTACT, EXTERNAL_REFERENCE, ORGANISATION};
use super::{DATE, Object, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::V1_7;

pub(super) static PATENT: Object = object(&[
    opt("bom-ref", Ref),
    req("patentNumber", Formed(Form::PatentNumber)),
    opt("applicationNumber", Formed(Form::PatentNumber)),
    req("jurisdiction", Formed(Form::Jurisdiction)),
    opt("priorityApplication", Obj(&PRIORITY_APPLICATION)),
    opt("publicationNumber", Formed(Form::PatentNumber)),
    opt("title", Text),
    opt("abstract", Text),
    opt("filingDate", DATE),
    opt("grantDate", DATE),
    opt("patentExpirationDate", DATE),
    req("patentLegalStatus", Word(&PATENT_LEGAL_STATUS)),
    opt("patentAssignee", List(&Either(&[(V1_7, Obj(&CONTACT)), (V1_7, Obj(&ORGANISATION))]))),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
]);

static PATENT_LEGAL_STATUS: Words = words(&[(
    V1_7,
    "pending, granted, revoked, expired, lapsed, withdrawn, abandoned, suspended, reinstated, \
         opposed, terminated, invalidated, in-force",
)]);

pub(super) static PATENT_FAMILY: Object = object(&[
    opt("bom-ref", Ref),
    req("familyId", Text),
    opt("priorityApplication", Obj(&PRIORITY_APPLICATION)),
    opt("members", List(&Link)),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
]);

static PRIORITY_APPLICATION: Object = object(&[
    req("applicationNumber", Formed(Form::PatentNumber)),
    req("jurisdiction", Formed(Form::Jurisdiction)),
    req("filingDate", DATE),
]);

pub(super) static PATENT_ASSERTION: Object = object(&[
    opt("bom-ref", Ref),
    req("assertionType", Word(&ASSERTION_TYPE)),
    opt("patentRefs", List(&Link)),
    req("asserter", Either(&[(V1_7, Obj(&ORGANISATION)), (V1_7, Obj(&CONTACT)), (V1_7, Link)])),
    opt("notes", Text),
]);

static ASSERTION_TYPE: Words = words(&[(
    V1_7,
    "ownership, license, third-party-claim, standards-inclusion, prior-art, exclusive-rights, \
         non-assertion, research-or-evaluation",
)]);
