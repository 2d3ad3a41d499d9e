//! What stands in many objects: people, digests, texts, references, properties.

use super::Type::{Formed, List, Obj, Ref, Text, Word};
use super::{EMAIL, IRI, Object, Unknown, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::{V1_2, V1_3, V1_4, V1_5, V1_6, V1_7};

pub(super) static ORGANISATION: Object = object(&[
    opt("bom-ref", Ref).since(V1_5),
    opt("name", Text),
    opt("address", Obj(&ADDRESS)).since(V1_6),
    opt("url", List(&IRI)),
    opt("contact", List(&Obj(&CONTACT))),
]);

static ADDRESS: Object = object(&[
    opt("bom-ref", Ref),
    opt("country", Text),
    opt("region", Text),
    opt("locality", Text),
    opt("postOfficeBoxNumber", Text),
    opt("postalCode", Text),
    opt("streetAddress", Text),
]);

pub(super) static CONTACT: Object =
    object(&[opt("bom-ref", Ref).since(V1_5), opt("name", Text), opt("email", EMAIL), opt("phone", Text)]);

pub(super) static HASH: Object =
    object(&[req("alg", Word(&HASH_ALG)), req("content", Formed(Form::HashContent))]);

static HASH_ALG: Words = words(&[
    (
        V1_2,
        "MD5, SHA-1, SHA-256, SHA-384, SHA-512, SHA3-256, SHA3-384, SHA3-512, BLAKE2b-256, \
         BLAKE2b-384, BLAKE2b-512, BLAKE3",
    ),
    (V1_7, "Streebog-256, Streebog-512"),
]);

pub(super) static ATTACHMENT: Object =
    object(&[opt("contentType", Text), opt("encoding", Word(&ENCODING)), req("content", Text)]);

static ENCODING: Words = words(&[(V1_2, "base64")]);

pub(super) static EXTERNAL_REFERENCE: Object = object(&[
    req("url", IRI),
    opt("comment", Text),
    req("type", Word(&REFERENCE_TYPE)),
    opt("hashes", List(&Obj(&HASH))).since(V1_3),
    opt("properties", List(&Obj(&PROPERTY))).since(V1_7),
]);

static REFERENCE_TYPE: Words = words(&[
    (
        V1_2,
        "vcs, issue-tracker, website, advisories, bom, mailing-list, social, chat, documentation, \
         support, distribution, license, build-meta, build-system, other",
    ),
    (V1_4, "release-notes"),
    (
        V1_5,
        "distribution-intake, security-contact, model-card, log, configuration, evidence, \
         formulation, attestation, threat-model, adversary-model, risk-assessment, \
         vulnerability-assertion, exploitability-statement, pentest-report, static-analysis-report, \
         dynamic-analysis-report, runtime-analysis-report, component-analysis-report, \
         maturity-report, certification-report, codified-infrastructure, quality-metrics, poam",
    ),
    (V1_6, "source-distribution, electronic-signature, digital-signature, rfc-9116"),
    (V1_7, "patent, patent-family, patent-assertion, citation"),
])
.or_else(&[("source-distribution", "distribution"), ("*", "other")]);

pub(super) static PROPERTY: Object =
    object(&[opt("name", Text).required(V1_6, V1_7).or(""), opt("value", Text)])
        .unknown(Unknown::RefusedSince(V1_6));
