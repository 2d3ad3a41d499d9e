//! The platform's services as sources: Scanner, Policy, VexLens and SbomService over HTTP.
//!
//! `docs/contracts/services.md` says what they answer, `docs/adr/0014-services.md` why. Whatever happens on the way, an answer is whole
//! or an error: only an `end` line (or the last page) that counts what came before ends one.
//!
//! | step | module |
//! |---|---|
//! | where a service is, and what it may take | `service` |
//! | a `GET`, tried again where that is safe | `client`, `attempt`, `retry` |
//! | bytes of an answer, unpacked, within their limits | `body`, `gzip` |
//! | records of an answer | `records`: `ndjson` with `lines`, or `pages` |
//! | what a record says | `raw`, `wire` |
//! | records as a source's steps, at once or once the answer is known to be whole | `stream`, `kept` |
//! | the ports | `scanner`, `annotations`, `sbom`, `nothing` |
//! | a check for those who write a service | [`provider`] |

mod annotations;
mod around;
mod attempt;
mod body;
mod client;
mod gzip;
mod kept;
mod lines;
mod ndjson;
mod nothing;
mod pages;
pub mod provider;
mod raw;
mod records;
mod retry;
mod sbom;
mod scanner;
mod service;
mod stream;
mod wire;

pub use self::annotations::{PolicySource, VexLensSource};
pub use self::around::Surroundings;
pub use self::nothing::Nothing;
pub use self::sbom::SbomServiceSource;
pub use self::scanner::ScannerSource;
pub use self::service::{Endpoint, InvalidEndpoint, Limits, Service, Token};
