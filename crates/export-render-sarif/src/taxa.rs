//! The Common Weakness Enumeration as a SARIF taxonomy (section 3.19.3).

use std::collections::HashMap;

use serde_sarif::sarif::{ReportingDescriptor, ToolComponent, ToolComponentReference};

use crate::json::Json;

const NAME: &str = "CWE";
/// Above all numbers that MITRE has given or will give soon; it bounds the table, whatever scanners write.
const HIGHEST: u32 = 99_999;

/// The weaknesses that occur in one run, in the order in which they first did.
#[derive(Debug, Default)]
pub(crate) struct Taxa {
    indices: HashMap<u32, u32>,
    numbers: Vec<u32>,
}

/// A weakness and its place in the taxonomy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taxon {
    pub(crate) number: u32,
    index: u32,
}

impl Taxa {
    /// Makes `taxa` those of `texts`, each once; what is not one is left out.
    pub(crate) fn of<'t>(&mut self, texts: impl Iterator<Item = &'t str>, taxa: &mut Vec<Taxon>) {
        taxa.clear();
        for taxon in texts.filter_map(|text| self.taxon(text)) {
            if taxa.iter().all(|known| known.number != taxon.number) {
                taxa.push(taxon);
            }
        }
    }

    /// The taxon of `CWE-79`, `CWE-79: Improper ...`; none for what is not one.
    fn taxon(&mut self, text: &str) -> Option<Taxon> {
        let number = number(text)?;
        let index = *self.indices.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            u32::try_from(self.numbers.len() - 1).expect("at most one for each number")
        });
        Some(Taxon { number, index })
    }

    /// The taxonomy with what occurred.
    pub(crate) fn taxonomy(&self) -> ToolComponent {
        let taxon = |number: &u32| {
            ReportingDescriptor::builder()
                .id(format!("{NAME}-{number}"))
                .help_uri(format!("https://cwe.mitre.org/data/definitions/{number}.html"))
                .build()
        };
        ToolComponent::builder()
            .name(NAME)
            .full_name("Common Weakness Enumeration")
            .organization("MITRE")
            .short_description(&"The MITRE Common Weakness Enumeration".to_owned())
            .information_uri("https://cwe.mitre.org/")
            .is_comprehensive(false)
            .taxa(self.numbers.iter().map(taxon).collect::<Vec<_>>())
            .build()
    }

    /// How the tool says that it uses the taxonomy.
    pub(crate) fn reference() -> ToolComponentReference {
        ToolComponentReference::builder().name(NAME).index(0).build()
    }
}

fn number(text: &str) -> Option<u32> {
    let (prefix, rest) = text.split_at_checked(4)?;
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let number = digits.parse().ok().filter(|number| (1..=HIGHEST).contains(number));
    number.filter(|_| prefix.eq_ignore_ascii_case("CWE-"))
}

impl Taxon {
    /// Appends a reference to it, from a result or a rule (section 3.52).
    pub(crate) fn write(self, json: &mut Json<'_>) {
        json.raw(r#"{"id":"CWE-"#).value(&self.number).raw(r#"","index":"#).value(&self.index);
        json.raw(r#","toolComponent":{"name":"CWE","index":0}}"#);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weakness_has_one_place() {
        let mut taxa = Taxa::default();
        let mut index = |text| taxa.taxon(text).map(|taxon| (taxon.number, taxon.index));
        assert_eq!(index("CWE-79"), Some((79, 0)));
        assert_eq!(index("cwe-502: Deserialization"), Some((502, 1)));
        assert_eq!(index("CWE-79"), Some((79, 0)));
        for none in ["", "NVD-CWE-noinfo", "CWE-", "CWE-0", "CWE-1000000", "CWE79", "ÄÄ"] {
            assert_eq!(index(none), None, "{none}");
        }
        assert_eq!(taxa.taxonomy().taxa.unwrap().len(), 2);
        let mut twice = vec![];
        taxa.of(["CWE-79", "none", "CWE-79: XSS", "CWE-1"].into_iter(), &mut twice);
        assert_eq!(twice.iter().map(|taxon| taxon.number).collect::<Vec<_>>(), [79, 1]);
    }
}
