//! Exports of the audit trail: read from where it is kept, and from nowhere else.

use async_trait::async_trait;
use export_core::audit::AuditEvent;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{AuditFilter, AuditPage, AuditRange, AuditSource, Flows};
use export_core::request::Scope;
use export_core::time::Timestamp;

/// The range of the trail that a scope stands for.
pub(crate) fn range(scope: &Scope, now: Timestamp) -> AuditRange {
    let bounds = scope.date_range;
    AuditRange {
        start: bounds.map(|range| range.start.resolve(now)),
        end: bounds.map(|range| range.end.resolve(now)),
    }
}

/// The trail of a place that keeps none: conversions of files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTrail;

fn none() -> PortError {
    let message = "no audit trail is kept here; ask a server for an export of its trail";
    PortError::new(ErrorKind::Invalid, "audit trail: read", message)
}

#[async_trait]
impl AuditSource for NoTrail {
    async fn events(
        &self,
        _tenant: &TenantId,
        _range: AuditRange,
    ) -> Result<Flows<AuditEvent<'static>>, PortError> {
        Err(none())
    }

    async fn page(
        &self,
        _tenant: &TenantId,
        _filter: &AuditFilter,
        _limit: usize,
    ) -> Result<AuditPage, PortError> {
        Err(none())
    }
}
