//! The state of compliance in six numbers, a sentence and a bar.

use std::collections::BTreeMap;

use export_core::compliance::{ComplianceFacts, RuleTotals, Standings};
use export_core::finding::Decision;
use export_render_kit::brand::Accent;
use export_render_kit::charts::{PolicyBar, compliance_share};
use export_templates::format;
use export_templates::view::{Compliance, Figure, Glance};

use crate::report::glance::figure;
use crate::report::words::{NAME, Pen, counted};

/// The strip of numbers and the sentence.
pub(in crate::report) fn glance(
    section: &Compliance,
    known: &ComplianceFacts,
    (accent, pen): (&Accent, &Pen),
) -> Glance {
    let total = known.total();
    let of = |decision| total.decision(decision);
    let verdicts = counted(section.verdicts, "verdict", "verdicts");
    let allow = match section.verdicts {
        0 => "no verdicts".to_owned(),
        _ => format!("{} of {verdicts} allow", format::count(section.allowing)),
    };
    let share = Figure { value: section.share.clone(), ..figure("Compliance", 0, Some(allow)) };
    let images = Figure {
        value: match section.evaluated {
            0 => "–".to_owned(),
            all => format!("{} of {}", format::count(section.compliant), format::count(all)),
        },
        ..figure("Images compliant", 0, unevaluated(section.unevaluated))
    };
    let ended = (total.expired_waivers > 0)
        .then(|| format!("{} run out", counted(total.expired_waivers, "waiver has", "waivers have")));
    let waived = match of(Decision::Waived) {
        0 => None,
        _ => Some("accepted for now".to_owned()),
    };
    Glance {
        figures: vec![
            share,
            images,
            figure("Fail", of(Decision::Fail), ended),
            figure("Undecided", of(Decision::Error), None),
            figure("Warn", of(Decision::Warn), None),
            figure("Waived", of(Decision::Waived), waived),
        ],
        baseline: None,
        sentence: sentence(section, known, pen),
        distribution: compliance_share(section.allowing, section.verdicts, "verdicts", accent)
            .map(Into::into),
    }
}

fn unevaluated(count: u64) -> Option<String> {
    (count > 0).then(|| format!("{} not evaluated", format::count(count)))
}

/// `4 of 5 images break a rule. no-critical-with-fix / critical-and-fixed is broken most: 12 verdicts in 3 images.`
fn sentence(section: &Compliance, known: &ComplianceFacts, pen: &Pen) -> String {
    if section.verdicts == 0 {
        return "No rule was asked about anything in this scope: there are no verdicts.".to_owned();
    }
    let broken = section.evaluated - section.compliant;
    if broken == 0 {
        return match section.evaluated {
            1 => "The image keeps every rule that it was asked about.".to_owned(),
            all => format!("All {} images keep every rule that they were asked about.", format::count(all)),
        };
    }
    let first = match section.evaluated {
        1 => "The image breaks a rule.".to_owned(),
        all if all == broken => format!("All {} images break a rule.", format::count(all)),
        all => {
            let verb = if broken == 1 { "breaks" } else { "break" };
            format!("{} of {} images {verb} a rule.", format::count(broken), format::count(all))
        }
    };
    let failing = |rule: &&RuleTotals| !rule.standings.is_compliant();
    let worst = known.rules.iter().filter(failing).max_by_key(|rule| {
        (rule.standings.decision(Decision::Fail), rule.standings.decision(Decision::Error))
    });
    let Some(worst) = worst else { return first };
    let bad = worst.standings.decision(Decision::Fail) + worst.standings.decision(Decision::Error);
    let name = format!("{} / {}", pen.copy(&worst.policy, NAME), pen.copy(&worst.rule, NAME));
    format!(
        "{first} {name} is broken most: {} in {}.",
        counted(bad, "verdict", "verdicts"),
        counted(worst.failing_scans, "image", "images")
    )
}

/// A bar for each policy set.
pub(in crate::report) fn bars(known: &ComplianceFacts) -> Vec<PolicyBar> {
    let mut sets: BTreeMap<&str, Standings> = BTreeMap::new();
    for rule in &known.rules {
        let sum = sets.entry(&rule.policy_set).or_default();
        *sum = sum.plus(&rule.standings);
    }
    let bar =
        |(name, sum): (&str, Standings)| PolicyBar { name: name.to_owned(), by_decision: sum.by_decision };
    sets.into_iter().map(bar).collect()
}
