//! Cryptographic assets.

use super::Type::{Bool, Either, Integer, Link, List, Obj, Text, Word};
use super::common::HASH;
use super::crypto_names::{ALGORITHM_FAMILY, ELLIPTIC_CURVE};
use super::{COUNT, DATE_TIME, INTEGER, Object, Words, object, opt, req, words};
use crate::version::Version::{V1_6, V1_7};

pub(super) static CRYPTO_PROPERTIES: Object = object(&[
    req("assetType", Word(&ASSET_TYPE)),
    opt("algorithmProperties", Obj(&ALGORITHM_PROPERTIES)),
    opt("certificateProperties", Obj(&CERTIFICATE_PROPERTIES)),
    opt("relatedCryptoMaterialProperties", Obj(&MATERIAL_PROPERTIES)),
    opt("protocolProperties", Obj(&PROTOCOL_PROPERTIES)),
    opt("oid", Text),
]);

static ASSET_TYPE: Words = words(&[(V1_6, "algorithm, certificate, protocol, related-crypto-material")]);

static ALGORITHM_PROPERTIES: Object = object(&[
    opt("primitive", Word(&PRIMITIVE)),
    opt("algorithmFamily", Word(&ALGORITHM_FAMILY)).since(V1_7),
    opt("parameterSetIdentifier", Text),
    opt("curve", Text),
    opt("ellipticCurve", Word(&ELLIPTIC_CURVE)).since(V1_7).was("curve"),
    opt("executionEnvironment", Word(&EXECUTION_ENVIRONMENT)),
    opt("implementationPlatform", Word(&IMPLEMENTATION_PLATFORM)),
    opt("certificationLevel", List(&Word(&CERTIFICATION_LEVEL))),
    opt("mode", Word(&CIPHER_MODE)),
    opt("padding", Word(&PADDING)),
    opt("cryptoFunctions", List(&Word(&CRYPTO_FUNCTION))),
    opt("classicalSecurityLevel", COUNT),
    opt("nistQuantumSecurityLevel", Integer(0, 6)),
]);

static PRIMITIVE: Words = words(&[
    (
        V1_6,
        "drbg, mac, block-cipher, stream-cipher, signature, hash, pke, xof, kdf, key-agree, kem, ae, \
         combiner, other, unknown",
    ),
    (V1_7, "key-wrap"),
])
.or_else(&[("*", "other")]);

static EXECUTION_ENVIRONMENT: Words =
    words(&[(V1_6, "software-plain-ram, software-encrypted-ram, software-tee, hardware, other, unknown")]);

static IMPLEMENTATION_PLATFORM: Words = words(&[(
    V1_6,
    "generic, x86_32, x86_64, armv7-a, armv7-m, armv8-a, armv8-m, armv9-a, armv9-m, s390x, ppc64, \
         ppc64le, other, unknown",
)]);

static CERTIFICATION_LEVEL: Words = words(&[(
    V1_6,
    "none, fips140-1-l1, fips140-1-l2, fips140-1-l3, fips140-1-l4, fips140-2-l1, fips140-2-l2, \
         fips140-2-l3, fips140-2-l4, fips140-3-l1, fips140-3-l2, fips140-3-l3, fips140-3-l4, cc-eal1, \
         cc-eal1+, cc-eal2, cc-eal2+, cc-eal3, cc-eal3+, cc-eal4, cc-eal4+, cc-eal5, cc-eal5+, \
         cc-eal6, cc-eal6+, cc-eal7, cc-eal7+, other, unknown",
)]);

static CIPHER_MODE: Words = words(&[(V1_6, "cbc, ecb, ccm, gcm, cfb, ofb, ctr, other, unknown")]);

static PADDING: Words = words(&[(V1_6, "pkcs5, pkcs7, pkcs1v15, oaep, raw, other, unknown")]);

static CRYPTO_FUNCTION: Words = words(&[(
    V1_6,
    "generate, keygen, encrypt, decrypt, digest, tag, keyderive, sign, verify, encapsulate, \
         decapsulate, other, unknown",
)]);

static CERTIFICATE_PROPERTIES: Object = object(&[
    opt("serialNumber", Text).since(V1_7),
    opt("subjectName", Text),
    opt("issuerName", Text),
    opt("notValidBefore", DATE_TIME),
    opt("notValidAfter", DATE_TIME),
    opt("signatureAlgorithmRef", Link),
    opt("subjectPublicKeyRef", Link),
    opt("certificateFormat", Text),
    opt("certificateExtension", Text),
    opt("certificateFileExtension", Text).since(V1_7).was("certificateExtension"),
    opt("fingerprint", Obj(&HASH)).since(V1_7),
    opt("certificateState", List(&Either(&[(V1_7, Obj(&KNOWN_STATE)), (V1_7, Obj(&CUSTOM_STATE))])))
        .since(V1_7),
    opt("creationDate", DATE_TIME).since(V1_7),
    opt("activationDate", DATE_TIME).since(V1_7),
    opt("deactivationDate", DATE_TIME).since(V1_7),
    opt("revocationDate", DATE_TIME).since(V1_7),
    opt("destructionDate", DATE_TIME).since(V1_7),
    opt(
        "certificateExtensions",
        List(&Either(&[(V1_7, Obj(&KNOWN_EXTENSION)), (V1_7, Obj(&CUSTOM_EXTENSION))])),
    )
    .since(V1_7),
    opt("relatedCryptographicAssets", List(&Obj(&RELATED_ASSET))).since(V1_7),
]);

static KNOWN_STATE: Object = object(&[req("state", Word(&CERTIFICATE_STATE)), opt("reason", Text)]);

static CERTIFICATE_STATE: Words =
    words(&[(V1_7, "pre-activation, active, suspended, deactivated, revoked, destroyed")]);

static CUSTOM_STATE: Object = object(&[req("name", Text), opt("description", Text), opt("reason", Text)]);

static KNOWN_EXTENSION: Object =
    object(&[req("commonExtensionName", Word(&COMMON_EXTENSION_NAME)), req("commonExtensionValue", Text)]);

static COMMON_EXTENSION_NAME: Words = words(&[(
    V1_7,
    "basicConstraints, keyUsage, extendedKeyUsage, subjectAlternativeName, \
         authorityKeyIdentifier, subjectKeyIdentifier, authorityInformationAccess, \
         certificatePolicies, crlDistributionPoints, signedCertificateTimestamp",
)]);

static CUSTOM_EXTENSION: Object =
    object(&[req("customExtensionName", Text), opt("customExtensionValue", Text)]);

static RELATED_ASSET: Object = object(&[opt("type", Text), opt("ref", Link)]);

static MATERIAL_PROPERTIES: Object = object(&[
    opt("type", Word(&MATERIAL_TYPE)),
    opt("id", Text),
    opt("state", Word(&MATERIAL_STATE)),
    opt("algorithmRef", Link),
    opt("creationDate", DATE_TIME),
    opt("activationDate", DATE_TIME),
    opt("updateDate", DATE_TIME),
    opt("expirationDate", DATE_TIME),
    opt("value", Text),
    opt("size", INTEGER),
    opt("format", Text),
    opt("securedBy", Obj(&SECURED_BY)),
    opt("fingerprint", Obj(&HASH)).since(V1_7),
    opt("relatedCryptographicAssets", List(&Obj(&RELATED_ASSET))).since(V1_7),
]);

static MATERIAL_TYPE: Words = words(&[(
    V1_6,
    "private-key, public-key, secret-key, key, ciphertext, signature, digest, \
         initialization-vector, nonce, seed, salt, shared-secret, tag, additional-data, password, \
         credential, token, other, unknown",
)]);

static MATERIAL_STATE: Words =
    words(&[(V1_6, "pre-activation, active, suspended, deactivated, compromised, destroyed")]);

static SECURED_BY: Object = object(&[opt("mechanism", Text), opt("algorithmRef", Link)]);

static PROTOCOL_PROPERTIES: Object = object(&[
    opt("type", Word(&PROTOCOL_TYPE)),
    opt("version", Text),
    opt("cipherSuites", List(&Obj(&CIPHER_SUITE))),
    opt("ikev2TransformTypes", Obj(&IKE_TRANSFORMS)),
    opt("cryptoRefArray", List(&Link)),
    opt("relatedCryptographicAssets", List(&Obj(&RELATED_ASSET))).since(V1_7),
]);

static PROTOCOL_TYPE: Words = words(&[
    (V1_6, "tls, ssh, ipsec, ike, sstp, wpa, other, unknown"),
    (V1_7, "dtls, quic, eap-aka, eap-aka-prime, prins, 5g-aka"),
])
.or_else(&[("*", "other")]);

static CIPHER_SUITE: Object = object(&[
    opt("name", Text),
    opt("algorithms", List(&Link)),
    opt("identifiers", List(&Text)),
    opt("tlsGroups", List(&Text)).since(V1_7),
    opt("tlsSignatureSchemes", List(&Text)).since(V1_7),
]);

pub(super) static IKE_TRANSFORMS: Object = object(&[
    opt("encr", Either(&[(V1_6, List(&Link)), (V1_7, List(&Obj(&IKE_ENC)))])),
    opt("prf", Either(&[(V1_6, List(&Link)), (V1_7, List(&Obj(&IKE_PRF)))])),
    opt("integ", Either(&[(V1_6, List(&Link)), (V1_7, List(&Obj(&IKE_INTEG)))])),
    opt("ke", Either(&[(V1_6, List(&Link)), (V1_7, List(&Obj(&IKE_KE)))])),
    opt("esn", Bool),
    opt("auth", Either(&[(V1_6, List(&Link)), (V1_7, List(&Obj(&IKE_AUTH)))])),
]);

static IKE_ENC: Object = object(&[opt("name", Text), opt("keyLength", INTEGER), opt("algorithm", Link)]);

static IKE_PRF: Object = object(&[opt("name", Text), opt("algorithm", Link)]);

static IKE_INTEG: Object = object(&[opt("name", Text), opt("algorithm", Link)]);

static IKE_KE: Object = object(&[opt("group", INTEGER), opt("algorithm", Link)]);

static IKE_AUTH: Object = object(&[opt("name", Text), opt("algorithm", Link)]);
