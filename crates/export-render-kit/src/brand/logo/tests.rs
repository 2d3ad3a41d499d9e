//! Files that are logos, files that are something else, and files that are both.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

mod drawings;
mod pictures;

fn drawn(text: &str) -> Logo {
    let logo = Logo::check(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = Logo::check(logo.bytes()).unwrap();
    assert_eq!(again.bytes(), logo.bytes(), "what comes out is what may come in");
    logo
}

fn written(logo: &Logo) -> &str {
    std::str::from_utf8(logo.bytes()).unwrap()
}

fn svg(inside: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 10">{inside}</svg>"#
    )
}

#[test]
fn what_is_no_picture_is_told_what_to_be() {
    for file in [&b""[..], b"GIF89a/*", b"\xFF\xD8\xFF\xE0", b"hello", b"\xFE\xFF\0<\0s\0v\0g"] {
        assert_eq!(Logo::check(file).unwrap_err(), BadLogo::Unknown, "{file:?}");
    }
    let page = Logo::check(b"<html><body>x</body></html>").unwrap_err();
    assert_eq!(page.code(), "svg_invalid");
    assert!(page.to_string().contains("its first element is not <svg>"), "{page}");
    assert!(BadLogo::Unknown.to_string().contains("save it as one of them"));
}

#[test]
fn a_file_may_have_so_many_bytes() {
    let long = svg(&format!("<path d=\"M0 0{}\"/>", "h1".repeat(MOST_SVG_BYTES / 2)));
    assert_eq!(Logo::check(long.as_bytes()).unwrap_err().code(), "logo_too_large");
    let mut png = PNG_SIGNATURE.to_vec();
    png.resize(MOST_PNG_BYTES + 1, 0);
    assert_eq!(Logo::check(&png).unwrap_err().code(), "logo_too_large");
}
