//! Bearer tokens of development mode: signed with a secret of the data folder, by us and for us.

use std::path::Path;
use std::time::Duration;

use export_core::id::TenantId;
use export_core::ports::{Authenticator, Identity, TokenRefused};
use export_core::time::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::{BootError, keys};

const ISSUER: &str = "export-center-development";
const AUDIENCE: &str = "export-center";
/// The longest token that is looked at, in bytes.
const MAX_LENGTH: usize = 8 * 1024;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// Issues and checks HS256 tokens. For development: whoever has the data folder can be anybody.
pub struct DevelopmentTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    aud: String,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    tenants: Vec<TenantId>,
    #[serde(default)]
    scope: String,
}

impl DevelopmentTokens {
    /// What a token may do, unless it is asked for with less.
    pub const SCOPES: &'static str = "exports:read exports:write";

    /// The tokens of a data folder; its secret is made on first use.
    ///
    /// # Errors
    /// If the secret cannot be read or written.
    pub fn open(data_dir: &Path) -> Result<Self, BootError> {
        let folder = data_dir.join("keys");
        keys::private_folder(&folder)?;
        Ok(Self::new(&keys::secret(&folder.join("development-tokens.key"))?))
    }

    fn new(secret: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the system's clock; the times are checked below, against the given one.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// A token for `subject`, good for `tenants` and `scopes` until `now` plus `ttl`.
    ///
    /// # Errors
    /// If the token cannot be signed.
    pub fn issue(
        &self,
        subject: &str,
        tenants: &[TenantId],
        scopes: &str,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<String, BootError> {
        let seconds = |at: Timestamp| at.as_millis().div_euclid(1_000);
        let claims = Claims {
            sub: subject.to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: seconds(now.plus(ttl)),
            nbf: None,
            iat: Some(seconds(now)),
            tenants: tenants.to_vec(),
            scope: scopes.to_owned(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|error| BootError::new(format!("the token cannot be signed: {error}")))
    }
}

impl Authenticator for DevelopmentTokens {
    fn authenticate(&self, token: &str, now: Timestamp) -> Result<Identity, TokenRefused> {
        if token.len() > MAX_LENGTH {
            return Err(TokenRefused("it is too long".to_owned()));
        }
        let checked = decode::<Claims>(token, &self.decoding, &self.validation);
        let token = checked.map_err(|error| TokenRefused(error.to_string()))?;
        let claims = token.claims;
        // RFC 7515, 4.1.11: what a critical header asks for and we do not know must be refused. The library reads
        // `crit` and does not look at it.
        if token.header.crit.is_some_and(|names| !names.is_empty()) {
            return Err(TokenRefused("it has critical headers".to_owned()));
        }
        let now = now.as_millis().div_euclid(1_000);
        let early = |at: Option<i64>| at.is_some_and(|at| at > now.saturating_add(LEEWAY));
        if claims.exp.saturating_add(LEEWAY) <= now {
            return Err(TokenRefused("it has expired".to_owned()));
        }
        if early(claims.nbf) || early(claims.iat) {
            return Err(TokenRefused("it is not valid yet".to_owned()));
        }
        if claims.sub.is_empty() || claims.tenants.is_empty() {
            return Err(TokenRefused("it names no subject or no tenant".to_owned()));
        }
        let scopes = claims.scope.split_ascii_whitespace().map(str::to_owned).collect();
        Ok(Identity { subject: claims.sub, tenants: claims.tenants, scopes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn tokens() -> DevelopmentTokens {
        DevelopmentTokens::new(&[7; 32])
    }

    fn signed(header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_secret(&[7; 32])).unwrap()
    }

    fn good() -> Value {
        json!({"sub": "ann", "iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 100, "tenants": ["acme"], "scope": "exports:read"})
    }

    #[test]
    fn a_token_says_who_and_what() {
        let tenants = ["acme".parse().unwrap()];
        let token = tokens().issue("ann", &tenants, "a b", at(NOW), Duration::from_secs(60)).unwrap();
        let identity = tokens().authenticate(&token, at(NOW)).unwrap();
        assert_eq!((identity.subject.as_str(), identity.may("b"), identity.may("c")), ("ann", true, false));
        assert_eq!(identity.tenants, tenants);
    }

    #[test]
    fn claims_must_be_there_and_fit() {
        let header = Header::new(Algorithm::HS256);
        assert!(tokens().authenticate(&signed(&header, &good()), at(NOW)).is_ok());
        for (claim, values) in [
            ("sub", vec![Value::Null, json!("")]),
            ("iss", vec![Value::Null, json!("x"), json!(["x"]), json!(7)]),
            ("aud", vec![Value::Null, json!("x"), json!(7)]),
            ("exp", vec![Value::Null, json!("soon"), json!(-1), json!(1e308), json!(NOW - 61)]),
            ("nbf", vec![json!(NOW + 61)]),
            ("iat", vec![json!(NOW + 600)]),
            ("tenants", vec![Value::Null, json!([]), json!("acme"), json!(["../b"])]),
        ] {
            for value in values {
                let mut claims = good();
                claims[claim] = value.clone();
                if value.is_null() {
                    claims.as_object_mut().unwrap().remove(claim);
                }
                assert!(
                    tokens().authenticate(&signed(&header, &claims), at(NOW)).is_err(),
                    "{claim}: {value}"
                );
            }
        }
        let mut late = good();
        late["exp"] = json!(NOW - 59);
        assert!(tokens().authenticate(&signed(&header, &late), at(NOW)).is_ok(), "a minute of leeway");
    }

    #[test]
    fn other_algorithms_keys_and_headers_are_refused() {
        let mut critical = Header::new(Algorithm::HS256);
        critical.crit = Some(vec!["exp".to_owned()]);
        let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.";
        let other_key =
            encode(&Header::new(Algorithm::HS256), &good(), &EncodingKey::from_secret(&[8; 32])).unwrap();
        let other_hash = signed(&Header::new(Algorithm::HS512), &good());
        for token in
            [&signed(&critical, &good()), none, &other_key, &other_hash, "", "a.b.c", &"a".repeat(9_000)]
        {
            assert!(tokens().authenticate(token, at(NOW)).is_err(), "{token:.40}");
        }
    }

    #[test]
    fn every_changed_character_is_refused() {
        let token = signed(&Header::new(Algorithm::HS256), &good());
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            if changed == token.as_bytes() {
                continue;
            }
            let changed = String::from_utf8(changed).unwrap();
            assert!(tokens().authenticate(&changed, at(NOW)).is_err(), "character {index}");
        }
    }
}
