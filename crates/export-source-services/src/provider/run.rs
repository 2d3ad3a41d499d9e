//! The checks themselves.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Verdict, VexStatement};
use export_core::ports::{Flow, SbomSource as _};
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use futures::TryStreamExt as _;

use super::{Check, Outcome, Provider};
use crate::client::{Ask, Client};
use crate::records::{ACCEPT, Records, Step};
use crate::sbom::SbomServiceSource;
use crate::stream::Reading;
use crate::wire::{Listed, Record, Scan};
use crate::{Service, scanner};

/// An id that no scan has.
const NOWHERE: &str = "provider-check-no-such-scan";

/// The checks of one service.
pub(super) struct Run<'p> {
    provider: &'p Provider,
    service: Service,
    client: Client,
    stranger: Client,
    pub(super) checks: Vec<Check>,
}

/// What was seen, or what is wrong.
pub(super) type Seen = Result<String, String>;

pub(super) fn told(error: &PortError) -> String {
    error.to_string()
}

impl<'p> Run<'p> {
    pub(super) const fn new(
        provider: &'p Provider,
        service: Service,
        client: Client,
        stranger: Client,
    ) -> Self {
        Self { provider, service, client, stranger, checks: Vec::new() }
    }

    fn note(&mut self, what: &'static str, outcome: Outcome) {
        self.checks.push(Check { service: self.service, what, outcome });
    }

    fn tell(&mut self, what: &'static str, seen: Seen) {
        self.note(what, seen.map_or_else(Outcome::Failed, Outcome::Passed));
    }

    /// The checks of the Scanner; the scan that the others are asked about.
    pub(super) async fn scanner(&mut self, required: bool) -> Option<ScanRef> {
        const LIST: &str = "lists all scans, with their number";
        let listed = match self.list(&[]).await {
            Ok(Some(listed)) => listed,
            Ok(None) if required => {
                self.note(LIST, Outcome::Failed("status 404".to_owned()));
                return None;
            }
            Ok(None) => {
                self.note(LIST, Outcome::Skipped("there is no Scanner at this address".to_owned()));
                return None;
            }
            Err(error) => {
                self.note(LIST, Outcome::Failed(told(&error)));
                return None;
            }
        };
        self.note(LIST, Outcome::Passed(format!("{} scans", listed.len())));
        self.refuses_strangers(&["scans"]).await;
        let named = self.provider.scan.as_ref();
        let newest = listed.iter().max_by_key(|it| it.scan.created_at);
        let scan = match named {
            Some(id) => listed.iter().find(|it| it.scan.id == *id),
            None => newest,
        };
        let Some(scan) = scan.map(|it| it.scan.clone()) else {
            let why = "the list has no scan to ask about: make one for this tenant";
            self.note("gives a scan with its findings", Outcome::Failed(why.to_owned()));
            return None;
        };
        let seen = self.filters_by_image(&scan).await;
        self.tell("lists the scans of an image, and no others", seen);
        if let Some(at) = scan.created_at.map(|at| at.to_string()) {
            let seen = self.filters_by_time(&scan, &at).await;
            self.tell("lists the scans of a time, and no others", seen);
        }
        self.answers::<Finding<'static>>(&["scans"], &scan).await;
        let seen = self.has_none(&["scans", NOWHERE], Finding::NAMES).await;
        self.tell("answers 404 for a scan that is not there", seen);
        Some(scan)
    }

    /// The checks of a service that says something about `scan`.
    pub(super) async fn about(&mut self, scan: Option<&ScanRef>, required: bool) {
        let Some(scan) = scan else {
            let why = Outcome::Skipped("no scan is known; name one with --scan".to_owned());
            return self.note("says something about a scan", why);
        };
        let before = self.checks.len();
        match self.service {
            Service::Scanner => {}
            Service::Policy => self.answers::<Verdict<'static>>(&["verdicts"], scan).await,
            Service::VexLens => self.answers::<VexStatement<'static>>(&["vex", "applied"], scan).await,
            Service::Sbom => self.document(scan).await,
        }
        let is_there = self.checks[before..].iter().any(|it| matches!(it.outcome, Outcome::Passed(_)));
        if required && !is_there {
            let why = "nothing is said about the scan; name one with --scan that something is said about";
            self.note("says something about a scan", Outcome::Failed(why.to_owned()));
        }
        match self.service {
            _ if !is_there => {}
            Service::Scanner | Service::Sbom => {}
            Service::Policy => self.none_elsewhere(&["verdicts"], Verdict::NAMES).await,
            Service::VexLens => self.none_elsewhere(&["vex", "applied"], VexStatement::NAMES).await,
        }
    }

    async fn none_elsewhere(&mut self, path: &[&str], names: crate::records::Names) {
        self.refuses_strangers(&[path, &[NOWHERE]].concat()).await;
        let seen = self.has_none(&[path, &[NOWHERE]].concat(), names).await;
        self.tell("answers 404, or nothing, for a scan that is not there", seen);
    }

    /// The answer about a scan, as it comes by itself and as JSON, which must be the same.
    async fn answers<T: Record + PartialEq>(&mut self, path: &[&str], scan: &ScanRef) {
        let path = [path, &[scan.id.as_str()]].concat();
        let read = self.read::<T>(&path, scan, ACCEPT).await;
        let Ok(Some(records)) = &read else {
            let what = "answers whole, every record as the contract says";
            return match read {
                Ok(_) => self
                    .note(what, Outcome::Skipped("status 404: nothing is known about the scan".to_owned())),
                Err(error) => self.note(what, Outcome::Failed(told(&error))),
            };
        };
        let seen = format!("{} records about {}", records.len(), scan.id);
        self.note("answers whole, every record as the contract says", Outcome::Passed(seen));
        let seen = match self.read::<T>(&path, scan, "application/json").await {
            Ok(Some(again)) if again == *records => Ok(format!("{} records", again.len())),
            Ok(Some(again)) => Err(format!("{} records, and not the same", again.len())),
            Ok(None) => Err("status 404".to_owned()),
            Err(error) => Err(told(&error)),
        };
        self.tell("answers the same where JSON is asked for", seen);
    }

    async fn document(&mut self, scan: &ScanRef) {
        let what = "gives an SBOM that can be read";
        let source = SbomServiceSource::of(self.client.clone());
        let steps = match source.sboms(&self.provider.tenant, scan, OnSourceError::Fail).await {
            Ok(flows) => flows.try_collect::<Vec<_>>().await,
            Err(error) => Err(error),
        };
        let outcome = match steps {
            Err(error) => Outcome::Failed(told(&error)),
            Ok(steps) => match steps.iter().filter(|step| matches!(step, Flow::Item(_))).count() {
                0 if scan.image_digest.is_none() => {
                    Outcome::Skipped("the scan has no digest to ask for".to_owned())
                }
                0 => Outcome::Skipped("status 404: the image has none".to_owned()),
                parts => Outcome::Passed(format!("{} elements", parts - 1)),
            },
        };
        self.note(what, outcome);
    }

    async fn refuses_strangers(&mut self, path: &[&str]) {
        let what = "answers 401 where no token is sent";
        if self.provider.endpoint.token.is_none() {
            return self.note(what, Outcome::Skipped("no --token was given".to_owned()));
        }
        let asked = Records::open(&self.stranger, self.ask(path, &[], ACCEPT), Listed::NAMES).await;
        let seen = match asked {
            Err(error) if error.kind == ErrorKind::Denied && error.message.contains("401") => {
                Ok("401".to_owned())
            }
            Err(error) => Err(told(&error)),
            Ok(_) => Err("it answers anyone".to_owned()),
        };
        self.tell(what, seen);
    }

    async fn has_none(&self, path: &[&str], names: crate::records::Names) -> Seen {
        let opened = Records::open(&self.client, self.ask(path, &[], ACCEPT), names).await;
        match opened.map_err(|error| told(&error))? {
            None => Ok("404".to_owned()),
            Some(mut records) => match records.next().await.map_err(|error| told(&error))? {
                Step::End if names.head.is_none() => Ok("empty".to_owned()),
                Step::End | Step::Head(_) | Step::Record(_) => Err("it answers with something".to_owned()),
            },
        }
    }

    async fn read<T: Record>(
        &self,
        path: &[&str],
        scan: &ScanRef,
        accept: &'static str,
    ) -> Result<Option<Vec<T>>, PortError> {
        let records = Records::open(&self.client, self.ask(path, &[], accept), T::NAMES).await?;
        let Some(records) = records else { return Ok(None) };
        let mut reading = Reading::new(self.service.name(), records, scan);
        let mut all = Vec::new();
        while let Some((record, _)) = reading.next::<T>().await? {
            all.push(record);
        }
        Ok(Some(all))
    }

    /// The scans of a list, as they come.
    pub(super) async fn list(
        &self,
        query: &[(&'static str, &str)],
    ) -> Result<Option<Vec<Listed>>, PortError> {
        let ask = self.ask(&["scans"], query, ACCEPT);
        let Some(mut records) = Records::open(&self.client, ask, Listed::NAMES).await? else {
            return Ok(None);
        };
        let mut listed = Vec::new();
        while let Step::Record(raw) = records.next().await? {
            listed.push(raw.parse::<Scan>()?.read().map_err(|(what, at)| raw.corrupt(what, at))?);
        }
        Ok(Some(listed))
    }

    fn ask(&self, path: &[&str], query: &[(&'static str, &str)], accept: &'static str) -> Ask {
        let query = query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Ask { accept, ..scanner::ask("provider check", &self.provider.tenant, path, query, false) }
    }
}
