//! The engine of the designed report: the template's HTML, printed by a browser.

use std::fs::File;
use std::io::{self, Seek as _, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use export_core::code::Code;
use export_core::error::PortError;
use export_core::ports::{Interrupt, RenderError};
use export_core::warning::{Warning, WarningCode};
use export_templates::sandbox::{Sandbox, SandboxError};
use export_templates::{CustomTemplate, Templates, footer_html, header_html, print};
use export_typeset::FontBook;

use crate::chromium::{
    BrowserConfig, BrowserPool, ChromiumError, Margins, PoolConfig, PrintJob, Printed, Watch,
};
use crate::engine::{Engine, Page};
use crate::glyphs;
use crate::renderer::PdfSettings;
use crate::stop::Stop;

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
    /// How long a browser may take for one report.
    limit: Duration,
    sandbox: Option<Arc<Sandbox>>,
    /// Tells which characters the browser cannot show: it draws a box and says nothing.
    fonts: Arc<FontBook>,
}

impl BrowserEngine {
    /// The browser's files live below the scratch folder of `settings`.
    pub(crate) fn new(settings: &PdfSettings, fonts: Arc<FontBook>) -> Self {
        let config = BrowserConfig {
            executable: settings.chromium.clone(),
            allow_unsandboxed: settings.allow_unsandboxed,
            ..BrowserConfig::new(&settings.scratch)
        };
        Self {
            templates: Templates::built_in(),
            pool: BrowserPool::new(config, PoolConfig::default()),
            limit: settings.print_limit,
            sandbox: settings.sandbox.clone(),
            fonts,
        }
    }

    fn html(&self, page: &Page<'_>, stop: &Stop<'_>) -> Result<String, RenderError> {
        if let Some(own) = page.own {
            return self.own(own, page, stop);
        }
        let mut html = Html { bytes: Vec::new(), beaten: 0, stop };
        let written = self.templates.render(&page.template.name, page.view, &mut html);
        let bytes = html.bytes;
        if let Some(interrupt) = stop.said() {
            return Err(interrupt.into());
        }
        written.map_err(|error| RenderError::new(Code::TemplateError, error.to_string()).because(error))?;
        Ok(String::from_utf8(bytes).expect("templates and values are UTF-8"))
    }

    /// The page of a tenant's own template, made in a process of its own.
    fn own(&self, own: &CustomTemplate, page: &Page<'_>, stop: &Stop<'_>) -> Result<String, RenderError> {
        let mut html = Vec::new();
        let sandbox = self.sandbox.as_deref().ok_or_else(|| {
            let message = "this program has no sandbox for tenants' templates";
            RenderError::new(Code::TemplateError, message)
        })?;
        match sandbox.render(own, page.view, &|| stop.check().is_err(), &mut html) {
            Ok(()) => Ok(String::from_utf8_lossy(&html).into_owned()),
            Err(SandboxError::Stopped) => Err(stop.said().unwrap_or(Interrupt::Cancelled).into()),
            Err(error @ SandboxError::Template(_)) => {
                Err(RenderError::new(Code::TemplateError, error.to_string()).because(error))
            }
            Err(error @ (SandboxError::Unavailable(_) | SandboxError::Write(_))) => {
                Err(RenderError::new(Code::RenderCrash, error.to_string()).because(error))
            }
        }
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
        place.print(&PrintJob { watch: within(self.limit), ..job }, spool)
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
        let missing = glyphs::missing(&self.fonts.missing(&html));
        Ok(blocked(&printed.blocked).into_iter().chain(missing).collect())
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
