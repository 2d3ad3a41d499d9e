//! Sections that only some types of report have.

use export_core::time::Timestamp;
use export_render_kit::brand::Accent;
use export_render_kit::charts::{self, Mark, SeverityCounts, TrendPoint};

use super::{API, STATIC, link, some};
use crate::view::{
    AffectedComponent, BrokenRule, Change, ChangePart, ChangeRow, Changes, Chart, Compliance, Count,
    Evidence, History, ImageCompliance, ImageRow, PolicySet, Remaining, Remediation, RuleRow, Said, ScanRow,
    Seal, SealedFile, Tally, Trend, Upgrade, Verdict, VerdictRow, Vulnerabilities, VulnerabilityRow,
    WaiverRow,
};

const DIGEST: &str = "sha256:9b2d6f1c04aa7e5e0c1d3f7a2b8c4d6e9b2d6f1c04aa7e5e0c1d3f7a2b8c4d6e";

pub(super) fn changes() -> Changes {
    let row = |id: &str, state: &str| ChangeRow {
        mark: Mark::High,
        id: id.to_owned(),
        link: link(id),
        title: some("Out-of-bounds read in certificate name constraint checking"),
        place: format!("openssl 3.0.11 in {API}"),
        state: state.to_owned(),
    };
    let part = |title: &str, total, rows| ChangePart { title: title.to_owned(), total, rows };
    let figure = |name: &str, count| (name.to_owned(), count);
    Changes {
        since: "Compared with the scan of 2026-10-23 14:05 UTC.".to_owned(),
        note: some("1 finding changed in both, and counts in both numbers."),
        figures: vec![
            figure("Introduced", 1),
            figure("Fixed", 2),
            figure("Changed severity", 1),
            figure("Changed VEX or status", 1),
            figure("Unchanged", 1),
        ],
        parts: vec![
            part("Introduced", 1, vec![row("CVE-2026-1234", "open, known exploited")]),
            part("Fixed", 2, vec![row("CVE-2025-1000", "was open")]),
            part("Changed severity", 1, vec![row("CVE-2026-3", "medium → high")]),
            part("Changed VEX or status", 1, vec![row("CVE-2026-2", "open → not affected")]),
        ],
    }
}

fn scan(counts: SeverityCounts) -> ScanRow {
    ScanRow {
        id: "payments-api-2026-11-23".to_owned(),
        image: API.to_owned(),
        digest: some(DIGEST),
        scanned: some("2026-11-23 14:05 UTC"),
        tool: some("trivy 0.67.0"),
        findings: 4,
        counts,
        with_fix: 1,
        known_exploited: 1,
    }
}

pub(super) fn history(counts: &SeverityCounts) -> History {
    let image = |name: &str, change: Option<Change>| ImageRow {
        name: name.to_owned(),
        scanned: some("2026-11-23"),
        scans: 2,
        counts: *counts,
        with_fix: 1,
        known_exploited: 1,
        change,
        verdict: Some(Verdict::Fail),
    };
    let better = Change { text: "\u{2212}2".to_owned(), trend: Trend::Better };
    History {
        images: 2,
        scans: 3,
        trend: trend(counts),
        worst: vec![image(API, Some(better)), image(STATIC, None)],
        more_images: 1,
        rows: vec![scan(*counts)],
        more_scans: 2,
        sum: Some(scan(*counts)),
    }
}

fn trend(counts: &SeverityCounts) -> Option<Chart> {
    let day = |day: i64, counts| TrendPoint {
        at: Timestamp::from_millis(1_792_000_000_000 + day * 86_400_000),
        counts,
    };
    let before = SeverityCounts { high: counts.high + 2, ..*counts };
    charts::trend(&[day(0, before), day(12, *counts)], &Accent::default()).map(|picture| Chart {
        title: "Open findings over time".to_owned(),
        caption: some("Of each image, what its newest scan by then found."),
        picture: picture.into(),
    })
}

pub(super) fn compliance() -> Compliance {
    let tally = Tally { fail: 1, error: 1, warn: 1, waived: 1, pass: 8 };
    Compliance {
        share: "83\u{A0}%".to_owned(),
        allowing: 10,
        verdicts: 12,
        compliant: 1,
        evaluated: 2,
        unevaluated: 1,
        sets: vec![PolicySet {
            name: "baseline".to_owned(),
            tally,
            share: "83\u{A0}%".to_owned(),
            rules: vec![RuleRow {
                policy: "no-critical-with-fix".to_owned(),
                rule: "critical-has-no-fix".to_owned(),
                tally,
                failing_scans: 1,
            }],
        }],
        broken: vec![BrokenRule {
            set: "baseline".to_owned(),
            policy: "no-critical-with-fix".to_owned(),
            rule: "critical-has-no-fix".to_owned(),
            tally,
            failing_scans: 1,
            total: 3,
            rows: vec![VerdictRow {
                decision: Verdict::Fail,
                image: API.to_owned(),
                id: some("CVE-2026-1234"),
                component: some("openssl 3.0.11"),
                reason: "critical with a fix for 21 days".to_owned(),
                note: some("The waiver by R. Okafor ran out on 2026-10-01"),
            }],
        }],
        waivers: vec![WaiverRow {
            ended: true,
            rule: "no-critical-with-fix / critical-has-no-fix".to_owned(),
            image: API.to_owned(),
            id: some("CVE-2026-1234"),
            component: some("openssl 3.0.11"),
            who: some("R. Okafor"),
            why: some("The upgrade is in the next release"),
            until: "2026-10-01".to_owned(),
        }],
        waivers_total: 2,
        images: vec![ImageCompliance {
            name: API.to_owned(),
            digest: some("9b2d6f1c04aa"),
            tally,
            state: "not compliant".to_owned(),
        }],
        more_images: 1,
    }
}

pub(super) fn remediation() -> Remediation {
    Remediation {
        sentence: "1 upgrade ends 1 of 3 open findings.".to_owned(),
        upgrades: vec![Upgrade {
            name: "openssl".to_owned(),
            kind: some("deb"),
            installed: "3.0.11".to_owned(),
            fixed: "3.0.15".to_owned(),
            mark: Mark::Critical,
            known_exploited: true,
            open: 2,
            ends: 1,
            ids: vec![("CVE-2026-1234".to_owned(), link("CVE-2026-1234"))],
            more_ids: true,
            images: vec![API.to_owned()],
            more_images: 1,
        }],
        more: 1,
        remaining: vec![Remaining {
            what: "No fix yet".to_owned(),
            findings: 2,
            action: "Limit its reach, or replace the package".to_owned(),
        }],
    }
}

pub(super) fn vulnerabilities() -> Vulnerabilities {
    Vulnerabilities {
        total: 2,
        rows: vec![VulnerabilityRow {
            mark: Mark::Critical,
            id: "CVE-2026-1234".to_owned(),
            aliases: vec!["GHSA-0001-aaaa-bbbb".to_owned()],
            link: link("CVE-2026-1234"),
            title: some("Out-of-bounds read in certificate name constraint checking"),
            description: some("A crafted certificate makes the checker read behind a buffer."),
            score: some("9.8"),
            epss: some("94\u{A0}%"),
            known_exploited: true,
            published: some("2026-02-03"),
            findings: 3,
            open: 2,
            statuses: vec![
                Count { what: "open".to_owned(), count: 2 },
                Count { what: "not affected".to_owned(), count: 1 },
            ],
            images: vec![API.to_owned()],
            more_images: 1,
            components: vec![AffectedComponent {
                name: "openssl".to_owned(),
                installed: some("3.0.11"),
                fixed: some("3.0.15"),
                unfixed: "no fix".to_owned(),
                images: 2,
            }],
            more_components: 1,
            verdict: Some(Verdict::Fail),
        }],
    }
}

pub(super) fn evidence() -> Evidence {
    Evidence {
        export: "exp-01kav3s9q2f8v0000000000000".to_owned(),
        tenant: "aurora".to_owned(),
        asked_at: "2026-11-23 14:05 UTC".to_owned(),
        snapshot: DIGEST.to_owned(),
        code: charts::qr_code(DIGEST, "QR code of the snapshot's digest").map(Into::into),
        template: DIGEST.to_owned(),
        scans: vec![scan(SeverityCounts::default())],
        more_scans: 1,
        statements: vec![Said {
            author: "security@example.com".to_owned(),
            document: "https://example.com/vex/2026-11".to_owned(),
            what: "not affected 1".to_owned(),
            newest: some("2026-11-12"),
        }],
        more_statements: 1,
        policies: vec![("baseline".to_owned(), Tally { pass: 8, fail: 1, ..Tally::default() })],
        seal: Some(Seal {
            bundle: "bnd-01kav3s9q2f8v0000000000000".to_owned(),
            archive: "evidence.zip".to_owned(),
            sealed_at: "2026-11-23 14:06 UTC".to_owned(),
            root: DIGEST.to_owned(),
            code: charts::qr_code(DIGEST, "QR code of the tree's root").map(Into::into),
            entries: 3,
            key: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k".to_owned(),
            signature:
                "JIdzjK2RXz14sQm4BHm/vXCt3BSD3Ecl9ODSGweIfZFYMiw0Rjlfy586NTpICT6ZPf9qbPmD8Ye2oSL0p35GAw=="
                    .to_owned(),
            attestation: DIGEST.to_owned(),
            log: Some("event 41".to_owned()),
            files: vec![SealedFile {
                path: "scans/payments-api.json".to_owned(),
                size: 48_211,
                sha256: "9f86d081".repeat(8),
            }],
            more_files: 2,
        }),
    }
}
