//! The events of one export until it ends.

use std::time::Duration;

use export_core::export::ExportEvent;
use export_core::id::ExportId;
use futures::{Stream, StreamExt as _};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::download::pause;
use crate::socket::Socket;
use crate::{Client, ClientError};

/// Tries in a row that may bring no event.
const TRIES: u32 = 8;
/// The server pings three times as often; a connection silent for that long is dead.
const SILENCE: Duration = Duration::from_secs(60);

impl Client {
    /// Every event of an export from its first one on, each once, over a WebSocket. The stream ends behind the event that ends
    /// the export; a connection that breaks is made again, and resumed. An error is the last item.
    pub fn watch(&self, id: ExportId) -> impl Stream<Item = Result<ExportEvent, ClientError>> + Send + use<> {
        let watch =
            Watch { client: self.clone(), id, last: "0".to_owned(), socket: None, fruitless: 0, over: false };
        futures::stream::unfold(watch, async |mut watch| {
            let next = watch.next().await?;
            watch.over = next.is_err();
            Some((next, watch))
        })
    }
}

struct Watch {
    client: Client,
    id: ExportId,
    last: String,
    socket: Option<Socket>,
    fruitless: u32,
    over: bool,
}

/// What became of waiting for one event.
enum Heard {
    Event(ExportEvent),
    End,
    Broken,
}

impl Watch {
    async fn next(&mut self) -> Option<Result<ExportEvent, ClientError>> {
        while !self.over {
            let mut socket = match self.socket.take() {
                Some(socket) => socket,
                None => match self.connect().await {
                    Ok(socket) => socket,
                    Err(error) => return Some(Err(error)),
                },
            };
            match listen(&mut socket).await {
                Heard::Event(event) => {
                    self.fruitless = 0;
                    self.last.clone_from(&event.id);
                    self.socket = Some(socket);
                    return Some(Ok(event));
                }
                Heard::End => self.over = true,
                Heard::Broken => {
                    tokio::time::sleep(pause(self.fruitless)).await;
                    self.fruitless += 1;
                }
            }
        }
        None
    }

    /// A socket behind the last event; tries again while the server may come back.
    async fn connect(&mut self) -> Result<Socket, ClientError> {
        loop {
            match self.client.socket(self.id, &self.last).await {
                Err(error) if error.is_transient() && self.fruitless < TRIES => {
                    tokio::time::sleep(pause(self.fruitless)).await;
                    self.fruitless += 1;
                }
                result => return result,
            }
        }
    }
}

async fn listen(socket: &mut Socket) -> Heard {
    loop {
        match tokio::time::timeout(SILENCE, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => {
                // A newer server may tell of things that this version does not know.
                if let Ok(event) = serde_json::from_str(&text) {
                    return Heard::Event(event);
                }
            }
            Ok(Some(Ok(Message::Close(frame)))) => {
                let normal = frame.is_some_and(|frame| frame.code == CloseCode::Normal);
                return if normal { Heard::End } else { Heard::Broken };
            }
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(_)) | None) | Err(_) => return Heard::Broken,
        }
    }
}
