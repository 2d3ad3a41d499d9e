//! One document in a call, and what foreign tools read in it.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use chrono::DateTime;
use export_typeset::{Error, Flow, FontBook, Profile, Settings, Written, write};

/// The fonts of this machine, indexed once for all tests.
pub(crate) static FONTS: LazyLock<FontBook> = LazyLock::new(FontBook::system);

/// Settings with something in every corner of the page.
pub(crate) fn settings(profile: Profile) -> Settings<'static> {
    let created = DateTime::from_timestamp(1_795_442_700, 0).expect("a time");
    let mut settings = Settings::new("A title", created);
    settings.author = "Acme".into();
    settings.producer = "export-center".into();
    settings.header_left = "Acme".into();
    settings.header_right = "Report of findings".into();
    settings.footer_left = "Internal".into();
    settings.footer_centre = "0123456789ab".into();
    settings.profile = profile;
    settings
}

/// A document of the standard profile.
pub(crate) fn document(build: impl FnMut(&mut Flow<'_>) -> Result<(), Error>) -> Written {
    write(&FONTS, &settings(Profile::Standard), build).expect("the document is set")
}

/// Runs a tool of poppler on `pdf` and returns what it prints.
pub(crate) fn tool(name: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.pdf");
    fs::write(&path, pdf).expect("the file can be written");
    let mut command = Command::new(name);
    command.args(arguments).arg(&path);
    if name == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().unwrap_or_else(|error| panic!("{name} of poppler-utils: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text is UTF-8")
}

/// The text in the order in which it was drawn.
pub(crate) fn text(pdf: &[u8]) -> String {
    tool("pdftotext", &["-raw"], pdf)
}

/// The text of each page.
pub(crate) fn pages(pdf: &[u8]) -> Vec<String> {
    let text = text(pdf);
    text.trim_end_matches('\u{C}').split('\u{C}').map(str::to_owned).collect()
}

/// Without white space, and without the marks by which pdftotext shows directions.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace() && !matches!(it, '\u{202A}'..='\u{202E}')).collect()
}

/// The structure, one element a line, indented.
pub(crate) fn structure(pdf: &[u8]) -> String {
    tool("pdfinfo", &["-struct-text"], pdf)
}
