//! A clock that can be put forward, tokens, and tiny renderers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::ports::{
    Authenticator, Brief, Identity, Outlet, RenderError, Rendered, Renderer, Snapshot, TemplateFault,
    TemplateTrial, TokenRefused,
};
use export_core::template::NewTemplate;
use export_core::time::{Clock, Now, Timestamp};
use export_engine::Entropy;

/// Runs with real time from a given start, and can be put forward.
pub(crate) struct SteppedClock {
    start: Instant,
    wall: AtomicI64,
}

impl SteppedClock {
    pub(crate) fn new(at: Timestamp) -> Self {
        Self { start: Instant::now(), wall: AtomicI64::new(at.as_millis()) }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.wall.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Now {
        let wall = Timestamp::from_millis(self.wall.load(Ordering::Relaxed));
        Now::at(wall.plus(self.start.elapsed()))
    }
}

/// Bytes that differ with every call and are the same in every run.
#[derive(Default)]
pub(crate) struct RepeatableEntropy(AtomicU64);

impl Entropy for RepeatableEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let draw = Digest::of(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let length = bytes.len();
        bytes.copy_from_slice(&draw.as_bytes()[..length]);
    }
}

/// Tokens that were issued and not revoked.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Identity>>);

impl Tokens {
    pub(crate) fn issue(&self, subject: &str, tenants: &[&str], scopes: &str) -> String {
        let identity = Identity {
            subject: subject.to_owned(),
            tenants: tenants.iter().map(|name| super::tenant(name)).collect(),
            scopes: scopes.split(' ').map(str::to_owned).collect(),
        };
        let token = Digest::of(format!("{identity:?}").as_bytes()).to_string();
        self.0.lock().unwrap().insert(token.clone(), identity);
        token
    }

    pub(crate) fn revoke(&self, token: &str) {
        self.0.lock().unwrap().remove(token);
    }
}

impl Authenticator for Tokens {
    fn authenticate(&self, token: &str, _now: Timestamp) -> Result<Identity, TokenRefused> {
        assert!(token != "panic", "a token that makes the handler panic");
        let known = self.0.lock().unwrap().get(token).cloned();
        known.ok_or_else(|| TokenRefused("unknown".to_owned()))
    }
}

/// Holds renderers back until it is opened.
#[derive(Default)]
pub(crate) struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    fn wait(&self, brief: &Brief<'_>) -> Result<(), RenderError> {
        let mut open = self.open.lock().unwrap();
        while !*open {
            brief.pulse.beat(0)?;
            open = self.opened.wait_timeout(open, Duration::from_millis(5)).unwrap().0;
        }
        Ok(())
    }
}

pub(crate) fn renderers(gate: &Arc<Gate>) -> Vec<Arc<dyn Renderer>> {
    let gate = Some(Arc::clone(gate));
    vec![
        Arc::new(TinyRenderer { format: Format::Json, gate: None }),
        Arc::new(TinyRenderer { format: Format::Sarif, gate: None }),
        Arc::new(TinyRenderer { format: Format::Csv, gate: None }),
        Arc::new(TinyRenderer { format: Format::Pdf, gate }),
    ]
}

/// JSON: a line for each finding. SARIF: always fails. CSV: 300,000 lines. PDF: like JSON, behind the gate.
struct TinyRenderer {
    format: Format,
    gate: Option<Arc<Gate>>,
}

impl Renderer for TinyRenderer {
    fn format(&self) -> Format {
        self.format
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::ScanReport, ExportType::VulnerabilityReport]
    }

    fn templates(&self) -> &[&'static str] {
        if self.takes_own_templates() { &["compliance-detailed"] } else { &[] }
    }

    fn takes_own_templates(&self) -> bool {
        self.format == Format::Pdf
    }

    fn render(
        &self,
        brief: &Brief<'_>,
        from: &dyn Snapshot,
        out: &mut dyn Outlet,
    ) -> Result<Rendered, RenderError> {
        if self.format == Format::Sarif {
            return Err(RenderError::new(Code::FormatLimit, "it does not fit"));
        }
        if let Some(gate) = &self.gate {
            gate.wait(brief)?;
        }
        if self.format == Format::Csv {
            (0..300_000).try_for_each(|line| writeln!(out, "line {line}"))?;
            return Ok(Rendered::default());
        }
        let mut rows = 0;
        let mut cursor = from.findings()?;
        while let Some(record) = cursor.next()? {
            writeln!(out, "{}", record.finding.id)?;
            rows += 1;
        }
        Ok(Rendered::of_findings(rows))
    }
}

/// Tries templates by what they say: `mistake` is one, and `stalled` cannot be tried.
pub(crate) struct Trial;

impl TemplateTrial for Trial {
    fn built_in(&self, name: &str) -> Option<&'static str> {
        (name == "compliance-detailed").then_some("<p>built in</p>")
    }

    fn check(&self, template: &NewTemplate) -> Result<(), TemplateFault> {
        self.preview(template).map(drop)
    }

    fn preview(&self, template: &NewTemplate) -> Result<String, TemplateFault> {
        let fault = |message: &str, is_mistake| TemplateFault { message: message.to_owned(), is_mistake };
        match &*template.text {
            "mistake" => Err(fault("line 1, column 1: a mistake", true)),
            "stalled" => Err(fault("no process", false)),
            text => Ok(format!("<p>{text}</p>")),
        }
    }
}
