//! Four reports of invented images, shared by the tests and the preview: little, much, none, hostile.

mod parts;
mod sections;

use std::sync::Arc;

use export_render_kit::brand::Logo;
use export_render_kit::charts::{self, Bar, Mark, SeverityCounts};
use export_templates::view::{
    Change, Chart, Cover, Fact, Figure, FirstThing, Glance, ImageDetail, LogoImage, ReportView, ScopeImage,
    Trend, Warning,
};
use export_templates::{Accent, format};
use parts::{image, link, method, not_open, other, policies};

/// Every sample with its name.
pub(crate) fn all() -> [(&'static str, ReportView); 8] {
    [
        ("little", little()),
        ("much", much()),
        ("none", none()),
        ("hostile", hostile()),
        ("every-section", every_section(12, "Out-of-bounds read in certificate checking")),
        ("every-section-none", every_section(0, "")),
        ("every-section-long", every_section(450, "A title of some length that goes on")),
        ("every-section-hostile", every_section(3, &evil())),
    ]
}

/// A report with every section that there is, whatever the type.
pub(crate) fn every_section(rows: u64, text: &str) -> ReportView {
    // Any picture stands where the trend would.
    let counts = SeverityCounts { high: rows, ..SeverityCounts::default() };
    let trend = charts::severity_distribution(&counts);
    ReportView {
        changes: Some(sections::changes(rows.min(20), text)),
        history: Some(sections::history(rows, text, trend)),
        compliance: Some(sections::compliance(rows, text)),
        remediation: Some(sections::remediation(rows, text)),
        vulnerabilities: Some(sections::vulnerabilities(rows, text)),
        evidence: Some(sections::evidence(rows, text)),
        not_open: not_open(),
        ..none()
    }
}

/// Markup, code of the template language, marks of direction, and no end.
fn evil() -> String {
    format!("<script>alert(1)</script><img src=x>{{{{ 7*7 }}}}\u{202E}'\"&amp;{}", "x".repeat(400))
}

/// A circle, a diamond and a triangle, 48 by 16 pixels.
const LOGO: &[u8] = include_bytes!("logo.png");

/// A wide drawing with a gradient, a clip and a text.
const DRAWING: &[u8] = include_bytes!("logo.svg");

/// Two images with a handful of findings.
pub(crate) fn little() -> ReportView {
    let mut view = report(vec![
        image("registry.example.com/payments/api:2026.11.3", 1, 3),
        image("registry.example.com/web:1.8", 2, 1),
    ]);
    view.cover.logo = Some(LogoImage::from(Arc::new(Logo::check(LOGO).expect("it is a logo"))));
    view
}

/// Twelve images, one of them with more findings than a table holds.
pub(crate) fn much() -> ReportView {
    let names =
        ["payments/api", "payments/worker", "ledger/core", "web/storefront", "web/admin", "auth/gateway"];
    let mut images: Vec<ImageDetail> = names
        .into_iter()
        .cycle()
        .take(11)
        .enumerate()
        .map(|(n, name)| image(&format!("registry.example.com/{name}:2026.{n}.1"), n as u64 + 3, 14 - n))
        .collect();
    images[0] = image("registry.example.com/payments/api:2026.11.3", 99, 90);
    images.push(clean("registry.example.com/base/static:12"));
    let mut view = report(images);
    view.accent = Accent::parse("#4C1D95").expect("it can be read on white");
    view.cover.logo = Some(LogoImage::from(Arc::new(Logo::check(DRAWING).expect("it is a logo"))));
    view.other_findings = other();
    view.not_open = not_open();
    view.glance.figures[0].change = Some(Change { text: format::change(10, 24), trend: Trend::Worse });
    view.glance.figures[1].change = Some(Change { text: format::change(10, 7), trend: Trend::Better });
    view.glance.figures[2].change = Some(Change { text: format::change(4, 4), trend: Trend::Same });
    view.glance.sentence =
        "11 of 12 images hold known-exploited findings; 35 of these 48 have a fix.".to_owned();
    view.glance.baseline = Some("Changes are since the scans of 2026-10-23 14:05 UTC.".to_owned());
    view.warnings.push(Warning {
        code: Some("verdicts_missing".to_owned()),
        text: "The policy service did not answer for 2 of 12 images. Their findings are listed without a verdict, \
               and the policy result leaves them out. Run the export again when the service is back."
            .to_owned(),
        place: None,
    });
    view
}

/// One image with more than 5,000 findings.
pub(crate) fn long() -> ReportView {
    report(vec![image("registry.example.com/legacy/monolith:1", 1, 1_300)])
}

/// An image without any finding.
pub(crate) fn none() -> ReportView {
    let mut view = report(vec![clean("registry.example.com/base/static:12")]);
    view.images.clear();
    view.glance.sentence = "Nothing was found in the one image that was looked at.".to_owned();
    view
}

/// Text that tries to be markup, never ends, turns direction, or is in every script.
pub(crate) fn hostile() -> ReportView {
    let script = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}\"'&amp;";
    let endless = "x".repeat(700);
    let mut evil = image(&format!("registry.example.com/{endless}/{script}:1"), 5, 2);
    let package = &mut evil.tables[0].packages[0];
    package.name = format!("{script}-{endless}");
    package.location = Some("usr/lib/node_modules/".repeat(30));
    package.fixed = Some(endless.clone());
    let finding = &mut package.findings[0];
    finding.id = format!("CVE-{endless}");
    finding.title = Some(format!("</td></table></body>{script}"));
    finding.description =
        Some(format!("漢字かな交じり文 العربية עברית ไทย हिन्दी 🦀👩‍🚀 \u{202E}turned {endless}"));
    finding.fixed = Some("1:2.36-9+deb12u7~really2.35.1-4ubuntu0.20.04.99-security-backport".to_owned());
    let mut view = report(vec![evil]);
    view.cover.title = format!("{script} {}", "A title that goes on and on ".repeat(12));
    view.cover.tenant = format!("</title></style>{script}{}", "長い名前".repeat(60));
    view.cover.classification = Some("TOP-SECRET//".repeat(20));
    view.cover.policy_sets = vec![endless.clone(), script.to_owned()];
    view.glance.figures[0].value = "18,446,744,073,709,551,615".to_owned();
    view.glance.sentence = format!("{script} {endless}");
    view.warnings[0].text = format!("{script} {endless}");
    view.first_things[0].title = format!("{script} {}", "漢".repeat(400));
    view.first_things[0].place = endless.clone();
    view.first_things[0].reasons = vec![endless.clone(); 3];
    view.first_things[0].action = format!("Upgrade {script}");
    view.not_open = not_open();
    view.not_open[0].rows[0].why = Some(format!("{script} {endless}"));
    view.other_findings = other();
    view.other_findings[0].rows[0].place = format!("{}:{script}", "a/very/deep/folder/".repeat(40));
    view
}

fn clean(name: &str) -> ImageDetail {
    ImageDetail { tables: Vec::new(), counts: SeverityCounts::default(), ..image(name, 1, 0) }
}

/// A report that counts what its images hold.
fn report(images: Vec<ImageDetail>) -> ReportView {
    let counts = images.iter().fold(SeverityCounts::default(), |sum, image| sum.plus(&image.counts));
    let packages = || images.iter().flat_map(|image| &image.tables).flat_map(|table| &table.packages);
    let mut with_fix = SeverityCounts::default();
    for finding in packages().flat_map(|p| &p.findings).filter(|f| f.fixed.is_some()) {
        with_fix.add(finding.mark);
    }
    let exploited = packages().flat_map(|p| &p.findings).filter(|f| f.known_exploited).count() as u64;
    let bars: Vec<Bar> = images.iter().map(|i| Bar { name: i.name.clone(), counts: i.counts }).collect();
    ReportView {
        kind: "scan_report".to_owned(),
        accent: Accent::default(),
        cover: cover(&images),
        glance: glance(&counts, with_fix.total(), exploited),
        first_things: first_things(&images),
        charts: pictures(&bars, &with_fix, &counts),
        policies: policies(),
        changes: None,
        history: None,
        compliance: None,
        remediation: None,
        vulnerabilities: None,
        evidence: None,
        unlisted: None,
        images,
        more_images: 0,
        other_findings: Vec::new(),
        not_open: Vec::new(),
        warnings: vec![Warning {
            code: Some("epss_missing".to_owned()),
            text: "EPSS was known for 9 of 10 findings. The others are ordered by their CVSS score alone. \
                   Update the scanner's database and scan again."
                .to_owned(),
            place: Some("_intelligence/epss_scores.csv#/1".to_owned()),
        }],
        method: method(),
    }
}

fn cover(images: &[ImageDetail]) -> Cover {
    let scope = |image: &ImageDetail| ScopeImage { name: image.name.clone(), digest: image.digest.clone() };
    Cover {
        title: "Container compliance report".to_owned(),
        tenant: "Aurora Savings Bank".to_owned(),
        logo: None,
        images: images.iter().map(scope).collect(),
        period: Some("2026-11-01 00:00 UTC to 2026-11-23 14:05 UTC".to_owned()),
        policy_sets: vec!["baseline".to_owned(), "pci-dss".to_owned()],
        generated_at: "2026-11-23 14:05 UTC".to_owned(),
        classification: Some("Confidential".to_owned()),
        snapshot: "9f86d081884c".to_owned(),
        custom: vec![Fact { label: "Change request".to_owned(), value: "CHG-20417".to_owned() }],
    }
}

fn glance(counts: &SeverityCounts, with_fix: u64, exploited: u64) -> Glance {
    let figure = |label: &str, value: String| Figure {
        label: label.to_owned(),
        mark: Mark::from_word(label),
        value,
        note: None,
        change: None,
    };
    let number = |label: &str, count: u64| figure(label, format::count(count));
    let share = format!("{} of findings", format::share(with_fix, counts.total()));
    let open = counts.total() > 0;
    let policy = if open { ("Fail", "1 of 2 sets passes") } else { ("Pass", "2 of 2 sets pass") };
    Glance {
        figures: vec![
            number("Findings", counts.total()),
            number("Critical", counts.critical),
            number("High", counts.high),
            Figure { note: open.then_some(share), ..number("With a fix", with_fix) },
            number("Known exploited", exploited),
            Figure { note: Some(policy.1.to_owned()), ..figure("Policy", policy.0.to_owned()) },
        ],
        sentence: "1 of 2 images holds known-exploited findings; all of them have a fix.".to_owned(),
        baseline: None,
        distribution: charts::severity_distribution(counts).map(Into::into),
    }
}

fn first_things(images: &[ImageDetail]) -> Vec<FirstThing> {
    let mut rows = Vec::new();
    for image in images {
        for package in image.tables.iter().flat_map(|table| &table.packages) {
            for finding in package.findings.iter().filter(|finding| finding.mark <= Mark::High) {
                let known = finding.known_exploited.then(|| "Known exploited".to_owned());
                let epss = finding.epss.as_ref().map(|epss| format!("EPSS {epss}"));
                let score = finding.score.as_ref().map(|score| format!("CVSS {score}"));
                rows.push(FirstThing {
                    mark: finding.mark,
                    id: finding.id.clone(),
                    link: link(&finding.id),
                    title: finding.title.clone().unwrap_or_default(),
                    place: format!("{} {} in {}", package.name, package.installed, image.name),
                    reasons: known.into_iter().chain(epss).chain(score).collect(),
                    action: finding
                        .fixed
                        .as_ref()
                        .map_or("No fix yet: limit its reach, or waive it".to_owned(), |fixed| {
                            format!("Upgrade {} to {fixed}", package.name)
                        }),
                });
            }
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.reasons.len()));
    rows.truncate(10);
    rows
}

fn pictures(bars: &[Bar], with_fix: &SeverityCounts, counts: &SeverityCounts) -> Vec<Chart> {
    let by_image = charts::severity_by_image(bars).map(|svg| Chart {
        title: "Open findings by image".to_owned(),
        caption: Some("Worst first: by critical findings, then high, then medium.".to_owned()),
        picture: svg.into(),
    });
    let share = charts::share_with_fix(with_fix, counts).map(|svg| Chart {
        title: "Open findings with a fix".to_owned(),
        caption: None,
        picture: svg.into(),
    });
    by_image.into_iter().chain(share).collect()
}
