//! One document: a file whose format is known, or a part of a file that is a document of its own.

use std::io::Cursor;
use std::sync::Arc;

use export_core::error::PortError;

use crate::format::Format;
use crate::input::Input;

/// Opens a document from its beginning.
pub(crate) type Open = Arc<dyn Fn() -> Result<Input, PortError> + Send + Sync>;

/// A document of a known format.
#[derive(Clone)]
pub(crate) struct Document {
    /// What it is.
    pub(crate) format: &'static Format,
    /// The file, as errors, warnings and manifests name it; behind `#`, the part of it.
    pub(crate) name: String,
    open: Open,
}

impl Document {
    /// The document that `open` opens.
    pub(crate) const fn new(format: &'static Format, name: String, open: Open) -> Self {
        Self { format, name, open }
    }

    /// A document in memory, which is `part` of the file that `outer` is.
    pub(crate) fn within(
        outer: &Self,
        part: &str,
        operation: &'static str,
        bytes: Arc<[u8]>,
        format: &'static Format,
    ) -> Self {
        let name = format!("{}#{part}", outer.name);
        let file = name.clone();
        let open = move || Input::open(operation, file.clone(), Box::new(Cursor::new(Arc::clone(&bytes))));
        Self::new(format, name, Arc::new(open))
    }

    /// Opens it from its beginning.
    pub(crate) fn open(&self) -> Result<Input, PortError> {
        (self.open)()
    }
}
