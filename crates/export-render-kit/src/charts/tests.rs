//! What must hold for every chart: safe text, true numbers, something to see or nothing at all.

mod all;
mod rows;
mod time;

use super::*;
use crate::brand::Accent;

fn counts(critical: u64, high: u64, medium: u64, low: u64, unknown: u64) -> SeverityCounts {
    SeverityCounts { critical, high, medium, low, unknown }
}

fn bar(name: &str, counts: SeverityCounts) -> Bar {
    Bar { name: name.to_owned(), counts }
}

#[test]
fn nothing_open_is_no_picture() {
    let none = SeverityCounts::default();
    assert_eq!(severity_by_image(&[]), None);
    assert_eq!(severity_by_image(&[bar("clean", none)]), None);
    assert_eq!(severity_distribution(&none), None);
    assert_eq!(share_with_fix(&none, &none), None);
}

#[test]
fn text_from_data_is_escaped() {
    let svg = severity_by_image(&[bar("</text><script>x</script>\"'&\u{7}", counts(1, 0, 0, 0, 0))]).unwrap();
    assert!(!svg.as_str().contains("<script"), "{svg}");
    assert!(svg.as_str().contains("&lt;script&gt;"), "{svg}");
    assert!(svg.as_str().contains("&quot;&#39;&amp;\u{FFFD}"), "{svg}");
}

#[test]
fn every_value_is_written_even_if_its_mark_is_too_small() {
    let svg = severity_by_image(&[bar("app", counts(1, 2, 40_000, 3, 4))]).unwrap();
    for value in [">M 40,000<", ">C 1 · H 2 · L 3 · U 4<", ">40,010<"] {
        assert!(svg.as_str().contains(value), "{value} in {svg}");
    }
}

#[test]
fn a_single_row_fills_the_room_for_bars() {
    let svg = severity_by_image(&[bar("app", counts(0, 5, 0, 0, 0))]).unwrap();
    assert!(svg.as_str().contains(r#"width="307""#), "308 px less the gap: {svg}");
    assert!(svg.as_str().contains(r#"viewBox="0 0 672 25""#), "{svg}");
}

#[test]
fn the_worst_image_comes_first_and_the_tail_is_summed() {
    let mut bars: Vec<Bar> = (0..12).map(|n| bar(&format!("image-{n:02}"), counts(n, 0, 0, 1, 0))).collect();
    bars.push(bar("clean", SeverityCounts::default()));
    let svg = severity_by_image(&bars).unwrap();
    let at =
        |name: &str| svg.as_str().find(&format!(">{name}<")).unwrap_or_else(|| panic!("{name} in {svg}"));
    assert!(at("image-11") < at("image-10") && at("image-05") < at("5 other images"));
    assert!(!svg.as_str().contains(">image-04<") && !svg.as_str().contains("clean"));
    assert!(svg.as_str().contains(">15<"), "0+1+2+3+4 critical and 5 low: {svg}");
}

#[test]
fn one_image_too_many_keeps_its_name() {
    let bars: Vec<Bar> = (0..8).map(|n| bar(&format!("image-{n}"), counts(1, 0, 0, 0, 0))).collect();
    let svg = severity_by_image(&bars).unwrap();
    assert!(svg.as_str().contains(">image-7<") && !svg.as_str().contains("other"), "{svg}");
}

#[test]
fn a_long_path_keeps_its_end_and_is_whole_in_the_spoken_text() {
    let name = format!(
        "registry.example.com/{}/payments-api:2026.11.3",
        "very-long-group/".repeat(20).trim_end_matches('/')
    );
    let svg = severity_by_image(&[bar(&name, counts(1, 0, 0, 0, 0))]).unwrap();
    assert!(svg.as_str().contains(&format!("{name}: 1 critical")), "{svg}");
    assert!(svg.as_str().contains(">…/payments-api:2026.11.3</text>"), "{svg}");
}

#[test]
fn names_of_one_long_character_and_of_wide_ones_fit() {
    for name in ["x".repeat(5_000), "漢".repeat(300), "👩‍🚀".repeat(200)] {
        let svg = severity_by_image(&[bar(&name, counts(1, 0, 0, 0, 0))]).unwrap();
        let label = svg.as_str().split("</title>").nth(1).unwrap().split('>').nth(1).unwrap();
        assert!(label.chars().count() < 40, "{label}");
    }
}

#[test]
fn the_smallest_share_is_still_seen() {
    let svg = severity_distribution(&counts(1, 0, 1_000_000, 0, 0)).unwrap();
    assert!(svg.as_str().contains(r##"width="1.5" height="12" fill="#7A0C1E""##), "{svg}");
    assert!(svg.as_str().contains("1 critical, 0 high, 1000000 medium"), "{svg}");
}

#[test]
fn shares_are_said_in_words() {
    let svg = share_with_fix(&counts(2, 0, 3, 0, 0), &counts(2, 4, 9, 0, 0)).unwrap();
    for value in [">2 of 2<", ">0 of 4<", ">3 of 9<", "critical 2 of 2, high 0 of 4"] {
        assert!(svg.as_str().contains(value), "{value} in {svg}");
    }
    assert!(!svg.as_str().contains("Low"), "a severity without findings has no row: {svg}");
}

#[test]
fn marks_tell_severity_by_letter_and_by_shape() {
    let drawn: Vec<String> = Mark::ALL.into_iter().map(|m| mark(m).to_string()).collect();
    for (mark, svg) in Mark::ALL.into_iter().zip(&drawn) {
        assert!(svg.contains(&format!(">{}</text>", mark.letter())), "{svg}");
        assert!(
            svg.contains(&format!(r#"aria-label="{}""#, mark.word())) && svg.contains("<title>"),
            "{svg}"
        );
    }
    let shape = |svg: &str| svg.split("<title>").nth(1).unwrap().split("fill=").next().unwrap().to_owned();
    assert_ne!(shape(&drawn[0]), shape(&drawn[1]));
    assert!(drawn[3].contains("stroke=") && !drawn[1].contains("stroke="), "low is open, high is filled");
    assert!(
        drawn[4].contains("stroke=") && !drawn[2].contains("stroke="),
        "unknown is open, medium is filled"
    );
}

#[test]
fn counts_saturate_rather_than_overflow() {
    assert_eq!(counts(u64::MAX, 1, 0, 0, 0).total(), u64::MAX);
    assert!(severity_distribution(&counts(u64::MAX, 1, 0, 0, 0)).is_some());
}

#[test]
fn the_same_numbers_give_the_same_bytes() {
    let bars = [bar("a", counts(1, 2, 3, 4, 5)), bar("b", counts(5, 4, 3, 2, 1))];
    let turned = [bars[1].clone(), bars[0].clone()];
    assert_eq!(severity_by_image(&bars), severity_by_image(&turned));
}
