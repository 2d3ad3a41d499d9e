//! A typed client of the REST API.
//!
//! | for | look at |
//! |---|---|
//! | submit, read, list, cancel, retry, links | [`Client`] |
//! | the tenant's log: checkpoints, consistency | [`Client::checkpoint`] |
//! | templates: list, read, store, remove, preview | [`Client::put_template`] |
//! | artifacts, resumed when the connection breaks, checked against their digest | [`Client::download`] |
//! | events of an export until it ends, whatever happens to the connection | [`Client::watch`] |
//! | what can go wrong, with advice | [`ClientError`] |
//!
//! The caller installs rustls' provider before the first client is made.

mod answer;
mod client;
mod download;
mod error;
mod evidence;
mod exports;
mod socket;
mod templates;
mod watch;

pub use self::client::Client;
pub use self::error::ClientError;
pub use self::evidence::{LogCheckpoint, LogProof};
pub use self::exports::{DownloadLink, ExportPage, ListQuery, Submitted};
pub use self::templates::{TemplateInfo, TemplatePage};
