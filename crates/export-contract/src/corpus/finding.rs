//! Findings of every kind, with everything that a scanner, a policy engine or a VEX author may say.

use export_core::finding::{
    CodeWeakness, Component, CvssVersion, Decision, Epss, Finding, Fix, FixState, Intelligence,
    KnownExploited, Licence, Location, Misconfiguration, Probability, Product, Rating, Score, Secret,
    Severity, Subject, Suppression, Verdict, VerdictSubject, VexAssertion, VexStatement, VexStatus,
    Vulnerability, Waiver, finding_id,
};
use export_core::record::FindingRecord;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;

use super::{AT, Draw};

/// Finding number `seed` of `scan`: its kind and details vary with the seed; its id, and its rule with its component,
/// are its own, so that joins are unambiguous.
#[must_use]
pub fn finding(scan: &ScanRef, seed: u64) -> Finding<'static> {
    let mut draw = Draw::new(seed);
    let subject = subject(&mut draw, seed);
    let component = matches!(subject, Subject::Vulnerability(_) | Subject::Licence(_))
        .then(|| component(&mut draw, seed));
    let target = (*draw.pick(&["debian 12.8", "package-lock.json", "app/Dockerfile"])).to_owned();
    let mut finding = Finding {
        id: "".into(),
        scan_id: scan.id.to_string().into(),
        image: scan.image.clone().into(),
        target: target.into(),
        severity: *draw.pick(&Severity::ALL),
        severity_source: draw.once_in(2).then(|| "nvd".into()),
        title: format!("finding {seed}").into(),
        description: "Some *text* about it.\n\nAnd a second paragraph.".into(),
        subject,
        component,
        locations: vec![location(&mut draw)],
        fix: fix(&mut draw),
        primary_url: Some(format!("https://advisories.example/{seed}").into()),
        references: vec!["https://example.org/a".into(), "https://example.org/b".into()],
        published: Some(AT),
        modified: draw.once_in(2).then_some(AT),
        suppression: draw.once_in(20).then(suppression),
    };
    let purl = finding.component.as_ref().and_then(|it| it.purl.as_deref()).unwrap_or_default();
    let place = seed.to_string();
    let id = finding_id(finding.kind(), &finding.image, &finding.target, purl, finding.rule(), &place);
    finding.id = id.into();
    finding
}

/// Record number `seed`: a finding of one of three scans with verdicts and statements.
#[must_use]
pub fn record(seed: u64) -> FindingRecord<'static> {
    let mut draw = Draw::new(!seed);
    let index = u32::try_from(seed % 3).expect("less than three");
    let finding = finding(&super::scan(index), seed);
    let vex = (finding.vulnerability().is_some() && draw.once_in(4)).then(|| assertion(&mut draw));
    let count = draw.below(3);
    let verdicts = (0..count).map(|_| verdict_about(&finding, &mut draw)).collect();
    FindingRecord::join(finding, vex, verdicts, AT)
}

/// The records 0 to before `count`, in the order of a snapshot.
#[must_use]
pub fn records(count: u64) -> Vec<FindingRecord<'static>> {
    let mut records: Vec<_> = (0..count).map(record).collect();
    records.sort_by_cached_key(FindingRecord::order_key);
    records
}

/// A verdict about `finding`.
#[must_use]
pub fn verdict_about(finding: &Finding<'static>, draw: &mut Draw) -> Verdict<'static> {
    let decision = *draw.pick(&Decision::ALL);
    let purl = finding.component.as_ref().and_then(|it| it.purl.clone()).unwrap_or_default();
    Verdict {
        subject: Some(VerdictSubject {
            vulnerability: finding.rule().to_owned().into(),
            purl,
            target: Some(finding.target.clone()),
        }),
        policy_set: (*draw.pick(&["production", "baseline"])).into(),
        policy: "no-criticals".into(),
        rule: format!("rule-{}", draw.below(4)).into(),
        decision,
        reason: "because of its severity".into(),
        evaluated_at: Some(AT),
        waiver: (decision == Decision::Waived).then(|| Waiver {
            by: "ann@example.org".into(),
            reason: "not reachable".into(),
            expires_at: draw.once_in(2).then_some(Timestamp::from_millis(0)),
        }),
    }
}

/// The statement about `finding` that says `assertion`.
#[must_use]
pub fn statement_about(
    finding: &Finding<'static>,
    assertion: VexAssertion<'static>,
) -> VexStatement<'static> {
    let purl = finding.component.as_ref().and_then(|it| it.purl.clone()).unwrap_or_default();
    VexStatement {
        vulnerability: finding.rule().to_owned().into(),
        aliases: vec![],
        products: vec![Product { id: purl, subcomponents: vec![] }],
        assertion,
    }
}

/// What is known about the use of vulnerability number `seed`.
#[must_use]
pub fn intelligence(seed: u64) -> Intelligence<'static> {
    let mut draw = Draw::new(seed);
    Intelligence {
        vulnerability: vulnerability_id(seed).into(),
        epss: Some(epss(&mut draw)),
        known_exploited: draw.once_in(3).then(known_exploited),
    }
}

fn vulnerability_id(seed: u64) -> String {
    format!("CVE-2024-{seed:04}")
}

fn subject(draw: &mut Draw, seed: u64) -> Subject<'static> {
    match draw.below(12) {
        0 => Subject::Misconfiguration(Misconfiguration {
            rule_id: format!("DS{seed:04}").into(),
            aliases: vec!["AVD-DS-0002".into()],
            message: "the image runs as root".into(),
            resolution: "add a USER".into(),
        }),
        1 => Subject::Secret(Secret {
            rule_id: format!("aws-access-key-id-{seed}").into(),
            category: "AWS".into(),
            masked: "key = ****************".into(),
        }),
        2 => Subject::Licence(Licence {
            name: "AGPL-3.0-only".into(),
            category: "restricted".into(),
            confidence: Probability::new(0.98),
        }),
        3 => Subject::Code(CodeWeakness {
            rule_id: format!("js/xss-{seed}").into(),
            cwes: vec!["CWE-79".into()],
            message: "the parameter reaches the page".into(),
            guard: None,
        }),
        _ => Subject::Vulnerability(vulnerability(draw, seed)),
    }
}

fn vulnerability(draw: &mut Draw, seed: u64) -> Vulnerability<'static> {
    Vulnerability {
        id: vulnerability_id(seed).into(),
        aliases: vec![format!("GHSA-{seed:04}-aaaa-bbbb").into()],
        cwes: vec!["CWE-502".into(), "CWE-20".into()],
        ratings: vec![rating(draw, "nvd", CvssVersion::V31), rating(draw, "redhat", CvssVersion::V2)],
        epss: draw.once_in(2).then(|| epss(draw)),
        known_exploited: draw.once_in(10).then(known_exploited),
    }
}

fn rating(draw: &mut Draw, source: &'static str, version: CvssVersion) -> Rating<'static> {
    Rating {
        source: source.into(),
        version,
        score: Score::new(tenth(draw.below(101))),
        vector: (version == CvssVersion::V31).then(|| "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()),
        severity: Some(*draw.pick(&Severity::ALL)),
    }
}

fn tenth(tenths: usize) -> f64 {
    f64::from(u8::try_from(tenths).expect("at most 100")) / 10.0
}

fn epss(draw: &mut Draw) -> Epss {
    let probability = Probability::new(tenth(draw.below(101)) / 10.0).expect("between 0 and 1");
    Epss { probability, percentile: Probability::new(0.5) }
}

fn known_exploited() -> KnownExploited<'static> {
    KnownExploited { added: "2021-12-10".into(), due: Some("2021-12-24".into()), ransomware: true }
}

fn component(draw: &mut Draw, seed: u64) -> Component<'static> {
    let name = *draw.pick(&["openssl", "@babel/traverse", "org.yaml:snakeyaml", "zlib1g"]);
    Component {
        name: name.into(),
        version: format!("3.0.{}-1~deb12u1", seed % 20).into(),
        purl: Some(format!("pkg:generic/component-{seed}@3.0.{}", seed % 20).into()),
        ecosystem: "debian".into(),
    }
}

fn location(draw: &mut Draw) -> Location<'static> {
    let line = u32::try_from(draw.below(500)).expect("less than 500") + 1;
    Location {
        path: "usr/lib/x86_64-linux-gnu/libssl.so.3".into(),
        start_line: Some(line),
        end_line: Some(line + 2),
        layer: draw.once_in(2).then(|| format!("sha256:{:064x}", draw.next()).into()),
    }
}

fn fix(draw: &mut Draw) -> Fix<'static> {
    if draw.once_in(2) {
        Fix { state: FixState::Fixed, versions: "3.0.15-1, 3.2.0-1".into() }
    } else {
        Fix { state: FixState::Affected, versions: "".into() }
    }
}

fn suppression() -> Suppression<'static> {
    Suppression {
        status: "ignored".into(),
        reason: "accepted by the team".into(),
        source: ".trivyignore".into(),
    }
}

fn assertion(draw: &mut Draw) -> VexAssertion<'static> {
    let status = *draw.pick(&VexStatus::ALL);
    let not_affected = status == VexStatus::NotAffected;
    VexAssertion {
        status,
        justification: not_affected.then(|| "vulnerable_code_not_in_execute_path".into()),
        impact: not_affected.then(|| "the function is never called".into()),
        action: (status == VexStatus::Affected).then(|| "upgrade".into()),
        author: "security@example.org".into(),
        timestamp: Some(AT),
        document: "https://example.org/vex/1".into(),
    }
}
