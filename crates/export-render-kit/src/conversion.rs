//! What an SBOM loses on its way into another format, told completely: a warning with the count, and a report that names
//! each kind of field.

use std::collections::BTreeMap;
use std::io;

use export_core::ports::{Outlet, RenderError, SnapshotFacts};
use export_core::sbom::SbomDocument;
use export_core::warning::{Warning, WarningCode};
use serde::Serialize;

/// The name of the report among an export's artifacts.
pub const REPORT_NAME: &str = "conversion-report.json";

const SCHEMA: &str = "conversion-report/v1";

/// What could not be kept. Its size grows with the kinds of fields, never with their number.
#[derive(Debug, Default)]
pub struct Losses(BTreeMap<(String, Fate), Loss>);

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is not in the file.
    Dropped,
    /// It is in the file in another shape, which a reader of the format may not look for.
    Changed,
}

#[derive(Debug, Default)]
struct Loss {
    count: u64,
    why: String,
    example: String,
}

impl Losses {
    /// Notes one more occurrence of `field` (`components[].licenses[].licensing`); `why` and `example`, the place of it in
    /// the source, are kept of the first.
    pub fn note(&mut self, field: &str, fate: Fate, why: &str, example: &str) {
        if let Some(known) = self.0.get_mut(&(field.to_owned(), fate)) {
            known.count += 1;
            return;
        }
        let loss = Loss { count: 1, why: why.to_owned(), example: example.to_owned() };
        self.0.insert((field.to_owned(), fate), loss);
    }

    /// Whether everything was kept as it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The warning that tells of the losses, if there are any.
    #[must_use]
    pub fn warning(&self, target: &str) -> Option<Warning> {
        let dropped = self.sum(Fate::Dropped);
        let changed = self.sum(Fate::Changed);
        let told = match (dropped, changed) {
            (0, 0) => return None,
            (0, _) => format!("{changed} fields stand in {target} in another shape"),
            (_, 0) => format!("{target} has no place for {dropped} fields"),
            (_, _) => format!(
                "{target} has no place for {dropped} fields, and {changed} more stand in it in another shape"
            ),
        };
        let message = format!("{told}; {REPORT_NAME} names each kind with its number.");
        Some(Warning::new(WarningCode::FieldsLost, message))
    }

    /// Writes the report as one more file.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(
        &self,
        target: &Target<'_>,
        documents: &[SbomDocument],
        out: &mut dyn Outlet,
    ) -> Result<(), RenderError> {
        let report = ReportJson {
            schema: SCHEMA,
            from: documents.iter().map(DocumentJson::of).collect(),
            to: target,
            dropped: self.of(Fate::Dropped),
            changed: self.of(Fate::Changed),
        };
        out.next_file(REPORT_NAME, "application/json")?;
        let mut bytes = serde_json::to_vec_pretty(&report).map_err(io::Error::from)?;
        bytes.push(b'\n');
        Ok(out.write_all(&bytes)?)
    }

    fn sum(&self, fate: Fate) -> u64 {
        self.0.iter().filter(|((_, is), _)| *is == fate).map(|(_, loss)| loss.count).sum()
    }

    fn of(&self, fate: Fate) -> Vec<LossJson<'_>> {
        let of_fate = self.0.iter().filter(|((_, is), _)| *is == fate);
        of_fate
            .map(|((field, _), loss)| LossJson {
                field,
                count: loss.count,
                why: &loss.why,
                example: &loss.example,
            })
            .collect()
    }
}

/// The warning that no source lists all components of some scans, so that an SBOM has only those that findings name.
#[must_use]
pub fn incomplete(facts: &SnapshotFacts) -> Option<Warning> {
    let has_sbom = |scan: &str| facts.sboms.iter().any(|document| document.scan_id.as_str() == scan);
    let without: Vec<&str> =
        facts.scans.iter().map(|it| it.scan.id.as_str()).filter(|scan| !has_sbom(scan)).collect();
    let first = without.first()?;
    let which = match without.len() {
        1 => format!("scan {first} has"),
        count => format!("{count} scans, {first} among them, have"),
    };
    let message = format!(
        "The file lists only the components that findings name, because {which} no SBOM. Add one to the scan, \
         or let the scanner list all packages."
    );
    Some(Warning::new(WarningCode::SbomIncomplete, message))
}

/// What the SBOM was written as.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Target<'a> {
    /// `cyclonedx`, `spdx`.
    pub format: &'a str,
    /// `1.6`, `2.3`.
    pub spec_version: &'a str,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    schema: &'static str,
    from: Vec<DocumentJson<'a>>,
    to: &'a Target<'a>,
    dropped: Vec<LossJson<'a>>,
    changed: Vec<LossJson<'a>>,
}

#[derive(Serialize)]
struct DocumentJson<'a> {
    scan_id: &'a str,
    document: &'a str,
    format: &'static str,
    spec_version: &'a str,
}

impl<'a> DocumentJson<'a> {
    fn of(document: &'a SbomDocument) -> Self {
        Self {
            scan_id: document.scan_id.as_str(),
            document: &document.place,
            format: document.family.title(),
            spec_version: &document.spec_version,
        }
    }
}

#[derive(Serialize)]
struct LossJson<'a> {
    field: &'a str,
    count: u64,
    why: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    example: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_once_with_its_number_and_the_first_place() {
        let mut losses = Losses::default();
        assert!(losses.is_empty() && losses.warning("SPDX 2.3").is_none());
        losses.note(
            "components[].pedigree",
            Fate::Dropped,
            "there is no such member",
            "sbom.json#/components/3",
        );
        losses.note(
            "components[].pedigree",
            Fate::Dropped,
            "there is no such member",
            "sbom.json#/components/4",
        );
        losses.note("components[].author", Fate::Changed, "stands in originator", "sbom.json#/components/1");
        let [dropped] = &losses.of(Fate::Dropped)[..] else { panic!("one kind was dropped") };
        assert_eq!((dropped.field, dropped.count), ("components[].pedigree", 2));
        assert_eq!(dropped.example, "sbom.json#/components/3");
        let warning = losses.warning("SPDX 2.3").unwrap();
        assert!(warning.message.starts_with("SPDX 2.3 has no place for 2 fields, and 1 more"), "{warning}");
    }
}
