//! The Scanner: which scans there are, and their findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Finding;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flows, Missing, Resolution, ScanSource};
use export_core::request::{DateRange, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::client::{Ask, Client};
use crate::records::{ACCEPT, Records, Step};
use crate::stream::{Reading, direct};
use crate::wire::{Listed, Record as _, Scan};
use crate::{Endpoint, InvalidEndpoint, Service, Surroundings};

/// Names that are asked for at the same time.
const CONCURRENT: usize = 4;
const RESOLVE: &str = "scanner: resolve";

/// The Scanner: `GET /internal/scans/{id}`, `GET /internal/scans?image_ref=&from=&to=`.
#[derive(Clone)]
pub struct ScannerSource(Client);

type Range = (Timestamp, Timestamp);

impl ScannerSource {
    /// The service at `endpoint`. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(endpoint: Endpoint, around: Surroundings) -> Result<Self, InvalidEndpoint> {
        Client::new(Service::Scanner, endpoint, around).map(Self)
    }

    /// One scan, by its head alone: the rest of the answer is not waited for.
    async fn head(&self, tenant: &TenantId, id: &ScanId) -> Result<Option<ScanRef>, PortError> {
        let ask = ask(RESOLVE, tenant, &["scans", id.as_str()], vec![], true);
        let Some(mut records) = Records::open(&self.0, ask, Finding::NAMES).await? else { return Ok(None) };
        let url = records.url().to_string();
        let Step::Head(raw) = records.next().await? else {
            let error = PortError::new(ErrorKind::Corrupt, RESOLVE, "the answer has no head");
            return Err(error.at(url));
        };
        let listed = raw.parse::<Scan>()?.read().map_err(|(what, pointer)| raw.corrupt(what, pointer))?;
        if listed.scan.id != *id {
            return Err(raw.corrupt("is another scan than the one that was asked for", "/id"));
        }
        Ok(Some(listed.scan))
    }

    /// The scans of an image, or all, made in `range`; in any order.
    async fn list(
        &self,
        tenant: &TenantId,
        image: Option<&str>,
        range: Option<Range>,
    ) -> Result<Vec<ScanRef>, PortError> {
        let mut query: Vec<(&str, String)> =
            image.into_iter().map(|image| ("image_ref", image.to_owned())).collect();
        if let Some((start, end)) = range {
            query.extend([("from", start.to_string()), ("to", end.to_string())]);
        }
        let ask = ask(RESOLVE, tenant, &["scans"], query, true);
        let url = self.0.url(&ask).to_string();
        let Some(mut records) = Records::open(&self.0, ask, Listed::NAMES).await? else {
            let message = "the service has no list of scans at this address (status 404)";
            return Err(PortError::new(ErrorKind::Invalid, RESOLVE, message).at(url));
        };
        let mut found = Vec::new();
        loop {
            match records.next().await? {
                Step::Record(raw) => {
                    let listed: Listed =
                        raw.parse::<Scan>()?.read().map_err(|(what, at)| raw.corrupt(what, at))?;
                    // A service that does not know the parameter would give every scan, and a report about them.
                    if image.is_some_and(|image| !listed.is_of(image)) {
                        return Err(raw.corrupt("is a scan of another image than was asked for", "/image"));
                    }
                    if is_in(range, &listed.scan) {
                        found.push(listed.scan);
                    }
                }
                Step::Head(raw) => return Err(raw.corrupt("a list has no head", "")),
                Step::End => return Ok(found),
            }
        }
    }

    async fn by_ids(
        &self,
        tenant: &TenantId,
        ids: Vec<ScanId>,
    ) -> Result<(Vec<ScanRef>, Vec<ScanId>), PortError> {
        let asked = ids.into_iter().map(|id| async move {
            let scan = self.head(tenant, &id).await?;
            Ok::<_, PortError>((id, scan))
        });
        let mut asked = stream::iter(asked).buffered(CONCURRENT);
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        while let Some((id, scan)) = asked.try_next().await? {
            match scan {
                Some(scan) => found.push(scan),
                None => missing.push(id),
            }
        }
        Ok((found, missing))
    }

    /// The newest scan of each image.
    async fn by_images(
        &self,
        tenant: &TenantId,
        images: Vec<String>,
        range: Option<Range>,
    ) -> Result<(Vec<ScanRef>, Vec<String>), PortError> {
        let asked = images.into_iter().map(|image| async move {
            let scans = self.list(tenant, Some(&image), range).await?;
            Ok::<_, PortError>((image, scans.into_iter().min_by_key(newest_first)))
        });
        let mut asked = stream::iter(asked).buffered(CONCURRENT);
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        while let Some((image, scan)) = asked.try_next().await? {
            match scan {
                Some(scan) => found.push(scan),
                None => missing.push(image),
            }
        }
        Ok((found, missing))
    }
}

#[async_trait]
impl ScanSource for ScannerSource {
    async fn resolve(&self, tenant: &TenantId, scope: &Scope) -> Result<Resolution, PortError> {
        let range = scope.date_range.as_ref().map(absolute).transpose()?;
        let (scans, missing) = if scope.scan_ids.is_empty() && scope.image_refs.is_empty() {
            (self.list(tenant, None, range).await?, Missing::default())
        } else {
            let (mut scans, scan_ids) = self.by_ids(tenant, each_once(&scope.scan_ids)).await?;
            let (more, image_refs) = self.by_images(tenant, each_once(&scope.image_refs), range).await?;
            scans.extend(more);
            (scans, Missing { scan_ids, image_refs })
        };
        let once: BTreeMap<ScanId, ScanRef> = scans.into_iter().map(|scan| (scan.id.clone(), scan)).collect();
        let mut scans: Vec<ScanRef> = once.into_values().collect();
        scans.sort_by_key(newest_first);
        Ok(Resolution { scans, missing })
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let operation = "scanner: findings";
        let ask = ask(operation, tenant, &["scans", scan.id.as_str()], vec![], false);
        let url = self.0.url(&ask).to_string();
        let Some(records) = Records::open(&self.0, ask, Finding::NAMES).await? else {
            let message = format!("the scanner has no scan `{}`", scan.id);
            return Err(PortError::new(ErrorKind::NotFound, operation, message).at(url));
        };
        Ok(direct(Reading::new(self.0.service.name(), records, scan)))
    }
}

/// A request for records.
pub(crate) fn ask(
    operation: &'static str,
    tenant: &TenantId,
    path: &[&str],
    query: Vec<(&'static str, String)>,
    waited_for: bool,
) -> Ask {
    let path = path.iter().map(|segment| (*segment).to_owned()).collect();
    Ask { operation, tenant: tenant.clone(), path, query, accept: ACCEPT, waited_for }
}

/// The ends of a range that was made absolute when the export was created.
fn absolute(range: &DateRange) -> Result<Range, PortError> {
    match (range.start, range.end) {
        (DateBound::At(start), DateBound::At(end)) => Ok((start, end)),
        (DateBound::Ago(_), _) | (_, DateBound::Ago(_)) => {
            let message = "the date range is relative: resolve the request first";
            Err(PortError::new(ErrorKind::Invalid, RESOLVE, message))
        }
    }
}

fn is_in(range: Option<Range>, scan: &ScanRef) -> bool {
    match (range, scan.created_at) {
        (None, _) => true,
        (Some((start, end)), Some(at)) => start <= at && at <= end,
        (Some(_), None) => false,
    }
}

/// Sorts scans: newest first, those without a time last, then by id.
fn newest_first(scan: &ScanRef) -> (Reverse<Option<Timestamp>>, ScanId) {
    (Reverse(scan.created_at), scan.id.clone())
}

fn each_once<T: Clone + PartialEq>(names: &[T]) -> Vec<T> {
    let mut once: Vec<T> = Vec::with_capacity(names.len());
    names.iter().for_each(|name| {
        if !once.contains(name) {
            once.push(name.clone());
        }
    });
    once
}
