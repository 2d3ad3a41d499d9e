//! Download links that need no token: what they allow is signed into them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{DownloadGrant, DownloadLinks, LinkRefused};
use export_core::time::{Clock, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use url::Url;

use crate::claims::Claims;

/// The longest life of a link: seven days, as for presigned URLs of S3 (SigV4).
pub const MAX_LINK_TTL: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const LINK: &str = "download links: link";
/// The version, and what keeps these signatures apart from any other use of a key.
const VERSION: &str = "v1";
const DOMAIN: &[u8] = b"dl-v1\0";
/// Longer tokens are none of ours.
const MAX_TOKEN: usize = 4096;

/// A secret that links are signed with.
#[derive(Clone)]
pub struct LinkKey {
    /// The key's name in links: 1 to 32 of `A-Z a-z 0-9 _ -`.
    pub kid: String,
    /// The secret.
    pub secret: [u8; 32],
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Links `{public_url}/d/{token}`, the token `v1.{kid}.{claims}.{mac}`.
///
/// Claims are canonical JSON, the MAC is HMAC-SHA-256 (RFC 2104) over a domain tag and the claims; both are base64url
/// without padding (RFC 4648, 5). Exactly one text is the token of a grant: whatever else decodes to it is refused.
pub struct HmacLinks {
    keys: Vec<LinkKey>,
    public_url: Url,
    clock: Arc<dyn Clock>,
}

impl HmacLinks {
    /// Signs with the first of `keys`; the others, retired ones, still open the links that they made.
    ///
    /// # Errors
    /// `Invalid` without a key, for a name twice or out of its alphabet, or for a URL that cannot have a path.
    pub fn new(keys: Vec<LinkKey>, public_url: Url, clock: Arc<dyn Clock>) -> Result<Self, PortError> {
        let invalid =
            |message: String| Err(PortError::new(ErrorKind::Invalid, "download links: open", message));
        if keys.is_empty() {
            return invalid("a key is needed to sign links".to_owned());
        }
        for (index, key) in keys.iter().enumerate() {
            if !is_kid(&key.kid) || keys[..index].iter().any(|other| other.kid == key.kid) {
                return invalid(format!("`{}` is twice, or not a name for a key", key.kid));
            }
        }
        if public_url.cannot_be_a_base() {
            return invalid(format!("`{public_url}` cannot have a path"));
        }
        Ok(Self { keys, public_url, clock })
    }

    fn sign(&self, grant: &DownloadGrant) -> String {
        let key = &self.keys[0];
        let claims = Claims::of(grant).to_bytes();
        let mac = mac(key, &claims).finalize().into_bytes();
        format!("{VERSION}.{}.{}.{}", key.kid, URL_SAFE_NO_PAD.encode(&claims), URL_SAFE_NO_PAD.encode(mac))
    }

    /// The grant of a token whose signature holds, whether or not its time is over.
    fn verify(&self, token: &str) -> Option<DownloadGrant> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let mut parts = token.split('.');
        let (version, kid, claims, tag) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if version != VERSION || parts.next().is_some() {
            return None;
        }
        let key = self.keys.iter().find(|key| key.kid == kid)?;
        let (claims, tag) = (decode(claims)?, decode(tag)?);
        // Compared in constant time.
        mac(key, &claims).verify_slice(&tag).ok()?;
        Claims::read(&claims)
    }
}

#[async_trait]
impl DownloadLinks for HmacLinks {
    async fn link(&self, grant: &DownloadGrant, _key: &str) -> Result<Url, PortError> {
        let refuse = |message: &str| Err(PortError::new(ErrorKind::Invalid, LINK, message));
        let now = self.clock.now().wall;
        if grant.expires_at > now.plus(MAX_LINK_TTL) {
            return refuse("a link lives at most seven days");
        }
        let token = self.sign(grant);
        if token.len() > MAX_TOKEN {
            return refuse("the artifact's name is too long for a link");
        }
        let mut url = self.public_url.clone();
        let mut path = url.path_segments_mut().expect("checked when the links were opened");
        path.pop_if_empty().extend(["d", &token]);
        drop(path);
        Ok(url)
    }

    fn open(&self, token: &str, now: Timestamp) -> Result<DownloadGrant, LinkRefused> {
        let grant = self.verify(token).ok_or(LinkRefused::Changed)?;
        if now >= grant.expires_at { Err(LinkRefused::Expired) } else { Ok(grant) }
    }
}

fn mac(key: &LinkKey, claims: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).expect("HMAC takes keys of any length");
    mac.update(DOMAIN);
    mac.update(claims);
    mac
}

/// Decodes `text` if it is how we would encode the result: stray bits and padding make it another text.
fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    (URL_SAFE_NO_PAD.encode(&bytes) == text).then_some(bytes)
}

fn is_kid(kid: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=32).contains(&kid.len()) && kid.bytes().all(allowed)
}
