//! What CycloneDX has, by version: JSON of versions 1.2 to 1.7 (ECMA-424) is checked, taken to another version, and
//! searched for references. Nothing here reads or writes files.
//!
//! | what | where |
//! |---|---|
//! | the standard itself | `table` |
//! | whether a value keeps to it | [`check`](check()) |
//! | what is wrong and clear all the same | [`mend`](mend()) |
//! | the same in another version | [`rewrite`](rewrite()) |
//! | what refers to what | [`each_ref`] |
//!
//! Elements travel from sources to renderers as version 1.7 ([`Version::INTERCHANGE`]); see
//! `docs/adr/0008-sbom-interchange.md`.

mod check;
mod form;
mod mend;
mod path;
mod refs;
mod reshape;
mod rewrite;
mod table;
mod version;

pub use self::check::{Violation, check};
pub use self::form::{iri, is_serial_number, is_spdx_id};
pub use self::mend::mend;
pub use self::path::Path;
pub use self::refs::{Role, each_ref};
pub use self::rewrite::{Fate, Loss, Target, rewrite};
pub use self::table::Object;
pub use self::version::{UnknownVersion, Version};
