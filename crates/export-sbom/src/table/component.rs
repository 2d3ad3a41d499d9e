//! Components and what belongs to them.

use super::Type::{Bool, Either, Formed, Licences, Link, List, Obj, Ref, Set, Share, Signature, Text, Word};
use super::common::{ATTACHMENT, CONTACT, EXTERNAL_REFERENCE, HASH, ORGANISATION, PROPERTY};
use super::crypto::CRYPTO_PROPERTIES;
use super::data::COMPONENT_DATA;
use super::model::MODEL_CARD;
use super::patent::PATENT_ASSERTION;
use super::{COUNT, DATE_TIME, EMAIL, INTEGER, IRI, Object, Rule, VERSION, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::{V1_2, V1_3, V1_4, V1_5, V1_6, V1_7};

pub(super) static COMPONENT: Object = object(&[
    req("type", Word(&COMPONENT_TYPE)),
    opt("mime-type", Formed(Form::MediaType)),
    opt("bom-ref", Ref),
    opt("supplier", Obj(&ORGANISATION)),
    opt("manufacturer", Obj(&ORGANISATION)).since(V1_6),
    opt("authors", List(&Obj(&CONTACT))).since(V1_6),
    opt("author", Text),
    opt("publisher", Text),
    opt("group", Text),
    req("name", Text),
    opt("version", VERSION).required(V1_2, V1_3).or(""),
    opt("versionRange", Formed(Form::VersionRange)).since(V1_7),
    opt("isExternal", Bool).since(V1_7),
    opt("description", Text),
    opt("scope", Word(&SCOPE)),
    opt("hashes", List(&Obj(&HASH))),
    opt("licenses", Licences),
    opt("copyright", Text),
    opt("patentAssertions", List(&Obj(&PATENT_ASSERTION))).since(V1_7),
    opt("cpe", Text),
    opt("purl", Text),
    opt("omniborId", List(&Text)).since(V1_6),
    opt("swhid", List(&Text)).since(V1_6),
    opt("swid", Obj(&SWID)),
    opt("modified", Bool),
    opt("pedigree", Obj(&PEDIGREE)),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
    opt("components", Set(&Obj(&COMPONENT))),
    opt("evidence", Obj(&EVIDENCE)).since(V1_3),
    opt("releaseNotes", Obj(&RELEASE_NOTES)).since(V1_4),
    opt("modelCard", Obj(&MODEL_CARD)).since(V1_5),
    opt("data", List(&Obj(&COMPONENT_DATA))).since(V1_5),
    opt("cryptoProperties", Obj(&CRYPTO_PROPERTIES)).since(V1_6),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_3),
    opt("tags", List(&Text)).since(V1_6),
    opt("signature", Signature).since(V1_4),
])
.rules(&[Rule::Apart("version", "versionRange"), Rule::OnlyWhere("versionRange", "isExternal")]);

static COMPONENT_TYPE: Words = words(&[
    (V1_2, "application, framework, library, container, operating-system, device, firmware, file"),
    (V1_5, "platform, device-driver, machine-learning-model, data"),
    (V1_6, "cryptographic-asset"),
])
.or_else(&[
    ("platform", "framework"),
    ("device-driver", "application"),
    ("cryptographic-asset", "data"),
    ("*", "file"),
]);

static SCOPE: Words = words(&[(V1_2, "required, optional, excluded")]);

static SWID: Object = object(&[
    req("tagId", Text),
    req("name", Text),
    opt("version", Text),
    opt("tagVersion", INTEGER),
    opt("patch", Bool),
    opt("text", Obj(&ATTACHMENT)),
    opt("url", IRI),
]);

static PEDIGREE: Object = object(&[
    opt("ancestors", List(&Obj(&COMPONENT))),
    opt("descendants", List(&Obj(&COMPONENT))),
    opt("variants", List(&Obj(&COMPONENT))),
    opt("commits", List(&Obj(&COMMIT))),
    opt("patches", List(&Obj(&PATCH))),
    opt("notes", Text),
]);

static COMMIT: Object = object(&[
    opt("uid", Text),
    opt("url", IRI),
    opt("author", Obj(&IDENTIFIABLE_ACTION)),
    opt("committer", Obj(&IDENTIFIABLE_ACTION)),
    opt("message", Text),
]);

static IDENTIFIABLE_ACTION: Object =
    object(&[opt("timestamp", DATE_TIME), opt("name", Text), opt("email", EMAIL)]);

static PATCH: Object =
    object(&[req("type", Word(&PATCH_TYPE)), opt("diff", Obj(&DIFF)), opt("resolves", List(&Obj(&ISSUE)))]);

static PATCH_TYPE: Words = words(&[(V1_2, "unofficial, monkey, backport, cherry-pick")]);

static DIFF: Object = object(&[opt("text", Obj(&ATTACHMENT)), opt("url", IRI)]);

static ISSUE: Object = object(&[
    req("type", Word(&ISSUE_TYPE)),
    opt("id", Text),
    opt("name", Text),
    opt("description", Text),
    opt("source", Obj(&ISSUE_SOURCE)),
    opt("references", List(&IRI)),
]);

static ISSUE_TYPE: Words = words(&[(V1_2, "defect, enhancement, security")]);

static ISSUE_SOURCE: Object = object(&[opt("name", Text), opt("url", IRI)]);

pub(super) static EVIDENCE: Object = object(&[
    opt("identity", Either(&[(V1_5, Obj(&IDENTITY)), (V1_6, List(&Obj(&IDENTITY)))])).since(V1_5),
    opt("occurrences", List(&Obj(&OCCURRENCE))).since(V1_5),
    opt("callstack", Obj(&CALLSTACK)).since(V1_5),
    opt("licenses", Licences),
    opt("copyright", List(&Obj(&COPYRIGHT))),
]);

static IDENTITY: Object = object(&[
    req("field", Word(&IDENTITY_FIELD)),
    opt("confidence", Share),
    opt("concludedValue", Text).since(V1_6),
    opt("methods", List(&Obj(&METHOD))),
    opt("tools", Set(&Link)),
]);

static IDENTITY_FIELD: Words =
    words(&[(V1_5, "group, name, version, purl, cpe, swid, hash"), (V1_6, "omniborId, swhid")]);

static METHOD: Object =
    object(&[req("technique", Word(&TECHNIQUE)), req("confidence", Share), opt("value", Text)]);

static TECHNIQUE: Words = words(&[(
    V1_5,
    "source-code-analysis, binary-analysis, manifest-analysis, ast-fingerprint, hash-comparison, \
         instrumentation, dynamic-analysis, filename, attestation, other",
)]);

static OCCURRENCE: Object = object(&[
    opt("bom-ref", Ref),
    req("location", Text),
    opt("line", COUNT).since(V1_6),
    opt("offset", COUNT).since(V1_6),
    opt("symbol", Text).since(V1_6),
    opt("additionalContext", Text).since(V1_6),
]);

static CALLSTACK: Object = object(&[opt("frames", List(&Obj(&FRAME)))]);

static FRAME: Object = object(&[
    opt("package", Text),
    req("module", Text),
    opt("function", Text),
    opt("parameters", List(&Text)),
    opt("line", INTEGER),
    opt("column", INTEGER),
    opt("fullFilename", Text),
]);

static COPYRIGHT: Object = object(&[req("text", Text)]);

pub(super) static RELEASE_NOTES: Object = object(&[
    req("type", Text),
    opt("title", Text),
    opt("featuredImage", IRI),
    opt("socialImage", IRI),
    opt("description", Text),
    opt("timestamp", DATE_TIME),
    opt("aliases", List(&Text)),
    opt("tags", List(&Text)),
    opt("resolves", List(&Obj(&ISSUE))),
    opt("notes", List(&Obj(&NOTE))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static NOTE: Object = object(&[opt("locale", Formed(Form::Locale)), req("text", Obj(&ATTACHMENT))]);
