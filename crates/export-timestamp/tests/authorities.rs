//! Tokens of the real `openssl ts`, good ones and those that must not count.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use export_contract::authority::{Authority, Keys, TIME_STAMPING, VALID};
use export_core::digest::Digest;
use export_timestamp::{Anchors, Invalid, normal_form, read_anchors, request, verify};

const NONCE: u64 = 0xFEDC_BA98_7654_3210;

fn over() -> Digest {
    Digest::of(b"a signature")
}

fn root(authority: &Authority) -> Anchors {
    read_anchors(&authority.file("root.pem")).unwrap()
}

/// What becomes of the authority's good time-stamp, signed by a certificate with these extensions and this validity.
fn signed_by(extensions: &str, validity: (&str, &str)) -> Invalid {
    let authority = Authority::new(Keys::P256);
    let answer = authority.reply(&request(over(), NONCE));
    // The way is right: the good certificate passes.
    let again = normal_form(&authority.sign_again(&answer, "tsa")).unwrap();
    verify(&again, over(), &root(&authority), Some(NONCE)).unwrap();

    authority.certificate("bad", "root", extensions, validity);
    let bad = normal_form(&authority.sign_again(&answer, "bad")).unwrap();
    let without = verify(&bad, over(), &Anchors::default(), Some(NONCE)).unwrap_err();
    assert_eq!(verify(&bad, over(), &root(&authority), Some(NONCE)), Err(without.clone()));
    without
}

#[test]
fn every_kind_of_key_is_verified() {
    for keys in [Keys::P256, Keys::P384, Keys::Rsa] {
        let authority = Authority::new(keys);
        let query = request(over(), NONCE);
        let answer = authority.reply(&query);
        assert_eq!(normal_form(&answer).unwrap(), answer, "{keys:?}");
        let stamp = verify(&answer, over(), &root(&authority), Some(NONCE)).unwrap();
        assert!(stamp.trusted, "{keys:?}");
        assert_eq!(stamp.authority, "CN=Authority-tsa");
        assert!(authority.verifies(&answer, &query), "{keys:?}");
    }
}

#[test]
fn no_bit_of_an_rsa_token_can_be_turned() {
    let authority = Authority::new(Keys::Rsa);
    let answer = authority.reply(&request(over(), NONCE));
    for bit in 0..answer.len() * 8 {
        let mut bytes = answer.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(verify(&bytes, over(), &Anchors::default(), None).is_err(), "bit {bit}");
    }
}

#[test]
fn the_certificate_must_be_for_time_stamps_alone() {
    assert_eq!(signed_by("basicConstraints=CA:FALSE", VALID), Invalid::Usage("it has no extended key usage"));
    assert_eq!(
        signed_by("extendedKeyUsage=timeStamping", VALID),
        Invalid::Usage("its extended key usage is not critical")
    );
    for more in ["critical,timeStamping,codeSigning", "critical,codeSigning"] {
        let told = signed_by(&format!("extendedKeyUsage={more}"), VALID);
        assert_eq!(told, Invalid::Usage("its extended key usage is not timeStamping alone"));
    }
}

#[test]
fn the_time_must_be_within_the_validity() {
    for validity in [("20200101000000Z", "20200201000000Z"), ("20590101000000Z", "20600101000000Z")] {
        let told = signed_by(TIME_STAMPING, validity);
        assert_eq!(told, Invalid::OutsideValidity("CN=Authority-bad".to_owned()));
    }
}

#[test]
fn another_root_does_not_vouch() {
    let (authority, other) = (Authority::new(Keys::P256), Authority::new(Keys::P256));
    let answer = authority.reply(&request(over(), NONCE));
    let told = verify(&answer, over(), &root(&other), Some(NONCE)).unwrap_err();
    assert!(matches!(told, Invalid::Untrusted { .. }), "{told}");
    let both = root(&other).and(root(&authority));
    assert!(verify(&answer, over(), &both, Some(NONCE)).unwrap().trusted);
    let itself = read_anchors(&authority.file("tsa.pem")).unwrap();
    assert!(verify(&answer, over(), &itself, Some(NONCE)).unwrap().trusted);
}

#[test]
fn intermediates_come_with_the_token() {
    let authority = Authority::new(Keys::P256);
    authority.certificate(
        "sub",
        "root",
        "basicConstraints=critical,CA:TRUE;keyUsage=critical,keyCertSign",
        VALID,
    );
    authority.certificate("leaf", "sub", TIME_STAMPING, VALID);
    let chain = [authority.file("sub.pem"), authority.file("root.pem")].concat();
    authority.put("chain.pem", &chain);
    let query = request(over(), NONCE);
    let answer = authority.reply_with(&query, "leaf", "-chain chain.pem");
    let strict = verify(&answer, over(), &root(&authority), Some(NONCE));
    assert_eq!(strict, Err(Invalid::NotNormal), "the root is not needed");

    let token = normal_form(&answer).unwrap();
    assert!(token.len() < answer.len());
    assert_eq!(normal_form(&token).unwrap(), token);
    assert!(verify(&token, over(), &root(&authority), Some(NONCE)).unwrap().trusted);
    assert!(authority.verifies(&token, &query), "openssl reads it still");

    let alone = authority.reply_with(&query, "leaf", "");
    let told = verify(&alone, over(), &root(&authority), Some(NONCE)).unwrap_err();
    assert!(matches!(told, Invalid::Untrusted { .. }), "{told}");
}

#[test]
fn an_expired_certificate_on_the_way_does_not_vouch() {
    let authority = Authority::new(Keys::P256);
    let ca = "basicConstraints=critical,CA:TRUE;keyUsage=critical,keyCertSign";
    authority.certificate("sub", "root", ca, ("20200101000000Z", "20200201000000Z"));
    authority.certificate("leaf", "sub", TIME_STAMPING, VALID);
    let query = request(over(), NONCE);
    authority.put("chain.pem", &authority.file("sub.pem"));
    let token = normal_form(&authority.reply_with(&query, "leaf", "-chain chain.pem")).unwrap();
    for name in ["root.pem", "sub.pem"] {
        let anchors = read_anchors(&authority.file(name)).unwrap();
        let told = verify(&token, over(), &anchors, Some(NONCE)).unwrap_err();
        assert!(matches!(told, Invalid::Untrusted { .. }), "{name}: {told}");
    }
}

#[test]
fn a_token_without_its_signed_certificate_is_refused() {
    let authority = Authority::new(Keys::P256);
    let answer = authority.reply(&request(over(), NONCE));
    let query = request(over(), NONCE).len();
    let without = {
        let mut request = request(over(), NONCE);
        request.truncate(query - 3); // certReq
        request[1] -= 3;
        authority.reply(&request)
    };
    assert!(without.len() < answer.len());
    let told = verify(&without, over(), &Anchors::default(), Some(NONCE)).unwrap_err();
    assert_eq!(told, Invalid::Content("the signer's certificate is not in it"));
}
