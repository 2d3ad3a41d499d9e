//! What stands together, and where pages end.

use export_typeset::{Cell, Column, Item, Row, Run};

use crate::support::{document, pages, structure, tool};

#[test]
fn a_heading_stays_with_what_it_heads() {
    for filler in 40..60 {
        let written = document(|flow| {
            for _ in 0..filler {
                flow.paragraph(&[Run::new("filler")])?;
            }
            flow.heading(2, "Detail")?;
            flow.heading(3, "Image")?;
            let mut table = flow.table(&[Column::rest("Finding")])?;
            table.group(&Cell::new("package"), "package continued")?;
            table.row(&Row::new([Cell::new("CVE-1")]))?;
            table.finish()
        });
        for page in pages(&written.bytes) {
            let has = ["Detail", "Image", "Finding", "package", "CVE-1"].map(|it| page.contains(it));
            assert!(has == [true; 5] || has == [false; 5], "{filler}: {page}");
        }
    }
}

#[test]
fn what_is_kept_together_is_on_one_page() {
    for filler in 35..50 {
        let written = document(|flow| {
            for _ in 0..filler {
                flow.paragraph(&[Run::new("filler")])?;
            }
            flow.together::<export_typeset::Error>(|flow| {
                for part in ["first", "second", "third"] {
                    flow.paragraph(&[Run::new(part)])?;
                    flow.space(5.0)?;
                }
                Ok(())
            })
        });
        for page in pages(&written.bytes) {
            assert_eq!(page.contains("first"), page.contains("third"), "{filler}: {page}");
        }
    }
}

#[test]
fn what_is_too_high_to_be_kept_together_is_still_written() {
    let written = document(|flow| {
        flow.together::<export_typeset::Error>(|flow| {
            for index in 0..200 {
                flow.paragraph(&[Run::new(format!("part-{index}-end"))])?;
            }
            Ok(())
        })
    });
    let text = pages(&written.bytes).concat();
    for index in 0..200 {
        assert!(text.contains(&format!("part-{index}-end")), "{index}");
    }
}

#[test]
fn a_row_higher_than_a_page_is_parted_by_lines() {
    let words: Vec<String> = (0..3_000).map(|it| format!("word{it}")).collect();
    let written = document(|flow| {
        let mut table = flow.table(&[Column::mm("Id", 30.0).head(), Column::rest("Words")])?;
        table.row(&Row::new([Cell::new("CVE-1"), Cell::new(words.join(" "))]))?;
        table.row(&Row::new([Cell::new("CVE-2")]))?;
        table.finish()
    });
    let text = pages(&written.bytes).concat();
    let read: Vec<&str> = text.split_whitespace().filter(|it| it.starts_with("word")).collect();
    assert_eq!(read, words, "every word, once, in order");
    assert!(text.contains("CVE-2"));
    let rows = structure(&written.bytes).lines().filter(|line| line.trim().starts_with("TR")).count();
    assert!(rows >= 3);
}

#[test]
fn an_empty_document_has_one_page() {
    let written = document(|_| Ok(()));
    assert_eq!(written.pages, 1);
    assert!(pages(&written.bytes)[0].contains("Page 1 of 1"));
    let twice = document(|flow| {
        flow.page_break()?;
        flow.paragraph(&[Run::new("x")])?;
        flow.page_break()?;
        flow.page_break()?;
        flow.paragraph(&[Run::new("y")])?;
        flow.page_break()
    });
    assert_eq!(twice.pages, 2, "a break on an empty page does nothing, nor does one at the end");
}

#[test]
fn numbers_end_at_the_same_place() {
    let written = document(|flow| {
        let mut table = flow.table(&[Column::mm("Score", 30.0).right(), Column::rest("x")])?;
        for score in ["1.1", "8.0", "111.1", "74.7"] {
            table.row(&Row::new([Cell::new(score)]))?;
        }
        table.finish()
    });
    let boxes = tool("pdftotext", &["-bbox"], &written.bytes);
    let ends: Vec<f32> = boxes
        .lines()
        .filter(|line| ["1.1<", "8.0<", "111.1<", "74.7<"].iter().any(|it| line.contains(&format!(">{it}"))))
        .filter_map(|line| line.split("xMax=\"").nth(1)?.split('"').next()?.parse().ok())
        .collect();
    assert_eq!(ends.len(), 4, "{boxes}");
    assert!(ends.iter().all(|end| (end - ends[0]).abs() < 0.05), "{ends:?}");
}

#[test]
fn a_table_that_was_held_leaves_no_head_behind() {
    let written = document(|flow| {
        flow.together::<export_typeset::Error>(|flow| {
            let mut table = flow.table(&[Column::rest("Column of the table")])?;
            table.row(&Row::new([Cell::new("CVE-1")]))?;
            table.finish()
        })?;
        for _ in 0..100 {
            flow.paragraph(&[Run::new("after")])?;
        }
        Ok(())
    });
    let pages = pages(&written.bytes);
    assert!(pages[0].contains("Column of the table") && !pages[1].contains("Column of the table"));
}

#[test]
fn a_command_longer_than_a_page_goes_on() {
    let words: Vec<String> = (0..2_000).map(|it| format!("--word{it}")).collect();
    let code = words.join(" ");
    let written = document(|flow| flow.list(true, &[Item::new("Run").code(&code)]));
    let text = pages(&written.bytes).concat();
    let read: Vec<&str> = text.split_whitespace().filter(|it| it.starts_with("--word")).collect();
    assert_eq!(read, words);
}
