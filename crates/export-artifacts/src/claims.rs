//! What a link's token says, in the one form that it is signed and accepted in.

use std::time::Duration;

use export_core::ports::DownloadGrant;
use export_core::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The claims: compact JSON with sorted members, so that equal grants are equal bytes (RFC 8785 for this shape).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    /// The artifact's name.
    a: String,
    /// The export.
    e: String,
    /// Seconds since 1970 at which the link ends.
    exp: u64,
    /// The method that it is good for.
    m: Method,
    /// The tenant.
    t: String,
}

#[derive(Serialize, Deserialize)]
enum Method {
    /// Reading, so HEAD too.
    #[serde(rename = "GET")]
    Get,
}

impl Claims {
    /// The claims for `grant`; its end is rounded down to a second, so a link never lives longer than it was granted.
    pub(crate) fn of(grant: &DownloadGrant) -> Self {
        Self {
            a: grant.artifact.clone(),
            e: grant.export_id.to_string(),
            exp: u64::try_from(grant.expires_at.as_millis() / 1000).unwrap_or(0),
            m: Method::Get,
            t: grant.tenant.to_string(),
        }
    }

    /// The bytes to sign.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and a number always become JSON")
    }

    /// The grant that `bytes` say, if they are exactly what [`Claims::to_bytes`] writes.
    pub(crate) fn read(bytes: &[u8]) -> Option<DownloadGrant> {
        let claims: Self = serde_json::from_slice(bytes).ok()?;
        if claims.to_bytes() != bytes {
            return None;
        }
        Some(DownloadGrant {
            tenant: claims.t.parse().ok()?,
            export_id: claims.e.parse().ok()?,
            artifact: claims.a,
            expires_at: Timestamp::from_millis(0).plus(Duration::from_secs(claims.exp)),
        })
    }
}
