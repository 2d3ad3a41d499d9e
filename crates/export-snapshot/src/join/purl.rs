//! How a package URL of a statement or verdict is compared with that of a component.

use std::borrow::Cow;

use export_core::finding::Purl;

/// What stands in a package URL: a name, and perhaps a version and qualifiers. A part that is absent matches everything.
///
/// The sub-path is left out, and parts are compared percent-decoded: scanners do not agree on what they encode
/// (`%40babel`, `@babel`; `1%2Bdeb12`, `1+deb12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pattern<'a> {
    name: &'a str,
    version: Option<&'a str>,
    qualifiers: Option<&'a str>,
}

impl<'a> Pattern<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let purl = Purl::of(text);
        let behind = &text[purl.without_qualifiers().len()..];
        let qualifiers = behind.strip_prefix('?').map(|rest| rest.split('#').next().unwrap_or(rest));
        Self {
            name: purl.without_version(),
            version: purl.version().filter(|version| !version.is_empty()),
            qualifiers: qualifiers.filter(|qualifiers| !qualifiers.is_empty()),
        }
    }

    /// All patterns that match a component with this package URL: itself, and itself with parts left out.
    pub(super) fn matched_by(self) -> impl Iterator<Item = Self> {
        let without_version = self.version.map(|_| Self { version: None, ..self });
        let versions = std::iter::once(self).chain(without_version);
        versions.flat_map(|it| {
            let without_qualifiers = it.qualifiers.map(|_| Self { qualifiers: None, ..it });
            std::iter::once(it).chain(without_qualifiers)
        })
    }

    /// Which parts there are, as the bits of a [`Shape`](super::key::Shape). Zero is left for no package URL at all.
    pub(super) fn parts(self) -> u8 {
        1 | u8::from(self.version.is_some()) << 1 | u8::from(self.qualifiers.is_some()) << 2
    }

    /// The parts to compare.
    pub(super) fn texts(self) -> impl Iterator<Item = Cow<'a, [u8]>> {
        [Some(self.name), self.version, self.qualifiers].into_iter().flatten().map(decoded)
    }
}

/// `text` with each `%` and two hexadecimal digits as the byte that they stand for.
pub(super) fn decoded(text: &str) -> Cow<'_, [u8]> {
    let Some(first) = text.find('%') else { return Cow::Borrowed(text.as_bytes()) };
    let (plain, mut rest) = text.as_bytes().split_at(first);
    let mut bytes = plain.to_vec();
    while let [byte, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            bytes.push(u8::try_from(high << 4 | low).expect("two hexadecimal digits are a byte"));
            rest = &behind[2..];
        } else {
            bytes.push(*byte);
            rest = behind;
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a statement about `product` speaks about `component`, as the join finds it.
    fn matches(product: &str, component: &str) -> bool {
        let texts = |pattern: Pattern<'_>| -> (u8, Vec<Vec<u8>>) {
            (pattern.parts(), pattern.texts().map(Cow::into_owned).collect())
        };
        let product = texts(Pattern::of(product));
        Pattern::of(component).matched_by().any(|pattern| texts(pattern) == product)
    }

    #[test]
    fn absent_parts_match_everything_and_present_ones_must_be_equal() {
        let component = "pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12";
        for (product, expected) in [
            (component, true),
            ("pkg:deb/debian/openssl@3.0.11-1", true),
            ("pkg:deb/debian/openssl", true),
            ("pkg:deb/debian/openssl@3.0.11-1#doc", true),
            ("pkg:deb/debian/openssl?arch=amd64&distro=debian-12", true),
            ("pkg:deb/debian/openssl@3.0.11-1?arch=arm64&distro=debian-12", false),
            ("pkg:deb/debian/openssl@3.0.12", false),
            ("pkg:deb/debian/open", false),
            ("pkg:deb/ubuntu/openssl@3.0.11-1", false),
            ("openssl", false),
            ("", false),
        ] {
            assert_eq!(matches(product, component), expected, "{product}");
        }
        assert!(!matches("pkg:npm/lodash@4.17.20", "pkg:npm/lodash"), "the version is not known");
        assert!(!matches("pkg:npm/lodash@1?a=b", "pkg:npm/lodash@1"), "the qualifiers are not known");
    }

    #[test]
    fn encoded_and_plain_letters_are_the_same() {
        assert!(matches("pkg:npm/@babel/core@7.1.0", "pkg:npm/%40babel/core@7.1.0"));
        assert!(matches("pkg:deb/debian/x@1%2bdeb12", "pkg:deb/debian/x@1+deb12"));
        assert_eq!(*decoded("%"), *b"%");
        assert_eq!(*decoded("%4"), *b"%4");
        assert_eq!(*decoded("a%zz%41é%"), *"a%zzAé%".as_bytes());
    }
}
