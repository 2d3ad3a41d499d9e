//! The walk through a report: sources, their packages, the packages' vulnerabilities.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Finding;
use export_core::text::Text;

use super::group::{ById, Place};
use super::package::{Group, Package, RawGroup, RawPackage, RawSource};
use super::record::Record;
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::{Sink, own, own_all};

/// Reads the findings of `input` to its end; its digest.
pub(super) fn read(
    input: Input,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let mut walk = Walk { reader: JsonReader::new(input), scan, sink: Sink::new(emit) };
    walk.reader.object()?;
    while let Some(member) = walk.reader.member()? {
        if member == "results" {
            let entered = walk.reader.array()?;
            while entered && walk.reader.item()? {
                walk.source()?;
            }
        } else {
            walk.reader.skip()?;
        }
    }
    walk.sink.finish(walk.reader)
}

struct Walk<'a> {
    reader: JsonReader,
    scan: &'a Scanned<'a>,
    sink: Sink<'a>,
}

impl Walk<'_> {
    /// Reads an entry of `results`. OSV-Scanner writes its path first.
    fn source(&mut self) -> Result<(), PortError> {
        let mut path = String::new();
        self.reader.object()?;
        while let Some(member) = self.reader.member()? {
            match member.as_str() {
                "source" => {
                    path =
                        self.reader.value::<Option<RawSource<'_>>>()?.unwrap_or_default().path.into_string();
                }
                "packages" => {
                    let entered = self.reader.array()?;
                    while entered && self.reader.item()? {
                        self.package(&path)?;
                    }
                }
                _ => self.reader.skip()?,
            }
        }
        Ok(())
    }

    fn package(&mut self, path: &str) -> Result<(), PortError> {
        let mut package = Package::default();
        self.reader.object()?;
        while let Some(member) = self.reader.member()? {
            match member.as_str() {
                "package" => {
                    package.name(&self.reader.value::<Option<RawPackage<'_>>>()?.unwrap_or_default());
                }
                "vulnerabilities" => self.vulnerabilities(&mut package)?,
                "groups" => self.groups(&mut package)?,
                "license_violations" => {
                    let names: Option<Vec<Text<'_>>> = self.reader.value()?;
                    package.violations = own_all(names.unwrap_or_default());
                }
                _ => self.reader.skip()?,
            }
        }
        package.complete();
        self.findings(path, &package)
    }

    fn vulnerabilities(&mut self, package: &mut Package) -> Result<(), PortError> {
        let entered = self.reader.array()?;
        while entered && self.reader.item()? {
            let span = self.reader.span()?;
            let record: Record<'_> = self.reader.parse(&span)?;
            if record.id.is_empty() {
                return Err(self.reader.invalid_in(&span, "id is missing", "/id"));
            }
            let known = record.known(&package.name, &package.ecosystem);
            for _ in 0..known.odd_severities {
                let what = "A severity is no CVSS vector and was left out";
                self.sink.doubts.add(what, || self.reader.place());
            }
            if known.is_withdrawn {
                let what = "A vulnerability was withdrawn and is no finding";
                self.sink.doubts.add(what, || self.reader.place());
            }
            if !package.add(known) {
                let mut error =
                    self.reader.invalid("the vulnerabilities of one package are larger than 64 MiB");
                error.kind = ErrorKind::Limit;
                return Err(error);
            }
        }
        Ok(())
    }

    fn groups(&mut self, package: &mut Package) -> Result<(), PortError> {
        let entered = self.reader.array()?;
        while entered && self.reader.item()? {
            let group: RawGroup<'_> = self.reader.value()?;
            package.groups.push(Group {
                ids: own_all(group.ids),
                aliases: own_all(group.aliases),
                max_severity: own(group.max_severity),
            });
        }
        Ok(())
    }

    /// Hands on a finding for each group, and for each licence that is not allowed.
    fn findings(&mut self, path: &str, package: &Package) -> Result<(), PortError> {
        let place = Place { scan: self.scan, path };
        let known: ById<'_> = package.known.iter().map(|known| (known.id.as_str(), known)).collect();
        for group in &package.groups {
            if !group.ids.iter().any(|id| known.contains_key(id.as_str())) {
                let what = "A group names only vulnerabilities that are not described";
                self.sink.doubts.add(what, || self.reader.place());
            }
            if let Some(finding) = place.finding(package, group, &known) {
                let bytes =
                    group.ids.iter().filter_map(|id| known.get(id.as_str())).map(|it| it.size()).sum();
                self.sink.finding(&self.reader, bytes, finding)?;
            }
        }
        for name in &package.violations {
            self.sink.finding(&self.reader, name.len(), place.licence(package, name))?;
        }
        Ok(())
    }
}
