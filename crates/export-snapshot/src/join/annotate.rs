//! Collecting what is said about findings.

use std::sync::Arc;

use export_core::error::PortError;
use export_core::finding::{Intelligence, Product, Verdict, VexStatement};
use export_core::text::Text;

use super::filter::Filter;
use super::image::{is_image, names_of_product};
use super::key::{Key, Kind};
use super::purl::Pattern;
use super::said;
use super::unmatched::{StatementId, Statements};
use crate::codec::encode;
use crate::scratch::Scratch;
use crate::sort::{Entry, Sorter};

/// Statements, verdicts and intelligence, by the keys of the findings they are about.
pub(crate) struct Annotations {
    pub(super) sorter: Sorter,
    pub(super) filter: Filter,
    pub(super) statements: Statements,
    /// Verdicts that have a subject.
    pub(super) verdicts: u64,
    reading_order: u64,
    key: Vec<u8>,
    said: Vec<u8>,
}

impl Annotations {
    /// Nothing was said; about `memory` bytes are used for sorting.
    pub(crate) fn new(scratch: &Arc<Scratch>, memory: usize) -> Self {
        Self {
            sorter: Sorter::new(Arc::clone(scratch), "annotations", memory),
            filter: Filter::default(),
            statements: Statements::new(scratch, memory / 8),
            verdicts: 0,
            reading_order: 0,
            key: Vec::new(),
            said: Vec::new(),
        }
    }

    /// A statement that was read for one scan.
    pub(crate) fn statement(&mut self, scan: u32, statement: &VexStatement<'_>) -> Result<(), PortError> {
        self.said.clear();
        encode(statement, &mut self.said)?;
        let id = StatementId::of(&self.said);
        self.statements.given(id)?;
        said::write_statement(&statement.assertion, self.reading_order, id, &mut self.said)?;
        self.reading_order += 1;
        let names = std::iter::once(&statement.vulnerability).chain(&statement.aliases);
        for name in names.filter(|name| !name.is_empty()) {
            for product in &statement.products {
                self.product(Key { scan, ..Key::of(Kind::ComponentStatement, name) }, product)?;
            }
        }
        Ok(())
    }

    /// A verdict about a finding of one scan.
    pub(crate) fn verdict(&mut self, scan: u32, verdict: &Verdict<'_>) -> Result<(), PortError> {
        let Some(subject) = &verdict.subject else { return Ok(()) };
        self.verdicts += 1;
        if subject.vulnerability.is_empty() {
            return Ok(());
        }
        self.said.clear();
        encode(verdict, &mut self.said)?;
        let kind = if subject.target.is_some() { Kind::TargetVerdict } else { Kind::Verdict };
        self.add(Key {
            scan,
            place: subject.target.as_deref().unwrap_or_default().as_bytes(),
            purl: (!subject.purl.is_empty()).then(|| Pattern::of(&subject.purl)),
            ..Key::of(kind, &subject.vulnerability)
        })
    }

    /// What is known about the use of a vulnerability, in all scans.
    pub(crate) fn intelligence(&mut self, intelligence: &Intelligence<'_>) -> Result<(), PortError> {
        let Intelligence { vulnerability: name, epss, known_exploited } = intelligence;
        if name.is_empty() {
            return Ok(());
        }
        if let Some(epss) = epss {
            said::write_epss(epss, &mut self.said)?;
            self.add(Key::of(Kind::Epss, name))?;
        }
        if let Some(known_exploited) = known_exploited {
            said::write_known_exploited(known_exploited, &mut self.said)?;
            self.add(Key::of(Kind::KnownExploited, name))?;
        }
        Ok(())
    }

    /// Adds what is said under the keys of one product.
    fn product(&mut self, about: Key<'_>, product: &Product<'_>) -> Result<(), PortError> {
        let Product { id, subcomponents } = product;
        if subcomponents.is_empty() {
            self.components(about, std::slice::from_ref(id))?;
        }
        if !is_image(id) {
            return self.components(about, subcomponents);
        }
        for place in names_of_product(id) {
            let image = Key { kind: Kind::ImageStatement, place: &place, ..about };
            self.note(Key { kind: Kind::Image, name: "", ..image });
            if subcomponents.is_empty() {
                self.add(image)?;
            }
            self.components(image, subcomponents)?;
        }
        Ok(())
    }

    fn components(&mut self, about: Key<'_>, purls: &[Text<'_>]) -> Result<(), PortError> {
        purls.iter().try_for_each(|purl| self.add(Key { purl: Some(Pattern::of(purl)), ..about }))
    }

    /// Adds what is said under one key.
    fn add(&mut self, key: Key<'_>) -> Result<(), PortError> {
        self.note(key);
        self.sorter.push(Entry { key: &self.key, payload: &self.said })
    }

    /// Lets the filter know a key.
    fn note(&mut self, key: Key<'_>) {
        key.write_to(&mut self.key);
        self.filter.insert(key.shape(), &self.key);
    }
}
