//! Cursors of lists: opaque, authenticated, and good for one tenant only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export_core::code::Code;
use export_core::id::{ExportId, TenantId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::problem::Refusal;

/// What keeps these codes apart from any other use of the secret.
const DOMAIN: &[u8] = b"cursor-v1\0";
/// `exp-` and 26 digits.
const ID: usize = 30;
/// Half of HMAC-SHA-256 (RFC 2104, section 5, allows no less).
const MAC: usize = 16;

/// Makes and reads cursors: base64url of the last export's id and its code for the tenant.
pub(crate) struct Cursors {
    secret: [u8; 32],
}

impl Cursors {
    pub(crate) const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// The cursor behind `last`, for `tenant`.
    pub(crate) fn write(&self, tenant: &TenantId, last: ExportId) -> String {
        let mut bytes = last.to_string().into_bytes();
        let code = self.code(tenant, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code[..MAC]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The export that a cursor of `tenant` stands behind.
    ///
    /// # Errors
    /// `bad_cursor` for everything that [`Cursors::write`] did not make for this tenant.
    pub(crate) fn read(&self, tenant: &TenantId, cursor: &str) -> Result<ExportId, Refusal> {
        self.open(tenant, cursor).ok_or_else(|| {
            Refusal::new(
                Code::BadCursor,
                "The cursor is not one that this API gave to this tenant; start without one",
            )
        })
    }

    fn open(&self, tenant: &TenantId, cursor: &str) -> Option<ExportId> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().filter(|bytes| bytes.len() == ID + MAC)?;
        let (id, code) = bytes.split_at(ID);
        // Compared in constant time.
        self.code(tenant, id).verify_truncated_left(code).ok()?;
        std::str::from_utf8(id).ok()?.parse().ok()
    }

    fn code(&self, tenant: &TenantId, id: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(DOMAIN);
        mac.update(id);
        mac.update(tenant.as_str().as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_core::time::Timestamp;

    #[test]
    fn opens_for_its_tenant_and_unchanged_only() {
        let cursors = Cursors::new([7; 32]);
        let (acme, other) = ("acme".parse().unwrap(), "other".parse().unwrap());
        let id = ExportId::new(Timestamp::from_millis(1_700_000_000_000), &[9; 10]);
        let cursor = cursors.write(&acme, id);
        assert_eq!(cursors.open(&acme, &cursor), Some(id));
        assert_eq!(cursors.open(&other, &cursor), None);
        assert_eq!(Cursors::new([8; 32]).open(&acme, &cursor), None);
        for place in 0..cursor.len() {
            for with in ["A", "z", "_", "="] {
                let mut changed = cursor.clone();
                changed.replace_range(place..=place, with);
                if changed != cursor {
                    assert_eq!(cursors.open(&acme, &changed), None, "{changed}");
                }
            }
        }
        for garbage in ["", "x", &cursor[1..], &format!("{cursor}A"), "é"] {
            assert_eq!(cursors.open(&acme, garbage), None, "{garbage}");
        }
    }
}
