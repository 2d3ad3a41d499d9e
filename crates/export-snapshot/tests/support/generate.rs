//! Findings as scanners write them, as many as wanted, the same every time. Shared by the heap test and the benchmark.

use export_core::finding::FindingKind;
use export_core::finding::{
    Component, CvssVersion, Decision, Epss, Finding, Fix, FixState, Intelligence, Location, Probability,
    Product, Rating, Score, Severity, Subject, Verdict, VerdictSubject, VexAssertion, VexStatement,
    VexStatus, Vulnerability, finding_id,
};
use export_core::scan::ScanRef;
use export_core::text::Text;
use export_core::time::Timestamp;

/// Findings of one scan.
const SCAN_SIZE: u64 = 20_000;
/// Different vulnerabilities.
pub(crate) const VULNERABILITIES: u64 = 40_000;
const WORDS: &[&str] = &[
    "allows",
    "attacker",
    "buffer",
    "crafted",
    "denial",
    "execute",
    "file",
    "heap",
    "input",
    "library",
    "memory",
    "overflow",
    "packet",
    "parser",
    "remote",
    "request",
    "server",
    "service",
    "through",
    "validation",
    "via",
    "when",
];

/// A repeatable stream of numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.roll(from.len() as u64)).expect("an index")]
    }

    fn text(&mut self, words: u64) -> String {
        (0..words).map(|_| *self.pick(WORDS)).collect::<Vec<_>>().join(" ")
    }
}

/// The number of scans that `findings` findings lie in.
pub(crate) fn scans(findings: u64) -> impl Iterator<Item = ScanRef> {
    (0..findings.div_ceil(SCAN_SIZE)).map(|number| ScanRef {
        id: scan_id(number).parse().expect("a scan id"),
        image: format!("registry.example/team/service-{number}:1.4.2"),
        image_digest: Some(format!("sha256:{number:064x}")),
        created_at: None,
        tool: "trivy 0.67.0".into(),
    })
}

fn scan_id(number: u64) -> String {
    format!("service-{number}")
}

/// What is known of the use of the first vulnerabilities.
pub(crate) fn intelligence(vulnerabilities: u64) -> impl Iterator<Item = Intelligence<'static>> {
    (0..vulnerabilities).map(|number| {
        let mut dice = Dice(number);
        let probability = Probability::new(0.00001 * dice.roll(10_000) as f64).expect("below one");
        Intelligence {
            vulnerability: vulnerability_id(number).into(),
            epss: Some(Epss { probability, percentile: Probability::new(0.5) }),
            known_exploited: None,
        }
    })
}

fn vulnerability_id(number: u64) -> String {
    format!("CVE-{}-{:05}", 2010 + number % 16, number)
}

/// One finding, and what others say about it.
pub(crate) struct Generated {
    pub(crate) scan: String,
    pub(crate) finding: Finding<'static>,
    /// About every fourth finding.
    pub(crate) statement: Option<VexStatement<'static>>,
    /// About two of five findings.
    pub(crate) verdict: Option<Verdict<'static>>,
}

/// The finding with this number.
pub(crate) fn generate(number: u64) -> Generated {
    let mut dice = Dice(number.wrapping_mul(0x0123_4567_89AB_CDEF));
    let scan = number / SCAN_SIZE;
    let vulnerability = vulnerability_id(dice.roll(VULNERABILITIES));
    let name = format!("lib{}{}", dice.pick(WORDS), dice.roll(100));
    let version = format!("{}.{}.{}-{}", dice.roll(9), dice.roll(30), dice.roll(40), number);
    let purl = format!("pkg:deb/debian/{name}@{version}?arch=amd64&distro=debian-12.7");
    let finding = finding(&mut dice, scan, &vulnerability, (&name, &version, &purl));
    let at = Timestamp::from_millis(1_704_067_200_000 + i64::try_from(dice.roll(1 << 34)).expect("small"));
    let statement = (dice.roll(4) == 0).then(|| statement(&mut dice, &vulnerability, &purl, at));
    let verdict = (dice.roll(5) < 2).then(|| verdict(&mut dice, &finding, &vulnerability, at));
    Generated { scan: scan_id(scan), finding, statement, verdict }
}

fn finding(
    dice: &mut Dice,
    scan: u64,
    vulnerability: &str,
    (name, version, purl): (&str, &str, &str),
) -> Finding<'static> {
    let image = format!("registry.example/team/service-{scan}:1.4.2");
    let target = format!("{image} (debian 12.7)");
    let severity = *dice.pick(&Severity::ALL);
    let text = |text: &str| Text::from(text.to_owned());
    let words = 30 + dice.roll(100);
    Finding {
        id: finding_id(FindingKind::Vulnerability, &image, &target, purl, vulnerability, "").into(),
        scan_id: scan_id(scan).into(),
        image: image.into(),
        target: target.into(),
        severity,
        severity_source: Some("nvd".into()),
        title: format!("{name}: {}", dice.text(6)).into(),
        description: dice.text(words).into(),
        subject: Subject::Vulnerability(Vulnerability {
            id: text(vulnerability),
            cwes: vec!["CWE-787".into()],
            ratings: vec![rating(dice, "nvd", severity), rating(dice, "redhat", severity)],
            ..Vulnerability::default()
        }),
        component: Some(Component {
            name: text(name),
            version: text(version),
            purl: Some(text(purl)),
            ecosystem: "debian".into(),
        }),
        locations: vec![Location {
            path: "usr/lib/x86_64-linux-gnu".into(),
            layer: Some(format!("sha256:{:064x}", dice.roll(u64::MAX)).into()),
            ..Location::default()
        }],
        fix: Fix { state: FixState::Fixed, versions: format!("{version}+fix1").into() },
        primary_url: Some(format!("https://avd.aquasec.com/nvd/{}", vulnerability.to_lowercase()).into()),
        references: (0..dice.roll(6))
            .map(|at| format!("https://example.org/advisories/{vulnerability}/{at}").into())
            .collect(),
        published: Some(Timestamp::from_millis(1_700_000_000_000)),
        modified: Some(Timestamp::from_millis(1_702_592_000_000)),
        suppression: None,
    }
}

fn rating(dice: &mut Dice, source: &'static str, severity: Severity) -> Rating<'static> {
    Rating {
        source: source.into(),
        version: CvssVersion::V31,
        score: Score::new(dice.roll(101) as f64 / 10.0),
        vector: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()),
        severity: Some(severity),
    }
}

fn statement(dice: &mut Dice, vulnerability: &str, purl: &str, at: Timestamp) -> VexStatement<'static> {
    VexStatement {
        vulnerability: vulnerability.to_owned().into(),
        aliases: vec![],
        products: vec![Product { id: purl.to_owned().into(), subcomponents: vec![] }],
        assertion: VexAssertion {
            status: *dice.pick(&VexStatus::ALL),
            justification: Some("vulnerable_code_not_in_execute_path".into()),
            impact: Some(dice.text(8).into()),
            action: None,
            author: "Example Security <psirt@example.com>".into(),
            timestamp: Some(at),
            document: "https://example.com/vex/2024-1".into(),
        },
    }
}

fn verdict(dice: &mut Dice, finding: &Finding<'_>, vulnerability: &str, at: Timestamp) -> Verdict<'static> {
    Verdict {
        subject: Some(VerdictSubject {
            vulnerability: vulnerability.to_owned().into(),
            purl: finding
                .component
                .as_ref()
                .and_then(|it| it.purl.as_ref())
                .map(Text::to_owned_text)
                .unwrap_or_default(),
            target: Some(finding.target.to_owned_text()),
        }),
        policy_set: "default".into(),
        policy: dice.pick(&["no-critical-with-fix", "max-high-10", "kev-must-fix-14d"]).to_string().into(),
        rule: "threshold".into(),
        decision: *dice.pick(&Decision::ALL),
        reason: dice.text(4).into(),
        evaluated_at: Some(at),
        waiver: None,
    }
}
