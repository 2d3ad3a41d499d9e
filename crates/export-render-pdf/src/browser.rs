//! The engine of the designed report: the template's HTML, printed by a browser.

use std::fs::File;
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use export_core::code::Code;
use export_core::error::PortError;
use export_core::ports::{Interrupt, RenderError};
use export_core::warning::{Warning, WarningCode};
use export_templates::{Templates, footer_html, header_html, print};

use crate::chromium::{
    BrowserConfig, BrowserPool, ChromiumError, Margins, PoolConfig, PrintJob, Printed, Watch,
};
use crate::engine::{Engine, Page};
use crate::stop::Stop;

/// How long a browser may take for one report. The longest, of 10,000 rows, takes about 18 s of CPU.
const PRINT_LIMIT: Duration = Duration::from_secs(120);
/// How long a report may wait for those before it; the deadline of its export comes long before.
const QUEUE_LIMIT: Duration = Duration::from_secs(3_600);
/// Above so many rows a PDF has no tags and no outline, which would make it eight times larger.
const TAGGED_ROWS: u64 = 2_000;
/// Bytes of HTML between two beats.
const BEAT_BYTES: usize = 64 << 10;

/// Prints with one browser, started by the first report. Several reports queue.
pub(crate) struct BrowserEngine {
    templates: Templates,
    pool: BrowserPool,
}

impl BrowserEngine {
    /// The browser's files live below `scratch`.
    pub(crate) fn new(scratch: &Path, chromium: Option<PathBuf>, allow_unsandboxed: bool) -> Self {
        let config = BrowserConfig { executable: chromium, allow_unsandboxed, ..BrowserConfig::new(scratch) };
        Self { templates: Templates::built_in(), pool: BrowserPool::new(config, PoolConfig::default()) }
    }

    fn html(&self, page: &Page<'_>, stop: &Stop<'_>) -> Result<String, RenderError> {
        let mut html = Html { bytes: Vec::new(), beaten: 0, stop };
        let written = self.templates.render(&page.template.name, page.view, &mut html);
        let bytes = html.bytes;
        if let Some(interrupt) = stop.said() {
            return Err(interrupt.into());
        }
        written.map_err(|error| RenderError::new(Code::TemplateError, error.to_string()).because(error))?;
        Ok(String::from_utf8(bytes).expect("templates and values are UTF-8"))
    }

    /// Waits for the browser, then prints: only the second counts against the limit of a print.
    fn try_print(
        &self,
        job: PrintJob<'_>,
        stop: &Stop<'_>,
        spool: &mut File,
    ) -> Result<Printed, ChromiumError> {
        let cancel = || stop.check().is_err();
        let within = |limit| Watch { deadline: Instant::now() + limit, cancel: &cancel };
        let mut place = self.pool.place(&within(QUEUE_LIMIT))?;
        place.print(&PrintJob { watch: within(PRINT_LIMIT), ..job }, spool)
    }
}

impl Engine for BrowserEngine {
    fn print(&self, page: &Page<'_>, stop: &Stop<'_>, spool: &mut File) -> Result<Vec<Warning>, RenderError> {
        let html = self.html(page, stop)?;
        let rich = page.rows <= TAGGED_ROWS;
        let job = PrintJob {
            html: &html,
            header: &header_html(page.view),
            footer: &footer_html(page.view),
            margins: Margins {
                top: print::MARGIN_BLOCK_MM,
                right: print::MARGIN_INLINE_MM,
                bottom: print::MARGIN_BLOCK_MM,
                left: print::MARGIN_INLINE_MM,
            },
            tagged: rich,
            outline: rich,
            created: page.created.to_utc(),
            watch: Watch { deadline: Instant::now(), cancel: &|| true },
        };
        let mut printed = self.try_print(job, stop, spool);
        if matches!(printed, Err(ChromiumError::Crashed { .. })) {
            // The pool has thrown the dead browser away: the second try has a fresh one.
            spool.set_len(0)?;
            spool.rewind()?;
            printed = self.try_print(job, stop, spool);
        }
        let printed = printed.map_err(|error| failure(error, stop))?;
        Ok(blocked(&printed.blocked).into_iter().collect())
    }
}

/// The page as it is written. It beats, for a long one takes seconds.
struct Html<'a> {
    bytes: Vec<u8>,
    beaten: usize,
    stop: &'a Stop<'a>,
}

impl Write for Html<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() - self.beaten >= BEAT_BYTES {
            self.beaten = self.bytes.len();
            self.stop.check().map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a failure of the browser means for a user. Its last words are for the log: they are the cause.
fn failure(error: ChromiumError, stop: &Stop<'_>) -> RenderError {
    let (code, message) = match error {
        ChromiumError::Cancelled => return stop.said().unwrap_or(Interrupt::Cancelled).into(),
        ChromiumError::Io { operation, source } => return PortError::io(operation, source).into(),
        ChromiumError::Missing { .. } => (Code::RendererMissing, error.to_string()),
        ChromiumError::SandboxUnavailable { .. } => (
            Code::RendererMissing,
            "Chromium cannot use its sandbox here: allow unprivileged user namespaces, or allow printing \
             without a sandbox in the configuration"
                .to_owned(),
        ),
        ChromiumError::Launch { .. } => (Code::RenderCrash, "Chromium did not start".to_owned()),
        ChromiumError::Crashed { during, .. } => {
            (Code::RenderCrash, format!("Chromium died twice while {during}"))
        }
        ChromiumError::Timeout { .. } => {
            (Code::RenderTimeout, format!("{error}; a smaller scope or pdf_max_rows takes less time"))
        }
        ChromiumError::UnexpectedNavigation { .. } => (Code::UnexpectedNavigation, error.to_string()),
        ChromiumError::Protocol { method, .. } => (Code::Internal, format!("Chromium refused {method}")),
    };
    RenderError::new(code, message).because(error)
}

fn blocked(urls: &[String]) -> Option<Warning> {
    let first = urls.first()?;
    let more = match urls.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "The report asked for content from outside, which was refused: {first}{more}. The report is printed \
         without it. Look at what the template and the findings hold."
    );
    Some(Warning::new(WarningCode::ContentBlocked, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Calm;

    impl export_core::ports::Pulse for Calm {
        fn beat(&self, _: u64) -> Result<(), Interrupt> {
            Ok(())
        }
    }

    #[test]
    fn each_failure_has_its_code_and_tells_no_last_words() {
        let secret = || "stderr of the browser".to_owned();
        let io = || io::Error::new(io::ErrorKind::StorageFull, "full");
        let stop = Stop::new(&Calm, 0);
        for (error, code) in [
            (ChromiumError::Missing { searched: "/usr/bin/x".into() }, Code::RendererMissing),
            (ChromiumError::SandboxUnavailable { detail: secret() }, Code::RendererMissing),
            (ChromiumError::Launch { detail: secret() }, Code::RenderCrash),
            (ChromiumError::Crashed { during: "printing", detail: secret() }, Code::RenderCrash),
            (ChromiumError::Timeout { during: "printing" }, Code::RenderTimeout),
            (ChromiumError::UnexpectedNavigation { url: "https://x".into() }, Code::UnexpectedNavigation),
            (ChromiumError::Protocol { method: "Page.x", detail: secret() }, Code::Internal),
            (ChromiumError::Io { operation: "spool", source: io() }, Code::StorageFull),
            (ChromiumError::Cancelled, Code::Cancelled),
        ] {
            let told = failure(error, &stop);
            assert_eq!(told.code, code, "{told}");
            assert!(!told.to_string().contains("stderr"), "{told}");
        }
    }

    #[test]
    fn what_was_refused_is_told() {
        assert_eq!(blocked(&[]), None);
        let urls = ["https://a.example/x".to_owned(), "https://b.example/".to_owned()];
        let warning = blocked(&urls).unwrap();
        assert_eq!(warning.code, WarningCode::ContentBlocked);
        assert!(warning.message.contains("https://a.example/x and 1 more"), "{warning}");
    }
}
