//! A WebSocket over the same HTTP client, so that it uses the same TLS (RFC 6455, 4.1).

use std::time::Duration;

use export_core::id::ExportId;
use reqwest::Upgraded;
use reqwest::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::answer::{send, server, unexpected, unreachable};
use crate::{Client, ClientError};

pub(crate) type Socket = WebSocketStream<Upgraded>;

/// How long the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(30);

impl Client {
    /// A socket with the events of export `id` behind event `last`.
    pub(crate) async fn socket(&self, id: ExportId, last: &str) -> Result<Socket, ClientError> {
        let mut url = self.url(&["events"]);
        url.query_pairs_mut().append_pair("export_id", &id.to_string()).append_pair("last_event_id", last);
        let silent = ClientError::Unreachable { server: server(&url), source: "no WebSocket in time".into() };
        tokio::time::timeout(HANDSHAKE, self.upgrade(url)).await.unwrap_or(Err(silent))
    }

    async fn upgrade(&self, url: url::Url) -> Result<Socket, ClientError> {
        let key = generate_key();
        let get = self.identified(self.sockets.get(url));
        let get = get
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key)
            .header(SEC_WEBSOCKET_PROTOCOL, "export.v1");
        let response = send(get).await?;
        let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT);
        if accepted.is_none_or(|accepted| accepted != derive_accept_key(key.as_bytes()).as_str()) {
            let detail = "it did not switch to a WebSocket";
            return Err(unexpected(response.url(), response.status().as_u16(), detail));
        }
        let stream = response.upgrade().await.map_err(unreachable)?;
        Ok(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)
    }
}
