//! What a verdict is about, in words.

use export_core::finding::Purl;

use crate::report::words::{NAME, Pen};

/// `libexpat1 2.5.0-1+deb12u1` of `pkg:deb/debian/libexpat1@2.5.0-1%2Bdeb12u1?arch=amd64`; the text itself if it is no
/// package URL, and none for an empty one.
pub(super) fn component(purl: &str, pen: &Pen) -> Option<String> {
    let Some(rest) = purl.strip_prefix("pkg:") else { return pen.copy_some(purl, NAME) };
    let parsed = Purl::of(rest);
    let name = parsed.without_version();
    let (kind, path) = name.split_once('/').unwrap_or(("", name));
    // The namespace of a distribution's package is the distribution, which says nothing more here.
    let name = match kind {
        "deb" | "rpm" | "apk" | "alpm" => path.rsplit('/').next().unwrap_or(path),
        _ => path,
    };
    let version = parsed.version().map(|version| format!(" {}", decode(version))).unwrap_or_default();
    pen.copy_some(&format!("{}{version}", decode(name)), NAME)
}

/// Percent-encoding undone (RFC 3986, 2.1); what does not decode to text stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_become_names_and_versions() {
        let pen = Pen::default();
        for (purl, words) in [
            ("pkg:deb/debian/libexpat1@2.5.0-1%2Bdeb12u1?arch=amd64", Some("libexpat1 2.5.0-1+deb12u1")),
            ("pkg:npm/%40babel/traverse@7.22.8", Some("@babel/traverse 7.22.8")),
            ("pkg:maven/org.yaml/snakeyaml@1.33", Some("org.yaml/snakeyaml 1.33")),
            ("pkg:golang/stdlib", Some("stdlib")),
            ("cpe:2.3:a:x", Some("cpe:2.3:a:x")),
            ("pkg:deb/x%ff%4", Some("x%ff%4")),
            ("", None),
            ("pkg:", None),
        ] {
            assert_eq!(component(purl, &pen).as_deref(), words, "{purl}");
        }
    }
}
