//! Which services there are, where one is, and what it may take.

use std::fmt;
use std::time::Duration;

use url::Url;

/// The platform's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Scans and their findings.
    Scanner,
    /// Policy verdicts.
    Policy,
    /// VEX statements.
    VexLens,
    /// SBOM documents.
    Sbom,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 4] = [Self::Scanner, Self::Policy, Self::VexLens, Self::Sbom];

    /// The name in configuration, manifests and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scanner => "scanner",
            Self::Policy => "policy",
            Self::VexLens => "vexlens",
            Self::Sbom => "sbom",
        }
    }
}

/// A service token. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as it goes behind `Bearer`.
    ///
    /// # Errors
    /// If it is empty or holds anything but visible ASCII, which no header can carry.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidEndpoint> {
        let text = text.into();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidEndpoint("the token must be visible ASCII without spaces"));
        }
        Ok(Self(text))
    }

    /// The token itself, for the header alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Why no client can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidEndpoint(pub(crate) &'static str);

/// Where a service is, and what it may take.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub(crate) url: Url,
    pub(crate) token: Option<Token>,
    pub(crate) limits: Limits,
}

impl Endpoint {
    /// The service at `url`, below which its paths `/internal/...` lie.
    ///
    /// # Errors
    /// If `url` is not `http` or `https`, or holds credentials, a query or a fragment.
    pub fn new(url: Url, token: Option<Token>, limits: Limits) -> Result<Self, InvalidEndpoint> {
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(InvalidEndpoint("must be an http or https URL"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidEndpoint(
                "must not hold a user or a password: the token has a key of its own",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidEndpoint("must not have a query or a fragment"));
        }
        Ok(Self { url, token, limits })
    }
}

/// What one service may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How long it may say nothing: until it is connected, until the first byte, and between two.
    pub timeout: Duration,
    /// How long one answer may take, with all attempts and pauses.
    pub deadline: Duration,
    /// Further attempts after the first.
    pub retries: u32,
    /// Answers that are read at the same time.
    pub concurrency: usize,
    /// Bytes of one record.
    pub max_record_bytes: usize,
    /// Bytes of one answer, unpacked.
    pub max_answer_bytes: u64,
    /// The longest first pause between attempts; it doubles with each.
    pub pause: Duration,
    /// The longest pause, also where the service asks for a longer one.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(30 * 60),
            retries: 4,
            concurrency: 8,
            max_record_bytes: 1 << 20,
            max_answer_bytes: 8 << 30,
            pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(60),
        }
    }
}
