//! The way out of an archive, which can be shut.
//!
//! Encoders end what they have begun when they are dropped. An archive that was given up would then look whole, and an error
//! would be followed by more bytes. So there is one switch for the sink and the archive: once it is shut nothing more comes out.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

/// Whether an archive still takes and gives bytes.
#[derive(Clone, Default)]
pub(crate) struct Switch(Rc<Cell<bool>>);

impl Switch {
    /// Ends all output.
    pub(crate) fn shut(&self) {
        self.0.set(true);
    }

    pub(crate) fn is_shut(&self) -> bool {
        self.0.get()
    }
}

/// Passes bytes on until it is shut, which the first error does too; then it swallows them.
pub(crate) struct Sink<'w> {
    out: &'w mut (dyn Write + Send),
    switch: Switch,
}

impl<'w> Sink<'w> {
    pub(crate) fn new(out: &'w mut (dyn Write + Send), switch: Switch) -> Self {
        Self { out, switch }
    }

    fn pass<T>(&mut self, shut: T, pass: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        if self.switch.is_shut() {
            return Ok(shut);
        }
        let passed = pass(self.out);
        let failed = passed.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        if failed {
            self.switch.shut();
        }
        passed
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pass(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass((), |out| out.flush())
    }
}
