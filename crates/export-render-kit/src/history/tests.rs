use export_core::digest::Digest;

use super::*;

/// A scan of `image` by `tool` at so many hours, with open findings of critical and high severity.
fn scan(id: &str, (image, tool): (&str, &str), hours: Option<i64>, open: (u64, u64)) -> ScanTotals {
    let scan = ScanRef {
        id: id.parse().unwrap(),
        image: image.to_owned(),
        image_digest: None,
        created_at: hours.map(|hours| Timestamp::from_millis(hours * 3_600_000)),
        tool: tool.to_owned(),
    };
    let open_by_severity = [open.0, open.1, 0, 0, 0, 0];
    let totals = Totals { open: open.0 + open.1, open_by_severity, ..Totals::default() };
    ScanTotals { scan, totals }
}

fn facts(scans: Vec<ScanTotals>) -> SnapshotFacts {
    SnapshotFacts {
        taken_at: Timestamp::from_millis(0),
        digest: Digest::of(b""),
        totals: Totals::default(),
        scans,
        policies: vec![],
        unmatched_statements: 0,
        unmatched_verdicts: 0,
        sboms: vec![],
        sources: vec![],
        warnings: vec![],
        baseline: None,
        vulnerabilities: None,
        compliance: None,
        audit: None,
    }
}

fn names<'h>(history: &'h History<'_>) -> Vec<&'h str> {
    history.images.iter().map(|it| it.image).collect()
}

#[test]
fn images_have_their_newest_scan_and_the_change_since_the_one_before() {
    let trivy = |image| (image, "trivy 0.67.0");
    let facts = facts(vec![
        scan("a3", trivy("a:1"), Some(72), (1, 4)),
        scan("b1", trivy("b:1"), Some(50), (2, 0)),
        scan("a2", ("a:1", "trivy 0.66.0"), Some(48), (3, 1)),
        scan("a1", trivy("a:1"), Some(24), (9, 9)),
        scan("c1", trivy("c:1"), Some(1), (1, 4)),
    ]);
    let history = History::of(&facts);
    assert_eq!(names(&history), ["b:1", "a:1", "c:1"], "worst first, then by name");
    let image = &history.images[1];
    assert_eq!((image.scans.as_slice(), image.newest, image.previous), (&[3, 2, 0][..], 0, Some(2)));
    let change = image.change.unwrap();
    assert_eq!(
        (change.open, change.severity(Severity::Critical), change.severity(Severity::High)),
        (1, -2, 3)
    );
    assert_eq!(history.images[0].change, None);
    assert_eq!(history.change(2).unwrap().open, -14);
    assert_eq!(history.previous(2).unwrap().scan.id.as_str(), "a1");
    assert_eq!(history.now(), (12, [4, 8, 0, 0, 0, 0]));
}

#[test]
fn two_tools_are_not_compared_and_one_time_is_not_before_itself() {
    let facts = facts(vec![
        scan("t2", ("a", "trivy 2"), Some(30), (1, 0)),
        scan("t2-again", ("a", "trivy 2"), Some(30), (1, 0)),
        scan("g1", ("a", "grype 1"), Some(20), (7, 0)),
        scan("t1", ("a", "trivy 1"), Some(10), (3, 0)),
        scan("undated", ("a", "trivy 1"), None, (5, 0)),
    ]);
    let history = History::of(&facts);
    assert_eq!(history.images[0].scans, [4, 3, 2, 0, 1]);
    let changes: Vec<_> = (0..5).map(|at| history.change(at).map(|it| it.open)).collect();
    assert_eq!(changes, [Some(-2), Some(-2), None, None, None]);
    assert_eq!(history.undated, 1);
}

#[test]
fn the_trend_counts_the_newest_scan_of_each_image_at_the_end_of_each_day() {
    let facts = facts(vec![
        scan("a3", ("a", "t"), Some(50), (0, 1)),
        scan("a2", ("a", "t"), Some(20), (5, 0)),
        scan("b1", ("b", "t"), Some(30), (1, 1)),
        scan("a1", ("a", "t"), Some(10), (9, 9)),
        scan("c", ("c", "t"), None, (4, 4)),
    ]);
    let history = History::of(&facts);
    assert!(history.by_day);
    let points: Vec<_> = history
        .trend
        .iter()
        .map(|it| (it.at.as_millis() / 3_600_000, it.open, it.severity(Severity::Critical), it.images))
        .collect();
    assert_eq!(points, [(20, 5, 5, 1), (30, 7, 6, 2), (50, 3, 1, 2)]);
}

#[test]
fn times_of_one_day_are_points_of_their_own() {
    let facts = facts(vec![
        scan("a1", ("a", "t"), Some(1), (9, 0)),
        scan("b1", ("b", "t"), Some(1), (1, 0)),
        scan("a2", ("a", "t"), Some(2), (5, 0)),
    ]);
    let history = History::of(&facts);
    assert!(!history.by_day);
    assert_eq!(history.trend.iter().map(|it| it.open).collect::<Vec<_>>(), [10, 6]);
}

#[test]
fn scans_without_a_name_are_images_of_their_own_and_none_are_a_result() {
    let mut with_digest = scan("x", ("", "t"), None, (1, 0));
    with_digest.scan.image_digest = Some("sha256:1".to_owned());
    let facts_of_two = facts(vec![with_digest, scan("y", ("", "t"), None, (2, 0))]);
    assert_eq!(names(&History::of(&facts_of_two)), ["y", "sha256:1"]);
    let none = facts(vec![]);
    let history = History::of(&none);
    assert!(history.images.is_empty() && history.trend.is_empty() && history.now() == (0, [0; 6]));
}
