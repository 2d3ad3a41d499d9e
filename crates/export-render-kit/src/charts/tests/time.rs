//! The trend: what is shown of many points, of few, and of none.

use export_core::time::Timestamp;

use super::*;

const DAY: i64 = 86_400_000;

fn point(day: i64, critical: u64) -> TrendPoint {
    let at = Timestamp::from_millis(1_763_942_400_000 + day * DAY); // 2025-11-24
    TrendPoint { at, counts: counts(critical, 0, 0, 0, 0) }
}

fn drawn(points: &[TrendPoint]) -> Svg {
    trend(points, &Accent::default()).unwrap_or_else(|| panic!("{points:?}"))
}

/// The places of the points of the first line.
fn places(svg: &Svg) -> Vec<f32> {
    let line = svg.as_str().split("fill=\"none\"").next().unwrap().rsplit("d=\"").next().unwrap();
    let starts = line.trim_end_matches(['"', ' ']).split(['M', 'L']).skip(1);
    starts.map(|at| at.split(' ').next().unwrap().parse().unwrap()).collect()
}

#[test]
fn less_than_two_times_or_nothing_open_is_no_picture() {
    let accent = Accent::default();
    assert_eq!(trend(&[], &accent), None);
    assert_eq!(trend(&[point(0, 3)], &accent), None);
    assert_eq!(trend(&[point(0, 3), point(0, 4)], &accent), None, "one time");
    assert_eq!(trend(&[point(0, 0), point(1, 0)], &accent), None);
}

#[test]
fn first_and_last_values_and_their_difference_are_written() {
    let svg = drawn(&[point(0, 1_200), point(3, 9_000), point(31, 4)]);
    for text in [">1,200<", ">4<", ">\u{2212}1,196<", ">2025-11-24<", ">2025-12-25<", ">9,000<"] {
        assert!(svg.as_str().contains(text), "{text} in {svg}");
    }
    let spoken =
        "Open findings from 2025-11-24 to 2025-12-25: all 1,200 to 4, \u{2212}1,196; critical 1,200 to 4";
    assert!(svg.as_str().contains(spoken), "{svg}");
}

#[test]
fn fewer_findings_have_the_accent_and_more_have_not() {
    let better = drawn(&[point(0, 4), point(1, 3)]);
    let worse = drawn(&[point(0, 3), point(1, 4)]);
    assert!(better.as_str().contains(tokens::ACCENT) && !worse.as_str().contains(tokens::ACCENT));
    assert!(drawn(&[point(0, 3), point(1, 3)]).as_str().contains(">no change<"));
}

#[test]
fn time_is_to_scale_and_order_does_not_matter() {
    let svg = drawn(&[point(0, 1), point(1, 2), point(10, 3)]);
    let places = places(&svg);
    assert_eq!(places.len(), 3);
    assert!((places[1] - places[0] - (places[2] - places[0]) / 10.0).abs() < 0.2, "{places:?}");
    assert_eq!(svg, drawn(&[point(10, 3), point(0, 1), point(1, 2)]));
}

#[test]
fn a_severity_that_never_occurs_has_no_row() {
    let svg = drawn(&[point(0, 1), point(1, 0)]);
    assert!(svg.as_str().contains(">Critical<") && !svg.as_str().contains(">High<"), "{svg}");
}

#[test]
fn of_many_points_the_last_of_each_period_is_shown_and_that_is_said() {
    let points: Vec<TrendPoint> = (0..412).map(|day| point(day, day.unsigned_abs() + 1)).collect();
    let svg = drawn(&points);
    assert_eq!(places(&svg).len(), MAX_POINTS);
    assert!(svg.as_str().contains(">60 of 412 points, the last of each period<"), "{svg}");
    assert!(svg.as_str().contains("all 1 to 412, +411"), "the ends are true: {svg}");
    let few: Vec<TrendPoint> = points[..MAX_POINTS].to_vec();
    assert!(!drawn(&few).as_str().contains("the last of each"));
}

#[test]
fn points_in_a_heap_leave_their_last_one() {
    let mut points: Vec<TrendPoint> = (0..500)
        .map(|n| TrendPoint { at: Timestamp::from_millis(n), counts: counts(7, 0, 0, 0, 0) })
        .collect();
    points.push(TrendPoint { at: Timestamp::from_millis(1_000_000), counts: counts(1, 0, 0, 0, 0) });
    assert_eq!(places(&drawn(&points)).len(), 3, "the first, the last of the heap, the last");
}

#[test]
fn within_a_day_the_axis_has_minutes_and_the_ends_of_time_are_no_trouble() {
    let at = |millis| TrendPoint { at: Timestamp::from_millis(millis), counts: counts(1, 0, 0, 0, 0) };
    assert!(drawn(&[at(0), at(3_600_000)]).as_str().contains(">1970-01-01 01:00 UTC<"));
    assert_eq!(places(&drawn(&[at(i64::MIN), at(0), at(i64::MAX)])).len(), 3);
}

#[test]
fn a_day_sums_the_latest_scan_of_each_image_by_then() {
    let scan = |image, day: i64, hour: i64, critical| ScanCounts {
        image,
        at: Timestamp::from_millis(day * DAY + hour * 3_600_000),
        counts: counts(critical, 0, 0, 0, 0),
    };
    let scans = [
        scan("b", 2, 1, 5),
        scan("a", 0, 9, 1),
        scan("a", 0, 12, 2),
        scan("a", 4, 0, 0),
        scan("b", 4, 23, 6),
    ];
    let sums: Vec<(i64, u64)> = sum_by_day(&scans)
        .into_iter()
        .map(|point| (point.at.as_millis() / DAY, point.counts.critical))
        .collect();
    assert_eq!(sums, [(0, 2), (2, 7), (4, 6)], "a counts on the day when only b is scanned");
    assert_eq!(sum_by_day(&[]), []);
}
