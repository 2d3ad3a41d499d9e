//! Printing one document: the conversation from an empty page to the last byte of the PDF.

use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::pipe::{Message, Pipe};
use super::{ChromiumError, PdfDates, Watch, frames};

const FRAMES: &str = "Page.getFrameTree";
/// How much of the PDF one reply carries.
const CHUNK: usize = 256 << 10;
/// How many refused URLs are remembered, and how much of each.
const MAX_BLOCKED: usize = 20;
const MAX_URL: usize = 200;
/// Width and height in millimetres.
const A4: (f64, f64) = (210.0, 297.0);

/// One document to print, on A4.
#[derive(Clone, Copy)]
pub struct PrintJob<'a> {
    /// The whole document. Its colours and backgrounds are printed.
    pub html: &'a str,
    /// HTML repeated in the top margin; empty for none. The document's style does not apply to it: it needs
    /// font sizes and padding of its own. Elements of class `pageNumber`, `totalPages` and `title` are filled in.
    pub header: &'a str,
    /// The same in the bottom margin.
    pub footer: &'a str,
    /// The page's margins, in which header and footer stand.
    pub margins: Margins,
    /// Whether to write structure for screen readers. Makes large tables about eight times larger.
    pub tagged: bool,
    /// Whether to write bookmarks from the headings.
    pub outline: bool,
    /// The creation date of the PDF.
    pub created: DateTime<Utc>,
    /// When to give up.
    pub watch: Watch<'a>,
}

/// Margins in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    /// Above the text.
    pub top: f64,
    /// Right of the text.
    pub right: f64,
    /// Below the text.
    pub bottom: f64,
    /// Left of the text.
    pub left: f64,
}

/// What was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The size of the PDF.
    pub bytes: u64,
    /// The first URLs that the document asked for in vain, shortened.
    pub blocked: Vec<String>,
}

/// Prints `job` in a browser context of its own, so that nothing of another document is visible to it.
pub(super) fn print(
    pipe: &mut Pipe,
    job: &PrintJob<'_>,
    out: &mut dyn Write,
) -> Result<Printed, ChromiumError> {
    let mut page = Page::new(pipe, job.watch);
    let context = page.text("Target.createBrowserContext", json!({}), "browserContextId")?;
    page.open(&context)?;
    let empty = page.call(FRAMES, json!({}))?;
    page.load(&empty, job.html)?;
    let stream = page.text("Page.printToPDF", print_parameters(job), "stream");
    // Looked at after printing, so that no moment is left unwatched, and before a byte is handed out. It also is
    // the better reason for a refusal: a page that moves on while it is being printed cannot be printed.
    if matches!(stream, Ok(_) | Err(ChromiumError::Protocol { .. })) {
        page.refuse_navigation(&empty)?;
    }
    let stream = stream?;
    let mut dated = PdfDates::new(out, job.created);
    let bytes = page.copy(&stream, &mut dated)?;
    dated.finish().map_err(ChromiumError::io("writing the PDF"))?;

    let blocked = std::mem::take(&mut page.blocked);
    page.session = None;
    page.call("Target.disposeBrowserContext", json!({ "browserContextId": context }))?;
    Ok(Printed { bytes, blocked })
}

/// A page, and until it is opened the browser itself.
pub(super) struct Page<'a> {
    pipe: &'a mut Pipe,
    watch: Watch<'a>,
    session: Option<String>,
    blocked: Vec<String>,
    loaded: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(pipe: &'a mut Pipe, watch: Watch<'a>) -> Self {
        Self { pipe, watch, session: None, blocked: Vec::new(), loaded: false }
    }

    /// Sends a command and waits for its result, while attending to what the page does.
    pub(super) fn call(
        &mut self,
        method: &'static str,
        params: impl Serialize,
    ) -> Result<Value, ChromiumError> {
        let id = self.pipe.send(self.session.as_deref(), method, params);
        loop {
            let message = self.pipe.next(&self.watch, method)?;
            if message.id == Some(id) {
                return match message.error {
                    Some(error) => Err(ChromiumError::Protocol { method, detail: error.to_string() }),
                    None => Ok(message.result),
                };
            }
            self.attend(&message, method)?;
        }
    }

    /// A command whose result has a text that we need.
    fn text(
        &mut self,
        method: &'static str,
        params: impl Serialize,
        name: &str,
    ) -> Result<String, ChromiumError> {
        let result = self.call(method, params)?;
        match result[name].as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(ChromiumError::Protocol { method, detail: format!("no {name} in {result}") }),
        }
    }

    /// Opens an empty page that runs no script and loads nothing.
    fn open(&mut self, context: &str) -> Result<(), ChromiumError> {
        self.call("Browser.setDownloadBehavior", json!({ "behavior": "deny", "browserContextId": context }))?;
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.text("Target.createTarget", target, "targetId")?;
        let attach = json!({ "targetId": target, "flatten": true });
        self.session = Some(self.text("Target.attachToTarget", attach, "sessionId")?);
        self.call("Inspector.enable", json!({}))?;
        self.call("Page.enable", json!({}))?;
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }))?;
        self.call("Fetch.enable", json!({ "patterns": [{ "urlPattern": "*" }] }))?;
        Ok(())
    }

    /// Makes `html` the content of the empty page and waits until everything in it is loaded or refused.
    fn load(&mut self, empty: &Value, html: &str) -> Result<(), ChromiumError> {
        let frame = empty["frameTree"]["frame"]["id"].as_str().unwrap_or_default();
        self.loaded = false;
        self.call("Page.setDocumentContent", BTreeMap::from([("frameId", frame), ("html", html)]))?;
        while !self.loaded {
            let message = self.pipe.next(&self.watch, "loading the document")?;
            self.attend(&message, "loading the document")?;
        }
        Ok(())
    }

    fn refuse_navigation(&mut self, empty: &Value) -> Result<(), ChromiumError> {
        let now = self.call(FRAMES, json!({}))?;
        frames::departure(empty, &now)
            .map_or(Ok(()), |url| Err(ChromiumError::UnexpectedNavigation { url: shortened(url) }))
    }

    /// Copies a stream of the browser to `out`, a bounded chunk at a time; returns its length in bytes.
    fn copy(&mut self, stream: &str, out: &mut dyn Write) -> Result<u64, ChromiumError> {
        const READ: &str = "IO.read";
        let mut bytes = 0;
        loop {
            let chunk = self.call(READ, json!({ "handle": stream, "size": CHUNK }))?;
            let data = chunk["data"].as_str().and_then(|data| BASE64_STANDARD.decode(data).ok());
            let data =
                data.ok_or_else(|| ChromiumError::Protocol { method: READ, detail: "no base64".into() })?;
            out.write_all(&data).map_err(ChromiumError::io("writing the PDF"))?;
            bytes += data.len() as u64;
            if chunk["eof"] == true {
                self.call("IO.close", json!({ "handle": stream }))?;
                return Ok(bytes);
            }
        }
    }

    /// Reacts to an event of our page; replies to our fire-and-forget commands need nothing.
    fn attend(&mut self, event: &Message, during: &'static str) -> Result<(), ChromiumError> {
        if Some(event.session.as_str()) != self.session.as_deref() {
            return Ok(());
        }
        match event.method.as_str() {
            "Page.loadEventFired" => self.loaded = true,
            "Fetch.requestPaused" => self.refuse_request(&event.params),
            "Inspector.targetCrashed" | "Inspector.detached" => {
                return Err(ChromiumError::Crashed {
                    during,
                    detail: format!("its page was lost ({})", event.method),
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Refuses the request. `data:` URLs never come here, for they need no network.
    ///
    /// `Aborted` cancels a navigation; `BlockedByClient` would put an error page in the document's place.
    fn refuse_request(&mut self, paused: &Value) {
        let refusal = json!({ "requestId": paused["requestId"], "errorReason": "Aborted" });
        self.pipe.send(self.session.as_deref(), "Fetch.failRequest", refusal);
        if self.blocked.len() < MAX_BLOCKED {
            self.blocked.push(shortened(paused["request"]["url"].as_str().unwrap_or_default()));
        }
    }
}

fn shortened(url: &str) -> String {
    url.chars().take(MAX_URL).collect()
}

/// The parameters of `Page.printToPDF`, whose lengths are inches.
fn print_parameters(job: &PrintJob<'_>) -> Value {
    // Without a template Chromium would print one of its own (title, date, URL).
    let template = |html: &str| if html.is_empty() { "<span></span>".to_owned() } else { html.to_owned() };
    json!({
        "transferMode": "ReturnAsStream",
        "printBackground": true,
        "paperWidth": inches(A4.0),
        "paperHeight": inches(A4.1),
        "marginTop": inches(job.margins.top),
        "marginRight": inches(job.margins.right),
        "marginBottom": inches(job.margins.bottom),
        "marginLeft": inches(job.margins.left),
        "displayHeaderFooter": !(job.header.is_empty() && job.footer.is_empty()),
        "headerTemplate": template(job.header),
        "footerTemplate": template(job.footer),
        "generateTaggedPDF": job.tagged,
        "generateDocumentOutline": job.outline,
    })
}

fn inches(millimetres: f64) -> f64 {
    millimetres / 25.4
}
