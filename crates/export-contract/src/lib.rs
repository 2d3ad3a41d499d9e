//! For tests only: one suite per port, in-memory fakes, fault-injecting wrappers, and a corpus of hostile data.
//!
//! Each suite has one case for each sentence of its port's documentation. An adapter runs a whole suite in a few lines,
//! and each case is a test of its own, named after the sentence:
//!
//! ```ignore
//! // tests/contract.rs of an adapter
//! async fn open() -> (Arc<dyn Jobs>, impl Sized) {
//!     let dir = tempfile::tempdir().unwrap();
//!     let jobs = SqliteJobs::open(&dir.path().join("jobs.db"), ...).await.unwrap();
//!     (Arc::new(jobs), dir) // the second part lives as long as the case
//! }
//! export_contract::jobs_suite!(open);
//! ```
//!
//! | port | suite | fake | faults |
//! |---|---|---|---|
//! | `JobStore`, `JobReader` | [`jobs`] | [`MemoryJobs`] | [`Faulty`] |
//! | `JobStore` with its `AuditSource` | [`trails`] | [`MemoryJobs`] | |
//! | `AuditLog`, `AuditSource` | [`audit`] | [`MemoryAudit`] | [`Faulty`] |
//! | `AuditLedger` | [`ledger`] | [`MemoryAudit`] | [`Faulty`] |
//! | `TemplateStore` | [`templates`] | [`MemoryTemplates`] | [`Faulty`] |
//! | `ArtifactStore`, `ArtifactWriter` | [`artifacts`] | [`MemoryArtifacts`] | [`Faulty`] |
//! | `DownloadLinks` | [`links`] | | |
//! | `Renderer` | [`renderers`] | | |
//! | `Snapshot` | [`snapshots`] | [`MemorySnapshot`] | |
//! | `ScanSource`, `VerdictSource`, `VexSource` | [`sources`] | [`MemorySources`] | [`Faulty`] |
//! | `Signer` | [`signer`] | [`MemorySigner`] | |
//! | `Timestamper` | | [`authority::Authority`], the real `openssl ts` | |
//! | the platform's services, over HTTP | | [`services::Stub`] | [`services::Fault`] |

#![expect(clippy::unwrap_used, reason = "a case fails by panicking")]

pub mod artifacts;
pub mod audit;
pub mod authority;
pub mod corpus;
pub mod faulty;

pub mod jobs;
pub mod ledger;
pub mod links;
pub mod memory;
pub mod renderers;
pub mod services;
pub mod signer;
pub mod snapshots;
pub mod sources;
pub mod templates;
pub mod trails;

pub use self::faulty::{Fault, Faulty, When};
pub use self::memory::{
    GeneratedSnapshot, ManualClock, MemoryArtifacts, MemoryAudit, MemoryJobs, MemorySigner, MemorySnapshot,
    MemorySources, MemoryTemplates,
};

/// Makes one test of each case of a suite: `cases!(open => jobs: a_case another_case)`.
///
/// `open` is an async function without arguments that gives the subject of the case, and whatever must live as long.
#[macro_export]
#[doc(hidden)]
macro_rules! cases {
    ($open:expr => $suite:ident: $($case:ident)*) => {$(
        #[test]
        fn $case() {
            $crate::run(async {
                let (subject, _guard) = $open().await;
                $crate::$suite::$case(subject).await;
            });
        }
    )*};
}

/// Runs a case on a runtime of its own, with two threads, so that concurrent calls are truly parallel.
#[doc(hidden)]
pub fn run(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime needs only threads").block_on(case);
}
