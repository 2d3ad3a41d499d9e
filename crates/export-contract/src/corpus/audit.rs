//! Events of an audit trail.

use std::time::Duration;

use export_core::audit::{AuditAction, AuditEntry, AuditEvent, LINK_HOLDER};
use export_seal::chain;

use super::{AT, job};

/// `count` events of the tenant `acme` with every action among them, and texts that nobody should trust.
#[must_use]
pub fn trail(count: u64) -> Vec<AuditEvent<'static>> {
    let (tenant, mut before) = (job::tenant("acme"), chain::genesis());
    let event = |seq| {
        let (at, entry) = (AT.plus(Duration::from_millis(1_250 * seq)), entry(seq));
        before = chain::link(&before, &tenant, seq, at, &entry);
        AuditEvent { seq, at, entry, hash: before }
    };
    (1..=count).map(event).collect()
}

fn entry(seq: u64) -> AuditEntry<'static> {
    let action = AuditAction::ALL[usize::try_from(seq).unwrap() % AuditAction::ALL.len()];
    let target = format!("exp-{seq:026}");
    match seq % 4 {
        0 => AuditEntry::new("=HYPERLINK(\"http://x\")", action, "+1\r\n@x\u{0}\u{202e}")
            .with("type", "-2+3")
            .with("reason", "\"; DROP TABLE audit; --\u{7f}\u{1b}[31m🙂"),
        1 => AuditEntry::new("ann@example.org", action, target)
            .with("type", "scan_report")
            .with("format", "pdf"),
        2 => AuditEntry::new(LINK_HOLDER, action, target)
            .with("artifact", "report.pdf")
            .with("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            .with("range", "bytes 0-9/100"),
        _ => AuditEntry::new("system", action, target).with("code", "render_timeout"),
    }
}
