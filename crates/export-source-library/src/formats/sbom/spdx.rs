//! What both generations of SPDX share on their way to CycloneDX elements.
//!
//! A member that CycloneDX has no place for becomes a property that is called `spdx:` and the member's name; a text is
//! the property's value as it is, anything else as JSON, a list is one property for each item. So no member is lost, and
//! a writer of the same generation finds each again. `docs/formats/spdx.md` has the tables.

pub(super) mod agent;
pub(super) mod doubts;
pub(super) mod edges;
pub(super) mod element;
pub(super) mod licence;
pub(super) mod members;
pub(super) mod value;
