//! What kind of thing a check found.

use export_core::finding::{
    CvssVersion, FindingKind, Licence, Misconfiguration, Secret, Severity, Subject, Vulnerability,
};

use super::check::Check;
use crate::kit::{own, rating, some};

/// The kind: of packages a vulnerability or a licence, of secrets a secret, else a misconfiguration.
pub(super) fn kind_of(check_type: &str, check: &Check<'_>) -> FindingKind {
    let package = &check.package;
    if check_type == "secrets" || check.id.starts_with("CKV_SECRET_") {
        FindingKind::Secret
    } else if !package.licence.is_empty() {
        FindingKind::Licence
    } else if !package.id.is_empty() || check.id.starts_with("CKV_CVE_") {
        FindingKind::Vulnerability
    } else {
        FindingKind::Misconfiguration
    }
}

/// What only that kind has.
pub(super) fn subject(kind: FindingKind, check: &mut Check<'_>) -> Subject<'static> {
    let rule_id = own(check.id.clone());
    match kind {
        FindingKind::Secret => {
            Subject::Secret(Secret { rule_id, category: own(check.name.clone()), masked: "".into() })
        }
        FindingKind::Licence => Subject::Licence(Licence {
            name: own(check.package.licence.clone()),
            category: own(check.package.status.clone()),
            confidence: None,
        }),
        FindingKind::Vulnerability => Subject::Vulnerability(vulnerability(check)),
        FindingKind::Misconfiguration | FindingKind::Code => Subject::Misconfiguration(Misconfiguration {
            rule_id,
            aliases: some(check.bc_id.clone()).into_iter().collect(),
            message: check.message(),
            resolution: "".into(),
        }),
    }
}

fn vulnerability(check: &mut Check<'_>) -> Vulnerability<'static> {
    let package = &check.package;
    // `CKV_CVE_2020_28168` is Checkov's name of a CVE.
    let id = match &*package.id {
        "" => check.id.trim_start_matches("CKV_").replace('_', "-").into(),
        _ => own(package.id.clone()),
    };
    let vector = some(package.vector.clone());
    let is_rated = vector.is_some() || package.score.0.is_some();
    let rating = is_rated
        .then(|| rating("checkov".into(), CvssVersion::V31, vector, package.score.0, None::<Severity>).0);
    Vulnerability { id, ratings: rating.into_iter().collect(), ..Vulnerability::default() }
}
