//! The platform's own services, as sources.

use std::fmt;
use std::time::Duration;

use export_source_services::{Endpoint, Limits, Service, Token};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use super::Config;

/// The platform's own services; one without a URL is not asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServicesConfig {
    /// Scans and their findings, in place of the library's.
    pub scanner: ServiceConfig,
    /// Policy verdicts.
    pub policy: ServiceConfig,
    /// VEX statements.
    pub vexlens: ServiceConfig,
    /// SBOM documents.
    pub sbom: ServiceConfig,
}

/// Where a service is, and what it may take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceConfig {
    /// The URL below which its paths `/internal/...` lie.
    pub url: Option<Url>,
    /// The token that it knows us by.
    pub token: Option<Secret>,
    /// How long it may say nothing: until it is connected, until the first byte, and between two.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
    /// How long one answer may take, with all attempts.
    #[serde(with = "humantime_serde")]
    pub deadline: Duration,
    /// Further attempts after the first, before an answer has begun.
    pub retries: u32,
    /// Answers that are read at the same time.
    pub concurrency: usize,
    /// Bytes of one record.
    pub max_record_bytes: usize,
    /// Bytes of one answer, unpacked.
    pub max_answer_bytes: u64,
}

impl Default for ServiceConfig {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            url: None,
            token: None,
            timeout: limits.timeout,
            deadline: limits.deadline,
            retries: limits.retries,
            concurrency: limits.concurrency,
            max_record_bytes: limits.max_record_bytes,
            max_answer_bytes: limits.max_answer_bytes,
        }
    }
}

/// A text that is shown nowhere.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Serde's own words for a wrong type quote the value, and an unquoted number in the environment is one.
        let text = String::deserialize(from);
        text.map(Self)
            .map_err(|_| D::Error::custom("must be a text; put one that looks like a number in quotes"))
    }
}

impl Secret {
    /// The text, for the one who needs it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl ServiceConfig {
    /// The service, if there is one.
    ///
    /// # Errors
    /// What is wrong, without the section's name.
    pub fn endpoint(&self) -> Result<Option<Endpoint>, String> {
        let Some(url) = &self.url else {
            return if self.token.is_some() { Err("token is set, but no url".to_owned()) } else { Ok(None) };
        };
        for (value, name) in [(self.timeout, "timeout"), (self.deadline, "deadline")] {
            if value < Duration::from_millis(10) {
                return Err(format!("{name} must be at least 10ms"));
            }
        }
        if self.retries > 20 {
            return Err("retries must be at most 20".to_owned());
        }
        if !(1..=1_000).contains(&self.concurrency) {
            return Err("concurrency must be from 1 to 1000".to_owned());
        }
        if !(1_024..=64 << 20).contains(&self.max_record_bytes) {
            return Err("max_record_bytes must be from 1024 to 67108864".to_owned());
        }
        if self.max_answer_bytes < self.max_record_bytes as u64 {
            return Err("max_answer_bytes must be at least max_record_bytes".to_owned());
        }
        let token = self.token.as_ref().map(|token| Token::new(token.0.as_str())).transpose();
        let token = token.map_err(|error| format!("token: {error}"))?;
        Endpoint::new(url.clone(), token, self.limits()).map(Some).map_err(|error| format!("url {error}"))
    }

    fn limits(&self) -> Limits {
        Limits {
            timeout: self.timeout,
            deadline: self.deadline,
            retries: self.retries,
            concurrency: self.concurrency,
            max_record_bytes: self.max_record_bytes,
            max_answer_bytes: self.max_answer_bytes,
            ..Limits::default()
        }
    }
}

impl ServicesConfig {
    /// The section of one service.
    #[must_use]
    pub const fn of(&self, service: Service) -> &ServiceConfig {
        match service {
            Service::Scanner => &self.scanner,
            Service::Policy => &self.policy,
            Service::VexLens => &self.vexlens,
            Service::Sbom => &self.sbom,
        }
    }
}

impl Config {
    /// What is wrong with the services.
    pub(super) fn services_faults(&self) -> Vec<String> {
        let fault = |service: Service| {
            let fault = self.sources.services.of(service).endpoint().err()?;
            Some(format!("sources.services.{}.{fault}", service.name()))
        };
        Service::ALL.into_iter().filter_map(fault).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(change: impl FnOnce(&mut ServiceConfig)) -> ServiceConfig {
        let url = Some("http://scanner.internal:8081/base".parse().expect("a URL"));
        let mut config = ServiceConfig { url, ..ServiceConfig::default() };
        change(&mut config);
        config
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key_and_without_the_token() {
        assert!(ServiceConfig::default().endpoint().expect("nothing is set").is_none());
        assert!(service(|_| {}).endpoint().expect("all is well").is_some());
        let secret = || Some(Secret("s3cr3t with a space".to_owned()));
        for (wrong, told) in [
            (service(|it| it.token = secret()), "token: "),
            (ServiceConfig { token: secret(), ..ServiceConfig::default() }, "token is set, but no url"),
            (service(|it| it.url = "ftp://x".parse().ok()), "url must be an http or https URL"),
            (service(|it| it.url = "http://u:p@x".parse().ok()), "url must not hold a user"),
            (service(|it| it.url = "http://x?a=b".parse().ok()), "url must not have a query"),
            (service(|it| it.timeout = Duration::ZERO), "timeout must be"),
            (service(|it| it.retries = 100), "retries must be"),
            (service(|it| it.concurrency = 0), "concurrency must be"),
            (service(|it| it.max_record_bytes = 1), "max_record_bytes must be"),
            (service(|it| it.max_answer_bytes = 1), "max_answer_bytes must be"),
        ] {
            let fault = wrong.endpoint().expect_err(told);
            assert!(fault.starts_with(told), "{fault}");
            assert!(!format!("{fault} {wrong:?}").contains("s3cr3t"), "{fault}");
        }
        let config = Config {
            sources: super::super::SourcesConfig {
                services: ServicesConfig { vexlens: service(|it| it.concurrency = 0), ..Default::default() },
                ..Default::default()
            },
            ..Config::default()
        };
        let told = config.check().expect_err("one is wrong").to_string();
        assert!(told.contains("- sources.services.vexlens.concurrency must be"), "{told}");
    }
}
