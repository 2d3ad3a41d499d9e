//! Who signs seals, and who says what time it is.
//!
//! | port | adapter | |
//! |---|---|---|
//! | `Signer` | [`FileKeyRing`] | a folder: the public history, and a private key that only its owner can read |
//! | `Signer` | [`Pkcs11Signer`] | a hardware module, which the private key never leaves |
//! | `Timestamper` | [`HttpTimestamper`] | a time-stamp authority (RFC 3161) over HTTP |
//!
//! Times and randomness are arguments.

mod file;
mod history;
mod pkcs11;
mod timestamper;

pub use self::file::{FileKeyRing, RingError, Rotation, public_pem};
pub use self::history::read_history;
pub use self::pkcs11::{Pin, Pkcs11Settings, Pkcs11Signer};
pub use self::timestamper::{HttpTimestamper, InvalidAuthority};
