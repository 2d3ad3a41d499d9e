//! Every block on a few pages, to look at: `sample out.pdf [archival]`.

use std::fs;

use chrono::DateTime;
use export_render_kit::charts::{Bar, Mark, SeverityCounts, severity_by_image, severity_distribution};
use export_typeset::{
    Banner, Cell, Change, Column, Error, Fact, Flow, FontBook, Item, Profile, Row, Run, Settings, Tile, write,
};

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 30"><rect width="30" height="30" rx="6" fill="#0F766E"/><text x="38" y="21" font-size="18" font-weight="600" fill="#1F2937">Example</text></svg>"##;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let book = FontBook::system();
    let created = DateTime::from_timestamp(1_795_442_700, 0).unwrap_or_default();
    let mut settings = Settings::new("Vulnerability report", created);
    settings.author = "Example Tenant".to_owned();
    settings.producer = "export-typeset sample".to_owned();
    settings.header_left = "Example Tenant".to_owned();
    settings.header_right = "Vulnerability report".to_owned();
    settings.footer_left = "Internal".to_owned();
    settings.footer_centre = "0123456789ab".to_owned();
    if arguments.iter().any(|it| it == "archival") {
        settings.profile = Profile::Archival;
    }
    let written = write(&book, &settings, report)?;
    let path = arguments.first().map_or("sample.pdf", String::as_str);
    fs::write(path, written.bytes).expect("the file can be written");
    Ok(())
}

fn report(flow: &mut Flow<'_>) -> Result<(), Error> {
    cover(flow)?;
    glance(flow)?;
    first_things(flow)?;
    picture(flow)?;
    detail(flow)?;
    scripts(flow)?;
    method(flow)
}

fn cover(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.image(LOGO.as_bytes(), "Logo of Example Tenant", (60.0, 14.0))?;
    flow.space(2.0)?;
    flow.paragraph(&[Run::new("Example Tenant").semibold().accent()])?;
    flow.heading(1, "Vulnerability report")?;
    let image = |name: &'static str, digest: &'static str| {
        vec![Run::new(name).semibold(), Run::new("  "), Run::new(digest).mono().quiet()]
    };
    let images = vec![
        image("registry.example.com/shop/checkout:2.14.0", "a1b2c3d4e5f6"),
        image("registry.example.com/shop/catalogue-service:1.9.3", "0f1e2d3c4b5a"),
    ];
    flow.facts(&[
        Fact::wide("Images", images),
        Fact::new("Generated", "2026-11-23 14:05 UTC"),
        Fact::new("Classification", "Internal"),
        Fact::new("Snapshot", Run::new("0123456789ab").mono()),
        Fact::new("Policy set", "production-baseline"),
    ])
}

fn glance(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "At a glance")?;
    let tile = |label, mark, value, change, note| Tile { label, mark, value, change, note };
    flow.tiles(&[
        tile("Findings", None, "1,204", Some((Change::Better, "38 fewer")), None),
        tile("Critical", Some(Mark::Critical), "12", Some((Change::Worse, "2 more")), Some("in 3 images")),
        tile("High", Some(Mark::High), "187", Some((Change::Same, "no change")), None),
        tile("With a fix", None, "64 %", None, Some("771 of 1,204")),
        tile("Known exploited", None, "3", None, Some("all have a fix")),
        tile("Policy", None, "fail", None, Some("2 of 7 rules broken")),
    ])?;
    flow.lead(&[Run::new(
        "3 of 41 images hold known-exploited findings; all 3 have a fix. Most critical findings are in openssl.",
    )])?;
    let counts = SeverityCounts { critical: 12, high: 187, medium: 540, low: 400, unknown: 65 };
    if let Some(chart) = severity_distribution(&counts) {
        flow.chart(&chart, "Findings by severity: 12 critical, 187 high, 540 medium, 400 low, 65 unknown")?;
    }
    flow.callout(&[
        Run::new("One thing was not done as asked: see "),
        Run::new("Warnings").link("#warnings"),
        Run::new(" under Method and proof."),
    ])
}

fn first_things(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "First things first")?;
    let mut table = flow.table(&[
        Column::mm("Rank", 7.0).unseen().right(),
        Column::mm("Severity", 8.0).unseen(),
        Column::mm("Finding", 84.0).head(),
        Column::mm("Why it is here", 34.0),
        Column::rest("What ends it"),
    ])?;
    for rank in 1..=6_u32 {
        let id = format!("CVE-2024-{:04}", 1000 + rank * 37);
        let finding = Cell::new(Run::new(id.clone()).mono().link(format!("https://nvd.example.com/{id}")))
            .line(vec![Run::new("Heap overflow when a long host name is resolved through a SOCKS5 proxy")])
            .line(vec![Run::new("curl 7.88.1 in registry.example.com/shop/checkout:2.14.0").quiet()]);
        table.row(&Row::new([
            Cell::new(Run::new(rank.to_string()).quiet()),
            Cell::mark(Mark::ALL[(rank as usize - 1) % 5]),
            finding,
            Cell::new("known exploited").line(vec![Run::new("EPSS 94.2 %")]).line(vec![Run::new("CVSS 9.8")]),
            Cell::new("Upgrade curl to 7.88.1-10+deb12u4"),
        ]))?;
    }
    table.finish()
}

fn picture(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "Picture")?;
    flow.heading(3, "Severity by image")?;
    let bar = |name: &str, critical, high| Bar {
        name: name.to_owned(),
        counts: SeverityCounts { critical, high, medium: 60, low: 31, unknown: 2 },
    };
    let bars = [bar("registry.example.com/shop/checkout:2.14.0", 7, 40), bar("shop/検索サービス:1.0", 1, 22)];
    if let Some(chart) = severity_by_image(&bars) {
        flow.chart(&chart, "Severity by image")?;
    }
    Ok(())
}

fn detail(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "Detail")?;
    let banner = Banner {
        facts: vec![
            Run::new("a1b2c3d4e5f6").mono().quiet(),
            Run::new("  scanned 2026-11-20 08:14 UTC").quiet(),
        ],
        of: "open in packages",
        counts: vec![(Mark::Critical, "7".into()), (Mark::High, "40".into()), (Mark::Low, "31".into())],
        anchor: None,
    };
    flow.banner("registry.example.com/shop/checkout:2.14.0", &banner)?;
    let mut table = flow.table(&[
        Column::mm("Severity", 8.0).unseen(),
        Column::mm("Finding", 36.0).head(),
        Column::mm("Score", 11.0).right(),
        Column::mm("EPSS", 15.0).right(),
        Column::mm("Exploited", 17.0),
        Column::mm("Fixed in", 53.0),
        Column::mm("VEX", 22.0),
        Column::rest("Verdict"),
    ])?;
    for package in 0..9 {
        let line = vec![
            Run::new("openssl").semibold(),
            Run::new(" 3.0.11-1~deb12u2 → 3.0.15-1~deb12u1 ends 4 of 5 findings"),
        ];
        let place = vec![Run::new("/usr/lib/x86_64-linux-gnu/libssl.so.3").mono().quiet().small()];
        table.group(&Cell::runs(line).line(place), "openssl continued")?;
        for index in 0..5_usize {
            let id = if index == 3 {
                "GHSA-xxxx-long-identifier.of:some/scanner@15".to_owned()
            } else {
                format!("CVE-2024-{:05}", 4000 + package * 91 + index * 17)
            };
            let known = index == 0;
            let row = Row::new([
                Cell::mark(Mark::ALL[index % 5]),
                Cell::new(Run::new(id).mono().link("https://nvd.example.com/x")),
                Cell::new(format!("{:.1}", 9.8 - index as f32 * 1.7)),
                Cell::new(format!("{:.1} %", 94.2 / (index + 1) as f32)),
                if known { Cell::new(Run::new("known").semibold().alert()) } else { Cell::new("–") },
                if index == 4 {
                    Cell::new(Run::new("no fix").quiet())
                } else {
                    Cell::new("3.0.15-1~deb12u1")
                },
                Cell::new("under investigation"),
                Cell::new(if index < 2 { Run::new("fail").semibold() } else { Run::new("pass") }),
            ]);
            let words = Cell::new("Possible denial of service in X.509 name checks")
                .line(vec![Run::new("Applications performing certificate name checks may attempt to read an invalid memory address resulting in abnormal termination of the application process.").quiet()])
                .clip(3);
            table.row(&row.under(1, 6, words))?;
        }
    }
    table.finish()
}

fn scripts(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "Scripts")?;
    for text in [
        "Latin with accents: Überlauf, Żółć, naïve, Việt Nam. Greek: Ελληνικά. Cyrillic: Уязвимость.",
        "Arabic: ثغرة في معالجة الشهادات تسمح بتجاوز الحماية 2024 (openssl).",
        "Hebrew: פגיעות באימות אישורים, version 3.0.11 מאפשרת עקיפה.",
        "Devanagari: प्रमाणपत्र सत्यापन में सेवा से इनकार की भेद्यता, क्षत्रिय.",
        "Thai: ช่องโหว่ในการตรวจสอบใบรับรอง. Tamil: சான்றிதழ். Georgian: მოწყვლადობა. Amharic: ተጋላጭነት.",
        "Chinese: 证书验证中的拒绝服务漏洞。 Japanese: 証明書の検証におけるメモリ枯渇の脆弱性。 Korean: 인증서 검증의 취약점.",
        "Emoji: 🔥 ✅ ⚠️ 👩‍💻 🇩🇪 1️⃣ 👍🏽. Signs: → ≥ ≠ ∑ ★ ☂.",
    ] {
        flow.paragraph(&[Run::new(text)])?;
    }
    Ok(())
}

fn method(flow: &mut Flow<'_>) -> Result<(), Error> {
    flow.heading(2, "Method and proof")?;
    flow.anchored(3, "Warnings", Some("warnings"))?;
    flow.callout(&[
        Run::new("Two sources could not be read; their findings are missing. "),
        Run::new("sources/trivy/2026-11-20.json").mono().quiet(),
    ])?;
    flow.heading(3, "What was asked")?;
    flow.pairs(&[
        ("Type", vec![Run::new("detailed")]),
        ("Severities", vec![Run::new("critical, high, medium, low, unknown")]),
    ])?;
    flow.heading(3, "How to verify this report")?;
    flow.list(
        true,
        &[
            Item::new("Take the manifest that came with this file."),
            Item::new("Compare the digests:").code("exportctl verify --manifest manifest.json --key https://export.example.com/.well-known/keys/2026 report.pdf"),
            Item::new("A difference means that the file was changed."),
        ],
    )?;
    flow.list(false, &[Item::new("One bullet"), Item::new("Another")])?;
    flow.together(|flow| {
        flow.heading(3, "As a code")?;
        flow.qr("https://export.example.com/verify/0123456789abcdef", "Code of the address to verify", 26.0)
    })?;
    flow.aside(
        "Made by export-center 0.1.0. Digests are shortened to 12 characters; the manifest has them whole.",
    )
}
