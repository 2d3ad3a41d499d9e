//! What holds for every chart and any input.

use export_core::time::Timestamp;
use proptest::prelude::*;

use super::*;

fn any_counts() -> impl Strategy<Value = SeverityCounts> {
    let count = || prop_oneof![Just(0), 0..100_u64, Just(u64::MAX), any::<u64>()];
    (count(), count(), count(), count(), count()).prop_map(|(c, h, m, l, u)| counts(c, h, m, l, u))
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z/]{0,90}", "(<|&|\"|'|/|\u{202E}){0,40}", "[א-ת ]{0,60}", "漢{0,90}"]
}

/// All charts of such data.
fn charts(bars: &[(String, SeverityCounts)], times: &[i64]) -> Vec<Option<Svg>> {
    let first = bars.first().map(|(_, counts)| *counts).unwrap_or_default();
    let images: Vec<Bar> =
        bars.iter().map(|(name, counts)| Bar { name: name.clone(), counts: *counts }).collect();
    let package = |(name, counts): &(String, SeverityCounts)| PackageBar {
        name: name.clone(),
        counts: *counts,
        images: counts.low,
    };
    let packages: Vec<PackageBar> = bars.iter().map(package).collect();
    let set = |(name, counts): &(String, SeverityCounts)| PolicyBar {
        name: name.clone(),
        by_decision: Mark::ALL.map(|mark| counts.get(mark)),
    };
    let sets: Vec<PolicyBar> = bars.iter().map(set).collect();
    let point = |(at, (_, counts)): (&i64, &(String, SeverityCounts))| TrendPoint {
        at: Timestamp::from_millis(*at),
        counts: *counts,
    };
    let points: Vec<TrendPoint> = times.iter().zip(bars.iter().cycle()).map(point).collect();
    let mut ages = AgeCounts::default();
    for at in times {
        ages.add(Age::at(Timestamp::from_millis(0), Some(Timestamp::from_millis(*at))), Mark::High);
    }
    let what = bars.first().map_or("images", |(name, _)| name);
    let accent = Accent::default();
    vec![
        severity_distribution(&first),
        share_with_fix(&bars.last().map(|(_, counts)| *counts).unwrap_or_default(), &first),
        severity_by_image(&images),
        top_packages(&packages),
        policy_result(&sets, &accent),
        compliance_share(first.critical, first.high, what, &accent),
        trend(&points, &accent),
        age(&ages),
    ]
}

/// The values of all attributes of that name.
fn attributes(svg: &str, name: &str) -> Vec<f32> {
    let begins = format!(" {name}=\"");
    svg.split(begins.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

fn check(svg: &str) -> Result<(), TestCaseError> {
    prop_assert!(!svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains("inf "), "{}", svg);
    let elements = ["svg", "title", "rect", "path", "circle", "text", "tspan", "g"];
    for tag in svg.split('<').skip(1) {
        let tag = tag.trim_start_matches('/');
        let name = tag.split([' ', '>', '/']).next().unwrap();
        prop_assert!(elements.contains(&name), "<{name} in {svg}");
    }
    for turned in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{0}', '\u{FFFF}'] {
        prop_assert!(!svg.contains(turned));
    }
    for name in ["x", "y", "width", "height", "cx", "cy"] {
        for value in attributes(svg, name) {
            prop_assert!((0.0..=tokens::PAGE_WIDTH + 0.5).contains(&value), "{name}={value} in {svg}");
        }
    }
    prop_assert!(svg.len() < 200_000, "{}", svg.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_input_gives_a_picture_within_its_frame_or_none(
        bars in prop::collection::vec((name(), any_counts()), 0..14),
        times in prop::collection::vec(prop_oneof![any::<i64>(), 0..9_000_000_000_i64], 0..90),
    ) {
        for svg in charts(&bars, &times).into_iter().flatten() {
            check(svg.as_str())?;
        }
    }
}

#[test]
fn a_name_of_a_megabyte_takes_no_time() {
    let bars =
        vec![("/".repeat(1 << 20), counts(1, 2, 3, 4, 5)), ("a/".repeat(1 << 19), counts(1, 0, 0, 0, 0))];
    let before = std::time::Instant::now();
    let drawn = charts(&bars, &[0, 1]).into_iter().flatten().count();
    assert_eq!(drawn, 8);
    assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let bars: Vec<(String, SeverityCounts)> =
        (0..9).map(|n| (format!("n{n}"), counts(n, 1, 2, 3, 4))).collect();
    let times: Vec<i64> = (0..200).collect();
    assert_eq!(charts(&bars, &times), charts(&bars, &times));
}
