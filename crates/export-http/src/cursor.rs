//! Cursors of lists: opaque, authenticated, and good for one tenant only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export_core::code::Code;
use export_core::id::{ExportId, TenantId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::problem::Refusal;

/// What keeps these codes apart from any other use of the secret, and cursors of one list from those of another.
const EXPORTS: &[u8] = b"cursor-v1\0";
const AUDIT: &[u8] = b"audit-cursor-v1\0";
const NAMES: &[u8] = b"name-cursor-v1\0";
/// `exp-` and 26 digits.
const ID: usize = 30;
/// A place in a trail.
const PLACE: usize = 8;
/// Half of HMAC-SHA-256 (RFC 2104, section 5, allows no less).
const MAC: usize = 16;

/// Makes and reads cursors: base64url of where the last page ended and its code for the tenant.
pub(crate) struct Cursors {
    secret: [u8; 32],
}

impl Cursors {
    pub(crate) const fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// The cursor behind `last`, for `tenant`.
    pub(crate) fn write(&self, tenant: &TenantId, last: ExportId) -> String {
        self.seal(EXPORTS, tenant, last.to_string().into_bytes())
    }

    /// The export that a cursor of `tenant` stands behind.
    ///
    /// # Errors
    /// `bad_cursor` for everything that [`Cursors::write`] did not make for this tenant.
    pub(crate) fn read(&self, tenant: &TenantId, cursor: &str) -> Result<ExportId, Refusal> {
        self.export(tenant, cursor).ok_or_else(bad_cursor)
    }

    /// The cursor behind event `last` of the trail of `tenant`.
    pub(crate) fn write_place(&self, tenant: &TenantId, last: u64) -> String {
        self.seal(AUDIT, tenant, last.to_be_bytes().to_vec())
    }

    /// The event that a cursor of `tenant` stands behind.
    ///
    /// # Errors
    /// `bad_cursor` for everything that [`Cursors::write_place`] did not make for this tenant.
    pub(crate) fn read_place(&self, tenant: &TenantId, cursor: &str) -> Result<u64, Refusal> {
        let place = self.open::<PLACE>(AUDIT, tenant, cursor);
        place.map(u64::from_be_bytes).ok_or_else(bad_cursor)
    }

    /// The cursor behind the template of that name.
    pub(crate) fn write_name(&self, tenant: &TenantId, last: &str) -> String {
        self.seal(NAMES, tenant, last.as_bytes().to_vec())
    }

    /// The name that a cursor of `tenant` stands behind.
    ///
    /// # Errors
    /// `bad_cursor` for everything that [`Cursors::write_name`] did not make for this tenant.
    pub(crate) fn read_name(&self, tenant: &TenantId, cursor: &str) -> Result<String, Refusal> {
        self.name(tenant, cursor).ok_or_else(bad_cursor)
    }

    fn name(&self, tenant: &TenantId, cursor: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (name, code) = bytes.split_last_chunk::<MAC>()?;
        self.code(NAMES, tenant, name).verify_truncated_left(code).ok()?;
        String::from_utf8(name.to_vec()).ok()
    }

    fn export(&self, tenant: &TenantId, cursor: &str) -> Option<ExportId> {
        std::str::from_utf8(&self.open::<ID>(EXPORTS, tenant, cursor)?).ok()?.parse().ok()
    }

    fn seal(&self, domain: &[u8], tenant: &TenantId, mut bytes: Vec<u8>) -> String {
        let code = self.code(domain, tenant, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&code[..MAC]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open<const LENGTH: usize>(
        &self,
        domain: &[u8],
        tenant: &TenantId,
        cursor: &str,
    ) -> Option<[u8; LENGTH]> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok().filter(|bytes| bytes.len() == LENGTH + MAC)?;
        let (last, code) = bytes.split_first_chunk::<LENGTH>()?;
        // Compared in constant time.
        self.code(domain, tenant, last).verify_truncated_left(code).ok()?;
        Some(*last)
    }

    fn code(&self, domain: &[u8], tenant: &TenantId, last: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(domain);
        mac.update(last);
        mac.update(tenant.as_str().as_bytes());
        mac
    }
}

fn bad_cursor() -> Refusal {
    let detail = "The cursor is not one that this API gave to this tenant; start without one";
    Refusal::new(Code::BadCursor, detail)
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
        assert_eq!(cursors.export(&acme, &cursor), Some(id));
        assert_eq!(cursors.export(&other, &cursor), None);
        assert_eq!(Cursors::new([8; 32]).export(&acme, &cursor), None);
        for place in 0..cursor.len() {
            for with in ["A", "z", "_", "="] {
                let mut changed = cursor.clone();
                changed.replace_range(place..=place, with);
                if changed != cursor {
                    assert_eq!(cursors.export(&acme, &changed), None, "{changed}");
                }
            }
        }
        for garbage in ["", "x", &cursor[1..], &format!("{cursor}A"), "é"] {
            assert_eq!(cursors.export(&acme, garbage), None, "{garbage}");
        }
    }

    #[test]
    fn places_open_for_their_tenant_and_list_only() {
        let cursors = Cursors::new([7; 32]);
        let (acme, other) = ("acme".parse().unwrap(), "other".parse().unwrap());
        for place in [1, 77, u64::MAX] {
            let cursor = cursors.write_place(&acme, place);
            assert_eq!(cursors.read_place(&acme, &cursor).unwrap(), place);
            assert!(cursors.read_place(&other, &cursor).is_err());
            assert!(cursors.read(&acme, &cursor).is_err());
            for at in 0..cursor.len() {
                let mut changed = cursor.clone();
                changed.replace_range(at..=at, if cursor.as_bytes()[at] == b'A' { "B" } else { "A" });
                assert!(cursors.read_place(&acme, &changed).is_err(), "{changed}");
            }
        }
        let export = cursors.write(&acme, ExportId::new(Timestamp::from_millis(1), &[9; 10]));
        assert!(cursors.read_place(&acme, &export).is_err());
    }
}
