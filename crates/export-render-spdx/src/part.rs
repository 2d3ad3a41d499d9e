//! One component in SPDX's terms, whichever version is written.

mod agents;
mod kept;
mod references;

use export_render_kit::conversion::{Fate, Losses};
use serde_json::Value;

pub(crate) use self::kept::Kept;
pub(crate) use self::references::{Reference, is_download, is_reference, is_web};
use crate::agent::Agent;
use crate::licence::{self, Said};
use crate::object::{Object, take_list, take_text, text};

/// A component in SPDX's terms.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// With its group, as its ecosystem writes them together.
    pub(crate) name: String,
    /// CycloneDX's type.
    pub(crate) kind: String,
    pub(crate) version: Option<String>,
    pub(crate) purl: Option<String>,
    pub(crate) cpe: Option<String>,
    pub(crate) swhids: Vec<String>,
    pub(crate) gitoids: Vec<String>,
    /// Algorithm, as CycloneDX writes it, and lower-case digits.
    pub(crate) hashes: Vec<(String, String)>,
    pub(crate) declared: Option<Said>,
    pub(crate) concluded: Option<Said>,
    pub(crate) copyright: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) supplier: Option<Agent>,
    pub(crate) originator: Option<Agent>,
    pub(crate) download: Option<String>,
    pub(crate) homepage: Option<String>,
    pub(crate) references: Vec<Reference>,
    /// What an SPDX document said and CycloneDX has no place for.
    pub(crate) kept: Kept,
    /// Everything else: CycloneDX properties, and members as JSON behind `cyclonedx:`.
    pub(crate) rest: Vec<(String, String)>,
}

/// What a component is taken apart for.
pub(crate) struct Context<'a> {
    /// The generation of SPDX that is written.
    pub(crate) target: u8,
    /// The generation that the document was read from; 0 if it was no SPDX.
    pub(crate) source: u8,
    /// Tells the licences of several documents apart.
    pub(crate) prefix: &'a str,
    /// Where the component stands.
    pub(crate) place: &'a str,
}

impl Part {
    /// Takes a component apart. What SPDX has no member for is in [`Part::rest`], and told to `losses`.
    pub(crate) fn of(mut object: Object, context: &Context<'_>, losses: &mut Losses) -> Self {
        let mut part = Self::default();
        object.remove("bom-ref");
        let properties = take_list(&mut object, "properties");
        part.properties(&properties, context);
        part.identity(&mut object, context, losses);
        part.licences(&mut object, context, losses);
        part.agents(&mut object);
        part.references(&mut object, context, losses);
        part.leftover(object, context, losses);
        part
    }

    /// Whether it is a file that says nothing that only packages can say.
    pub(crate) fn is_file(&self) -> bool {
        let of_packages = [&self.version, &self.purl, &self.download, &self.homepage];
        self.kind == "file"
            && self.kept.one("purpose") != Some("FILE")
            && of_packages.iter().all(|it| it.is_none())
    }

    fn properties(&mut self, properties: &[Value], context: &Context<'_>) {
        for property in properties.iter().filter_map(Value::as_object) {
            let (name, value) = (text(property, "name"), text(property, "value"));
            match name.strip_prefix("spdx:").filter(|_| context.source != 0) {
                Some(member) if self.kept.takes(member, context) => self.kept.add(member, value),
                Some(_) | None => self.rest.push((name.to_owned(), value.to_owned())),
            }
        }
    }

    fn identity(&mut self, object: &mut Object, context: &Context<'_>, losses: &mut Losses) {
        self.kind = take_text(object, "type").unwrap_or_default();
        self.purl = take_text(object, "purl");
        self.cpe = take_text(object, "cpe");
        self.version = take_text(object, "version");
        self.copyright = take_text(object, "copyright");
        self.description = take_text(object, "description");
        // A summary stands in for a missing description in CycloneDX, and is a member of its own here.
        if self.description.as_deref() == self.kept.one("summary") {
            self.description = None;
        }
        self.name = take_text(object, "name").unwrap_or_else(|| "unnamed".to_owned());
        if let Some(group) = take_text(object, "group") {
            let is_maven = self.purl.as_deref().is_some_and(|purl| purl.starts_with("pkg:maven/"));
            self.name = format!("{group}{}{}", if is_maven { ':' } else { '/' }, self.name);
            self.rest.push(("cyclonedx:group".to_owned(), Value::from(group).to_string()));
        }
        let text_of = |value: Value| value.as_str().map(str::to_owned);
        self.swhids = take_list(object, "swhid").into_iter().filter_map(text_of).collect();
        self.gitoids = take_list(object, "omniborId").into_iter().filter_map(text_of).collect();
        for hash in take_list(object, "hashes").iter().filter_map(Value::as_object) {
            let (algorithm, digits) = (text(hash, "alg"), text(hash, "content").to_ascii_lowercase());
            if digits_of(algorithm) == Some(digits.len()) {
                self.hashes.push((algorithm.to_owned(), digits));
            } else {
                let why =
                    "SPDX has no such algorithm, or the digest has another length than its algorithm gives";
                losses.note("components[].hashes[]", Fate::Dropped, why, context.place);
            }
        }
    }

    fn licences(&mut self, object: &mut Object, context: &Context<'_>, losses: &mut Losses) {
        let choices = take_list(object, "licenses");
        let mut lost = licence::Lost::new();
        self.declared = licence::said(&choices, false, context.prefix, &mut lost);
        self.concluded = licence::said(&choices, true, context.prefix, &mut lost);
        for member in lost {
            let field = format!("components[].licenses[].{member}");
            if member == "expression" {
                losses.note(
                    &field,
                    Fate::Changed,
                    "it is no SPDX expression, so it is a licence of the document's own",
                    context.place,
                );
            } else {
                losses.note(
                    &field,
                    Fate::Dropped,
                    "SPDX has no place for it beside a licence",
                    context.place,
                );
            }
        }
        let word =
            |kept: Option<&str>| kept.map(|word| Said { expression: word.to_owned(), own: Vec::new() });
        self.declared = self.declared.take().or_else(|| word(self.kept.one("licenseDeclared")));
        self.concluded = self.concluded.take().or_else(|| word(self.kept.one("licenseConcluded")));
        self.copyright = self.copyright.take().or_else(|| self.kept.one("copyrightText").map(str::to_owned));
    }

    fn references(&mut self, object: &mut Object, context: &Context<'_>, losses: &mut Losses) {
        for value in take_list(object, "externalReferences") {
            let Some(reference) = value.as_object().and_then(Reference::of) else { continue };
            let is_bare = reference.comment.is_none();
            // An SPDX document keeps its own words.
            let is_told = |it: &Reference| context.source != 0 || is_web(&it.url);
            match reference.kind.as_str() {
                "distribution" if is_bare && self.download.is_none() && is_told(&reference) => {
                    self.download = Some(reference.url);
                }
                "vcs" if is_bare && self.download.is_none() && reference.url.starts_with("git+") => {
                    self.download = Some(reference.url);
                }
                "website" if is_bare && self.homepage.is_none() && is_told(&reference) => {
                    self.homepage = Some(reference.url);
                }
                _ => self.references.push(reference),
            }
            for member in ["hashes", "properties"].iter().filter(|member| value.get(member).is_some()) {
                let field = format!("components[].externalReferences[].{member}");
                losses.note(&field, Fate::Dropped, "SPDX has no such member of references", context.place);
            }
        }
        self.download = self.download.take().or_else(|| self.kept.one("downloadLocation").map(str::to_owned));
        self.homepage = self.homepage.take().or_else(|| self.kept.one("homepage").map(str::to_owned));
    }

    fn leftover(&mut self, object: Object, context: &Context<'_>, losses: &mut Losses) {
        if !self.rest.is_empty() && context.target == 2 {
            let why = "SPDX 2.3 has no properties: an annotation of the package holds them as JSON";
            losses.note("components[].properties[]", Fate::Changed, why, context.place);
        }
        for (member, value) in object {
            let why = if context.target == 2 {
                "there is no such member: an annotation of the package holds it as JSON"
            } else {
                "there is no such member: a property of the package holds it as JSON"
            };
            losses.note(&format!("components[].{member}"), Fate::Changed, why, context.place);
            self.rest.push((format!("cyclonedx:{member}"), value.to_string()));
        }
    }
}

/// The hexadecimal digits of an algorithm's digests; none if SPDX does not have it.
fn digits_of(algorithm: &str) -> Option<usize> {
    match algorithm {
        "MD5" => Some(32),
        "SHA-1" => Some(40),
        "SHA-256" | "SHA3-256" | "BLAKE2b-256" | "BLAKE3" => Some(64),
        "SHA-384" | "SHA3-384" | "BLAKE2b-384" => Some(96),
        "SHA-512" | "SHA3-512" | "BLAKE2b-512" => Some(128),
        _ => None,
    }
}
