//! What comes out of a well-behaved document.

use super::support::{big_page, has_browser, job, launch, print, scratch, text, tool};
use export_render_pdf::chromium::PrintJob;

#[test]
fn words_headers_and_footers_can_be_read_back() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut browser = launch(&folder);
    let html = "<h1>Report</h1><p>Grüße, Ελληνικά, Кириллица, 漢字</p>\
        <img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><text y=\"20\">in-picture</text></svg>'>";
    let header = "<div style='font-size:9px'>head-line</div>";
    let footer = "<div style='font-size:9px'>page <span class=pageNumber></span> of <span class=totalPages></span></div>";
    let pdf = print(&mut browser, &PrintJob { header, footer, ..job(html) }).expect("a PDF");

    let words = text(&pdf);
    for word in ["Report", "Grüße", "Ελληνικά", "Кириллица", "漢字", "in-picture", "head-line", "page 1 of 1"]
    {
        assert!(words.contains(word), "{word} is missing in {words}");
    }
    let info = tool("pdfinfo", &[], &pdf);
    assert!(info.contains("A4") && info.contains("Pages:           1"), "{info}");
}

#[test]
fn tags_and_bookmarks_are_written_only_when_asked_for() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut browser = launch(&folder);
    let plain = print(&mut browser, &job("<h1>Report</h1>")).expect("a PDF");
    let rich = PrintJob { tagged: true, outline: true, ..job("<h1>Report</h1>") };
    let rich = print(&mut browser, &rich).expect("a PDF");

    let has_outline = |pdf: &[u8]| String::from_utf8_lossy(pdf).contains("/Outlines");
    assert!(tool("pdfinfo", &[], &plain).contains("Tagged:          no") && !has_outline(&plain));
    assert!(tool("pdfinfo", &[], &rich).contains("Tagged:          yes") && has_outline(&rich));
}

#[test]
fn two_browsers_print_the_same_bytes() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let html = big_page(50);
    let job = PrintJob { tagged: true, outline: true, ..job(&html) };
    let first = print(&mut launch(&folder), &job).expect("a PDF");
    let second = print(&mut launch(&folder), &job).expect("a PDF");
    assert!(first == second, "{} and {} bytes differ", first.len(), second.len());
    let dates = tool("pdfinfo", &["-rawdates"], &first);
    assert_eq!(dates.matches("D:20010203040506+00'00'").count(), 2, "{dates}");
}

#[test]
fn a_long_document_is_whole() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let html = big_page(2_000);
    let pdf = print(&mut launch(&folder), &PrintJob { tagged: true, ..job(&html) }).expect("a PDF");
    assert!(pdf.len() > 1 << 20, "{} bytes would fit into one message", pdf.len());
    let words = text(&pdf);
    for row in 0..2_000 {
        assert!(words.contains(&format!("CVE-2024-{row}\u{20}")), "row {row} is missing");
    }
}
