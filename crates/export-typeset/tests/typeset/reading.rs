//! What was written is what is read.

use export_typeset::{Cell, Column, Error, Flow, Row, Run, Table};

use crate::support::{document, pages, squeezed, structure, text, tool};

fn table<'f, 'a>(flow: &'f mut Flow<'a>) -> Result<Table<'f, 'a>, Error> {
    flow.table(&[
        Column::mm("Finding", 36.0).head(),
        Column::mm("Score", 20.0).right(),
        Column::rest("Title"),
    ])
}

fn rows(flow: &mut Flow<'_>, count: usize) -> Result<(), Error> {
    let mut table = table(flow)?;
    for index in 0..count {
        let id = format!("CVE-2024-{index:05}");
        let title =
            Cell::new("A title that is long enough to take more than one line of its column, at least twice");
        let row = Row::new([Cell::new(Run::new(id).mono()), Cell::new(format!("{}.0", index % 10)), title]);
        table.row(&row.under(0, 3, Cell::new(format!("end-of-{index:05}"))))?;
    }
    table.finish()
}

#[test]
fn every_row_is_there_in_order_and_whole() {
    let written = document(|flow| {
        flow.heading(1, "Findings")?;
        rows(flow, 400)
    });
    let pages = pages(&written.bytes);
    assert_eq!(pages.len(), written.pages as usize);
    assert!(pages.len() > 10, "{} pages", pages.len());
    let mut next = 0;
    for page in &pages {
        let mut at = 0;
        while let Some(found) = page[at..].find(&format!("CVE-2024-{next:05}")) {
            at += found;
            let end = page[at..].find(&format!("end-of-{next:05}"));
            at += end.unwrap_or_else(|| panic!("row {next} is split over pages"));
            next += 1;
        }
    }
    assert_eq!(next, 400, "all rows, in order");
}

#[test]
fn every_page_has_its_head_and_its_number() {
    let written = document(|flow| rows(flow, 100));
    let pages = pages(&written.bytes);
    let info = tool("pdfinfo", &[], &written.bytes);
    let count = info.lines().find_map(|line| line.strip_prefix("Pages:")).expect("a count").trim();
    assert_eq!(count, pages.len().to_string());
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {count}", index + 1)), "{page}");
        for part in ["Acme", "Report of findings", "Internal", "0123456789ab", "Finding", "Score", "Title"] {
            assert!(page.contains(part), "page {index} lacks {part}: {page}");
        }
    }
}

#[test]
fn the_structure_tells_heads_rows_and_cells() {
    let written = document(|flow| {
        flow.heading(2, "Detail")?;
        flow.paragraph(&[
            Run::new("See "),
            Run::new("the site").link("https://example.com/a"),
            Run::new("."),
        ])?;
        let mut table = table(flow)?;
        table.group(&Cell::new("openssl"), "openssl continued")?;
        table.row(&Row::new([Cell::new("CVE-1"), Cell::new("9.8"), Cell::default()]))?;
        table.finish()
    });
    let structure = structure(&written.bytes);
    let kinds: Vec<&str> = structure
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|word| word.trim_end_matches(':'))
        .filter(|word| ["H2", "P", "Link", "Table", "TR", "TH", "TD"].contains(word))
        .collect();
    let expected = "H2 P Link Table TR TH TH TH TR TH TR TH TD TD".split(' ').collect::<Vec<_>>();
    assert_eq!(kinds, expected, "{structure}");
    assert!(structure.contains("\"CVE-1 \""), "{structure}");
    assert!(!structure.contains("Page 1 of 1"), "the footer is not read: {structure}");
}

#[test]
fn a_group_is_carried_over_to_the_next_page() {
    let written = document(|flow| {
        let mut table = table(flow)?;
        table.group(&Cell::new("openssl 3.0.11"), "openssl continued")?;
        for index in 0..90 {
            table.row(&Row::new([Cell::new(format!("CVE-{index}"))]))?;
        }
        table.finish()?;
        flow.paragraph(&[Run::new("after")])
    });
    let pages = pages(&written.bytes);
    assert!(pages[0].contains("openssl 3.0.11") && !pages[0].contains("continued"), "{}", pages[0]);
    assert!(pages[1].contains("openssl continued"), "{}", pages[1]);
}

#[test]
fn a_table_past_the_limit_keeps_its_text_in_the_structure() {
    let (cells, all) = (export_typeset::CELL_TAGS as usize, export_typeset::ROW_TAGS as usize);
    for (count, paragraphs) in [(cells + 1, cells + 2..=cells + 2), (all + 1, 300..=3_000)] {
        let written = document(|flow| {
            flow.heading(1, "All")?;
            let mut table = flow.table(&[Column::rest("Finding").head()])?;
            for index in 0..count {
                table.row(&Row::new([Cell::new(format!("CVE-2024-{index:05}"))]))?;
            }
            table.finish()?;
            flow.heading(2, "Small")?;
            rows(flow, 3)
        });
        let structure = structure(&written.bytes);
        let of = |kind: &str| structure.lines().filter(|line| line.trim_start().starts_with(kind)).count();
        assert_eq!(of("TD"), 6, "only the small table is told cell by cell");
        assert!(paragraphs.contains(&of("P (block)")), "{} paragraphs for {count} rows", of("P (block)"));
        let squeezed = squeezed(&structure);
        assert!(squeezed.contains(&format!("CVE-2024-{:05}", count - 1)));
    }
}

#[test]
fn links_are_links_and_others_are_text() {
    let written = document(|flow| {
        flow.anchored(2, "Warnings", Some("warnings"))?;
        flow.paragraph(&[
            Run::new("web").link("https://example.com/x"),
            Run::new(" here ").link("#warnings"),
            Run::new(" nowhere ").link("#absent"),
            Run::new(" evil ").link("javascript:alert(1)"),
            Run::new(" file ").link("file:///etc/passwd"),
        ])
    });
    let raw = String::from_utf8_lossy(&written.bytes);
    assert_eq!(raw.matches("/Subtype/Link").count(), 2);
    assert!(
        raw.contains("(https://example.com/x)") && !raw.contains("javascript:") && !raw.contains("passwd")
    );
    assert!(text(&written.bytes).contains("web here nowhere evil file"));
}

#[test]
fn a_long_id_breaks_only_at_its_separators() {
    let id = "registry.example.com/team/project/application@sha256:00ff00ff00ff";
    let written = document(|flow| {
        let mut table = flow.table(&[Column::mm("Id", 40.0), Column::rest("Title")])?;
        table.row(&Row::new([Cell::new(id), Cell::new("x")]))?;
        table.finish()
    });
    let text = text(&written.bytes);
    assert!(squeezed(&text).contains(id), "{text}");
    for line in text.lines().filter(|line| id.contains(*line) && !id.ends_with(*line) && line.len() > 4) {
        assert!(line.ends_with(['/', '.', '-', '@', ':', '_']), "{line:?} in {text}");
    }
}
