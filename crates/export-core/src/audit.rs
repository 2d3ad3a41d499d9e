//! The audit trail: what was done with a tenant's exports, by whom, when.

mod bundle;
mod flat;
mod job;
mod template;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::flat::{FlatEvent, TrailDigest};
use crate::digest::Digest;
use crate::text::Text;
use crate::time::Timestamp;

/// Who acts when no user does: the service itself.
pub const SYSTEM: &str = "system";
/// Who acts through a signed link: whoever holds it.
pub const LINK_HOLDER: &str = "link";

/// One event of a tenant's trail, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent<'a> {
    /// Its place in the tenant's trail: from 1, without gaps.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What was done, by whom, with what.
    #[serde(borrow)]
    pub entry: AuditEntry<'a>,
    /// Its hash in the tenant's chain, which covers the event, its place and all events before it.
    pub hash: Digest,
}

/// What was done, before it has a place in the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry<'a> {
    /// The subject of the token; [`SYSTEM`] or [`LINK_HOLDER`].
    #[serde(borrow)]
    pub actor: Text<'a>,
    /// What was done.
    pub action: AuditAction,
    /// With what: an export's id, a template's name.
    #[serde(borrow)]
    pub target: Text<'a>,
    /// What else is worth knowing, by name: `type`, `format`, `artifact`, `sha256`, `code`. Never a secret or a link.
    #[serde(borrow)]
    pub detail: BTreeMap<Text<'a>, Text<'a>>,
}

impl AuditEntry<'static> {
    /// An entry without details.
    pub fn new(
        actor: impl Into<Text<'static>>,
        action: AuditAction,
        target: impl Into<Text<'static>>,
    ) -> Self {
        Self { actor: actor.into(), action, target: target.into(), detail: BTreeMap::new() }
    }

    /// The same entry with one more detail.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Text<'static>>) -> Self {
        self.detail.insert(name.into(), value.into());
        self
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What can be done. The set is closed; a word never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AuditAction { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl AuditAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The action as JSON and CSV write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

actions! {
    /// An export was asked for.
    ExportRequested = "export.requested",
    /// A user cancelled an export.
    ExportCancelled = "export.cancelled",
    /// A user had a failed export queued again.
    ExportRetried = "export.retried",
    /// An export's artifacts are there.
    ExportCompleted = "export.completed",
    /// An export has failed.
    ExportFailed = "export.failed",
    /// An export's artifacts are past their retention.
    ExportExpired = "export.expired",
    /// A download link was given out.
    LinkIssued = "link.issued",
    /// An artifact was sent to the holder of a link.
    ArtifactDownloaded = "artifact.downloaded",
    /// What an export made was sealed.
    BundleSealed = "bundle.sealed",
    /// An export was delivered.
    DeliverySucceeded = "delivery.succeeded",
    /// An attempt to deliver an export failed.
    DeliveryFailed = "delivery.failed",
    /// A schedule was made.
    ScheduleCreated = "schedule.created",
    /// A schedule was changed.
    ScheduleUpdated = "schedule.updated",
    /// A schedule was removed.
    ScheduleDeleted = "schedule.deleted",
    /// A template was stored, or a new version of one.
    TemplateStored = "template.stored",
    /// A template was removed with all its versions.
    TemplateDeleted = "template.deleted",
}

impl std::str::FromStr for AuditAction {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let known = Self::ALL.iter().copied().find(|action| action.as_str() == text);
        known.ok_or("is not a known action")
    }
}

/// The numbers of the audit trail in a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFacts {
    /// Events.
    pub events: u64,
    /// Events by action; those that there are none of are left out.
    pub by_action: BTreeMap<AuditAction, u64>,
    /// The first and the last event's place in the trail, if there are any.
    pub range: Option<(u64, u64)>,
}

impl AuditFacts {
    /// Counts one more event; they come in order.
    pub fn add(&mut self, event: &AuditEvent<'_>) {
        self.events += 1;
        *self.by_action.entry(event.entry.action).or_default() += 1;
        let first = self.range.map_or(event.seq, |(first, _)| first);
        self.range = Some((first, event.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_distinct_words_and_round_trip() {
        for action in AuditAction::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
        }
        assert!("export.Requested".parse::<AuditAction>().is_err());
    }
}
