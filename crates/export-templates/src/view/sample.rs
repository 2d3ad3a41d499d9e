//! An invented report in which every section has something to say.

mod sections;

use export_render_kit::charts::{self, Bar, Mark, SeverityCounts};

use export_render_kit::brand::Accent;

use super::{
    Change, Chart, Cover, Fact, Figure, FindingRow, FirstThing, Glance, ImageDetail, Link, LogoImage, Method,
    NotOpenGroup, NotOpenRow, OtherGroup, OtherRow, PackageBlock, PolicyRow, ReportView, ScopeImage, Source,
    Step, Trend, Verdict, VexStatus, Warning,
};

/// A circle, a diamond and a triangle, 48 by 16 pixels.
const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADAAAAAQCAMAAABncAyDAAAABlBMVEX///8Pdm6N8QZsAAAAW0lEQVR42o2SSxIAIA\
     hC5f6XbtFMH1DRHZNPqIwYFn61q24gDQhBePAhE2r4SECIzPBIQAiN2AMaMbO/LS4iAzbiwMEAUfaTX/lKzQB/yclP\
     1wPzXUoi99tKwAI1ZAGrAhOzPwAAAABJRU5ErkJggg==";

const API: &str = "registry.example.com/payments/api:2026.11.3";
const STATIC: &str = "registry.example.com/base/static:12";

impl ReportView {
    /// An invented report in which every section has something to say and every value that can be absent is there
    /// at least once: what a preview of a template shows, and what a template is tried with.
    #[must_use]
    pub fn sample() -> Self {
        let image = image();
        let with_fix = SeverityCounts { critical: 1, ..SeverityCounts::default() };
        Self {
            kind: "scan_report".to_owned(),
            accent: Accent::default(),
            cover: cover(),
            glance: glance(&image.counts),
            changes: Some(sections::changes()),
            first_things: first_things(),
            charts: pictures(&image, &with_fix),
            policies: vec![policy("no-critical-with-fix", 1, 8), policy("base-image-age", 0, 9)],
            history: Some(sections::history(&image.counts)),
            compliance: Some(sections::compliance()),
            remediation: Some(sections::remediation()),
            vulnerabilities: Some(sections::vulnerabilities()),
            unlisted: Some("14 findings of low severity have no row here; findings.csv lists them.".to_owned()),
            images: vec![image, clean()],
            more_images: 2,
            other_findings: vec![other()],
            not_open: not_open(),
            warnings: vec![Warning {
                code: Some("epss_missing".to_owned()),
                text: "EPSS was known for 2 of 3 findings. The other is ordered by its CVSS score alone. Update \
                       the scanner's database and scan again."
                    .to_owned(),
                place: Some("scans/payments-api/trivy.json#/Results/0".to_owned()),
            }],
            evidence: Some(sections::evidence()),
            method: method(),
        }
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn fact(label: &str, value: &str) -> Fact {
    Fact { label: label.to_owned(), value: value.to_owned() }
}

fn link(id: &str) -> Option<Link> {
    Link::parse(&format!("https://nvd.nist.gov/vuln/detail/{id}"))
}

fn cover() -> Cover {
    let scope = |name: &str, digest: &str| ScopeImage { name: name.to_owned(), digest: some(digest) };
    Cover {
        title: "Container compliance report".to_owned(),
        tenant: "Aurora Savings Bank".to_owned(),
        logo: LogoImage::try_from(LOGO.to_owned()).ok(),
        images: vec![scope(API, "9b2d6f1c04aa"), scope(STATIC, "41c7e0d95b3f")],
        period: some("2026-11-01 00:00 UTC to 2026-11-23 14:05 UTC"),
        policy_sets: vec!["baseline".to_owned(), "pci-dss".to_owned()],
        generated_at: "2026-11-23 14:05 UTC".to_owned(),
        classification: some("Confidential"),
        snapshot: "9f86d081884c".to_owned(),
        custom: vec![fact("Change request", "CHG-20417")],
    }
}

fn glance(counts: &SeverityCounts) -> Glance {
    let figure = |label: &str, mark, value: &str, note: Option<&str>, change: Option<(&str, Trend)>| Figure {
        label: label.to_owned(),
        mark,
        value: value.to_owned(),
        note: note.map(str::to_owned),
        change: change.map(|(text, trend)| Change { text: text.to_owned(), trend }),
    };
    Glance {
        figures: vec![
            figure("Findings", None, "3", None, Some(("+1", Trend::Worse))),
            figure("Critical", Some(Mark::Critical), "1", None, Some(("no change", Trend::Same))),
            figure("High", Some(Mark::High), "1", None, Some(("\u{2212}2", Trend::Better))),
            figure("With a fix", None, "1", Some("33\u{A0}% of findings"), None),
            figure("Known exploited", None, "1", None, None),
            figure("Policy", None, "Fail", Some("1 of 2 policies passes"), None),
        ],
        baseline: some("Changes are since the scan of 2026-10-23 14:05 UTC."),
        sentence: "1 of 2 images holds a known-exploited finding; it has a fix.".to_owned(),
        distribution: charts::severity_distribution(counts).map(Into::into),
    }
}

fn first_things() -> Vec<FirstThing> {
    vec![FirstThing {
        mark: Mark::Critical,
        id: "CVE-2026-1234".to_owned(),
        link: link("CVE-2026-1234"),
        title: "Out-of-bounds read in certificate name constraint checking".to_owned(),
        place: format!("openssl 3.0.11 in {API}"),
        reasons: vec!["Known exploited".to_owned(), "EPSS 94\u{A0}%".to_owned(), "CVSS 9.8".to_owned()],
        action: "Upgrade openssl to 3.0.15".to_owned(),
    }]
}

fn pictures(image: &ImageDetail, with_fix: &SeverityCounts) -> Vec<Chart> {
    let bars = [Bar { name: image.name.clone(), counts: image.counts }];
    let by_image = charts::severity_by_image(&bars).map(|svg| Chart {
        title: "Open findings by image".to_owned(),
        caption: some("Worst first: by critical findings, then high, then medium."),
        picture: svg.into(),
    });
    let share = charts::share_with_fix(with_fix, &image.counts).map(|svg| Chart {
        title: "Open findings with a fix".to_owned(),
        caption: None,
        picture: svg.into(),
    });
    by_image.into_iter().chain(share).collect()
}

fn policy(name: &str, fail: u64, pass: u64) -> PolicyRow {
    let set = "baseline".to_owned();
    PolicyRow { set, policy: name.to_owned(), fail, error: 0, warn: 1, waived: 1, pass }
}

fn image() -> ImageDetail {
    let findings = [
        finding(
            Mark::Critical,
            "CVE-2026-1234",
            "Out-of-bounds read in certificate name constraint checking",
        ),
        finding(Mark::High, "CVE-2026-2345", "Excessive CPU use when parsing crafted input"),
        finding(Mark::Low, "CVE-2025-3456", "Timing of a comparison tells a prefix"),
    ];
    let mut counts = SeverityCounts::default();
    findings.iter().for_each(|finding| counts.add(finding.mark));
    let package = PackageBlock {
        name: "openssl".to_owned(),
        kind: some("deb"),
        location: some("usr/lib/x86_64-linux-gnu/libssl.so.3"),
        installed: "3.0.11".to_owned(),
        fixed: some("3.0.15"),
        open: 3,
        ended: 1,
        mark: Mark::Critical,
        known_exploited: true,
        continued: false,
        findings: findings.into(),
    };
    ImageDetail {
        name: API.to_owned(),
        digest: some("9b2d6f1c04aa"),
        scan: some("scanned 2026-11-23 13:58 UTC with trivy 0.68.1"),
        counts,
        tables: ImageDetail::tables_of(vec![package]),
    }
}

fn clean() -> ImageDetail {
    let (counts, tables) = (SeverityCounts::default(), Vec::new());
    ImageDetail { name: STATIC.to_owned(), digest: some("41c7e0d95b3f"), scan: None, counts, tables }
}

fn finding(mark: Mark, id: &str, title: &str) -> FindingRow {
    let worst = mark == Mark::Critical;
    FindingRow {
        mark,
        id: id.to_owned(),
        link: link(id),
        score: some(if worst { "9.8" } else { "5.1" }),
        epss: worst.then(|| "94\u{A0}%".to_owned()),
        known_exploited: worst,
        fixed: worst.then(|| "3.0.15".to_owned()),
        unfixed: "no fix".to_owned(),
        vex: Some(VexStatus::Affected),
        verdict: Some(if worst { Verdict::Fail } else { Verdict::Pass }),
        title: some(title),
        description: some(
            "A program that reads what an attacker crafted may end, or disclose what lies in its memory.",
        ),
    }
}

fn other() -> OtherGroup {
    OtherGroup {
        title: "Misconfigurations".to_owned(),
        total: 1,
        rows: vec![OtherRow {
            mark: Mark::High,
            id: "DS-0002".to_owned(),
            link: Link::parse("https://avd.aquasec.com/misconfig/ds-0002"),
            title: "The image runs as root".to_owned(),
            message: some("Name a user other than root, and build the image again."),
            place: format!("{API}, Dockerfile:14"),
            verdict: Some(Verdict::Warn),
        }],
    }
}

fn not_open() -> Vec<NotOpenGroup> {
    let row = |id: &str, who: Option<&str>, until: Option<&str>| NotOpenRow {
        mark: Mark::High,
        id: id.to_owned(),
        link: link(id),
        place: format!("zlib1g 1.2.13 in {API}"),
        who: who.map(str::to_owned),
        why: some("The code in question is not built into the package."),
        when: some("2026-11-12"),
        until: until.map(str::to_owned),
    };
    let group = |title: &str, meaning: &str, who: Option<&str>, row: NotOpenRow| NotOpenGroup {
        title: title.to_owned(),
        meaning: meaning.to_owned(),
        who: who.map(str::to_owned),
        total: 1,
        rows: vec![row],
    };
    vec![
        group(
            "Not affected",
            "A VEX statement says that the product is not affected.",
            Some("vex@aurora.example"),
            row("CVE-2023-45853", None, None),
        ),
        group(
            "Waived",
            "Someone accepted the risk until a day.",
            None,
            row("CVE-2024-21626", Some("R. Okafor"), Some("2026-12-31")),
        ),
    ]
}

fn method() -> Method {
    Method {
        taken_at: "2026-11-23 14:00 UTC".to_owned(),
        sources: vec![Source {
            name: "Trivy 0.68.1".to_owned(),
            query: "scans/payments-api/trivy.json".to_owned(),
            records: 418,
            digest: some("60303ae22b99"),
            whole_digest: some("sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
        }],
        more_sources: 1,
        request: vec![fact("Type and format", "vulnerability_report, pdf")],
        decided: vec!["A finding is one vulnerability in one package of one image.".to_owned()],
        verify: vec![Step {
            text: "Check this file's SHA-256 against manifest.json.".to_owned(),
            command: some("sha256sum report.pdf"),
        }],
        generator: "Export Center".to_owned(),
        template: "preview (000000000000)".to_owned(),
    }
}
