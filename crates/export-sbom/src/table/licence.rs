//! Licences.

use super::Type::{Formed, List, Obj, Ref, Text, Word};
use super::common::{ATTACHMENT, CONTACT, ORGANISATION, PROPERTY};
use super::{DATE_TIME, IRI, Object, Rule, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::{V1_5, V1_6, V1_7};

/// An item of `licenses` that is one licence.
pub(crate) static LICENCE_CHOICE: Object = object(&[req("license", Obj(&LICENCE))]);

/// An item of `licenses` that is an SPDX licence expression.
pub(crate) static EXPRESSION_CHOICE: Object = object(&[
    req("expression", Text),
    opt("expressionDetails", List(&Obj(&EXPRESSION_DETAIL))).since(V1_7),
    opt("acknowledgement", Word(&ACKNOWLEDGEMENT)).since(V1_6),
    opt("bom-ref", Ref).since(V1_5),
    opt("licensing", Obj(&LICENSING)).since(V1_7),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_7),
]);

static EXPRESSION_DETAIL: Object = object(&[
    req("licenseIdentifier", Text),
    opt("bom-ref", Ref),
    opt("text", Obj(&ATTACHMENT)),
    opt("url", IRI),
]);

static LICENCE: Object = object(&[
    opt("bom-ref", Ref).since(V1_5),
    opt("id", Formed(Form::SpdxId)),
    opt("name", Text),
    opt("acknowledgement", Word(&ACKNOWLEDGEMENT)).since(V1_6),
    opt("text", Obj(&ATTACHMENT)),
    opt("url", IRI),
    opt("licensing", Obj(&LICENSING)).since(V1_5),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_5),
])
.rules(&[Rule::OneOf(&[&["id"], &["name"]])]);

static ACKNOWLEDGEMENT: Words = words(&[(V1_6, "declared, concluded")]);

static LICENSING: Object = object(&[
    opt("altIds", List(&Text)),
    opt("licensor", Obj(&LICENSING_PARTY)),
    opt("licensee", Obj(&LICENSING_PARTY)),
    opt("purchaser", Obj(&LICENSING_PARTY)),
    opt("purchaseOrder", Text),
    opt("licenseTypes", List(&Word(&LICENCE_TYPE))),
    opt("lastRenewal", DATE_TIME),
    opt("expiration", DATE_TIME),
]);

static LICENCE_TYPE: Words = words(&[(
    V1_5,
    "academic, appliance, client-access, concurrent-user, core-points, custom-metric, device, \
     evaluation, named-user, node-locked, oem, perpetual, processor-points, subscription, user, other",
)]);

static LICENSING_PARTY: Object =
    object(&[opt("organization", Obj(&ORGANISATION)), opt("individual", Obj(&CONTACT))])
        .rules(&[Rule::OneOf(&[&["organization"], &["individual"]])]);
