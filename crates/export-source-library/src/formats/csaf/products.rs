//! The products of a document, by their ids (CSAF 2.0, 3.2.2 "Product tree").

use std::collections::HashMap;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::Product;
use export_core::text::Text;

use crate::json::{JsonReader, members};
use crate::kit::{own, own_all};

/// How deep branches may be nested: real trees have up to eight.
const DEEPEST: usize = 64;
/// Products that a document may have: ten times what the largest known advisories have.
const MOST: usize = 1_000_000;
/// How many relationships may stand on one another.
const RELATED: usize = 8;

members! {
    struct FullName<'a> {
        name: Text<'a> = "name",
        id: Text<'a> = "product_id",
        helper: Helper<'a> = "product_identification_helper",
    }
    struct Helper<'a> {
        cpe: Text<'a> = "cpe",
        purl: Text<'a> = "purl",
        purls: Vec<Text<'a>> = "purls",
        hashes: Vec<Hashes<'a>> = "hashes",
    }
    struct Hashes<'a> {
        all: Vec<Hash<'a>> = "file_hashes",
    }
    struct Hash<'a> {
        algorithm: Text<'a> = "algorithm",
        value: Text<'a> = "value",
    }
    struct Relationship<'a> {
        product: FullName<'a> = "full_product_name",
        component: Text<'a> = "product_reference",
        whole: Text<'a> = "relates_to_product_reference",
    }
    struct Group<'a> {
        id: Text<'a> = "group_id",
        products: Vec<Text<'a>> = "product_ids",
    }
}

/// The products of a document.
#[derive(Debug, Default)]
pub(super) struct Products {
    /// What each is called elsewhere: package URL, CPE, digest; its name if nothing else is known.
    plain: HashMap<String, Vec<Text<'static>>>,
    /// Those that are one product as a part of another: the part and the whole.
    related: HashMap<String, (String, String)>,
    groups: HashMap<String, Vec<String>>,
}

impl Products {
    /// Reads `product_tree`, which is the next value.
    pub(super) fn read(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        if reader.peek()? == Some(b'n') {
            return reader.value::<()>();
        }
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "branches" => self.branches(reader, 0)?,
                "full_product_names" => each(reader, |reader| {
                    let product: FullName<'_> = reader.value()?;
                    self.add(product);
                    Ok(())
                })?,
                "relationships" => each(reader, |reader| {
                    let Relationship { product, component, whole } = reader.value()?;
                    self.relate(product, &component, &whole);
                    Ok(())
                })?,
                "product_groups" => each(reader, |reader| {
                    let Group { id, products } = reader.value()?;
                    self.groups.insert(id.to_string(), products.iter().map(ToString::to_string).collect());
                    Ok(())
                })?,
                _ => reader.skip()?,
            }
            self.check(reader)?;
        }
        Ok(())
    }

    /// The products that a group has.
    pub(super) fn of_group(&self, id: &str) -> &[String] {
        self.groups.get(id).map_or(&[], Vec::as_slice)
    }

    /// The products of a statement that an id stands for; none if the document has no such product.
    pub(super) fn find(&self, id: &str) -> Vec<Product<'static>> {
        let whole = |id: Text<'static>| Product { id, subcomponents: vec![] };
        let mut found: Vec<Product<'static>> =
            self.plain.get(id).into_iter().flatten().cloned().map(whole).collect();
        if let Some((component, of)) = self.related.get(id) {
            let parts = self.names(component, RELATED);
            let wholes = self.names(of, RELATED);
            if wholes.iter().all(|name| is_system(name)) {
                // A platform is not the artifact that was scanned: what counts is the component with its own version.
                found.extend(parts.into_iter().map(whole));
            } else {
                let product = |id| Product { id, subcomponents: parts.clone() };
                found.extend(wholes.into_iter().map(product));
            }
        }
        found
    }

    /// All names of a product; of a part of another, those of the part.
    fn names(&self, id: &str, depth: usize) -> Vec<Text<'static>> {
        match (self.plain.get(id), self.related.get(id)) {
            (Some(names), _) => names.clone(),
            (None, Some((component, _))) if depth > 0 => self.names(component, depth - 1),
            (None, _) => vec![],
        }
    }

    fn branches(&mut self, reader: &mut JsonReader, depth: usize) -> Result<(), PortError> {
        if depth == DEEPEST {
            return Err(reader.invalid("branches are nested more than 64 deep"));
        }
        each(reader, |reader| {
            reader.object()?;
            while let Some(member) = reader.member()? {
                match member.as_str() {
                    "branches" => self.branches(reader, depth + 1)?,
                    "product" => {
                        let product: Option<FullName<'_>> = reader.value()?;
                        product.into_iter().for_each(|product| self.add(product));
                    }
                    _ => reader.skip()?,
                }
            }
            self.check(reader)
        })
    }

    fn add(&mut self, product: FullName<'_>) {
        let id = product.id.to_string();
        let mut names = product.helper.names();
        if names.is_empty() {
            names.push(own(product.name));
        }
        self.plain.insert(id, names);
    }

    fn relate(&mut self, product: FullName<'_>, component: &str, whole: &str) {
        let id = product.id.to_string();
        let names = product.helper.names();
        if !names.is_empty() {
            self.plain.insert(id.clone(), names);
        }
        self.related.insert(id, (component.to_owned(), whole.to_owned()));
    }

    fn check(&self, reader: &JsonReader) -> Result<(), PortError> {
        if self.plain.len() + self.related.len() <= MOST {
            return Ok(());
        }
        let mut error = reader.invalid("a document may have 1,000,000 products");
        error.kind = ErrorKind::Limit;
        Err(error)
    }
}

impl Helper<'_> {
    fn names(self) -> Vec<Text<'static>> {
        let digests = self.hashes.iter().flat_map(|file| &file.all);
        let digests: Vec<Text<'static>> = digests
            .filter(|hash| !hash.value.is_empty())
            .map(|hash| format!("{}:{}", hash.algorithm, hash.value).into())
            .collect();
        let texts = own_all(self.purls).into_iter().chain([own(self.purl), own(self.cpe)]);
        let mut names: Vec<Text<'static>> = Vec::new();
        for name in texts.chain(digests).filter(|name| !name.is_empty()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Whether a name is the CPE of an operating system (CPE 2.3 and 2.2, part `o`).
fn is_system(name: &str) -> bool {
    name.starts_with("cpe:/o:") || name.starts_with("cpe:2.3:o:")
}

/// Calls `visit` where each item of the next value, a list, is the next value.
fn each(
    reader: &mut JsonReader,
    mut visit: impl FnMut(&mut JsonReader) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        visit(reader)?;
    }
    Ok(())
}
