//! Signatures (JSON Signature Format 0.82).

use super::Type::{Either, Formed, List, Obj, Text, Word};
use super::{Object, Type, Words, object, opt, req, words};
use crate::form::Form;
use crate::version::Version::V1_4;

/// The shapes of a signature: several signers, a chain of them, or one.
pub(crate) static SIGNATURE: Type =
    Either(&[(V1_4, Obj(&SIGNER)), (V1_4, Obj(&SIGNERS)), (V1_4, Obj(&CHAIN))]);

static SIGNERS: Object = object(&[opt("signers", List(&Obj(&SIGNER)))]);

static CHAIN: Object = object(&[opt("chain", List(&Obj(&SIGNER)))]);

static SIGNER: Object = object(&[
    req("algorithm", Either(&[(V1_4, Word(&ALGORITHM)), (V1_4, Formed(Form::Uri))])),
    opt("keyId", Text),
    opt("publicKey", Either(&[(V1_4, Obj(&EC_KEY)), (V1_4, Obj(&OKP_KEY)), (V1_4, Obj(&RSA_KEY))])),
    opt("certificatePath", List(&Text)),
    opt("excludes", List(&Text)),
    req("value", Text),
]);

static ALGORITHM: Words = words(&[(
    V1_4,
    "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519, Ed448, HS256, HS384, HS512",
)]);

static EC_KEY: Object =
    object(&[req("kty", Word(&EC)), req("crv", Word(&EC_CURVE)), req("x", Text), req("y", Text)]);

static OKP_KEY: Object = object(&[req("kty", Word(&OKP)), req("crv", Word(&OKP_CURVE)), req("x", Text)]);

static RSA_KEY: Object = object(&[req("kty", Word(&RSA)), req("n", Text), req("e", Text)]);

static EC: Words = words(&[(V1_4, "EC")]);
static EC_CURVE: Words = words(&[(V1_4, "P-256, P-384, P-521")]);
static OKP: Words = words(&[(V1_4, "OKP")]);
static OKP_CURVE: Words = words(&[(V1_4, "Ed25519, Ed448")]);
static RSA: Words = words(&[(V1_4, "RSA")]);
