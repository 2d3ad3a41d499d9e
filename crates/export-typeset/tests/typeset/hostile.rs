//! Any text may come.

use export_render_kit::charts::Mark;
use export_typeset::{Cell, Column, Error, Fact, Flow, Item, Row, Run};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::{document, pages, text};

fn everywhere(flow: &mut Flow<'_>, words: &str) -> Result<(), Error> {
    flow.heading(2, words)?;
    flow.paragraph(&[Run::new(words), Run::new(words).mono(), Run::new(words).semibold().link(words)])?;
    flow.facts(&[Fact::new(words, Run::new(words))])?;
    flow.callout(&[Run::new(words).quiet()])?;
    flow.list(false, &[Item::new(Run::new(words)).code(words)])?;
    let mut table =
        flow.table(&[Column::mm(words, 5.0).right(), Column::mm("b", 30.0).head(), Column::rest("c")])?;
    table.group(&Cell::new(Run::new(words)), words)?;
    let cells =
        [Cell::mark(Mark::High), Cell::new(Run::new(words)), Cell::new(Run::new(words).small()).clip(2)];
    table.row(&Row::new(cells).under(1, 99, Cell::new(Run::new(words))))?;
    table.finish()
}

#[test]
fn a_corpus_of_bad_text_is_set() {
    let long = "x".repeat(5_000);
    let corpus = [
        "",
        " ",
        "\0",
        "\u{1}\u{7F}\u{9F}",
        "\u{202E}gpj.exe",
        "\u{2066}\u{2069}",
        "\u{300}\u{301}\u{302}",
        "\u{94D}",
        "\u{200D}",
        "\u{FE0F}",
        "\u{FFFE}\u{FFFF}\u{FDD0}",
        "\u{E000}\u{10FFFD}",
        "🇩",
        "👩\u{200D}",
        "\u{1F3FD}",
        "\u{E0020}\u{E007F}",
        "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
        "لا\u{200D}إله",
        "م\u{200C}ي",
        "()<>\\/%[]{}",
        "Ａ\u{3000}Ｂ",
        "ﷺ",
        "\u{1D173}",
        "\u{110BD}",
        "نص 123 abc עברית 日本 ก็",
        "\r\n\t\u{2028}",
        &long,
    ];
    for words in corpus {
        let written = document(|flow| everywhere(flow, words));
        assert!(written.pages > 0);
        let read = text(&written.bytes);
        assert!(
            !read.contains('\u{202E}') || words.contains('ل') || words.contains('נ'),
            "{words:?}: {read:?}"
        );
    }
}

#[test]
fn control_characters_are_seen() {
    let written = document(|flow| flow.paragraph(&[Run::new("a\0b\u{202E}c\u{1B}[31md")]));
    assert!(text(&written.bytes).contains("a\u{FFFD}b\u{FFFD}c\u{FFFD}[31md"));
}

#[test]
fn a_word_of_a_megabyte_fills_pages_and_is_cut_where_asked() {
    let word = "abcdefghij".repeat(100_000);
    let whole = document(|flow| {
        let mut table = flow.table(&[Column::rest("Word")])?;
        table.row(&Row::new([Cell::new(Run::new(word.as_str()))]))?;
        table.finish()
    });
    let read = pages(&whole.bytes);
    assert!(read.len() > 50, "{} pages", read.len());
    let letters: usize = read
        .iter()
        .flat_map(|page| page.lines())
        .filter(|line| line.starts_with(|it: char| ('a'..='j').contains(&it)) && line.len() > 40)
        .map(str::len)
        .sum();
    assert!(letters > 990_000, "{letters} letters are left");

    let cut = document(|flow| {
        let mut table = flow.table(&[Column::rest("Word")])?;
        table.row(&Row::new([Cell::new(Run::new(word.as_str())).clip(3)]))?;
        table.finish()
    });
    assert_eq!(cut.pages, 1);
    let read = text(&cut.bytes);
    assert!(read.contains('…') && read.len() < 1_000, "{read}");
}

#[test]
fn many_arabic_letters_without_a_space_are_set() {
    let word = "ثغرة".repeat(20_000);
    let written = document(|flow| flow.paragraph(&[Run::new(word.as_str())]));
    assert!(written.pages > 1);
}

#[test]
fn pictures_that_are_none_are_refused() {
    for bad in [&b"not a picture"[..], b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF\xE0", b"", b"<svg", b"\xFE\xFE"] {
        let refused = export_typeset::write::<Error>(
            &crate::support::FONTS,
            &crate::support::settings(export_typeset::Profile::Standard),
            |flow| flow.image(bad, "alt", (10.0, 10.0)),
        );
        assert!(matches!(refused, Err(Error::Picture(_))), "{bad:?}");
    }
}

#[test]
fn a_picture_opens_no_file() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><image xlink:href="/usr/share/pixmaps/debian-logo.png" width="9" height="9"/></svg>"#;
    let written = document(|flow| flow.image(svg, "alt", (10.0, 10.0)));
    assert!(!String::from_utf8_lossy(&written.bytes).contains("/Subtype/Image"));
}

#[test]
fn tables_that_cannot_be_drawn_are_refused() {
    for columns in [&[][..], &[Column::mm("a", 400.0)], &[Column::mm("a", 178.0), Column::rest("b")]] {
        let refused = export_typeset::write::<Error>(
            &crate::support::FONTS,
            &crate::support::settings(export_typeset::Profile::Standard),
            |flow| flow.table(columns).map(|_| ()),
        );
        assert!(matches!(refused, Err(Error::Table(_))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_set(words in any::<String>()) {
        document(|flow| everywhere(flow, &words));
    }
}
