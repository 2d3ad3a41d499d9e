//! The parts that samples are put together from.

use export_render_kit::charts::{Mark, SeverityCounts};
use export_templates::format;
use export_templates::view::{
    Fact, FindingRow, ImageDetail, Link, Method, NotOpenGroup, NotOpenRow, OtherGroup, OtherRow,
    PackageBlock, PolicyRow, Source, Step, Verdict, VexStatus,
};

/// State of a generator of numbers.
struct Seed(u64);

impl Seed {
    /// The next number below `limit`, the same on each run.
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

const PACKAGES: [(&str, &str, Option<&str>); 6] = [
    ("openssl", "3.0.11-1~deb12u2", Some("3.0.15-1~deb12u1")),
    ("libxml2", "2.9.14+dfsg-1.3~deb12u1", None),
    ("curl", "7.88.1-10+deb12u5", Some("7.88.1-10+deb12u14")),
    ("@babel/traverse", "7.22.8", Some("7.23.2")),
    ("org.springframework:spring-webmvc", "6.0.11", Some("6.0.23")),
    ("golang.org/x/net", "v0.17.0", Some("v0.38.0")),
];

const TITLES: [&str; 4] = [
    "Out-of-bounds read in certificate name constraint checking",
    "Cookie injection with none file",
    "Path traversal in functional web frameworks when static resources are served from a file system",
    "Excessive CPU use when parsing crafted input",
];

/// An image with `packages` packages of one to eight findings each.
pub(super) fn image(name: &str, seed: u64, packages: usize) -> ImageDetail {
    let mut seed = Seed(seed);
    let mut blocks: Vec<PackageBlock> = (0..packages).map(|n| block(n, &mut seed)).collect();
    blocks.sort_by_key(|block| (block.mark, !block.known_exploited));
    let mut counts = SeverityCounts::default();
    blocks.iter().flat_map(|block| &block.findings).for_each(|finding| counts.add(finding.mark));
    ImageDetail {
        name: name.to_owned(),
        digest: Some(format!("{:012x}", seed.0 >> 16)),
        scan: Some("scanned 2026-11-23 13:58 UTC with trivy 0.68.1".to_owned()),
        counts,
        tables: ImageDetail::tables_of(blocks),
    }
}

fn block(n: usize, seed: &mut Seed) -> PackageBlock {
    let (name, installed, fixed) = PACKAGES[n % PACKAGES.len()];
    let mut findings: Vec<FindingRow> = (0..=seed.below(7)).map(|_| finding(fixed, seed)).collect();
    findings.sort_by_key(|finding| (finding.mark, !finding.known_exploited));
    let ended = findings.iter().filter(|finding| finding.fixed.is_some()).count() as u64;
    PackageBlock {
        name: name.to_owned(),
        kind: Some("deb".to_owned()),
        location: name.contains('/').then(|| format!("app/node_modules/{name}/package.json")),
        installed: installed.to_owned(),
        fixed: fixed.filter(|_| ended > 0).map(str::to_owned),
        open: findings.len() as u64,
        ended,
        mark: findings.iter().map(|finding| finding.mark).min().unwrap_or(Mark::Unknown),
        known_exploited: findings.iter().any(|finding| finding.known_exploited),
        continued: false,
        findings,
    }
}

fn finding(fixed: Option<&str>, seed: &mut Seed) -> FindingRow {
    let mark = Mark::ALL[[0, 1, 1, 2, 2, 2, 3, 3, 4][seed.below(9) as usize]];
    let id = format!("CVE-{}-{}", 2019 + seed.below(8), 1_000 + seed.below(60_000));
    let score = [9.1, 7.0, 4.0, 0.1, 0.0][mark as usize] + seed.below(8) as f64 / 10.0;
    let vex = [None, None, Some(VexStatus::Affected), Some(VexStatus::UnderInvestigation)];
    FindingRow {
        mark,
        link: link(&id),
        id,
        score: (mark != Mark::Unknown).then(|| format::score(score)),
        epss: (seed.below(10) > 0).then(|| format::percent(seed.below(1_000) as f64 / 9_000.0)),
        known_exploited: mark <= Mark::High && seed.below(5) == 0,
        fixed: fixed.filter(|_| seed.below(6) > 0).map(str::to_owned),
        unfixed: "no fix".to_owned(),
        vex: vex[seed.below(4) as usize],
        verdict: Some(if mark <= Mark::High { Verdict::Fail } else { Verdict::Pass }),
        title: Some(TITLES[seed.below(4) as usize].to_owned()),
        description: (seed.below(3) > 0).then(|| {
            "A flaw was found in the way name constraints are checked. An attacker who can make a program verify a \
             crafted certificate may read memory past the end of a buffer, which can end the program or disclose \
             what lies there. Programs that verify certificates of clients, or of servers that an attacker runs, \
             are affected."
                .to_owned()
        }),
    }
}

/// The public page of a CVE.
pub(super) fn link(id: &str) -> Option<Link> {
    Link::parse(&format!("https://nvd.nist.gov/vuln/detail/{id}"))
}

/// Findings that are not in packages.
pub(super) fn other() -> Vec<OtherGroup> {
    let row = |mark, id: &str, title: &str, place: &str| OtherRow {
        mark,
        id: id.to_owned(),
        link: None,
        title: title.to_owned(),
        message: Some("Say what it must be, and build the image again.".to_owned()),
        place: place.to_owned(),
        verdict: Some(Verdict::Warn),
    };
    vec![
        OtherGroup {
            title: "Misconfigurations".to_owned(),
            total: 2,
            rows: vec![
                row(
                    Mark::High,
                    "DS-0002",
                    "The image runs as root",
                    "registry.example.com/web/admin:2026.4.1, Dockerfile:14",
                ),
                row(
                    Mark::Low,
                    "DS-0026",
                    "No health check is declared",
                    "registry.example.com/web/admin:2026.4.1, Dockerfile",
                ),
            ],
        },
        OtherGroup {
            title: "Secrets".to_owned(),
            total: 1,
            rows: vec![row(
                Mark::Critical,
                "aws-access-key-id",
                "AWS access key",
                "app/config/settings.production.yaml:31",
            )],
        },
    ]
}

/// Findings that someone closed.
pub(super) fn not_open() -> Vec<NotOpenGroup> {
    let row = |mark, id: &str, who: Option<&str>, why: &str, until: Option<&str>| NotOpenRow {
        mark,
        id: id.to_owned(),
        link: link(id),
        place: "zlib1g 1.2.13 in registry.example.com/ledger/core:2026.2.1".to_owned(),
        who: who.map(str::to_owned),
        why: Some(why.to_owned()),
        when: Some("2026-11-02".to_owned()),
        until: until.map(str::to_owned),
    };
    vec![
        NotOpenGroup {
            title: "Not affected".to_owned(),
            meaning: "A VEX statement says that the product is not affected.".to_owned(),
            who: Some("vex@aurora.example".to_owned()),
            total: 1,
            rows: vec![row(
                Mark::Critical,
                "CVE-2023-45853",
                None,
                "Vulnerable code not present: minizip is not built into the package.",
                None,
            )],
        },
        NotOpenGroup {
            title: "Waived".to_owned(),
            meaning: "Someone accepted the risk until a day.".to_owned(),
            who: None,
            total: 1,
            rows: vec![row(
                Mark::High,
                "CVE-2024-21626",
                Some("R. Okafor"),
                "The service is not reachable from outside; replaced in the next release.",
                Some("2026-12-31"),
            )],
        },
    ]
}

/// What two policies decided.
pub(super) fn policies() -> Vec<PolicyRow> {
    let row = |policy: &str, fail, warn, pass| PolicyRow {
        set: "baseline".to_owned(),
        policy: policy.to_owned(),
        fail,
        error: 0,
        warn,
        waived: 1,
        pass,
    };
    vec![row("no-critical-with-fix", 12, 0, 31), row("base-image-age", 0, 2, 9)]
}

/// How the sample was made.
pub(super) fn method() -> Method {
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: value.to_owned() };
    Method {
        taken_at: "2026-11-23 14:00 UTC".to_owned(),
        sources: vec![
            Source {
                name: "Trivy 0.68.1".to_owned(),
                query: "scans/payments-api-2026-11-23/trivy.json".to_owned(),
                records: 12_418,
                digest: Some("60303ae22b99".to_owned()),
                whole_digest: Some(format!("sha256:{}", "60303ae22b99".repeat(6).split_at(64).0)),
            },
            Source {
                name: "OpenVEX".to_owned(),
                query: "scans/payments-api-2026-11-23/payments.openvex.json".to_owned(),
                records: 17,
                digest: Some("fd61a03af4f7".to_owned()),
                whole_digest: Some(format!("sha256:{}", "fd61a03af4f7".repeat(6).split_at(64).0)),
            },
        ],
        more_sources: 0,
        request: vec![
            fact("Type and format", "vulnerability_report, pdf"),
            fact("Images", "registry.example.com/payments/api:2026.11.3"),
            fact("Export", "exp-06fj3k2m8w7v9x0y1z2a3b4c5d"),
        ],
        decided: vec![
            "A finding is one vulnerability in one package of one image. Where tools name it differently, the CVE id is taken and the other names are kept as aliases.".to_owned(),
            "The severity is the one of the distribution's security team where there is one, otherwise that of the newest CVSS score: 4.0, then 3.1, then 3.0.".to_owned(),
        ],
        verify: vec![
            Step {
                text: "Check this file's SHA-256 against manifest.json.".to_owned(),
                command: Some("sha256sum report.pdf".to_owned()),
            },
            Step {
                text: "Check the seal, without a network.".to_owned(),
                command: Some("exportctl verify evidence.zip --keys evidence-keys.json".to_owned()),
            },
        ],
        generator: "Export Center 0.1.0".to_owned(),
        template: "compliance-detailed (4b227777d4dd)".to_owned(),
    }
}
