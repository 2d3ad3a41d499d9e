//! SbomService: the SBOM document of an image.
//!
//! A document is kept on disk before it is read: its head may stand behind its lists, so it is read twice.

use std::fs::File;
use std::io::{self, Read};

use async_trait::async_trait;
use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{FetchedDocument, Flows, SbomSource};
use export_core::request::OnSourceError;
use export_core::sbom::SbomPart;
use export_core::scan::ScanRef;
use reqwest::Response;
use tempfile::NamedTempFile;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use crate::attempt::Failed;
use crate::body::Call;
use crate::client::{Ask, Client, body};
use crate::kept::warned;
use crate::stream::nothing;
use crate::{Endpoint, InvalidEndpoint, Service, Surroundings};

const OPERATION: &str = "sbom service: document";
const ACCEPT: &str = "application/vnd.cyclonedx+json, application/spdx+json, application/json;q=0.9";

/// SbomService: `GET /internal/sboms/{digest}`.
#[derive(Clone)]
pub struct SbomServiceSource(Client);

impl SbomServiceSource {
    /// The service at `endpoint`. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(endpoint: Endpoint, around: Surroundings) -> Result<Self, InvalidEndpoint> {
        Client::new(Service::Sbom, endpoint, around).map(Self)
    }

    /// The service that `client` asks.
    pub(crate) const fn of(client: Client) -> Self {
        Self(client)
    }

    /// Fetches the whole document to disk, before any of it is read.
    async fn fetch(&self, response: Response, call: &Call) -> Result<NamedTempFile, Failed> {
        let scratch = |error| Failed::lasting(PortError::io(OPERATION, error));
        let file = tempfile::Builder::new().prefix("export-sbom-").tempfile_in(&self.0.around.scratch);
        let file = file.map_err(scratch)?;
        let mut writing = BufWriter::new(tokio::fs::File::from_std(file.reopen().map_err(scratch)?));
        let mut body = body(response, call)?;
        while let Some(chunk) = body.chunk().await.map_err(Failed::of_reading)? {
            writing.write_all(&chunk).await.map_err(scratch)?;
        }
        writing.flush().await.map_err(scratch)?;
        Ok(file)
    }
}

#[async_trait]
impl SbomSource for SbomServiceSource {
    async fn sboms(
        &self,
        tenant: &TenantId,
        scan: &ScanRef,
        on_error: OnSourceError,
    ) -> Result<Flows<SbomPart<'static>>, PortError> {
        let Some(digest) = scan.image_digest.as_deref().filter(|it| is_digest(it)) else {
            return Ok(nothing());
        };
        let path = vec!["sboms".to_owned(), digest.to_owned()];
        let tenant = tenant.clone();
        let ask =
            Ask { operation: OPERATION, tenant, path, query: vec![], accept: ACCEPT, waited_for: false };
        let call = self.0.call(&ask).await?;
        let file = match self.0.get(&ask, &call, |response| self.fetch(response, &call)).await {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(nothing()),
            Err(error) => return warned(error, on_error),
        };
        let open = move || -> io::Result<Box<dyn Read + Send>> { Ok(Box::new(File::open(file.path())?)) };
        let document = FetchedDocument {
            source: self.0.service.name().to_owned(),
            place: call.url.to_string(),
            open: Box::new(open),
        };
        Ok(self.0.around.sboms.read(document, on_error))
    }
}

/// `algorithm:hex`, which is all that can be asked for.
fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        !algorithm.is_empty()
            && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && hex.len() >= 32
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
