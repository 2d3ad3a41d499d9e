//! The components that a document's vulnerabilities affect, by their names (`bom-ref`).

use std::collections::{HashMap, HashSet};

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Component, Purl};
use export_core::text::Text;

use super::each;
use super::vulnerability::Affects;
use crate::document::Document;
use crate::json::{JsonReader, members};
use crate::kit::own;

/// Names that vulnerabilities of one document may affect.
const MOST: usize = 1_000_000;

members! {
    struct Metadata<'a> {
        component: Option<Part<'a>> = "component",
    }
    struct Part<'a> {
        reference: Text<'a> = "bom-ref",
        group: Text<'a> = "group",
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        purl: Text<'a> = "purl",
        cpe: Text<'a> = "cpe",
        components: Vec<Part<'a>> = "components",
    }
    struct Affected<'a> {
        affects: Vec<Affects<'a>> = "affects",
    }
}

/// What is known of one component.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) component: Component<'static>,
    pub(super) cpe: Option<Text<'static>>,
    /// Whether it is what the document is about.
    pub(super) is_artifact: bool,
}

/// The components that a document's vulnerabilities affect.
#[derive(Debug, Default)]
pub(super) struct Components(HashMap<String, Known>);

impl Components {
    /// Reads them.
    pub(super) fn of(document: &Document) -> Result<Self, PortError> {
        let mut wanted: HashSet<String> = HashSet::new();
        each(document, |reader, span| {
            let Affected { affects } = reader.parse(span)?;
            for Affects { reference, .. } in affects {
                wanted.insert(local(&reference).into_owned());
            }
            if wanted.len() > MOST {
                let mut error = reader.invalid("vulnerabilities may affect 1,000,000 components");
                error.kind = ErrorKind::Limit;
                return Err(error);
            }
            Ok(())
        })?;
        let mut known = Self::default();
        if !wanted.is_empty() {
            known.read(document, &wanted)?;
        }
        Ok(known)
    }

    /// The component that a reference means, whether by its name, as a link to a document's (BOM-Link), or as a package URL.
    pub(super) fn find(&self, reference: &str) -> Option<Known> {
        let name = local(reference);
        if let Some(known) = self.0.get(&*name) {
            return Some(known.clone());
        }
        name.starts_with("pkg:").then(|| Known { component: of_purl(&name), cpe: None, is_artifact: false })
    }

    fn read(&mut self, document: &Document, wanted: &HashSet<String>) -> Result<(), PortError> {
        let mut reader = JsonReader::new(document.open()?);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "metadata" => {
                    let metadata: Option<Metadata<'_>> = reader.value()?;
                    if let Some(part) = metadata.and_then(|metadata| metadata.component) {
                        self.add(part, wanted, true);
                    }
                }
                "components" | "services" => {
                    let entered = reader.array()?;
                    while entered && reader.item()? {
                        let part: Part<'_> = reader.value()?;
                        self.add(part, wanted, false);
                    }
                }
                _ => reader.skip()?,
            }
        }
        Ok(())
    }

    fn add(&mut self, part: Part<'_>, wanted: &HashSet<String>, is_artifact: bool) {
        for inner in part.components {
            self.add(inner, wanted, false);
        }
        if !wanted.contains(part.reference.as_str()) {
            return;
        }
        let some = |text: &Text<'_>| (!text.is_empty()).then(|| text.to_string().into());
        let component = Component {
            name: if part.group.is_empty() {
                part.name.to_string().into()
            } else {
                let between = if part.purl.starts_with("pkg:maven/") { ':' } else { '/' };
                format!("{}{between}{}", part.group, part.name).into()
            },
            version: own(part.version),
            ecosystem: ecosystem(&part.purl).to_owned().into(),
            purl: some(&part.purl),
        };
        let known = Known { component, cpe: some(&part.cpe), is_artifact };
        self.0.entry(part.reference.to_string()).or_insert(known);
    }
}

/// A component of which only the package URL is known.
pub(in crate::formats) fn of_purl(purl: &str) -> Component<'static> {
    let parts = Purl::of(purl);
    let path = parts.without_version().split_once('/').map_or("", |(_, path)| path);
    let path = decoded(path);
    let name = if purl.starts_with("pkg:maven/") { path.replacen('/', ":", 1) } else { path };
    let name = match ecosystem(purl) {
        // The namespace is a distribution and no part of the name.
        "deb" | "apk" | "rpm" => name.rsplit('/').next().unwrap_or_default().to_owned(),
        _ => name,
    };
    Component {
        name: name.into(),
        version: decoded(parts.version().unwrap_or_default()).into(),
        purl: Some(purl.to_owned().into()),
        ecosystem: ecosystem(purl).to_owned().into(),
    }
}

/// The type of a package URL.
fn ecosystem(purl: &str) -> &str {
    let rest = purl.strip_prefix("pkg:").unwrap_or_default();
    rest.split_once('/').map_or("", |(kind, _)| kind)
}

/// A reference without the document that a BOM-Link names (`urn:cdx:SERIAL/VERSION#REF`).
pub(super) fn local(reference: &str) -> std::borrow::Cow<'_, str> {
    let link = reference.strip_prefix("urn:cdx:").and_then(|link| link.split_once('#'));
    match link {
        // A package URL in a link is written plainly by most, and percent-encoded by some.
        Some((_, name)) if name.starts_with("pkg:") => name.into(),
        Some((_, name)) => decoded(name).into(),
        None => reference.into(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (byte, digit(0), digit(1)) {
            bytes.extend(u8::try_from(high << 4 | low));
            rest = &behind[2..];
        } else {
            bytes.push(*byte);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_package_urls_are_taken_apart() {
        let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#";
        for (reference, name) in [
            (format!("{link}pkg:maven/a.b/c@1?type=jar"), "pkg:maven/a.b/c@1?type=jar"),
            (format!("{link}pkg%3Anpm/a%401"), "pkg:npm/a@1"),
            ("a#b".to_owned(), "a#b"),
        ] {
            assert_eq!(local(&reference), name);
        }
        for (purl, name, version) in [
            ("pkg:maven/a.b/c@1?type=jar", "a.b:c", "1"),
            ("pkg:npm/%40babel/core@7.0", "@babel/core", "7.0"),
            ("pkg:deb/debian/openssl@1%2Bdeb", "openssl", "1+deb"),
            ("pkg:golang/github.com/x/y", "github.com/x/y", ""),
        ] {
            let component = of_purl(purl);
            assert_eq!((component.name.as_str(), component.version.as_str()), (name, version));
        }
    }
}
