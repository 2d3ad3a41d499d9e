//! Severities that are told otherwise than by a scanner's word.

use export_core::finding::{Score, Severity};

/// The severity of a CVSS score (CVSS 3.1 and 4.0, "Qualitative Severity Rating Scale").
pub(crate) const fn of_score(score: Score) -> Severity {
    match score.tenths() {
        90.. => Severity::Critical,
        70.. => Severity::High,
        40.. => Severity::Medium,
        1.. => Severity::Low,
        0 => Severity::None,
    }
}

/// The severity of the level of an analyser of code: `error` is high, `warning` medium, whatever is less than that low.
pub(crate) fn of_level(word: &str) -> Option<Severity> {
    const LEVELS: [(&str, Severity); 10] = [
        ("error", Severity::High),
        ("warning", Severity::Medium),
        ("warn", Severity::Medium),
        ("note", Severity::Low),
        ("info", Severity::Low),
        ("information", Severity::Low),
        ("informational", Severity::Low),
        ("style", Severity::Low),
        ("recommendation", Severity::Low),
        ("none", Severity::None),
    ];
    LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, severity)| *severity)
}

/// The severity of a word, that of a scanner or of an analyser; none if it is neither.
pub(crate) fn of_word(word: &str) -> Option<Severity> {
    let severity = Severity::from_word(word);
    let is_known = severity != Severity::Unknown || word.eq_ignore_ascii_case("unknown");
    if is_known { Some(severity) } else { of_level(word) }
}
