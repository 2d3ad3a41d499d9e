//! Keys that sort as what they are made of.
//!
//! ```text
//! details    = name, 0, whether none is open, the record's order key
//! occurrence = name, 1, affected
//! name       = the vulnerability's id as text
//! text       = its bytes, each zero with an FF behind it, then two zeros
//! affected   = image, scan, component, version, purl?, ecosystem, fixed as texts; fix state, status, VEX status
//! ```

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, FixState, VexStatus};
use export_core::record::{FindingRecord, FindingStatus};
use export_core::text::Text;
use export_core::vulnerability::Affected;

use crate::codec::{decode, encode};

/// What stands behind the name of an entry of details.
pub(super) const DETAILS: u8 = 0;
/// What stands behind the name of an entry of an occurrence.
pub(super) const OCCURRENCE: u8 = 1;
/// Whether none is open, and the record's rank.
pub(super) const RANK: usize = 1 + 7;

/// The key of a record's details.
pub(super) fn write_details(record: &FindingRecord<'_>, id: &str, key: &mut Vec<u8>) {
    key.clear();
    put_text(id, key);
    key.extend_from_slice(&[DETAILS, u8::from(!record.status.is_open())]);
    key.extend_from_slice(&record.order_key());
}

/// The key of a record's occurrence.
pub(super) fn write_occurrence(
    record: &FindingRecord<'_>,
    id: &str,
    key: &mut Vec<u8>,
) -> Result<(), PortError> {
    let finding = &record.finding;
    let component = finding.component.as_ref();
    key.clear();
    put_text(id, key);
    key.push(OCCURRENCE);
    put_text(&finding.image, key);
    put_text(&finding.scan_id, key);
    put_text(component.map_or("", |it| &it.name), key);
    put_text(component.map_or("", |it| &it.version), key);
    match component.and_then(|it| it.purl.as_deref()) {
        None => key.push(0),
        Some(purl) => {
            key.push(1);
            put_text(purl, key);
        }
    }
    put_text(component.map_or("", |it| &it.ecosystem), key);
    put_text(&finding.fix.versions, key);
    // Postcard writes an enum of few variants as one byte, its place in the declaration, which is also its order.
    encode(&(finding.fix.state, record.status, record.vex.as_ref().map(|vex| vex.status)), key)
}

/// What an occurrence counts.
pub(super) struct Occurrence {
    pub(super) scan: u32,
    pub(super) status: FindingStatus,
    pub(super) has_fix: bool,
    pub(super) decision: Option<Decision>,
}

impl Occurrence {
    pub(super) fn of(scan: u32, record: &FindingRecord<'_>) -> Self {
        let has_fix = record.finding.fix.is_available();
        Self { scan, status: record.status, has_fix, decision: record.decision() }
    }

    pub(super) fn to_bytes(&self) -> [u8; 7] {
        let [a, b, c, d] = self.scan.to_be_bytes();
        let decision = self.decision.map_or(u8::MAX, |decision| decision as u8);
        [a, b, c, d, self.status as u8, u8::from(self.has_fix), decision]
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, PortError> {
        let [a, b, c, d, status, has_fix, decision] = *bytes else { return Err(cut()) };
        Ok(Self {
            scan: u32::from_be_bytes([a, b, c, d]),
            status: *FindingStatus::ALL.get(usize::from(status)).ok_or_else(cut)?,
            has_fix: has_fix != 0,
            decision: Decision::ALL.get(usize::from(decision)).copied(),
        })
    }
}

/// How long the name is that a key begins with, with its end.
pub(super) fn name_length(key: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let Some(zero) = key.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0)) else {
            return key.len();
        };
        at += zero + 2;
        if key.get(at - 1) == Some(&0) {
            return at;
        }
    }
}

/// The occurrence's component in its scan, out of the part of its key behind [`OCCURRENCE`]; it has no findings yet.
pub(super) fn read_affected(bytes: &[u8]) -> Result<Affected<'_>, PortError> {
    let mut rest = Reader(bytes);
    let [image, scan_id, component, version] = [rest.text()?, rest.text()?, rest.text()?, rest.text()?];
    let purl = if rest.byte()? == 0 { None } else { Some(rest.text()?) };
    let [ecosystem, fixed] = [rest.text()?, rest.text()?];
    let (fix_state, status, vex): (FixState, FindingStatus, Option<VexStatus>) = decode(rest.0)?;
    Ok(Affected {
        image,
        scan_id,
        component,
        version,
        purl,
        ecosystem,
        fixed,
        fix_state,
        status,
        vex,
        findings: 0,
    })
}

/// The id that a name stands for.
pub(super) fn read_name(name: &[u8]) -> Result<Text<'_>, PortError> {
    Reader(name).text()
}

fn put_text(text: &str, key: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(zero) = rest.iter().position(|byte| *byte == 0) {
        key.extend_from_slice(&rest[..=zero]);
        key.push(0xff);
        rest = &rest[zero + 1..];
    }
    key.extend_from_slice(rest);
    key.extend_from_slice(&[0, 0]);
}

struct Reader<'k>(&'k [u8]);

impl<'k> Reader<'k> {
    fn byte(&mut self) -> Result<u8, PortError> {
        let (byte, rest) = self.0.split_first().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn text(&mut self) -> Result<Text<'k>, PortError> {
        let (text, rest) = self.0.split_at(name_length(self.0));
        self.0 = rest;
        let text = text.strip_suffix(&[0, 0]).ok_or_else(cut)?;
        if let Ok(text) = std::str::from_utf8(text) {
            return Ok(text.into());
        }
        // No text has an FF but those behind zeros.
        let text = text.iter().copied().filter(|byte| *byte != 0xff).collect();
        String::from_utf8(text).map(Text::from).map_err(|_| cut())
    }
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: vulnerabilities", "an occurrence is cut")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_sort_as_they_are_and_come_back(one in "[\0\u{1}ab\u{ff}]{0,5}", two in "[\0\u{1}ab\u{ff}]{0,5}") {
            let key = |text: &str| {
                let mut key = Vec::new();
                put_text(text, &mut key);
                key
            };
            prop_assert_eq!(key(&one).cmp(&key(&two)), one.cmp(&two));
            let both = [key(&one), key(&two)].concat();
            prop_assert_eq!(name_length(&both), key(&one).len());
            let mut reader = Reader(&both);
            prop_assert_eq!(&*reader.text().unwrap(), one);
            prop_assert_eq!(&*reader.text().unwrap(), two);
            prop_assert!(reader.0.is_empty());
        }
    }

    #[test]
    fn what_is_cut_is_an_error() {
        assert!(read_affected(b"image\0\0scan").is_err());
        assert!(Occurrence::from_bytes(&[0; 6]).is_err());
        assert_eq!(name_length(b"a\0"), 2);
    }
}
