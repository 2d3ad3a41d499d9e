//! Findings that are not open: who or what closed each, why, and until when.

use export_core::finding::{Decision, Verdict, VexAssertion};
use export_core::ports::SnapshotFacts;
use export_core::record::{FindingRecord, FindingStatus};
use export_render_kit::charts::Mark;
use export_templates::format;
use export_templates::view::{NotOpenGroup, NotOpenRow};

use super::place;
use super::words::{self, NAME, Pen, TEXT, spaced};

/// In the order of a report: what others said first, what was only hidden last.
const STATES: [(FindingStatus, &str, &str); 4] = [
    (FindingStatus::Waived, "Waived", "A policy refuses it, and someone accepted that."),
    (FindingStatus::NotAffected, "Not affected", "A VEX statement says that the product is not affected."),
    (FindingStatus::Fixed, "Fixed", "A VEX statement says that the product holds a fix."),
    (FindingStatus::Suppressed, "Suppressed", "The scanner was told to leave it out."),
];

/// The rows so far, by [`STATES`].
#[derive(Default)]
pub(super) struct NotOpen {
    rows: [Vec<NotOpenRow>; 4],
}

impl NotOpen {
    /// One more finding that is not open.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: &str, pen: &Pen) {
        let Some(group) = STATES.iter().position(|(status, ..)| *status == record.status) else { return };
        self.rows[group].push(row(record, image, pen));
    }

    /// The groups that have findings.
    pub(super) fn finish(self, facts: &SnapshotFacts) -> Vec<NotOpenGroup> {
        let groups =
            STATES.into_iter().zip(self.rows).map(|((status, title, meaning), mut rows)| NotOpenGroup {
                title: title.to_owned(),
                meaning: meaning.to_owned(),
                total: facts.totals.status(status),
                who: said_by_one(&mut rows),
                rows,
            });
        groups.filter(|group| group.total > 0).collect()
    }
}

/// Moves who said so from the rows to their group, if it is the same in all.
fn said_by_one(rows: &mut [NotOpenRow]) -> Option<String> {
    let (first, rest) = rows.split_first()?;
    if rest.iter().any(|row| row.who != first.who) {
        return None;
    }
    let who = first.who.clone();
    rows.iter_mut().for_each(|row| row.who = None);
    who
}

fn row(record: &FindingRecord<'_>, image: &str, pen: &Pen) -> NotOpenRow {
    let finding = &record.finding;
    let what = finding.component.as_ref().map(|it| place::component(it, pen));
    let what = what.or_else(|| place::file(finding, pen));
    let Closing { who, why, when, until } = closing(record, pen);
    NotOpenRow {
        mark: Mark::from(finding.severity),
        id: pen.copy_or(finding.rule(), NAME, "no id"),
        link: words::link(finding.primary_url.as_deref()),
        place: what.map_or_else(|| image.to_owned(), |what| format!("{what} in {image}")),
        who,
        why,
        when,
        until,
    }
}

#[derive(Default)]
struct Closing {
    who: Option<String>,
    why: Option<String>,
    when: Option<String>,
    until: Option<String>,
}

fn closing(record: &FindingRecord<'_>, pen: &Pen) -> Closing {
    match record.status {
        FindingStatus::Suppressed => {
            record.finding.suppression.as_ref().map_or_else(Closing::default, |it| Closing {
                who: pen.copy_some(&it.source, NAME),
                why: pen
                    .copy_some(&said(&it.reason), TEXT)
                    .or_else(|| pen.copy_some(&spaced(&it.status), NAME)),
                when: None,
                until: None,
            })
        }
        FindingStatus::NotAffected | FindingStatus::Fixed => {
            record.vex.as_ref().map_or_else(Closing::default, |vex| stated(vex, pen))
        }
        FindingStatus::Waived => {
            let waived = record.verdicts.iter().find(|it| it.decision == Decision::Waived);
            waived.map_or_else(Closing::default, |verdict| accepted(verdict, pen))
        }
        FindingStatus::Open | FindingStatus::UnderInvestigation => Closing::default(),
    }
}

/// A reason in words: scanners pass on the standard's own, `vulnerable_code_not_present`.
fn said(reason: &str) -> String {
    if reason.contains(char::is_whitespace) { reason.to_owned() } else { spaced(reason) }
}

fn stated(vex: &VexAssertion<'_>, pen: &Pen) -> Closing {
    let justification = vex.justification.as_deref().map(spaced);
    let reasons = [justification.as_deref(), vex.impact.as_deref(), vex.action.as_deref()];
    let reasons: Vec<&str> =
        reasons.into_iter().flatten().map(str::trim).filter(|it| !it.is_empty()).collect();
    let stated = || vex.timestamp.map(|at| format!("Stated on {}", format::date(at.to_utc())));
    Closing {
        who: pen.copy_some(&vex.author, NAME),
        why: pen.copy_some(&reasons.join(". "), TEXT).or_else(stated),
        when: vex.timestamp.map(|at| format::date(at.to_utc())),
        until: None,
    }
}

fn accepted(verdict: &Verdict<'_>, pen: &Pen) -> Closing {
    let waiver = verdict.waiver.as_ref();
    let end = waiver.and_then(|it| it.expires_at);
    Closing {
        who: waiver.and_then(|it| pen.copy_some(&it.by, NAME)),
        why: waiver
            .and_then(|it| pen.copy_some(&it.reason, TEXT))
            .or_else(|| pen.copy_some(&verdict.reason, TEXT)),
        when: verdict.evaluated_at.map(|at| format::date(at.to_utc())),
        until: Some(end.map_or_else(|| "no end".to_owned(), |at| format::date(at.to_utc()))),
    }
}
