//! From the records of an answer to the steps of a source.

use std::sync::Arc;

use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{Flow, Flows};
use export_core::request::OnSourceError;
use export_core::scan::{ScanRef, SourceDigest};
use futures::{StreamExt as _, stream};

use crate::client::{Ask, Client};
use crate::kept::{checked, warned};
use crate::raw::Raw;
use crate::records::{ACCEPT, Records, Step};
use crate::wire::{Record, Scan};

/// An answer being read as records about one scan.
pub(crate) struct Reading {
    pub(crate) source: &'static str,
    /// The URL of the first page: what was asked.
    query: Arc<str>,
    records: Records,
    scan: Arc<ScanRef>,
}

impl Reading {
    /// Reads `records` about `scan`.
    pub(crate) fn new(source: &'static str, records: Records, scan: &ScanRef) -> Self {
        Self { source, query: Arc::clone(records.url()), records, scan: Arc::new(scan.clone()) }
    }

    /// The next record; none where the end was said.
    pub(crate) async fn next<T: Record>(&mut self) -> Result<Option<(T, Raw)>, PortError> {
        loop {
            match self.records.next().await? {
                Step::Head(raw) => self.check_head(&raw)?,
                Step::Record(raw) => return Ok(Some((parse(&raw, &self.scan)?, raw))),
                Step::End => return Ok(None),
            }
        }
    }

    /// What was read, to its end.
    pub(crate) fn document(&self) -> SourceDigest {
        SourceDigest {
            name: self.source.to_owned(),
            query: self.query.to_string(),
            digest: self.records.count.digest(),
            records: self.records.count.records,
        }
    }

    /// The scan that was asked for.
    pub(crate) const fn scan(&self) -> &Arc<ScanRef> {
        &self.scan
    }

    fn check_head(&self, raw: &Raw) -> Result<(), PortError> {
        let head = raw.parse::<Scan>()?.read().map_err(|(what, pointer)| raw.corrupt(what, pointer))?;
        if head.scan.id == self.scan.id {
            return Ok(());
        }
        Err(raw.corrupt("is another scan than the one that was asked for", "/id"))
    }
}

/// Reads one record.
pub(crate) fn parse<T: Record>(raw: &Raw, scan: &ScanRef) -> Result<T, PortError> {
    T::read(raw.parse()?, scan).map_err(|(what, pointer)| raw.corrupt(what, pointer))
}

/// What a service says about a scan, at a path that ends with the scan's id; none if it does not know the scan.
pub(crate) async fn about<T: Record>(
    client: &Client,
    (operation, path): (&'static str, &[&str]),
    (tenant, scan): (&TenantId, &ScanRef),
    on_error: OnSourceError,
) -> Result<Option<Flows<T>>, PortError> {
    let path = path.iter().copied().chain([scan.id.as_str()]).map(str::to_owned).collect();
    let ask =
        Ask { operation, tenant: tenant.clone(), path, query: vec![], accept: ACCEPT, waited_for: false };
    let records = match Records::open(client, ask, T::NAMES).await {
        Ok(Some(records)) => records,
        Ok(None) => return Ok(None),
        Err(error) => return warned(error, on_error).map(Some),
    };
    let reading = Reading::new(client.service.name(), records, scan);
    Ok(Some(match on_error {
        OnSourceError::Fail => direct(reading),
        OnSourceError::Warn => checked(reading, &client.around.scratch).await?,
    }))
}

/// Gives records on as they come. The first error is the last step.
fn direct<T: Record>(reading: Reading) -> Flows<T> {
    enum At {
        Records(Box<Reading>),
        End(u64),
        Over,
    }
    let steps = stream::try_unfold(At::Records(Box::new(reading)), |at| async move {
        Ok(match at {
            At::Records(mut reading) => match reading.next::<T>().await? {
                Some((item, _)) => Some((Flow::Item(item), At::Records(reading))),
                None => {
                    let document = reading.document();
                    let records = document.records;
                    Some((Flow::Document(document), At::End(records)))
                }
            },
            At::End(items) => Some((Flow::End { items }, At::Over)),
            At::Over => None,
        })
    });
    steps.boxed()
}

/// Nothing, and the word that this is all.
pub(crate) fn nothing<T: Send + 'static>() -> Flows<T> {
    stream::iter([Ok(Flow::End { items: 0 })]).boxed()
}
