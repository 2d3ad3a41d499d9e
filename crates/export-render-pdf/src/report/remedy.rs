//! What ends a finding, cut to what a page has room for.

use export_core::finding::FixState;
use export_core::record::FindingRecord;
pub(super) use export_render_kit::remedy::without_fix;
use export_render_kit::remedy::{self, Room};

use super::words::{NAME, Pen, TEXT};

/// The action that ends the finding, or the best that can be done.
pub(super) fn action(record: &FindingRecord<'_>, pen: &Pen) -> String {
    let copy = |text: &str, room: Room| {
        let most = match room {
            Room::Name => NAME,
            Room::Text => TEXT,
        };
        pen.copy(text, most)
    };
    remedy::action(record, &copy)
}

/// What stands in a table where a fixed version would.
pub(super) const fn unfixed(state: FixState) -> &'static str {
    match state {
        FixState::WillNotFix => "will not be fixed",
        FixState::Deferred => "fix deferred",
        FixState::EndOfLife => "end of life",
        FixState::NotAffected => "vendor says not affected",
        FixState::Unknown | FixState::Affected | FixState::Fixed | FixState::UnderInvestigation => "no fix",
    }
}
