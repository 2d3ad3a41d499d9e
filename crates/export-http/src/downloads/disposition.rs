//! The `Content-Disposition` of a download (RFC 6266).

use std::fmt::Write as _;

use axum::http::HeaderValue;

/// `attachment` with the artifact's name: in ASCII for old clients, in full as RFC 8187 writes it.
pub(super) fn attachment(name: &str) -> HeaderValue {
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%/".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", encoded(name));
    HeaderValue::try_from(text).expect("every character was made printable ASCII")
}

/// Percent-encodes all but the `attr-char` of RFC 8187, 3.2.1.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a String takes everything");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn names_cannot_break_out() {
        assert_eq!(
            attachment("report.pdf"),
            "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"
        );
        assert_eq!(
            attachment("a\r\nSet-Cookie: x=\"é\".pdf"),
            "attachment; filename=\"a__Set-Cookie: x=___.pdf\"; \
             filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D%22%C3%A9%22.pdf"
        );
    }
}
