//! Writes every chart with ordinary and with difficult numbers as an HTML page:
//! `cargo run -p export-render-kit --example charts -- FILE`. Look at it, in colour and in grey, after a change of design.

use std::error::Error;

use export_core::time::Timestamp;
use export_render_kit::brand::Accent;
use export_render_kit::charts::{
    Age, AgeCounts, Bar, Mark, PackageBar, PolicyBar, SeverityCounts, Svg, TrendPoint, age, compliance_share,
    policy_result, severity_by_image, severity_distribution, share_with_fix, top_packages, trend,
};

const DAY: i64 = 86_400_000;
const HOSTILE: [&str; 6] = [
    "registry.example.com/a/very/long/group/of/teams/payments-api@sha256:9f86d081884c7d659a2f",
    "</text><script>alert(1)</script>",
    "شركة/خدمة-الدفع:1.2",
    "שירות תשלומים",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "right\u{202e}to left 👩‍🚀🧪",
];

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("usage: charts FILE")?;
    let mut page = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Charts</title>\
         <style>body{font:12px Inter;margin:24px;width:672px}h2{margin:22px 0 8px}</style>",
    );
    for (name, chart) in overview().into_iter().chain(rows()).chain(trends()) {
        let chart = chart.map_or_else(|| "<p>no picture</p>".to_owned(), |svg| svg.to_string());
        page.push_str(&format!("<h2>{name}</h2>{chart}"));
    }
    Ok(std::fs::write(file, page)?)
}

fn counts(of: [u64; 5]) -> SeverityCounts {
    let [critical, high, medium, low, unknown] = of;
    SeverityCounts { critical, high, medium, low, unknown }
}

fn overview() -> Vec<(&'static str, Option<Svg>)> {
    let accent = Accent::default();
    let (some, all) = (counts([2, 9, 40, 0, 3]), counts([4, 18, 61, 120, 3]));
    let huge = counts([u64::MAX / 2, 1, 12_345_678, 4, u64::MAX / 8]);
    vec![
        ("severity_distribution", severity_distribution(&all)),
        ("severity_distribution, huge", severity_distribution(&huge)),
        ("share_with_fix", share_with_fix(&some, &all)),
        ("share_with_fix, huge", share_with_fix(&huge, &huge)),
        ("compliance_share", compliance_share(1_204, 1_380, "verdicts", &accent)),
        ("compliance_share, all but one", compliance_share(99_999, 100_000, "images", &accent)),
        ("compliance_share, none", compliance_share(0, 3, "images", &accent)),
        ("compliance_share, all, huge", compliance_share(u64::MAX, u64::MAX, "verdicts", &accent)),
    ]
}

fn rows() -> Vec<(&'static str, Option<Svg>)> {
    let sizes =
        [[9, 40, 80, 120, 3], [3, 12, 30, 12, 0], [1, 2, 3, 4, 5], [0, 0, 1, 0, 0], [0, 7, 0, 900, 1]];
    let names = HOSTILE.iter().chain(&["openssl", "libxml2", "glibc", "curl", "log4j-core", "zlib"]);
    let of = |n: usize| counts(sizes[n % sizes.len()]);
    let bars: Vec<Bar> =
        names.clone().enumerate().map(|(n, name)| Bar { name: (*name).to_owned(), counts: of(n) }).collect();
    let package = |(n, name): (usize, &&str)| PackageBar {
        name: (*name).to_owned(),
        counts: of(n),
        images: n as u64 * 700 + 1,
    };
    let packages: Vec<PackageBar> = names.enumerate().map(package).collect();
    let huge = PackageBar {
        name: "huge".to_owned(),
        counts: counts([u64::MAX / 9, 7, 123_456_789, 12_345, 99_999]),
        images: u64::MAX,
    };
    let set = |name: &str, by_decision| PolicyBar { name: name.to_owned(), by_decision };
    let sets = [
        set("baseline", [12, 3, 40, 25, 310]),
        set("pci-dss-4.0", [210, 40, 60, 80, 90]),
        set("licences", [0, 0, 0, 0, 41]),
        set("supply-chain", [1, 1, 1, 1, 99_999]),
        set(HOSTILE[1], [1, 0, 0, 0, 0]),
        set(HOSTILE[2], [u64::MAX / 2, 1, 1, u64::MAX / 2, 0]),
        set("waivers only", [0, 0, 0, 9, 0]),
        set("errors only", [0, 9, 0, 0, 0]),
        set("warnings only", [0, 0, 9, 0, 0]),
    ];
    vec![
        ("severity_by_image", severity_by_image(&bars)),
        ("top_packages", top_packages(&packages)),
        ("top_packages, huge", top_packages(&[huge, packages[0].clone()])),
        ("policy_result", policy_result(&sets, &Accent::default())),
        ("age", age(&ages(3))),
        ("age, none known", age(&ages(0))),
    ]
}

fn ages(factor: usize) -> AgeCounts {
    let mut ages = AgeCounts::default();
    for (at, age) in Age::ALL.into_iter().enumerate() {
        for n in 0..at * factor * 9 % 53 {
            ages.add(age, Mark::ALL[n * n % 5]);
        }
    }
    ages.add(Age::Unknown, Mark::Unknown);
    ages
}

fn trends() -> Vec<(&'static str, Option<Svg>)> {
    let at = |day: f64| Timestamp::from_millis(1_760_000_000_000 + (day * DAY as f64) as i64);
    let point = |day: f64, of| TrendPoint { at: at(day), counts: counts(of) };
    let wave = |n: u64| (20.0 + 15.0 * (n as f64 / 17.0).sin()) as u64;
    let daily: Vec<TrendPoint> =
        (0..412).map(|n| point(n as f64, [n / 150, wave(n), 90 - n / 8, 300 + n, 3])).collect();
    let few = [
        point(0.0, [3, 20, 61, 120, 3]),
        point(3.0, [4, 28, 61, 110, 3]),
        point(31.0, [1, 9, 44, 98, 0]),
        point(33.5, [0, 9, 40, 99, 0]),
    ];
    let hours = [point(0.1, [1, 0, 0, 0, 0]), point(0.2, [0, 0, 0, 0, 0])];
    let huge =
        [point(0.0, [0, 0, 0, 12_345_678, u64::MAX]), point(9.0, [12_345_678_901, 0, 0, 0, u64::MAX / 3])];
    let accent = Accent::default();
    vec![
        ("trend, daily", trend(&daily, &accent)),
        ("trend, four scans", trend(&few, &accent)),
        ("trend, two within a day, to zero", trend(&hours, &accent)),
        ("trend, huge", trend(&huge, &accent)),
        ("trend, one point", trend(&few[..1], &accent)),
    ]
}
