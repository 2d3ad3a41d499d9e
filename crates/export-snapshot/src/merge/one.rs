//! Two tellings of one finding become one.
//!
//! | what | which |
//! |---|---|
//! | id, texts, component, fix | of the first document that tells it; what it leaves empty, of the next |
//! | severity | the worst that is known, with its source; all ratings are kept |
//! | aliases, CWEs, ratings, locations, references | all, each once |
//! | suppression | only if every document suppresses it |
//! | published, modified | the earliest and the latest |

use export_core::finding::{Finding, FixState, Severity, Subject, Vulnerability};
use export_core::text::Text;

/// Adds what `other` tells to `one`.
pub(super) fn add<'a>(one: &mut Finding<'a>, other: Finding<'a>) {
    let is_worse = other.severity != Severity::Unknown
        && (one.severity == Severity::Unknown || other.severity < one.severity);
    if is_worse {
        (one.severity, one.severity_source) = (other.severity, other.severity_source);
    }
    fill(&mut one.title, other.title);
    fill(&mut one.description, other.description);
    fill(&mut one.target, other.target);
    if one.primary_url.is_none() {
        one.primary_url = other.primary_url;
    }
    if one.fix.versions.is_empty() && !other.fix.versions.is_empty() || one.fix.state == FixState::Unknown {
        one.fix = other.fix;
    }
    union(&mut one.locations, other.locations);
    union(&mut one.references, other.references);
    one.published = earliest(one.published, other.published);
    one.modified = one.modified.max(other.modified);
    if other.suppression.is_none() {
        one.suppression = None;
    }
    match (&mut one.component, other.component) {
        (Some(component), Some(other)) => {
            fill(&mut component.version, other.version);
            fill(&mut component.ecosystem, other.ecosystem);
            if component.purl.is_none() {
                component.purl = other.purl;
            }
        }
        (component @ None, other) => *component = other,
        (Some(_), None) => {}
    }
    if let (Subject::Vulnerability(one), Subject::Vulnerability(other)) = (&mut one.subject, other.subject) {
        add_vulnerability(one, other);
    }
}

fn add_vulnerability<'a>(one: &mut Vulnerability<'a>, other: Vulnerability<'a>) {
    let Vulnerability { id, aliases, cwes, ratings, epss, known_exploited } = other;
    let led = one.id.clone();
    let names = std::iter::once(id).chain(aliases).filter(|name| !name.is_empty() && *name != led);
    union(&mut one.aliases, names.collect());
    union(&mut one.cwes, cwes);
    union(&mut one.ratings, ratings);
    one.epss = one.epss.or(epss);
    if one.known_exploited.is_none() {
        one.known_exploited = known_exploited;
    }
}

fn fill<'a>(text: &mut Text<'a>, other: Text<'a>) {
    if text.is_empty() {
        *text = other;
    }
}

fn union<T: PartialEq>(all: &mut Vec<T>, others: Vec<T>) {
    for other in others {
        if !all.contains(&other) {
            all.push(other);
        }
    }
}

fn earliest<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
