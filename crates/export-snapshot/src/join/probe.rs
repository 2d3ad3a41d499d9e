//! What findings answer to.

use export_core::error::PortError;
use export_core::finding::{Component, Finding, Subject, Vulnerability};
use export_core::scan::ScanRef;
use export_core::text::Text;
use serde::{Deserialize, Serialize};

use super::annotate::Annotations;
use super::filter::Filter;
use super::image::names_of_scan;
use super::key::{Key, Kind};
use super::purl::Pattern;
use crate::beat::Beat;
use crate::codec::{decode, encode};
use crate::scratch::Scratch;
use crate::sort::{Entry, Sorter};
use crate::spool::{Spool, SpoolWriter};

/// The parts of every finding that others may speak about, in the order of the findings. They are looked up only when
/// everything was said: by then the filter knows all keys, and hardly a probe is made in vain.
pub(crate) struct Subjects(SpoolWriter);

impl Subjects {
    /// No finding.
    pub(crate) fn create(scratch: &Scratch) -> Result<Self, PortError> {
        SpoolWriter::create(scratch, "subjects").map(Self)
    }

    /// The next finding.
    pub(crate) fn push(&mut self, scan: u32, finding: &Finding<'_>) -> Result<(), PortError> {
        let vulnerability = finding.vulnerability();
        let aliases = match &finding.subject {
            Subject::Vulnerability(Vulnerability { aliases, .. }) => aliases.as_slice(),
            Subject::Misconfiguration(check) => &check.aliases,
            Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => &[],
        };
        let mut names: Vec<&str> = Vec::with_capacity(1 + aliases.len());
        names.push(finding.rule());
        names.extend(aliases.iter().map(Text::as_str));
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        let about = About {
            scan,
            names,
            purl: finding.component.as_ref().and_then(|it| it.purl.as_deref()).filter(|it| !it.is_empty()),
            part: vulnerability.and(finding.component.as_ref()).and_then(part),
            target: &finding.target,
            is_vulnerability: vulnerability.is_some(),
            wants_epss: vulnerability.is_some_and(|it| it.epss.is_none()),
            wants_known_exploited: vulnerability.is_some_and(|it| it.known_exploited.is_none()),
        };
        self.0.push_with(|buffer| encode(&about, buffer))
    }

    /// Ends with the last finding.
    pub(crate) fn seal(self) -> Result<Spool, PortError> {
        self.0.seal()
    }
}

/// What a finding is known by.
#[derive(Serialize, Deserialize)]
struct About<'a> {
    scan: u32,
    /// Each once.
    #[serde(borrow)]
    names: Vec<&'a str>,
    purl: Option<&'a str>,
    /// Name and version of a vulnerable component without package URL, as statements write it.
    part: Option<String>,
    target: &'a str,
    is_vulnerability: bool,
    wants_epss: bool,
    wants_known_exploited: bool,
}

/// `name@version`, or the name, of a component without package URL.
fn part(component: &Component<'_>) -> Option<String> {
    let Component { name, version, purl, .. } = component;
    if name.is_empty() || purl.as_ref().is_some_and(|purl| !purl.is_empty()) {
        return None;
    }
    Some(if version.is_empty() { name.to_string() } else { format!("{name}@{version}") })
}

/// Looks up every finding: adds (key, number of the finding) for each key that somebody may have spoken about.
pub(crate) fn probe(
    subjects: Spool,
    scans: &[ScanRef],
    annotations: &Annotations,
    into: &mut Sorter,
    beat: &mut Beat<'_>,
) -> Result<(), PortError> {
    let filter = &annotations.filter;
    if filter.is_empty() {
        return Ok(());
    }
    let mut probes = Probes { filter, into, number: 0, key: Vec::new() };
    let images: Vec<_> = (0..).zip(scans).map(|(number, scan)| probes.images_of(number, scan)).collect();
    let mut reader = subjects.read()?;
    while reader.advance()? {
        beat.tick()?;
        let about: About<'_> = decode(reader.record())?;
        probes.finding(&about, &images[about.scan as usize])?;
        probes.number += 1;
    }
    drop(subjects); // and with it its file
    Ok(())
}

struct Probes<'a> {
    filter: &'a Filter,
    into: &'a mut Sorter,
    number: u64,
    key: Vec<u8>,
}

impl Probes<'_> {
    /// Those of a scan's names that some statement uses; mostly none.
    fn images_of(&mut self, number: u32, scan: &ScanRef) -> Vec<Vec<u8>> {
        let mut names = names_of_scan(scan);
        names.retain(|place| self.may_have(Key { scan: number, place, ..Key::of(Kind::Image, "") }));
        names
    }

    fn finding(&mut self, about: &About<'_>, images: &[Vec<u8>]) -> Result<(), PortError> {
        let purl = about.purl.map(Pattern::of);
        let part = about.part.as_deref().map(Pattern::of);
        for name in &about.names {
            let key = |kind| Key { scan: about.scan, ..Key::of(kind, name) };
            for purl in purl.into_iter().flat_map(Pattern::matched_by) {
                self.component(Key { purl: Some(purl), ..key(Kind::ComponentStatement) }, about, images)?;
            }
            for part in part.into_iter().flat_map(Pattern::matched_by) {
                self.statements(Key { purl: Some(part), ..key(Kind::ComponentStatement) }, images)?;
            }
            if about.purl.is_none() || !about.is_vulnerability {
                self.verdicts(key(Kind::Verdict), about)?;
            }
            if about.is_vulnerability {
                self.images(key(Kind::ImageStatement), images)?;
            }
            if about.wants_epss {
                self.look_up(Key::of(Kind::Epss, name))?;
            }
            if about.wants_known_exploited {
                self.look_up(Key::of(Kind::KnownExploited, name))?;
            }
        }
        Ok(())
    }

    /// What may be said about the component.
    fn component(&mut self, key: Key<'_>, about: &About<'_>, images: &[Vec<u8>]) -> Result<(), PortError> {
        self.verdicts(key, about)?;
        if about.is_vulnerability { self.statements(key, images) } else { Ok(()) }
    }

    fn statements(&mut self, key: Key<'_>, images: &[Vec<u8>]) -> Result<(), PortError> {
        self.look_up(Key { kind: Kind::ComponentStatement, ..key })?;
        self.images(Key { kind: Kind::ImageStatement, ..key }, images)
    }

    fn verdicts(&mut self, key: Key<'_>, about: &About<'_>) -> Result<(), PortError> {
        self.look_up(Key { kind: Kind::Verdict, ..key })?;
        self.look_up(Key { kind: Kind::TargetVerdict, place: about.target.as_bytes(), ..key })
    }

    fn images(&mut self, key: Key<'_>, images: &[Vec<u8>]) -> Result<(), PortError> {
        images.iter().try_for_each(|place| self.look_up(Key { place, ..key }))
    }

    fn look_up(&mut self, key: Key<'_>) -> Result<(), PortError> {
        if self.may_have(key) {
            self.into.push(Entry { key: &self.key, payload: &self.number.to_be_bytes() })?;
        }
        Ok(())
    }

    /// Writes the key if its shape is known, and asks the filter.
    fn may_have(&mut self, key: Key<'_>) -> bool {
        self.filter.has(key.shape()) && {
            key.write_to(&mut self.key);
            self.filter.may_have(&self.key)
        }
    }
}
