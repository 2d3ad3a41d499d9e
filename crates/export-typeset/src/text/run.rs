//! Text as callers give it: runs of one look.

use std::borrow::Cow;

/// Which face a run is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Weight {
    #[default]
    Regular,
    Medium,
    Semibold,
    Mono,
}

/// Which colour a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ink {
    #[default]
    Normal,
    Quiet,
    Accent,
    Alert,
}

/// A piece of text of one look. Any text is welcome: control characters and marks that turn the direction
/// of what follows are shown as the replacement sign, white space is one space.
///
/// ```
/// use export_typeset::Run;
/// let id = Run::new("CVE-2024-1234").mono().link("https://example.com/CVE-2024-1234");
/// ```
#[derive(Debug, Clone)]
pub struct Run<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) weight: Weight,
    pub(crate) ink: Ink,
    pub(crate) small: bool,
    pub(crate) link: Option<Cow<'a, str>>,
}

impl<'a> Run<'a> {
    /// Text in ink, at the size of its block.
    #[must_use]
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        let (weight, ink) = (Weight::Regular, Ink::Normal);
        Self { text: text.into(), weight, ink, small: false, link: None }
    }

    /// For names and what matters.
    #[must_use]
    pub fn semibold(mut self) -> Self {
        self.weight = Weight::Semibold;
        self
    }

    pub(crate) fn medium(mut self) -> Self {
        self.weight = Weight::Medium;
        self
    }

    /// For ids, paths, digests and commands.
    #[must_use]
    pub fn mono(mut self) -> Self {
        self.weight = Weight::Mono;
        self
    }

    /// For what explains.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.ink = Ink::Quiet;
        self
    }

    /// In the accent's colour, which says "good" or "can be followed".
    #[must_use]
    pub fn accent(mut self) -> Self {
        self.ink = Ink::Accent;
        self
    }

    /// In the colour of critical findings.
    #[must_use]
    pub fn alert(mut self) -> Self {
        self.ink = Ink::Alert;
        self
    }

    /// At the size of small print.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Makes it a link: to a web address (`http:`, `https:` or `mailto:`; others are not made links), or to
    /// an anchor of this document, as `#name`. The run takes the accent's colour.
    #[must_use]
    pub fn link(mut self, target: impl Into<Cow<'a, str>>) -> Self {
        self.link = Some(target.into());
        self.accent()
    }
}

impl<'a> From<&'a str> for Run<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Run<'_> {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
