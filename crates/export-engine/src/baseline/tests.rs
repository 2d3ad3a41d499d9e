use super::*;

fn scan(id: &str, image: &str, at: Option<i64>) -> ScanRef {
    ScanRef {
        id: id.parse().unwrap(),
        image: image.to_owned(),
        image_digest: None,
        created_at: at.map(Timestamp::from_millis),
        tool: "trivy 0.67.0".to_owned(),
    }
}

fn names(scans: &[&str]) -> Vec<ScanId> {
    scans.iter().map(|id| id.parse().unwrap()).collect()
}

#[test]
fn the_scan_before_is_the_newest_earlier_one_of_the_repository() {
    let now = scan("now", "r:5000/app:1.3", Some(50));
    let other_tool = ScanRef { tool: "grype 0.80.0".to_owned(), ..scan("grype", "r:5000/app:1.2", Some(49)) };
    let all = [
        scan("same-time", "r:5000/app:1.2", Some(50)),
        scan("later", "r:5000/app:1.3", Some(51)),
        other_tool,
        ScanRef { tool: "Trivy 0.60.0".to_owned(), ..scan("newest", "r:5000/app:1.2", Some(40)) },
        scan("older", "r:5000/app:1.1", Some(30)),
        scan("other-image", "r:5000/apple:1.2", Some(45)),
        scan("undated", "r:5000/app:1.2", None),
        now.clone(),
    ];
    let one = std::slice::from_ref(&now);
    assert_eq!(before(one, &all), Ok(Baseline::Scan("newest".parse().unwrap())));
    let undated = [scan("undated", "r:5000/app:1.2", None)];
    assert_eq!(before(&undated, &all).unwrap_err().baseline, names(&["undated"]));
    assert_eq!(before(one, &all[7..]).unwrap_err().baseline, names(&["now"]), "itself is not before it");
    assert_eq!(before(&[], &all), Ok(Baseline::Before(vec![])), "an empty scope is a result");
}

#[test]
fn tags_that_are_scanned_in_turns_have_each_their_own_scan_before() {
    let all = [
        scan("bookworm-1", "debian:12", Some(10)),
        scan("bullseye-1", "debian:11", Some(20)),
        scan("bookworm-2", "debian:12", Some(30)),
        scan("bullseye-2", "debian:11", Some(40)),
    ];
    assert_eq!(before(&all[3..], &all), Ok(Baseline::Scan("bullseye-1".parse().unwrap())));
    assert_eq!(before(&all[2..], &all), Ok(Baseline::Before(names(&["bookworm-1", "bullseye-1"]))));
}

#[test]
fn scans_of_the_scope_are_not_before_it_and_each_is_named_once() {
    let all = [
        scan("a-1", "a:1", Some(10)),
        scan("a-2", "a:2", Some(20)),
        scan("a-3", "a:3", Some(30)),
        scan("b-1", "b:1", Some(30)),
    ];
    assert_eq!(
        before(&all[1..], &all),
        Ok(Baseline::Before(names(&["a-1"]))),
        "both have the same before them"
    );
    assert_eq!(before(&all, &all).unwrap_err().baseline, names(&["a-1", "a-2", "a-3", "b-1"]));
    let unnamed = [scan("x-2", "", Some(20)), scan("x-1", "", Some(10))];
    assert!(before(&unnamed[..1], &unnamed).is_err(), "two images without a name are not the same one");
}
