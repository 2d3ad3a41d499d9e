//! The sections that only some types of report have, in `rows` rows, with `text` where a text may be anything.

use export_render_kit::charts::{Mark, SeverityCounts, Svg, qr_code};
use export_templates::view::{
    AffectedComponent, BrokenRule, Change, ChangePart, ChangeRow, Changes, Chart, Compliance, Count,
    Evidence, History, ImageCompliance, ImageRow, PolicySet, Remaining, Remediation, RuleRow, Said, ScanRow,
    Tally, Trend, Upgrade, Verdict, VerdictRow, Vulnerabilities, VulnerabilityRow, WaiverRow,
};

use super::parts::link;

/// Vulnerabilities over all images.
pub(super) fn vulnerabilities(rows: u64, text: &str) -> Vulnerabilities {
    let component = |name: &str, fixed: Option<&str>| AffectedComponent {
        name: name.to_owned(),
        installed: Some("3.0.11-1~deb12u2".to_owned()),
        fixed: fixed.map(str::to_owned),
        unfixed: "will not be fixed".to_owned(),
        images: 2,
    };
    let row = |n: u64| VulnerabilityRow {
        mark: Mark::ALL[(n % 5) as usize],
        id: format!("CVE-2026-{}", 10_000 + n),
        aliases: vec!["GHSA-jfh8-c2jp-5v3q".to_owned()],
        link: link("CVE-2026-1"),
        title: Some(text.to_owned()),
        description: Some(format!("{text} {text}")),
        score: Some("9.8".to_owned()),
        epss: n.is_multiple_of(2).then(|| "94\u{A0}%".to_owned()),
        known_exploited: n.is_multiple_of(3),
        published: Some("2026-10-11".to_owned()),
        findings: 6,
        open: 3,
        statuses: vec![count("open", 3), count("not affected", 2), count("waived", 1)],
        images: vec!["payments-api:4.18.2".to_owned(), "web:1".to_owned()],
        more_images: n % 4,
        components: vec![component("openssl", Some("3.0.15-1~deb12u1")), component(text, None)],
        more_components: n % 2,
        verdict: Some(Verdict::Fail),
    };
    Vulnerabilities { total: rows, rows: (0..rows).map(row).collect() }
}

fn count(what: &str, count: u64) -> Count {
    Count { what: what.to_owned(), count }
}

const COUNTS: SeverityCounts = SeverityCounts { critical: 3, high: 21, medium: 104, low: 0, unknown: 1 };

/// Images and scans over time.
pub(super) fn history(rows: u64, text: &str, trend: Option<Svg>) -> History {
    let image = |n: u64| ImageRow {
        name: format!("registry.example.com/{text}:{n}"),
        scanned: Some("2026-11-20".to_owned()),
        scans: 1 + n % 3,
        counts: COUNTS,
        with_fix: 90,
        known_exploited: n % 3,
        change: n.is_multiple_of(2).then(|| Change { text: "\u{2212}4".to_owned(), trend: Trend::Better }),
        verdict: Some(Verdict::Warn),
    };
    History {
        images: rows,
        scans: rows * 2,
        trend: trend.map(|picture| Chart {
            title: "Open findings over time".to_owned(),
            caption: Some("Of each image, what its newest scan by then found.".to_owned()),
            picture: picture.into(),
        }),
        worst: (0..rows.min(15)).map(image).collect(),
        more_images: rows.saturating_sub(15),
        rows: (0..rows * 2).map(|n| scan(n, text)).collect(),
        more_scans: 0,
        sum: Some(ScanRow { image: format!("All {} scans", rows * 2), ..scan(0, text) }),
    }
}

fn scan(n: u64, text: &str) -> ScanRow {
    ScanRow {
        id: format!("payments-api-2026-11-{n}"),
        image: format!("registry.example.com/{text}:{n}"),
        digest: Some(format!("sha256:{}", "9f86d081".repeat(8))),
        scanned: Some("2026-11-20 05:00 UTC".to_owned()),
        tool: Some("trivy 0.68.1".to_owned()),
        findings: 140,
        counts: COUNTS,
        with_fix: 90,
        known_exploited: 2,
    }
}

/// Rules, what breaks them, and waivers.
pub(super) fn compliance(rows: u64, text: &str) -> Compliance {
    let tally = Tally { fail: rows, error: 1, warn: 4, waived: 2, pass: 31 };
    let rule = |n: u64| RuleRow {
        policy: format!("no-critical-with-fix-{n}"),
        rule: text.to_owned(),
        tally,
        failing_scans: 3,
    };
    let verdict = |n: u64| VerdictRow {
        decision: [Verdict::Fail, Verdict::Error, Verdict::Warn][(n % 3) as usize],
        image: "payments-api:4.18.2".to_owned(),
        id: (!n.is_multiple_of(4)).then(|| format!("CVE-2026-{n}")),
        component: (n % 4 > 1).then(|| "libexpat1 2.5.0-1".to_owned()),
        reason: text.to_owned(),
        note: n.is_multiple_of(5).then(|| "The waiver by R. Okafor ran out on 2026-10-01".to_owned()),
    };
    let waiver = |n: u64| WaiverRow {
        ended: n == 0,
        rule: "known-exploited / fix-within-14-days".to_owned(),
        image: "web:1".to_owned(),
        id: Some(format!("CVE-2026-{n}")),
        component: Some("nghttp2-libs 1.53.0-r0".to_owned()),
        who: n.is_multiple_of(2).then(|| "r.okafor@aurora.example".to_owned()),
        why: Some(text.to_owned()),
        until: if n == 0 { "no end".to_owned() } else { "2026-12-31".to_owned() },
    };
    let image = |n: u64| ImageCompliance {
        name: format!("registry.example.com/{text}:{n}"),
        digest: Some("9f86d081884c".to_owned()),
        tally,
        state: ["not compliant", "compliant", "not evaluated"][(n % 3) as usize].to_owned(),
    };
    let broken = BrokenRule {
        set: "baseline".to_owned(),
        policy: "no-critical-with-fix".to_owned(),
        rule: text.to_owned(),
        tally,
        failing_scans: 3,
        total: rows + 2,
        rows: (0..rows).map(verdict).collect(),
    };
    Compliance {
        share: "87\u{A0}%".to_owned(),
        allowing: 37,
        verdicts: 42,
        compliant: 1,
        evaluated: rows,
        unevaluated: 1,
        sets: vec![PolicySet {
            name: "baseline".to_owned(),
            tally,
            share: "87\u{A0}%".to_owned(),
            rules: (0..rows.min(30)).map(rule).collect(),
        }],
        broken: if rows > 0 { vec![broken] } else { Vec::new() },
        waivers: (0..rows).map(waiver).collect(),
        waivers_total: rows,
        images: (0..rows).map(image).collect(),
        more_images: 0,
    }
}

/// Upgrades over all images.
pub(super) fn remediation(rows: u64, text: &str) -> Remediation {
    let upgrade = |n: u64| Upgrade {
        name: text.to_owned(),
        kind: Some("debian".to_owned()),
        installed: "3.0.11-1~deb12u2".to_owned(),
        fixed: "3.0.15-1~deb12u1".to_owned(),
        mark: Mark::High,
        known_exploited: n == 0,
        open: 14,
        ends: 12,
        ids: vec![("CVE-2026-1".to_owned(), link("CVE-2026-1")), ("CVE-2026-2".to_owned(), None)],
        more_ids: true,
        images: vec!["payments-api:4.18.2".to_owned()],
        more_images: 2,
    };
    Remediation {
        sentence: "48 upgrades end 512 of 640 open findings in packages (80 %).".to_owned(),
        upgrades: (0..rows).map(upgrade).collect(),
        more: 3,
        remaining: vec![Remaining {
            what: "No fix".to_owned(),
            findings: 12,
            action: "No fix yet: limit its reach, or replace the package".to_owned(),
        }],
    }
}

/// A comparison with an earlier scan.
pub(super) fn changes(rows: u64, text: &str) -> Changes {
    let row = |n: u64| ChangeRow {
        mark: Mark::Critical,
        id: format!("CVE-2026-{n}"),
        link: None,
        title: Some(text.to_owned()),
        place: "openssl 3.0.11 in payments-api:4.18.2".to_owned(),
        state: "open, known exploited".to_owned(),
    };
    let part = |title: &str, total| ChangePart {
        title: title.to_owned(),
        total,
        rows: (0..rows).map(row).collect(),
    };
    let figures = ["Introduced", "Fixed", "Changed severity", "Changed VEX or status", "Unchanged"];
    Changes {
        since: "Compared with the scan payments-api-2026-10-21 of payments-api:4.17.0.".to_owned(),
        note: None,
        figures: figures
            .into_iter()
            .zip([rows + 7, rows, 0, 0, 120])
            .map(|(name, n)| (name.to_owned(), n))
            .collect(),
        parts: vec![part("Introduced", rows + 7), part("Fixed", rows)],
    }
}

/// Where a report comes from.
pub(super) fn evidence(rows: u64, text: &str) -> Evidence {
    let digest = format!("sha256:{}", "9f86d081".repeat(8));
    Evidence {
        export: "exp-06fj3k2m8w7v9x0y1z2a3b4c5d".to_owned(),
        tenant: text.to_owned(),
        asked_at: "2026-11-23 14:05 UTC".to_owned(),
        code: qr_code(&digest, "QR code of the snapshot's digest").map(Into::into),
        snapshot: digest.clone(),
        template: digest,
        scans: (0..rows).map(|n| scan(n, text)).collect(),
        more_scans: 0,
        statements: vec![Said {
            author: text.to_owned(),
            document: "https://vex.aurora.example/payments".to_owned(),
            what: "not affected 3, fixed 1".to_owned(),
            newest: Some("2026-11-19".to_owned()),
        }],
        more_statements: 0,
        policies: vec![("baseline".to_owned(), Tally::default())],
        seal: None,
    }
}
