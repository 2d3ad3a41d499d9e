//! Verdicts that do not simply allow, by rule, and the waivers: as many as the report has room for, the worst first.

use std::collections::HashMap;

use export_core::code::Code;
use export_core::compliance::{ComplianceFacts, RuleTotals, standing};
use export_core::finding::{Decision, Verdict};
use export_core::ports::RenderError;
use export_core::time::Timestamp;
use export_templates::format;
use export_templates::view::{BrokenRule, VerdictRow, WaiverRow};

use super::purl;
use crate::report::detail;
use crate::report::images::Images;
use crate::report::plan::Plan;
use crate::report::words::{NAME, Pen, TEXT};

/// The decisions that get rows, worst first.
const TOLD: [Decision; 3] = [Decision::Fail, Decision::Error, Decision::Warn];

/// Waivers of a report for those who decide: those that have run out or end next.
const WAIVERS_IN_SHORT: usize = 10;

/// The rows so far.
pub(super) struct Verdicts<'f> {
    known: &'f ComplianceFacts,
    at: Timestamp,
    rules: HashMap<[&'f str; 3], usize>,
    rows: Vec<[Vec<(usize, VerdictRow)>; 3]>,
    /// Rows so far by [`TOLD`].
    kept: [u64; 3],
    most: u64,
    most_waivers: u64,
    is_short: bool,
    examples: Option<usize>,
    /// Holding and ended ones.
    waivers: [Vec<(Option<Timestamp>, WaiverRow)>; 2],
}

/// What the rows come to.
pub(super) struct Told {
    pub(super) broken: Vec<BrokenRule>,
    pub(super) waivers: Vec<WaiverRow>,
    /// Verdicts and waivers without a row that should have one.
    pub(super) unlisted: u64,
}

impl<'f> Verdicts<'f> {
    /// No rows yet; waivers are judged at `at`.
    pub(super) fn new(known: &'f ComplianceFacts, at: Timestamp, plan: &Plan) -> Self {
        let key = |rule: &'f RuleTotals| [rule.policy_set.as_str(), &rule.policy, &rule.rule];
        let rules = known.rules.iter().enumerate().map(|(index, rule)| (key(rule), index)).collect();
        Self {
            known,
            at,
            rules,
            rows: known.rules.iter().map(|_| <[Vec<_>; 3]>::default()).collect(),
            kept: [0; 3],
            most: plan.most,
            most_waivers: plan.held_waivers(),
            is_short: plan.is_short(),
            examples: plan.examples(),
            waivers: <[Vec<_>; 2]>::default(),
        }
    }

    /// One more verdict, about the scan `image`.
    pub(super) fn add(
        &mut self,
        verdict: &Verdict<'_>,
        image: usize,
        (images, pen): (&Images<'_>, &Pen),
    ) -> Result<(), RenderError> {
        let key = [&*verdict.policy_set, &*verdict.policy, &*verdict.rule];
        let Some(rule) = self.rules.get(&key).copied() else {
            let message =
                format!("the snapshot has a verdict of the rule {:?} and no such rule", verdict.rule);
            return Err(RenderError::new(Code::StorageCorrupt, message));
        };
        let decision = standing(verdict, self.at);
        if verdict.decision == Decision::Waived {
            let ended = decision != Decision::Waived;
            let group = &mut self.waivers[usize::from(ended)];
            if (group.len() as u64) < self.most_waivers {
                let end = verdict.waiver.as_ref().and_then(|it| it.expires_at);
                group.push((end, waiver(verdict, ended, images.label(image), pen)));
            }
        }
        let Some(rank) = TOLD.iter().position(|told| *told == decision) else { return Ok(()) };
        let has_room = match self.examples {
            Some(examples) => self.rows[rule][rank].len() < examples,
            // Milder ones give way: those that are too many in the end are the mildest.
            None => self.kept[..=rank].iter().sum::<u64>() < self.most,
        };
        if has_room {
            self.kept[rank] += 1;
            self.rows[rule][rank].push((image, row(verdict, decision, images.label(image), pen)));
        }
        Ok(())
    }

    /// The rules that are broken, those that refuse most first, each with its rows.
    pub(super) fn finish(mut self, images: &Images<'_>, pen: &Pen) -> Told {
        let cut = self.cut();
        let mut broken: Vec<(&RuleTotals, BrokenRule)> = Vec::new();
        for (totals, ranks) in self.known.rules.iter().zip(std::mem::take(&mut self.rows)) {
            let total = TOLD.iter().map(|decision| totals.standings.decision(*decision)).sum();
            if total == 0 {
                continue;
            }
            let mut rows: Vec<VerdictRow> = Vec::new();
            for mut of_rank in ranks {
                of_rank.sort_by(|(a, one), (b, other)| {
                    (images.label(*a), a, &one.id, &one.component).cmp(&(
                        images.label(*b),
                        b,
                        &other.id,
                        &other.component,
                    ))
                });
                rows.extend(of_rank.into_iter().map(|(_, row)| row));
            }
            rows.truncate(self.examples.unwrap_or(usize::MAX));
            let name = |text: &str| pen.copy_or(text, NAME, "unnamed");
            let (set, policy, rule) = (name(&totals.policy_set), name(&totals.policy), name(&totals.rule));
            let (tally, failing_scans) = (super::tally(&totals.standings), totals.failing_scans);
            broken.push((totals, BrokenRule { set, policy, rule, tally, failing_scans, total, rows }));
        }
        broken.sort_by_key(|(totals, _)| std::cmp::Reverse(totals.standings.by_decision));
        let (waivers, cut_waivers) = self.finish_waivers();
        Told {
            broken: broken.into_iter().map(|(_, rule)| rule).collect(),
            waivers,
            unlisted: if self.is_short { 0 } else { cut + cut_waivers },
        }
    }

    /// Drops the mildest rows that are too many; the number of verdicts that have none.
    fn cut(&mut self) -> u64 {
        let total = self.known.total();
        let all: u64 = TOLD.iter().map(|decision| total.decision(*decision)).sum();
        if self.examples.is_some() {
            return 0;
        }
        let mut room = self.most;
        for rank in 0..TOLD.len() {
            for of_rule in &mut self.rows {
                let most = usize::try_from(room).unwrap_or(usize::MAX);
                of_rule[rank].truncate(most);
                room -= of_rule[rank].len() as u64;
            }
        }
        all.saturating_sub(self.most - room)
    }

    /// Those that have run out first, then by their end; and how many have no row.
    fn finish_waivers(&mut self) -> (Vec<WaiverRow>, u64) {
        let total = self.known.total();
        let all = total.decision(Decision::Waived) + total.expired_waivers;
        let most = usize::try_from(self.most_waivers).unwrap_or(usize::MAX);
        let most = if self.is_short { WAIVERS_IN_SHORT } else { most };
        let [mut holding, mut ended] = std::mem::take(&mut self.waivers);
        for group in [&mut holding, &mut ended] {
            group.sort_by(|(a, one), (b, other)| {
                let key = |end: &Option<Timestamp>| (end.is_none(), *end);
                (key(a), &one.rule, &one.image, &one.id).cmp(&(key(b), &other.rule, &other.image, &other.id))
            });
        }
        let rows: Vec<WaiverRow> = ended.into_iter().chain(holding).map(|(_, row)| row).take(most).collect();
        let left = all.saturating_sub(rows.len() as u64);
        (rows, left)
    }
}

pub(in crate::report) fn row(
    verdict: &Verdict<'_>,
    decision: Decision,
    image: &str,
    pen: &Pen,
) -> VerdictRow {
    let (id, component) = about(verdict, pen);
    let waiver = verdict.waiver.as_ref().filter(|_| decision != verdict.decision);
    let note = waiver.map(|it| {
        let by = pen.copy_some(&it.by, NAME).map(|by| format!(" by {by}")).unwrap_or_default();
        let end = it.expires_at.map(|at| format!(" on {}", format::date(at.to_utc()))).unwrap_or_default();
        format!("The waiver{by} ran out{end}")
    });
    VerdictRow {
        decision: detail::verdict(decision),
        image: image.to_owned(),
        id,
        component,
        reason: pen.copy_or(&verdict.reason, TEXT, "no reason given"),
        note,
    }
}

fn waiver(verdict: &Verdict<'_>, ended: bool, image: &str, pen: &Pen) -> WaiverRow {
    let (id, component) = about(verdict, pen);
    let waiver = verdict.waiver.as_ref();
    let end = waiver.and_then(|it| it.expires_at);
    WaiverRow {
        ended,
        rule: format!("{} / {}", pen.copy(&verdict.policy, NAME), pen.copy(&verdict.rule, NAME)),
        image: image.to_owned(),
        id,
        component,
        who: waiver.and_then(|it| pen.copy_some(&it.by, NAME)),
        why: waiver.and_then(|it| pen.copy_some(&it.reason, TEXT)),
        until: end.map_or_else(|| "no end".to_owned(), |at| format::date(at.to_utc())),
    }
}

fn about(verdict: &Verdict<'_>, pen: &Pen) -> (Option<String>, Option<String>) {
    verdict.subject.as_ref().map_or((None, None), |subject| {
        (pen.copy_some(&subject.vulnerability, NAME), purl::component(&subject.purl, pen))
    })
}
