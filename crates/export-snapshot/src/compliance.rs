//! What rules decided, counted over all that was said.

use std::collections::{BTreeMap, HashMap};

use export_core::compliance::{ComplianceFacts, RuleTotals, Standings, standing};
use export_core::error::PortError;
use export_core::finding::{Decision, Verdict};
use export_core::ports::{Annotation, Said, ScanTotals};
use export_core::time::Timestamp;

use crate::beat::Beat;
use crate::codec::decode;
use crate::spool::Spool;

/// Counts the verdicts of `said`, by what they come to at a time.
pub(crate) fn compliance(
    said: &Spool,
    scans: &[ScanTotals],
    at: Timestamp,
    beat: &mut Beat<'_>,
) -> Result<ComplianceFacts, PortError> {
    let places: HashMap<&str, usize> =
        scans.iter().enumerate().map(|(place, scan)| (scan.scan.id.as_str(), place)).collect();
    let mut of_scans = vec![Standings::default(); scans.len()];
    let mut rules = Rules::default();
    let mut reader = said.read()?;
    while reader.advance()? {
        beat.tick()?;
        let Annotation { scan_id, said: Said::Verdict(verdict) } = decode(reader.record())? else { continue };
        let place = places[scan_id.as_str()]; // every scan that anything is given for is announced
        of_scans[place].add(&verdict, at);
        rules.add(&verdict, place, at);
    }
    Ok(ComplianceFacts { rules: rules.finish(), scans: of_scans })
}

/// Set, policy, rule.
type Name = (String, String, String);

#[derive(Default)]
struct Rules {
    numbers: BTreeMap<Name, usize>,
    counted: Vec<Rule>,
    /// The rule that was named last: verdicts of one rule often come together.
    last: Option<(Name, usize)>,
}

#[derive(Default)]
struct Rule {
    standings: Standings,
    /// A bit for each scan in which it fails.
    failing: Vec<u64>,
}

impl Rules {
    fn add(&mut self, verdict: &Verdict<'_>, scan: usize, at: Timestamp) {
        let number = self.number(verdict);
        let rule = &mut self.counted[number];
        rule.standings.add(verdict, at);
        if matches!(standing(verdict, at), Decision::Fail | Decision::Error) {
            rule.failing.resize(rule.failing.len().max(scan / 64 + 1), 0);
            rule.failing[scan / 64] |= 1 << (scan % 64);
        }
    }

    fn number(&mut self, verdict: &Verdict<'_>) -> usize {
        let Verdict { policy_set, policy, rule, .. } = verdict;
        if let Some(((last_set, last_policy, last_rule), number)) = &self.last
            && rule == last_rule.as_str()
            && policy == last_policy.as_str()
            && policy_set == last_set.as_str()
        {
            return *number;
        }
        let name = (policy_set.to_string(), policy.to_string(), rule.to_string());
        let next = self.counted.len();
        let number = *self.numbers.entry(name.clone()).or_insert(next);
        if number == next {
            self.counted.push(Rule::default());
        }
        self.last = Some((name, number));
        number
    }

    fn finish(self) -> Vec<RuleTotals> {
        let Self { numbers, counted, .. } = self;
        let totals = |((policy_set, policy, rule), number): (Name, usize)| RuleTotals {
            policy_set,
            policy,
            rule,
            standings: counted[number].standings,
            failing_scans: counted[number].failing.iter().map(|bits| u64::from(bits.count_ones())).sum(),
        };
        numbers.into_iter().map(totals).collect()
    }
}
