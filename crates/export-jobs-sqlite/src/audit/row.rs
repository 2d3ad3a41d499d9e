//! Events as rows.

use std::collections::BTreeMap;

use export_core::audit::{AuditEntry, AuditEvent};
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::text::Text;
use export_core::time::Timestamp;

use super::READ;

/// A row as it is read: `SELECT seq, at, actor, action, target, detail, hash`.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    at: i64,
    actor: String,
    action: String,
    target: String,
    detail: String,
    hash: Option<Vec<u8>>,
}

impl Row {
    /// When.
    pub(crate) const fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }

    /// What was done; an error if no program of ours has written that.
    pub(crate) fn entry(&self) -> Result<AuditEntry<'static>, PortError> {
        let action = self.action.parse();
        let entry = AuditEntry {
            actor: self.actor.clone().into(),
            action: action.map_err(|error| self.corrupt(format!("{} {error}", self.action)))?,
            target: self.target.clone().into(),
            detail: self.detail()?,
        };
        Ok(entry)
    }

    fn detail(&self) -> Result<BTreeMap<Text<'static>, Text<'static>>, PortError> {
        let detail: BTreeMap<String, String> =
            serde_json::from_str(&self.detail).map_err(|error| self.corrupt(error.to_string()))?;
        // Two readers of one text must see the same; SQL takes the first of two members, this program the last.
        if serde_json::to_string(&detail).is_ok_and(|written| written != self.detail) {
            return Err(self.corrupt("its details are not as they were written".to_owned()));
        }
        Ok(detail.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// Its hash in the chain.
    pub(crate) fn hash(&self) -> Result<Digest, PortError> {
        let bytes = self.hash.as_deref().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
        bytes.map(Digest::from_bytes).ok_or_else(|| self.corrupt("it has no hash".to_owned()))
    }

    /// The event.
    pub(crate) fn event(&self) -> Result<AuditEvent<'static>, PortError> {
        let seq = u64::try_from(self.seq).map_err(|error| self.corrupt(error.to_string()))?;
        Ok(AuditEvent { seq, at: self.at(), entry: self.entry()?, hash: self.hash()? })
    }

    fn corrupt(&self, what: String) -> PortError {
        PortError::new(ErrorKind::Corrupt, READ, what).at(format!("audit#{}", self.seq))
    }
}
