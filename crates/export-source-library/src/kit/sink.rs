//! Where a walk through a report puts its findings.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Finding;

use super::doubts::Doubts;
use super::ids::Ids;
use crate::emit::Emitter;
use crate::json::JsonReader;

/// Hands findings on, each with an id of its own, and tells at the end what was doubtful.
pub(crate) struct Sink<'a> {
    emit: &'a mut Emitter<Finding<'static>>,
    ids: Ids,
    pub(crate) doubts: Doubts,
}

impl<'a> Sink<'a> {
    /// A sink before the first finding.
    pub(crate) fn new(emit: &'a mut Emitter<Finding<'static>>) -> Self {
        Self { emit, ids: Ids::default(), doubts: Doubts::default() }
    }

    /// Hands on a finding that was read from `bytes` bytes, where `reader` is.
    pub(crate) fn finding(
        &mut self,
        reader: &JsonReader,
        bytes: usize,
        mut finding: Finding<'static>,
    ) -> Result<(), PortError> {
        let Some(id) = self.ids.give(finding.kind(), &finding.id) else {
            let mut error =
                reader.invalid("a report may have 2,000,000 findings: make several reports of it");
            error.kind = ErrorKind::Limit;
            return Err(error);
        };
        finding.id = id.into();
        self.emit.item(finding, bytes)
    }

    /// Ends the document: tells of the doubts. Its digest.
    pub(crate) fn finish(self, reader: JsonReader) -> Result<Digest, PortError> {
        self.doubts.tell(self.emit)?;
        reader.finish()
    }
}
