//! What a verification comes to, for people.

use export_seal::verify::{Failure, Report, Stamp, Verdict};

use super::super::trusted::status_word;
use crate::bytes;

/// The report about a whole bundle.
pub(super) fn whole(report: &Report) -> String {
    let mut text = match (&report.verdict, &report.failure) {
        (Verdict::Whole, _) => {
            format!("whole: {} files, {}\n", bytes::count(report.files), bytes::size(report.bytes))
        }
        (_, Some(failure)) => wrong(failure),
        (verdict, None) => format!("{}\n", word(*verdict)),
    };
    let mut line = |name: &str, value: String| text += &format!("  {name:<11} {value}\n");
    if let Some(seal) = &report.seal {
        line("bundle", format!("{}, {} entries", seal.bundle_id, bytes::count(seal.entries)));
        line("export", format!("{} of {}, asked for at {}", seal.export_id, seal.tenant, seal.created_at));
        line("sealed", format!("{} by {} {}", seal.sealed_at, seal.generator.name, seal.generator.version));
        line("root", seal.merkle_root.clone());
        line("key", format!("{} ({})", seal.key_id, status_word(seal.key_status)));
    }
    if let Some(Stamp { at, authority, trusted }) = &report.stamp {
        let trust = if *trusted { "trusted" } else { "not verified: give its roots with --anchors" };
        line("time-stamp", format!("{at} by {authority} ({trust})"));
    }
    if let Some(log) = &report.log {
        line("log", format!("{}, {} events", log.origin, bytes::count(log.size)));
    }
    text
}

/// The first thing that is wrong, on a line.
pub(super) fn wrong(failure: &Failure) -> String {
    let path = failure.path.as_deref().map(|path| format!("{path:?}: ")).unwrap_or_default();
    format!("{}: {path}{} [{}]\n", word(failure.code.verdict()), failure.message, failure.code.as_str())
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Whole => "whole",
        Verdict::Tampered => "TAMPERED",
        Verdict::UnknownKey => "UNKNOWN KEY",
        Verdict::Indeterminate => "INDETERMINATE",
        Verdict::Unsafe => "UNSAFE",
    }
}
