//! Policy sets with all their rules.

use std::cmp::Reverse;

use export_core::compliance::{ComplianceFacts, RuleTotals, Standings};
use export_templates::format;
use export_templates::view::{PolicySet, RuleRow};

use super::tally;
use crate::report::words::{NAME, Pen};

/// The sets by name; in each, the rules that refuse most first.
pub(super) fn sets(known: &ComplianceFacts, pen: &Pen) -> Vec<PolicySet> {
    // Rules come sorted by set.
    let of_set = |a: &RuleTotals, b: &RuleTotals| a.policy_set == b.policy_set;
    known.rules.chunk_by(of_set).map(|rules| set(rules, pen)).collect()
}

fn set(rules: &[RuleTotals], pen: &Pen) -> PolicySet {
    let sum = rules.iter().fold(Standings::default(), |sum, rule| sum.plus(&rule.standings));
    let mut order: Vec<&RuleTotals> = rules.iter().collect();
    // The sort is stable: equal rules stay sorted by name.
    order.sort_by_key(|rule| Reverse(rule.standings.by_decision));
    let row = |rule: &RuleTotals| RuleRow {
        policy: pen.copy_or(&rule.policy, NAME, "unnamed"),
        rule: pen.copy_or(&rule.rule, NAME, "unnamed"),
        tally: tally(&rule.standings),
        failing_scans: rule.failing_scans,
    };
    PolicySet {
        name: pen.copy_or(&rules[0].policy_set, NAME, "unnamed"),
        tally: tally(&sum),
        share: format::share(sum.allowing(), sum.verdicts()),
        rules: order.into_iter().map(row).collect(),
    }
}
