//! Profiles, sameness, and what a PDF must not hold.

use std::cell::Cell as Count;

use export_render_kit::charts::{Mark, SeverityCounts, severity_distribution};
use export_typeset::{
    Banner, Cell, Change, Column, Error, Fact, Flow, FontBook, Item, Profile, Row, Run, Settings, Tile, write,
};

use crate::support::{FONTS, document, settings, tool};

/// One of each block, with scripts and links.
fn everything(flow: &mut Flow<'_>) -> Result<(), Error> {
    let logo = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="20" height="20" fill="#0F766E"/><text x="24" y="15" font-size="12">Acme</text></svg>"##;
    flow.image(logo, "Logo of Acme", (40.0, 14.0))?;
    flow.heading(1, "Report")?;
    flow.facts(&[Fact::new("Generated", "2026-11-23"), Fact::wide("Images", vec![vec![Run::new("a:1")]])])?;
    flow.heading(2, "At a glance")?;
    let (mark, note) = (Some(Mark::Low), Some("of 9"));
    flow.tiles(&[Tile { label: "Low", mark, value: "7", change: Some((Change::Better, "1 fewer")), note }])?;
    flow.lead(&[Run::new("One sentence.")])?;
    let counts = SeverityCounts { critical: 1, high: 2, medium: 3, low: 4, unknown: 5 };
    flow.chart(&severity_distribution(&counts).expect("a chart"), "By severity")?;
    flow.callout(&[Run::new("See "), Run::new("Warnings").link("#warnings")])?;
    let counts = vec![(Mark::Critical, "1".to_owned())];
    flow.banner("shop/checkout:2", &Banner { of: "open", counts, ..Banner::default() })?;
    let mut table = flow.table(&[
        Column::mm("Severity", 8.0).unseen(),
        Column::mm("Id", 40.0).head(),
        Column::rest("Title"),
    ])?;
    table.group(&Cell::new("openssl"), "openssl continued")?;
    for index in 0..120 {
        let id = Cell::new(Run::new(format!("CVE-{index}")).link(format!("https://example.com/{index}")));
        let title =
            Cell::new(["title", "ثغرة في الشهادات", "検証の脆弱性", "प्रमाणपत्र", "🔥 ✅ ⚠️"][index % 5]);
        table.row(&Row::new([Cell::mark(Mark::ALL[index % 5]), id, title]).under(1, 3, "under".into()))?;
    }
    table.finish()?;
    flow.anchored(3, "Warnings", Some("warnings"))?;
    flow.caption(&[Run::new("A caption").quiet()])?;
    flow.pairs(&[("Type", vec![Run::new("detailed")])])?;
    flow.list(true, &[Item::new("Compare").code("exportctl verify --key https://example.com/key a.pdf")])?;
    flow.together(|flow| flow.qr("https://example.com/verify", "Code to verify", 25.0))?;
    flow.page_break()?;
    flow.aside("The end.")
}

#[test]
fn the_archival_profile_is_accepted_for_every_block() {
    let written = write(&FONTS, &settings(Profile::Archival), everything).expect("it holds to its profile");
    let metadata = tool("pdfinfo", &["-meta"], &written.bytes);
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "{metadata}");
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
}

#[test]
fn the_archival_profile_bears_text_that_no_font_has() {
    let hostile = "\0\u{1}\u{202E}abc\u{E000}\u{FEFF}\u{FFFE}\u{10D7F}\u{300} \u{F0000}";
    let written = write::<Error>(&FONTS, &settings(Profile::Archival), |flow| {
        flow.heading(1, "")?;
        flow.heading(2, hostile)?;
        flow.paragraph(&[Run::new(hostile), Run::new(hostile).mono().link("https://example.com")])?;
        let mut table = flow.table(&[Column::rest(hostile).head()])?;
        table.row(&Row::new([Cell::new(hostile)]))?;
        table.finish()
    })
    .expect("it never fails for its text");
    assert!(written.missing.contains(&'\u{10D7F}'));
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    for profile in [Profile::Standard, Profile::Archival] {
        let once = write(&FONTS, &settings(profile), everything).expect("a PDF");
        let other = write(&FontBook::system(), &settings(profile), everything).expect("a PDF");
        assert!(once.bytes == other.bytes, "{profile:?}");
    }
}

#[test]
fn nothing_runs_and_nothing_is_attached() {
    let written = document(everything);
    let info = tool("pdfinfo", &[], &written.bytes);
    for line in
        ["Tagged:          yes", "JavaScript:      no", "Title:           A title", "Author:          Acme"]
    {
        assert!(info.contains(line), "{info}");
    }
    assert!(info.contains("CreationDate:    Mon Nov 23 14:05:00 2026"), "{info}");
    let raw = String::from_utf8_lossy(&written.bytes);
    for forbidden in ["/JavaScript", "/OpenAction", "/EmbeddedFile", "/Launch", "/AA"] {
        assert!(!raw.contains(forbidden), "{forbidden}");
    }
    assert!(raw.contains("/Lang(en)"));
}

#[test]
fn pictures_are_read_as_their_words() {
    let structure = tool("pdfinfo", &["-struct"], &document(everything).bytes);
    assert_eq!(structure.matches("Figure").count(), 3, "{structure}");
    let raw = document(everything).bytes;
    let raw = String::from_utf8_lossy(&raw);
    for alt in ["/Alt(Logo of Acme)", "/Alt(By severity)", "/Alt(Code to verify)", "/Alt(Severity)"] {
        assert!(raw.contains(alt), "{alt}");
    }
}

#[test]
fn a_stop_is_obeyed() {
    let asked = Count::new(0_u32);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 10
    };
    let settings = Settings { stop: &stop, ..settings(Profile::Standard) };
    let rows = Count::new(0_u32);
    let stopped = write::<Error>(&FONTS, &settings, |flow| {
        let mut table = flow.table(&[Column::rest("Id").head()])?;
        for _ in 0..1_000_000 {
            rows.set(rows.get() + 1);
            table.row(&Row::new([Cell::new("CVE-1")]))?;
        }
        table.finish()
    });
    assert!(matches!(stopped, Err(Error::Stopped)));
    assert!(rows.get() < 10_000, "{} rows before the stop", rows.get());
}

#[test]
fn a_document_that_changes_between_the_passes_is_refused() {
    let pass = Count::new(0_u32);
    let changed = write::<Error>(&FONTS, &settings(Profile::Standard), |flow| {
        pass.set(pass.get() + 1);
        flow.paragraph(&[Run::new("first")])?;
        if pass.get() == 2 {
            flow.page_break().and_then(|()| flow.paragraph(&[Run::new("more")]))
        } else {
            Ok(())
        }
    });
    assert!(matches!(changed, Err(Error::Unsteady { measured: 1, drawn: 2 })));
}

#[test]
fn a_machine_without_fonts_is_told_what_to_install() {
    let empty = tempfile::tempdir().expect("a folder");
    let book = FontBook::in_folders(vec![empty.path().to_owned()]);
    let error = write::<Error>(&book, &settings(Profile::Standard), |_| Ok(())).expect_err("no font, no PDF");
    let said = error.to_string();
    assert!(said.contains("fonts-inter") && said.contains("fonts-noto-core"), "{said}");
    assert_eq!(book.missing("é").len(), 1);
}
