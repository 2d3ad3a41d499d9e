//! What can go wrong in the library that writes workbooks, as errors of ours.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use export_core::code::Code;
use export_core::error::PortError;
use export_core::ports::RenderError;
use rust_xlsxwriter::XlsxError;

/// The operation that a full or broken scratch disk is told with.
const SCRATCH: &str = "write a sheet to the scratch folder";

/// The error that a user is told. What the library refuses although we kept its limits is a fault of ours.
pub(crate) fn fault(error: XlsxError) -> RenderError {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => {
            PortError::io(SCRATCH, error).into()
        }
        XlsxError::ZipError(_) => {
            RenderError::new(Code::FormatLimit, format!("the workbook cannot be packed: {error}"))
                .because(error)
        }
        error => RenderError::new(Code::Internal, format!("the workbook: {error}")).because(error),
    }
}

/// Runs `write`. The library panics when the scratch disk is full or broken; that becomes an error like any other.
pub(crate) fn catching_io_panics<T>(
    write: impl FnOnce() -> Result<T, RenderError>,
) -> Result<T, RenderError> {
    // Nothing that a panic may have left half done is used again: the workbook goes, and its bytes are worthless.
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(written) => written,
        Err(panic) => match told_by(&*panic) {
            Some(error) => Err(PortError::io(SCRATCH, error).into()),
            None => resume_unwind(panic),
        },
    }
}

/// The system's error, from the message of a failed `expect` or `unwrap`: `... Os { code: 28, kind: StorageFull, ... }`.
fn told_by(panic: &(dyn Any + Send)) -> Option<io::Error> {
    let (_, code) = panic.downcast_ref::<String>()?.split_once("Os { code: ")?;
    let digits = code.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().map(io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_and_other_panics_go_on() {
        let full = || io::Error::from_raw_os_error(28);
        let expected = || -> Result<(), RenderError> { panic!("Couldn't write to xml file: {:?}", full()) };
        let failed = catching_io_panics(expected).unwrap_err();
        assert_eq!(failed.code, Code::StorageFull, "{failed}");
        let other = || catching_io_panics(|| -> Result<(), RenderError> { panic!("a fault of ours {}", 1) });
        assert!(catch_unwind(other).is_err());
    }
}
