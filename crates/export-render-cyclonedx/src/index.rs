//! Which component a finding means.

use std::borrow::Cow;
use std::collections::HashMap;

use export_core::finding::{Component, Purl};
use serde_json::Value;

use crate::section::hash;
use crate::subject::Subject;
use crate::work::Work;

/// The components that are written, by what a finding may call them. Memory grows with components, some 200 bytes
/// each, and not with findings.
#[derive(Debug, Default)]
pub(crate) struct Index {
    names: Vec<Box<str>>,
    by_key: HashMap<[u8; 16], u32>,
    /// Names of further components with the package URL of an earlier one, which findings mean instead.
    same: HashMap<Box<str>, u32>,
}

/// How a component is called within one scan.
enum Key<'a> {
    /// The whole package URL.
    Exact(&'a str),
    /// The package URL without qualifiers.
    Identity(&'a str),
    /// Name and version, of a component without package URL.
    Plain(&'a str, &'a str),
    /// Name and version, of any component.
    Any(&'a str, &'a str),
    /// The artifact itself.
    Artifact,
}

impl Index {
    /// Adds the artifacts that the file is about.
    pub(crate) fn add_root(&mut self, work: &Work<'_>, subject: &Subject) {
        for (scan, part) in &subject.parts {
            self.add_artifact(scan, part);
        }
        if let Some(root) = subject.root.as_ref().filter(|_| subject.parts.is_empty()) {
            work.facts().scans.iter().for_each(|it| self.add_artifact(it.scan.id.as_str(), root));
        }
    }

    fn add_artifact(&mut self, scan: &str, component: &Value) {
        if let Some(name) = component["bom-ref"].as_str() {
            let name = self.name(name);
            self.insert(scan, &Key::Artifact, name);
        }
        self.add(scan, component);
    }

    /// Adds a component of a scan, with all that it contains. One without a name cannot be meant.
    pub(crate) fn add(&mut self, scan: &str, component: &Value) {
        let text = |member: &str| component[member].as_str().filter(|text| !text.is_empty());
        if let (Some(reference), Some(name)) = (text("bom-ref"), text("name")) {
            let reference = self.name(reference);
            let version = text("version").unwrap_or_default();
            let names = [
                Some(name.to_owned()),
                text("group").map(|it| format!("{it}:{name}")),
                text("group").map(|it| format!("{it}/{name}")),
            ];
            for name in names.iter().flatten() {
                self.insert(scan, &Key::Any(name, version), reference);
                if text("purl").is_none() {
                    self.insert(scan, &Key::Plain(name, version), reference);
                }
            }
            if let Some(purl) = text("purl") {
                self.insert(scan, &Key::Exact(purl), reference);
                let first = self.by_key[&Key::Exact(purl).hash(scan)];
                if first != reference {
                    self.same.insert(self.names[reference as usize].clone(), first);
                }
                self.insert(scan, &Key::Identity(purl), reference);
            }
        }
        for inner in component["components"].as_array().into_iter().flatten() {
            self.add(scan, inner);
        }
    }

    /// The name that a finding in this component has it by.
    pub(crate) fn meant<'r>(&'r self, reference: &'r str) -> &'r str {
        self.same.get(reference).map_or(reference, |first| &self.names[*first as usize])
    }

    /// The name of the component that a finding of a scan means.
    pub(crate) fn find(&self, scan: &str, component: Option<&Component<'_>>) -> Option<&str> {
        let Some(component) = component else { return self.get(scan, &Key::Artifact) };
        let plain = (component.name.as_str(), component.version.as_str());
        match component.purl.as_deref().filter(|purl| !purl.is_empty()) {
            Some(purl) => self
                .get(scan, &Key::Exact(purl))
                .or_else(|| self.get(scan, &Key::Identity(purl)))
                .or_else(|| self.get(scan, &Key::Plain(plain.0, plain.1))),
            None => self.get(scan, &Key::Any(plain.0, plain.1)),
        }
    }

    fn name(&mut self, name: &str) -> u32 {
        self.names.push(name.into());
        u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
    }

    /// The first component of a key stays.
    fn insert(&mut self, scan: &str, key: &Key<'_>, name: u32) {
        self.by_key.entry(key.hash(scan)).or_insert(name);
    }

    fn get(&self, scan: &str, key: &Key<'_>) -> Option<&str> {
        let name = *self.by_key.get(&key.hash(scan))?;
        self.names.get(name as usize).map(|name| &**name)
    }
}

impl Key<'_> {
    fn hash(&self, scan: &str) -> [u8; 16] {
        hash(&match self {
            Self::Exact(purl) => format!("{scan}\0exact\0{purl}"),
            Self::Identity(purl) => format!("{scan}\0purl\0{}", decode(Purl::of(purl).without_qualifiers())),
            Self::Plain(name, version) => format!("{scan}\0plain\0{name}\0{version}"),
            Self::Any(name, version) => format!("{scan}\0any\0{name}\0{version}"),
            Self::Artifact => format!("{scan}\0artifact"),
        })
    }
}

/// The text without percent-encoding: tools differ in what they encode.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code =
            behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use export_core::text::Text;
    use serde_json::json;

    use super::*;

    fn component(
        name: &'static str,
        version: &'static str,
        purl: Option<&'static str>,
    ) -> Component<'static> {
        Component {
            name: name.into(),
            version: version.into(),
            purl: purl.map(Text::from),
            ecosystem: "".into(),
        }
    }

    #[test]
    fn findings_mean_the_component_of_their_scan() {
        let mut index = Index::default();
        index.add("s", &json!({"bom-ref": "1", "name": "core", "group": "@babel", "version": "7", "purl": "pkg:npm/%40babel/core@7",
            "components": [{"bom-ref": "2", "name": "inner", "version": "1"}]}));
        index.add("s", &json!({"bom-ref": "3", "name": "libc6", "version": "2", "purl": "pkg:deb/debian/libc6@2?arch=amd64"}));
        index.add("s", &json!({"bom-ref": "4", "name": "libc6", "version": "2", "purl": "pkg:deb/debian/libc6@2?arch=arm64"}));
        let find = |scan: &str, name, version, purl| index.find(scan, Some(&component(name, version, purl)));
        assert_eq!(find("s", "x", "7", Some("pkg:npm/@babel/core@7")), Some("1"));
        assert_eq!(find("s", "@babel/core", "7", None), Some("1"));
        assert_eq!(find("s", "inner", "1", Some("pkg:npm/inner@1")), Some("2"));
        assert_eq!(find("s", "libc6", "2", Some("pkg:deb/debian/libc6@2?arch=arm64")), Some("4"));
        assert_eq!(find("s", "libc6", "2", Some("pkg:deb/debian/libc6@2?distro=x")), Some("3"));
        assert_eq!(find("s", "libc6", "2", Some("pkg:rpm/libc6@2")), None, "another package of that name");
        assert_eq!(find("other", "inner", "1", None), None);
        assert_eq!(index.find("s", None), None);
    }
}
