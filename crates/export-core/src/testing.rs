//! Small findings for this crate's own tests.

use crate::finding::{
    Component, Epss, Finding, Fix, FixState, KnownExploited, Probability, Severity, Subject, VexAssertion,
    VexStatus, Vulnerability,
};

pub(crate) fn finding(seed: u32, severity: Severity) -> Finding<'static> {
    Finding {
        id: format!("fnd-{seed:026}").into(),
        scan_id: "scan".into(),
        image: "registry.example/app:1".into(),
        target: "app".into(),
        severity,
        severity_source: None,
        title: format!("finding {seed}").into(),
        description: "".into(),
        subject: Subject::Vulnerability(Vulnerability {
            id: format!("CVE-2024-{seed:04}").into(),
            ..Vulnerability::default()
        }),
        component: Some(Component {
            name: "openssl".into(),
            version: "3.0.11".into(),
            ..Component::default()
        }),
        locations: vec![],
        fix: Fix { state: FixState::Fixed, versions: "3.0.15".into() },
        primary_url: None,
        references: vec![],
        published: None,
        modified: None,
        suppression: None,
    }
}

pub(crate) fn set_exploitability(finding: &mut Finding<'_>, epss: f64, known: bool) {
    if let Subject::Vulnerability(vulnerability) = &mut finding.subject {
        vulnerability.epss = Probability::new(epss).map(|probability| Epss { probability, percentile: None });
        vulnerability.known_exploited = known.then(KnownExploited::default);
    }
}

pub(crate) fn assertion(status: VexStatus) -> VexAssertion<'static> {
    VexAssertion {
        status,
        justification: None,
        impact: None,
        action: None,
        author: "us".into(),
        timestamp: None,
        document: "doc".into(),
    }
}
