//! The artifact store over `object_store`, and signed download links.
//!
//! | for | look at |
//! |---|---|
//! | artifacts in a folder or a bucket | [`ObjectArtifacts`] |
//! | links that need no token | [`HmacLinks`] |
//!
//! Both kinds of store make an artifact appear whole, at once, and never over another one. A folder writes to a
//! private staging folder and renames; a bucket shows nothing of an upload before it is completed.

mod bucket;
mod claims;
mod fault;
mod folder;
mod key;
mod links;
mod read;
mod store;
mod tally;

pub use links::{HmacLinks, LinkKey, MAX_LINK_TTL};
pub use store::ObjectArtifacts;
