//! The names of entries of `Results`, where they come behind the findings.

use export_core::error::PortError;

use super::entries::{Resource, Visitor, visit};
use crate::input::Input;
use crate::json::JsonReader;

/// `Target` and `Type` of an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) target: Option<String>,
    pub(super) ecosystem: Option<String>,
}

impl Names {
    /// Those of all entries of a document, in their order.
    ///
    /// # Errors
    /// If one is no text.
    pub(super) fn of_all(input: Input) -> Result<Vec<Self>, PortError> {
        let mut all = AllNames(Vec::new());
        visit(&mut JsonReader::new(input), &mut all)?;
        Ok(all.0)
    }
}

/// The names of all entries of `Results`.
struct AllNames(Vec<Names>);

impl Visitor for AllNames {
    fn entry(&mut self, reader: &mut JsonReader, _: Option<&Resource>) -> Result<(), PortError> {
        let mut names = Names::default();
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "Target" => names.target = reader.value()?,
                "Type" => names.ecosystem = reader.value()?,
                _ => reader.skip()?,
            }
        }
        self.0.push(names);
        Ok(())
    }
}
