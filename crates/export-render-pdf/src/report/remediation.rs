//! What to do: the upgrades over all images that end most, and what no upgrade ends.

use std::cmp::Reverse;

use export_core::finding::FixState;
use export_render_kit::charts::Mark;
use export_templates::format;
use export_templates::view::{Remaining, Remediation, Upgrade};

use super::images::Images;
use super::packages::{Package, Packages};
use super::plan::Plan;
use super::remedy;
use super::words::{capitalised, counted, findings};

/// Upgrades of a report for those who decide, and of every other.
const SHORT: usize = 10;
const LONG: usize = 40;
/// Images that an upgrade names.
const NAMED: usize = 3;

/// The upgrades, best first.
pub(super) fn remediation(packages: &Packages, images: &Images<'_>, plan: &Plan) -> Remediation {
    let mut upgrades: Vec<(&Package, String, u64)> = packages
        .iter()
        .filter_map(|it| it.fixes.best(&it.installed).map(|(version, ends)| (it, version, ends)))
        .collect();
    let weight = |(package, _, ends): &(&Package, String, u64)| {
        let held = Mark::ALL.map(|mark| package.counts.get(mark));
        Reverse((package.known_exploited, held[0], held[1], *ends))
    };
    upgrades.sort_by(|a, b| {
        weight(a).cmp(&weight(b)).then_with(|| (&a.0.name, &a.0.installed).cmp(&(&b.0.name, &b.0.installed)))
    });
    let ended: u64 = upgrades.iter().map(|(.., ends)| ends).sum();
    let shown = if plan.is_short() { SHORT } else { LONG };
    let more = upgrades.len().saturating_sub(shown) as u64;
    let first: u64 = upgrades.iter().take(shown).map(|(.., ends)| ends).sum();
    Remediation {
        sentence: sentence(packages.open, (ended, upgrades.len() as u64), (first, shown as u64)),
        upgrades: upgrades.into_iter().take(shown).map(|it| row(it, images)).collect(),
        more,
        remaining: remaining(packages, ended),
    }
}

/// `48 upgrades end 512 of 640 open findings in packages (80 %); the first 10 end 300.`
fn sentence(open: u64, (ended, all): (u64, u64), (first, shown): (u64, u64)) -> String {
    if open == 0 {
        return "No finding in a package is open: there is nothing to upgrade.".to_owned();
    }
    if all == 0 {
        return format!(
            "No upgrade ends any of the {} in packages.",
            counted(open, "open finding", "open findings")
        );
    }
    let upgrades = counted(all, "upgrade ends", "upgrades end");
    let share = format::share(ended, open);
    let of = format!("{} of {} open {} in packages", format::count(ended), format::count(open), noun(open));
    if all > shown {
        let first_end = format!("the first {shown}, which stand here, end {}", format::count(first));
        return format!("{upgrades} {of} ({share}); {first_end}.");
    }
    format!("{upgrades} {of} ({share}).")
}

const fn noun(count: u64) -> &'static str {
    if count == 1 { "finding" } else { "findings" }
}

fn row((package, fixed, ends): (&Package, String, u64), images: &Images<'_>) -> Upgrade {
    // Where there is one image, it goes without saying.
    let several = if images.count() > 1 { NAMED } else { 0 };
    let named = package.images.iter().take(several).map(|image| images.label(*image).to_owned());
    Upgrade {
        name: package.name.clone(),
        kind: package.kind.clone(),
        installed: package.installed.clone(),
        fixed,
        mark: package.mark(),
        known_exploited: package.known_exploited,
        open: package.counts.total(),
        ends,
        ids: package.ids.clone(),
        more_ids: package.more_ids,
        images: named.collect(),
        more_images: package.images.len().saturating_sub(several) as u64,
    }
}

fn remaining(packages: &Packages, ended: u64) -> Vec<Remaining> {
    let by_state = packages.unfixed.iter().map(|(state, count)| (words_of(*state), *count, *state));
    let mut rows: Vec<Remaining> = Vec::new();
    for (what, count, state) in by_state {
        match rows.iter_mut().find(|row| row.what == what) {
            Some(row) => row.findings += count,
            None => {
                rows.push(Remaining { what, findings: count, action: remedy::without_fix(state).to_owned() });
            }
        }
    }
    rows.sort_by_key(|row| Reverse(row.findings));
    let unfixed: u64 = packages.unfixed.values().sum();
    let others = packages.open.saturating_sub(unfixed + ended + packages.unplaced);
    if others > 0 {
        rows.push(Remaining {
            what: "Fixed in another version".to_owned(),
            findings: others,
            action: "Upgrade further than the version here, which ends most".to_owned(),
        });
    }
    if packages.unplaced > 0 {
        rows.push(Remaining {
            what: "Not worked out".to_owned(),
            findings: packages.unplaced,
            action: format!(
                "More packages than this report has room for hold {}",
                findings(packages.unplaced)
            ),
        });
    }
    rows
}

fn words_of(state: FixState) -> String {
    capitalised(remedy::unfixed(state))
}
