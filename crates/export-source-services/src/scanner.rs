//! The Scanner: which scans there are, and their findings.

use std::cmp::Reverse;

use async_trait::async_trait;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Finding;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flows, Resolution, ScanSource};
use export_core::request::{DateRange, OnSourceError, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::client::{Ask, Client};
use crate::kept::refused;
use crate::records::{ACCEPT, Records, Step};
use crate::stream::about;
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

    fn place_of(&self, tenant: &TenantId, id: &ScanId) -> String {
        self.0.url(&ask(RESOLVE, tenant, &["scans", id.as_str()], vec![], true)).to_string()
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

    /// The scans of these ids. One that cannot be read is left out with a warning, where it may be.
    async fn by_ids(
        &self,
        tenant: &TenantId,
        ids: Vec<ScanId>,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        let asked = ids.into_iter().map(|id| async move {
            let scan = self.head(tenant, &id).await;
            Ok::<_, PortError>((id, scan))
        });
        let mut asked = stream::iter(asked).buffered(CONCURRENT);
        let mut found = Resolution::default();
        while let Some((id, scan)) = asked.try_next().await? {
            match scan {
                Ok(Some(scan)) => found.scans.push(scan),
                Ok(None) => found.missing.scan_ids.push(id),
                Err(error) => match refused(&error, on_error) {
                    Some(warning) => found.warnings.push(warning),
                    None => return Err(error),
                },
            }
        }
        Ok(found)
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
    async fn resolve(
        &self,
        tenant: &TenantId,
        scope: &Scope,
        on_error: OnSourceError,
    ) -> Result<Resolution, PortError> {
        let range = scope.date_range.as_ref().map(absolute).transpose()?;
        let mut found = self.by_ids(tenant, each_once(&scope.scan_ids), on_error).await?;
        let (of_images, image_refs) = self.by_images(tenant, each_once(&scope.image_refs), range).await?;
        found.scans.extend(of_images);
        found.missing.image_refs = image_refs;
        if scope.scan_ids.is_empty() && scope.image_refs.is_empty() {
            found.scans = self.list(tenant, None, range).await?;
        }
        found.scans.sort_by_key(newest_first);
        found.scans.dedup_by(|a, b| a.id == b.id);
        Ok(found)
    }

    async fn findings(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<Finding<'static>>, PortError> {
        let operation = "scanner: findings";
        let found = about(&self.0, (operation, &["scans"]), (tenant, scan), on_error).await?;
        found.ok_or_else(|| {
            let message = format!("the scanner has no scan `{}`", scan.id);
            PortError::new(ErrorKind::NotFound, operation, message).at(self.place_of(tenant, &scan.id))
        })
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
