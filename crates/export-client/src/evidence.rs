//! The calls about the tenant's log.

use std::time::Duration;

use export_core::time::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::answer::{read, send};
use crate::{Client, ClientError};

/// How long a call may take.
const CALL: Duration = Duration::from_secs(60);

/// A signed head of the tenant's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCheckpoint {
    /// Which log.
    pub origin: String,
    /// Events that it covers.
    pub size: u64,
    /// The root over them: `sha256:` and 64 digits.
    pub root: String,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note (C2SP), as text.
    pub note: String,
}

/// Hashes that lead to a root of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogProof {
    /// The events that the root covers.
    pub size: u64,
    /// 32 bytes each, in base64.
    pub hashes: Vec<String>,
}

impl Client {
    /// A checkpoint over all events of the tenant's log.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn checkpoint(&self) -> Result<LogCheckpoint, ClientError> {
        let request = self.request(Method::GET, self.url(&["audit", "checkpoint"])).timeout(CALL);
        read(send(request).await?).await
    }

    /// The proof that the first `from` of `to` events are a log of their own.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn consistency(&self, from: u64, to: u64) -> Result<LogProof, ClientError> {
        let mut url = self.url(&["audit", "proofs", "consistency"]);
        url.query_pairs_mut().append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
        read(send(self.request(Method::GET, url).timeout(CALL)).await?).await
    }
}
