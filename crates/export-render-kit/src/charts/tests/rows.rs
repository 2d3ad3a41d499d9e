//! Packages, ages, policies, compliance.

use export_core::time::Timestamp;

use super::*;

fn package(name: &str, findings: u64, images: u64) -> PackageBar {
    PackageBar { name: name.to_owned(), counts: counts(0, 0, findings, 0, 0), images }
}

fn set(name: &str, by_decision: [u64; 5]) -> PolicyBar {
    PolicyBar { name: name.to_owned(), by_decision }
}

fn at(svg: &Svg, text: &str) -> usize {
    svg.as_str().find(&format!(">{text}<")).unwrap_or_else(|| panic!("{text} in {svg}"))
}

#[test]
fn packages_are_ordered_by_findings_and_say_in_how_many_images() {
    let svg =
        top_packages(&[package("zlib", 2, 1), package("openssl", 40, 12), package("none", 0, 3)]).unwrap();
    assert!(at(&svg, "openssl") < at(&svg, "zlib"));
    assert!(at(&svg, "in 12 images") < at(&svg, "in 1 image"));
    assert!(!svg.as_str().contains(">none<"), "{svg}");
    assert!(svg.as_str().contains("openssl in 12 images: 40 medium; zlib in 1 image: 2 medium."), "{svg}");
}

#[test]
fn at_most_ten_packages_have_a_bar_unless_the_rest_is_one() {
    let packages = |most: u64| (0..most).map(|n| package(&format!("p{n:02}"), n + 1, 1)).collect::<Vec<_>>();
    let eleven = top_packages(&packages(11)).unwrap();
    assert!(at(&eleven, "p00") > at(&eleven, "p10") && !eleven.as_str().contains("other"));
    let twelve = top_packages(&packages(12)).unwrap();
    assert!(at(&twelve, "2 other packages") > at(&twelve, "p02"));
    assert!(!twelve.as_str().contains(">p01<"));
    assert_eq!(twelve.as_str().matches("in 1 image<").count(), 10, "images of the rest can't be summed");
}

#[test]
fn values_without_room_are_left_out_whole_and_the_worst_stay() {
    let bar = Bar { name: "x".to_owned(), counts: counts(1 << 40, 111_111, 222_222, 333_333, 444_444) };
    let svg = severity_by_image(&[bar]).unwrap();
    let shown = svg.as_str().replace('\u{A0}', " ");
    assert!(shown.contains(">H 111 k · M 222 k · …<"), "{svg}");
    assert!(svg.as_str().contains("111111 high, 222222 medium, 333333 low, 444444 unknown"), "{svg}");
}

#[test]
fn an_age_is_counted_in_whole_days() {
    let day = |days: i64| Timestamp::from_millis(days * 86_400_000);
    let age = |days: i64| Age::at(day(1_000), Some(day(1_000 - days)));
    let cases = [
        (-5, Age::Week),
        (0, Age::Week),
        (7, Age::Week),
        (8, Age::Month),
        (30, Age::Month),
        (31, Age::Quarter),
        (90, Age::Quarter),
        (91, Age::HalfYear),
        (180, Age::HalfYear),
        (181, Age::Year),
        (365, Age::Year),
        (366, Age::Older),
    ];
    for (days, expected) in cases {
        assert_eq!(age(days), expected, "{days} days");
    }
    assert_eq!(Age::at(day(0), None), Age::Unknown);
    let (least, most) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    assert_eq!((Age::at(most, Some(least)), Age::at(least, Some(most))), (Age::Older, Age::Week));
}

#[test]
fn every_age_has_its_row_and_unknown_only_if_there_is_any() {
    let mut ages = AgeCounts::default();
    ages.add(Age::Quarter, Mark::High);
    let svg = age(&ages).unwrap();
    for known in &Age::ALL[..6] {
        at(&svg, known.words());
    }
    assert!(!svg.as_str().contains(">unknown<"));
    assert!(svg.as_str().contains("8 to 30 days: none; 31 to 90 days: 1 high;"), "{svg}");
    ages.add(Age::Unknown, Mark::Low);
    assert!(at(&age(&ages).unwrap(), "unknown") > 0);
}

#[test]
fn ages_that_nobody_knows_are_no_picture() {
    let mut ages = AgeCounts::default();
    assert_eq!(age(&ages), None);
    ages.add(Age::Unknown, Mark::Critical);
    assert_eq!(age(&ages), None);
}

#[test]
fn a_policy_set_says_each_decision_in_words_wherever_there_is_room() {
    let svg = policy_result(&[set("pci", [40, 1, 1, 1, 57])], &Accent::default()).unwrap();
    for value in ["fail 40", "error 1 · warn 1 · waived 1", "pass 57", "57\u{A0}% pass"] {
        at(&svg, value);
    }
    assert!(svg.as_str().contains("pci: 40 fail, 1 error, 1 warn, 1 waived, 57 pass of 100."), "{svg}");
}

#[test]
fn decisions_are_told_apart_without_colour() {
    let drawn = |at: usize| {
        let mut by_decision = [0; 5];
        by_decision[at] = 1;
        let svg = policy_result(&[set("x", by_decision)], &Accent::default()).unwrap().to_string();
        (svg.contains("stroke-width=\"1.3\""), svg.contains("stroke-width=\"0.7\""))
    };
    assert_eq!([0, 2, 4].map(drawn), [(false, false); 3], "filled");
    assert_eq!((drawn(1), drawn(3)), ((true, false), (false, true)), "close and wide lines");
}

#[test]
fn good_news_have_the_tenants_colour() {
    let own = Accent::parse("#4C1D95").unwrap();
    let svg = policy_result(&[set("x", [1, 0, 0, 0, 1])], &own).unwrap();
    assert!(svg.as_str().contains("#4C1D95") && !svg.as_str().contains(tokens::ACCENT), "{svg}");
    assert!(compliance_share(1, 2, "images", &own).unwrap().as_str().contains("#4C1D95"));
}

#[test]
fn sets_come_worst_first_and_the_tail_is_summed() {
    let sets: Vec<PolicyBar> = (0..12).map(|n| set(&format!("set-{n:02}"), [n, 0, 0, 0, 1])).collect();
    let svg = policy_result(&sets, &Accent::default()).unwrap();
    assert!(at(&svg, "set-11") < at(&svg, "set-05") && at(&svg, "set-05") < at(&svg, "5 other sets"));
    assert!(svg.as_str().contains("5 other sets: 10 fail, 5 pass of 15."), "{svg}");
    assert_eq!(policy_result(&[set("empty", [0; 5])], &Accent::default()), None);
}

#[test]
fn compliance_is_never_rounded_to_all_and_says_its_denominator() {
    let svg = compliance_share(99_999, 100_000, "verdicts", &Accent::default()).unwrap();
    for text in ["99\u{A0}%", "99,999 of 100,000 verdicts comply", "1 left"] {
        at(&svg, text);
    }
    let full = |svg: &Svg| svg.as_str().contains("width=\"568\" height=\"12\" fill=\"#0F766E\"");
    assert!(!full(&svg), "what is missing is seen: {svg}");
    assert!(full(&compliance_share(5, 3, "verdicts", &Accent::default()).unwrap()));
    assert_eq!(compliance_share(0, 0, "verdicts", &Accent::default()), None);
    let none = compliance_share(0, 3, "<b>", &Accent::default()).unwrap();
    assert!(!none.as_str().contains(tokens::ACCENT) && !none.as_str().contains("<b>"), "{none}");
}
