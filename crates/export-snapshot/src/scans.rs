//! The scans of a snapshot, by number.

use std::collections::HashMap;

use export_core::error::{ErrorKind, PortError};
use export_core::scan::ScanRef;

/// Gives every scan a number when it is first named, whether it was announced before or is later.
#[derive(Default)]
pub(crate) struct Scans {
    numbers: HashMap<String, u32>,
    /// By number; none for a scan that was only named so far.
    announced: Vec<Option<ScanRef>>,
    /// Numbers in the order of announcing.
    order: Vec<u32>,
    /// The scan that was named last: findings of one scan come together.
    last: Option<(String, u32)>,
}

impl Scans {
    /// Announces a scan.
    pub(crate) fn announce(&mut self, scan: ScanRef) -> Result<(), PortError> {
        let number = self.number(scan.id.as_str());
        let place = &mut self.announced[number as usize];
        if place.is_some() {
            let message = format!("scan {} was announced twice", scan.id);
            return Err(PortError::new(ErrorKind::AlreadyExists, "snapshot: scan", message));
        }
        *place = Some(scan);
        self.order.push(number);
        Ok(())
    }

    /// The number of a scan.
    pub(crate) fn number(&mut self, id: &str) -> u32 {
        match &self.last {
            Some((last, number)) if last == id => *number,
            _ => self.look_up(id),
        }
    }

    fn look_up(&mut self, id: &str) -> u32 {
        let number = self.numbers.get(id).copied().unwrap_or_else(|| {
            let next =
                u32::try_from(self.announced.len()).expect("the names of four billion scans fit nowhere");
            self.numbers.insert(id.to_owned(), next);
            self.announced.push(None);
            next
        });
        self.last = Some((id.to_owned(), number));
        number
    }

    /// All scans by number, and their numbers in the order of announcing.
    pub(crate) fn finish(self) -> Result<(Vec<ScanRef>, Vec<u32>), PortError> {
        let unknown = |(_, number): &(&String, &u32)| self.announced[**number as usize].is_none();
        if let Some((id, _)) = self.numbers.iter().filter(unknown).min() {
            let message = format!("something was given for the scan {id:?}, which was never announced");
            return Err(PortError::new(ErrorKind::Internal, "snapshot: scan", message));
        }
        Ok((self.announced.into_iter().flatten().collect(), self.order))
    }
}
