//! Which engine prints a report, and what happens when the browser fails.

use std::fs::File;
use std::io::Seek as _;

use export_core::code::Code;
use export_core::ports::RenderError;
use export_core::warning::{Warning, WarningCode};

use crate::engine::{Engine, Page};
use crate::stop::Stop;

/// The engine of the designed report, and the one that never needs a browser.
pub(crate) struct Engines {
    designed: Box<dyn Engine>,
    simple: Box<dyn Engine>,
}

impl Engines {
    /// These two.
    pub(crate) fn new(designed: Box<dyn Engine>, simple: Box<dyn Engine>) -> Self {
        Self { designed, simple }
    }

    /// Prints the designed report; if the browser cannot, the simple one, which tells why it is simple.
    pub(crate) fn designed(
        &self,
        page: &Page<'_>,
        stop: &Stop<'_>,
        spool: &mut File,
    ) -> Result<Vec<Warning>, RenderError> {
        let fault = match self.designed.print(page, stop, spool) {
            Ok(warnings) => return Ok(warnings),
            Err(fault) => fault,
        };
        let Some(warning) = simplified(&fault) else { return Err(fault) };
        spool.set_len(0)?;
        spool.rewind()?;
        self.simple(page, warning, stop, spool)
    }

    /// Prints the simple report, because of what `why` tells.
    pub(crate) fn simple(
        &self,
        page: &Page<'_>,
        why: Warning,
        stop: &Stop<'_>,
        spool: &mut File,
    ) -> Result<Vec<Warning>, RenderError> {
        let mut view = page.view.clone();
        view.warn(why.code.as_str(), &why.message);
        let mut warnings = vec![why];
        warnings.extend(self.simple.print(&Page { view: &view, ..*page }, stop, spool)?);
        Ok(warnings)
    }

    /// Prints the simple report, which is what was asked for.
    pub(crate) fn archival(
        &self,
        page: &Page<'_>,
        stop: &Stop<'_>,
        spool: &mut File,
    ) -> Result<Vec<Warning>, RenderError> {
        self.simple.print(page, stop, spool)
    }
}

/// Whether the simple engine stands in for a browser that failed like this, and what the reader is told of it. What is wrong with
/// the content, or with the disk, is wrong for both.
fn simplified(fault: &RenderError) -> Option<Warning> {
    let what = match fault.code {
        Code::RenderTimeout => "printing the designed report took the browser longer than it may",
        Code::RenderCrash => "the browser that prints the designed report ended in the middle, twice",
        Code::RendererMissing => {
            "the browser that prints the designed report is not installed, or cannot be confined, on the worker"
        }
        _ => return None,
    };
    let message = format!(
        "The report is in its simple form, because {what}. It says the same with the same numbers; the template's own design is \
         not in it. Ask again for the designed one; a smaller scope or pdf_max_rows takes less time."
    );
    Some(Warning::new(WarningCode::PdfSimplified, message))
}

/// Why a report of so many rows is in its simple form.
pub(crate) fn too_many(rows: u64, designed: u64) -> Warning {
    let message = format!(
        "The report is in its simple form, because it has {rows} rows and the designed form holds {designed} at most. Every row is \
         in it, the worst first. Choose a smaller scope, pdf_max_rows or the template compliance-executive for the designed form."
    );
    Warning::new(WarningCode::PdfSimplified, message)
}

/// Why there is no archival report of so many rows. Leaving some out would not be what somebody archives.
pub(crate) fn too_long_for_archives(rows: u64, most: u64) -> RenderError {
    let message = format!(
        "An archival PDF has {most} rows at most, because each of its cells is told to screen readers, and this scope has {rows}. \
         Choose a smaller scope, pdf_max_rows, the template compliance-executive, or the standard profile, which has no such limit"
    );
    RenderError::new(Code::FormatLimit, message)
}

/// Why a template of the tenant's own does not show in an archival report.
pub(crate) fn archival_is_simple() -> Warning {
    let message = "The report is in its simple form, because archival PDFs are made in that form only. It says the same with the same \
                   numbers; the template's own design is not in it. Leave pdf_profile out for that design.";
    Warning::new(WarningCode::PdfSimplified, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_of_the_browser_are_made_up_for() {
        for code in Code::ALL {
            let told = simplified(&RenderError::new(*code, "x"));
            let browser = [Code::RenderTimeout, Code::RenderCrash, Code::RendererMissing].contains(code);
            assert_eq!(told.is_some(), browser, "{code}");
        }
    }
}
