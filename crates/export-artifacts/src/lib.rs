//! The artifact store over object_store, and signed download links.
