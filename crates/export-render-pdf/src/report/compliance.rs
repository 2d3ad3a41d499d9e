//! What policies come to: rules, what breaks them, and who accepted that.

mod glance;
mod purl;
mod sets;
mod verdicts;

use std::cmp::Reverse;

use export_core::compliance::{ComplianceFacts, Standings};
use export_core::finding::Decision;
use export_core::ports::{Pulse, RenderError};
use export_core::ports::{Said, Snapshot, SnapshotFacts};
use export_templates::format;
use export_templates::view::{Compliance, ImageCompliance, Tally};

pub(super) use self::glance::{bars, glance};
use self::verdicts::Verdicts;
pub(super) use self::verdicts::row as verdict_row;
use super::images::Images;
use super::plan::Plan;
use super::words::{NAME, Pen};

/// Images that a report for those who decide lists.
const IMAGES_IN_SHORT: usize = 15;
/// Annotations between two beats.
const BEAT: u64 = 1_000;

/// The section, and how many verdicts that do not simply allow have no row although they should.
pub(super) fn read(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    (images, pen): (&Images<'_>, &Pen),
    plan: &Plan,
) -> Result<(Compliance, u64), RenderError> {
    let facts = from.facts();
    let Some(known) = &facts.compliance else { return Ok((empty(), 0)) };
    let mut verdicts = Verdicts::new(known, facts.taken_at, plan);
    let mut cursor = from.annotations()?;
    let mut read = 0;
    while let Some(annotation) = cursor.next()? {
        read += 1;
        if read % BEAT == 0 {
            pulse.beat(0)?;
        }
        if let Said::Verdict(verdict) = &annotation.said {
            verdicts.add(verdict, images.index(&annotation.scan_id)?, (images, pen))?;
        }
    }
    let total = known.total();
    let (compliant, evaluated) = known.compliant_scans();
    let (rows, more_images) = image_rows(facts, known, plan, pen);
    let told = verdicts.finish(images, pen);
    let section = Compliance {
        share: format::share(total.allowing(), total.verdicts()),
        allowing: total.allowing(),
        verdicts: total.verdicts(),
        compliant,
        evaluated,
        unevaluated: facts.scans.len() as u64 - evaluated,
        sets: sets::sets(known, pen),
        broken: told.broken,
        waivers: told.waivers,
        waivers_total: total.decision(Decision::Waived) + total.expired_waivers,
        images: rows,
        more_images,
    };
    Ok((section, told.unlisted))
}

fn empty() -> Compliance {
    Compliance {
        share: format::share(0, 0),
        allowing: 0,
        verdicts: 0,
        compliant: 0,
        evaluated: 0,
        unevaluated: 0,
        sets: Vec::new(),
        broken: Vec::new(),
        waivers: Vec::new(),
        waivers_total: 0,
        images: Vec::new(),
        more_images: 0,
    }
}

/// Standings as a view shows them.
pub(super) const fn tally(standings: &Standings) -> Tally {
    Tally {
        fail: standings.decision(Decision::Fail),
        error: standings.decision(Decision::Error),
        warn: standings.decision(Decision::Warn),
        waived: standings.decision(Decision::Waived),
        pass: standings.decision(Decision::Pass),
    }
}

/// Every scan, those that are not compliant first.
fn image_rows(
    facts: &SnapshotFacts,
    known: &ComplianceFacts,
    plan: &Plan,
    pen: &Pen,
) -> (Vec<ImageCompliance>, u64) {
    let most = usize::try_from(plan.most).unwrap_or(usize::MAX);
    let most = if plan.is_short() { IMAGES_IN_SHORT } else { most };
    let mut order: Vec<_> = facts.scans.iter().zip(&known.scans).collect();
    order.sort_by_key(|(scan, standings)| {
        let worst = Decision::ALL.map(|decision| Reverse(standings.decision(decision)));
        (
            standings.is_compliant(),
            standings.verdicts() == 0,
            worst,
            scan.scan.image.as_str(),
            scan.scan.id.as_str(),
        )
    });
    let more = order.len().saturating_sub(most) as u64;
    let row = |(it, standings): (&export_core::ports::ScanTotals, &Standings)| ImageCompliance {
        name: pen.copy_or(&it.scan.image, NAME, "unnamed image"),
        digest: it.scan.image_digest.as_deref().map(format::short_digest),
        tally: tally(standings),
        state: state(standings).to_owned(),
    };
    (order.into_iter().take(most).map(row).collect(), more)
}

fn state(standings: &Standings) -> &'static str {
    match standings.verdicts() {
        0 => "not evaluated",
        _ if standings.is_compliant() => "compliant",
        _ => "not compliant",
    }
}
