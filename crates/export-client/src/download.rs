//! Downloads that survive broken connections, and are checked to the last byte.

use std::io::Write;
use std::time::Duration;

use export_core::digest::DigestWriter;
use export_core::export::Artifact;
use export_core::id::ExportId;
use reqwest::header::{CONTENT_RANGE, IF_RANGE, RANGE};
use reqwest::{Response, StatusCode};

use crate::answer::{send, server, unexpected, unreachable};
use crate::{Client, ClientError};

/// Tries in a row that may bring no byte.
const TRIES: u32 = 6;

impl Client {
    /// Writes the artifact's bytes to `out`, each once and in order. A connection that breaks is resumed behind the last byte
    /// that arrived. Whatever was written is worthless if this fails.
    ///
    /// # Errors
    /// [`ClientError::Corrupt`] unless the bytes have the artifact's digest; other [`ClientError`]s.
    pub async fn download(
        &self,
        id: ExportId,
        artifact: &Artifact,
        out: &mut (dyn Write + Send),
    ) -> Result<(), ClientError> {
        let mut out = DigestWriter::new(out);
        let mut fruitless = 0;
        while out.written() < artifact.size {
            let before = out.written();
            if let Err(error) = self.fetch(id, artifact, &mut out).await {
                fruitless = if out.written() > before { 0 } else { fruitless + 1 };
                if !error.is_transient() || fruitless >= TRIES {
                    return Err(error);
                }
                tokio::time::sleep(pause(fruitless)).await;
            }
        }
        let (_, _, found) = out.finish().map_err(ClientError::Write)?;
        if found == artifact.sha256 {
            return Ok(());
        }
        Err(ClientError::Corrupt { name: artifact.name.clone(), expected: artifact.sha256, found })
    }

    /// Writes what is missing, as far as one connection gets.
    async fn fetch<W: Write>(
        &self,
        id: ExportId,
        artifact: &Artifact,
        out: &mut DigestWriter<W>,
    ) -> Result<(), ClientError> {
        // A fresh link each time: a long download may outlive one.
        let link = self.download_link(id, Some(&artifact.name)).await?;
        let mut get = self.http.get(link.download_url);
        if out.written() > 0 {
            let same = format!("\"{}\"", artifact.sha256);
            get = get.header(RANGE, format!("bytes={}-", out.written())).header(IF_RANGE, same);
        }
        let mut response = send(get).await?;
        check_start(&response, out.written())?;
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if out.written() + chunk.len() as u64 > artifact.size {
                let detail = format!("{} has more than its {} bytes", artifact.name, artifact.size);
                return Err(unexpected(response.url(), response.status().as_u16(), detail));
            }
            out.write_all(&chunk).map_err(ClientError::Write)?;
        }
        if out.written() < artifact.size {
            let source =
                format!("{} ended after {} of {} bytes", artifact.name, out.written(), artifact.size);
            return Err(ClientError::Unreachable { server: server(response.url()), source: source.into() });
        }
        Ok(())
    }
}

/// Whether the body starts at byte `start`: to go on with anything else would garble the file.
fn check_start(response: &Response, start: u64) -> Result<(), ClientError> {
    let range =
        response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fits = match response.status() {
        StatusCode::OK => start == 0,
        StatusCode::PARTIAL_CONTENT => range.starts_with(&format!("bytes {start}-")),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let detail = format!("the download did not go on at byte {start}");
    Err(unexpected(response.url(), response.status().as_u16(), detail))
}

/// The pause behind that many fruitless tries: up to eight seconds.
pub(crate) fn pause(fruitless: u32) -> Duration {
    Duration::from_millis(250 << fruitless.min(5))
}
