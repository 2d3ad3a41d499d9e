//! Which findings came from which document, in memory that grows with the documents alone.

use std::collections::BTreeSet;

/// The documents that findings were read from, in the order of reading.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    findings: u64,
    /// The number of the first finding behind each document.
    ends: Vec<u64>,
    /// Scans with findings of a document that has ended, and those of the one that is read.
    ended: BTreeSet<u32>,
    open: BTreeSet<u32>,
    /// Whether one scan has findings of two documents.
    several: bool,
}

impl Documents {
    /// A finding of a scan was read.
    pub(crate) fn finding(&mut self, scan: u32) {
        self.findings += 1;
        if self.open.insert(scan) {
            self.several |= self.ended.contains(&scan);
        }
    }

    /// A document has ended.
    pub(crate) fn end(&mut self) {
        if self.ends.last() != Some(&self.findings) {
            self.ends.push(self.findings);
            self.ended.append(&mut self.open);
        }
    }

    /// Whether findings may be told by several documents.
    pub(crate) const fn tell_the_same(&self) -> bool {
        self.several
    }

    /// The document that the finding with this number came from.
    pub(super) fn of_finding(&self, number: u64) -> u32 {
        let document = self.ends.partition_point(|end| *end <= number);
        u32::try_from(document).expect("nobody has four thousand million documents")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_know_their_documents() {
        let mut documents = Documents::default();
        documents.finding(0);
        documents.finding(0);
        documents.end();
        documents.end();
        documents.finding(1);
        documents.end();
        assert!(!documents.tell_the_same());
        documents.finding(0);
        assert!(documents.tell_the_same());
        let of: Vec<u32> = (0..4).map(|number| documents.of_finding(number)).collect();
        assert_eq!(of, [0, 0, 1, 2]);
    }
}
