//! A closed set of templates and what they may cost.

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::value::Serde;
use minijinja::{Environment, Error};
use sha2::{Digest, Sha256};

use crate::environment::environment;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::view::ReportView;
use crate::{includes, style};

/// Names of the report templates that come with the program.
pub const BUILT_IN: [&str; 3] = ["compliance-detailed", "compliance-executive", "audit-evidence"];

/// The texts of the built-in templates and of their parts.
const TEXTS: [(&str, &str); 31] = [
    ("compliance-detailed", include_str!("../templates/compliance-detailed.html")),
    ("compliance-executive", include_str!("../templates/compliance-executive.html")),
    ("audit-evidence", include_str!("../templates/audit-evidence.html")),
    ("_base", include_str!("../templates/_base.html")),
    ("_cover", include_str!("../templates/_cover.html")),
    ("_glance", include_str!("../templates/_glance.html")),
    ("_first_things", include_str!("../templates/_first_things.html")),
    ("_detail", include_str!("../templates/_detail.html")),
    ("_picture", include_str!("../templates/_picture.html")),
    ("_policies", include_str!("../templates/_policies.html")),
    ("_other", include_str!("../templates/_other.html")),
    ("_upgrades", include_str!("../templates/_upgrades.html")),
    ("_parts", include_str!("../templates/_parts.html")),
    ("_not_open", include_str!("../templates/_not_open.html")),
    ("_not_open_counts", include_str!("../templates/_not_open_counts.html")),
    ("_changes", include_str!("../templates/_changes.html")),
    ("_history", include_str!("../templates/_history.html")),
    ("_scans", include_str!("../templates/_scans.html")),
    ("_vulnerabilities", include_str!("../templates/_vulnerabilities.html")),
    ("_remediation", include_str!("../templates/_remediation.html")),
    ("_rules", include_str!("../templates/_rules.html")),
    ("_broken", include_str!("../templates/_broken.html")),
    ("_broken_short", include_str!("../templates/_broken_short.html")),
    ("_waivers", include_str!("../templates/_waivers.html")),
    ("_compliant_images", include_str!("../templates/_compliant_images.html")),
    ("_evidence", include_str!("../templates/_evidence.html")),
    ("_seal", include_str!("../templates/_seal.html")),
    ("_evidence_scans", include_str!("../templates/_evidence_scans.html")),
    ("_statements", include_str!("../templates/_statements.html")),
    ("_method", include_str!("../templates/_method.html")),
    ("_style", include_str!("../templates/_style.css")),
];

/// The text of a template or part that comes with the program.
pub(crate) fn text_of(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// What a template may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps of the engine, about one for an instruction or 64 bytes of output.
    pub fuel: u64,
    /// Depth of includes and calls.
    pub recursion: usize,
    /// Bytes of the page.
    pub output: u64,
}

impl Limits {
    /// For templates that come with the program: a report of 5,000 findings takes less than a tenth of the fuel.
    pub const BUILT_IN: Self = Self { fuel: 20_000_000, recursion: 64, output: 64 << 20 };
    /// For templates that tenants write.
    pub const TENANT: Self = Self { fuel: 2_000_000, recursion: 64, output: 64 << 20 };
}

/// A closed set of templates, ready to render.
///
/// Names are looked up in the set and nowhere else; undefined names are errors; output is always escaped
/// for HTML, and the filter and function that would get around that, or print all there is, are gone.
#[derive(Debug)]
pub struct Templates {
    sources: BTreeMap<String, String>,
    environment: Environment<'static>,
    limits: Limits,
}

impl Templates {
    /// The templates that come with the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self::new(texts(), Limits::BUILT_IN)
    }

    /// A tenant's template beside the built-in ones, which it may extend and include. No other tenant's is there.
    pub(crate) fn of_tenant(name: &str, source: String) -> Self {
        let mut sources = texts();
        sources.insert(name.to_owned(), source);
        Self::new(sources, Limits::TENANT)
    }

    /// Templates by name. They are parsed when they are used: see [`Self::check`].
    #[must_use]
    pub fn new(sources: BTreeMap<String, String>, limits: Limits) -> Self {
        let environment = environment(sources.clone(), limits);
        Self { sources, environment, limits }
    }

    /// Parses a template and all it includes by name.
    ///
    /// # Errors
    /// The first template that is missing or does not parse, with its place.
    pub fn check(&self, name: &str) -> Result<(), TemplateError> {
        if !self.sources.contains_key(name) {
            return Err(TemplateError::whole(name, TemplateErrorKind::NotFound));
        }
        for part in includes::closure(name, &self.sources) {
            self.environment.get_template(part).map_err(|error| self.error(part, &error))?;
        }
        Ok(())
    }

    /// Writes the page of `view` by the template `name`, as UTF-8.
    ///
    /// # Errors
    /// The place and kind of the first mistake; what was written by then is of no use.
    pub fn render(&self, name: &str, view: &ReportView, out: &mut dyn Write) -> Result<(), TemplateError> {
        let limited = Limited { inner: out, room: self.limits.output };
        self.environment
            .get_template(name)
            .and_then(|template| template.render_captured_to(Serde(view), limited).map(|_| ()))
            .map_err(|error| self.error(name, &error))
    }

    /// SHA-256 over the template, all it includes, and the design tokens, in lower-case hex; `None` for an
    /// unknown name. Two reports of one snapshot and one digest are the same page.
    #[must_use]
    pub fn digest(&self, name: &str) -> Option<String> {
        self.sources.get(name)?;
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        };
        part("export-templates/1");
        part(name);
        part(&style::tokens_css());
        for included in includes::closure(name, &self.sources) {
            part(included);
            part(&self.sources[included]);
        }
        Some(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn error(&self, asked: &str, error: &Error) -> TemplateError {
        TemplateError::new(asked, error, |name| self.sources.get(name).map(String::as_str))
    }
}

/// Whether a built-in text has that name.
pub(crate) fn is_text(name: &str) -> bool {
    TEXTS.iter().any(|(text, _)| *text == name)
}

/// The built-in texts by name.
fn texts() -> BTreeMap<String, String> {
    BTreeMap::from(TEXTS.map(|(name, text)| (name.to_owned(), text.to_owned())))
}

/// A writer that ends with an error where its room ends.
struct Limited<'a> {
    inner: &'a mut dyn Write,
    room: u64,
}

impl Write for Limited<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.room = self
            .room
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "the page is too long"))?;
        self.inner.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
