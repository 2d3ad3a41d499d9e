//! A severity as SARIF and its readers tell it.

use export_core::finding::{CodeGuard, Finding, Probability, Score, Severity, Subject};
use export_core::record::FindingRecord;

/// `result.level` (section 3.27.10); what nobody has rated is a warning, as in the standard.
pub(crate) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low => "note",
        Severity::None => "none",
    }
}

/// `result.kind` (section 3.27.9): a result without a level does not tell of a problem.
pub(crate) const fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "informational",
        Severity::Critical | Severity::High | Severity::Medium | Severity::Low | Severity::Unknown => "fail",
    }
}

/// `security-severity` in tenths: the CVSS score, or a fixed value in the middle of what the word stands for.
pub(crate) fn tenths(record: &FindingRecord<'_>) -> u8 {
    let word = match record.finding.severity {
        Severity::Critical => 95,
        Severity::High => 80,
        Severity::Medium => 55,
        Severity::Low => 20,
        Severity::None | Severity::Unknown => 0,
    };
    record.score().map_or(word, Score::tenths)
}

/// `result.rank` (section 3.27.25): absent for results that tell of no problem, and where nothing is known.
pub(crate) fn rank(record: &FindingRecord<'_>) -> Option<u8> {
    let tenths = tenths(record);
    let ranked = match record.finding.severity {
        Severity::None => false,
        Severity::Unknown => tenths > 0,
        Severity::Critical | Severity::High | Severity::Medium | Severity::Low => true,
    };
    ranked.then_some(tenths)
}

/// How sure a guard of AI-written code is: times 100 the rank in a report of guards.
pub(crate) fn confidence(record: &FindingRecord<'_>) -> Option<Probability> {
    let tells_of_a_problem = record.finding.severity != Severity::None;
    guard(&record.finding)?.confidence.filter(|_| tells_of_a_problem)
}

/// What a guard of AI-written code knows of a finding.
pub(crate) fn guard<'f>(finding: &'f Finding<'_>) -> Option<&'f CodeGuard<'f>> {
    match &finding.subject {
        Subject::Code(code) => code.guard.as_ref(),
        Subject::Vulnerability(_)
        | Subject::Misconfiguration(_)
        | Subject::Secret(_)
        | Subject::Licence(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_other_than_none_is_a_failure() {
        // Section 3.27.9: "If level has any value other than none and kind is present, then kind SHALL have the value fail".
        for severity in Severity::ALL {
            assert_eq!(level(severity) == "none", kind(severity) != "fail", "{severity}");
        }
    }
}
