//! The DevTools protocol over two anonymous pipes: JSON messages, each ended by a NUL byte.
//!
//! A pipe, unlike the usual WebSocket, opens no port that another local process could use, and when we die
//! the browser reads end-of-file and exits. Two threads do the blocking I/O, so that a browser which stops
//! reading or answering can never hold the caller beyond its deadline; both end when the browser does.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::thread;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ChromiumError, Watch};

/// The largest message we accept. Ordinary ones are a part of the PDF, much smaller.
const MAX_MESSAGE: u64 = 16 << 20;
/// Messages read ahead of the caller; beyond these the browser waits.
const READ_AHEAD: usize = 16;

/// One conversation with one browser.
#[derive(Debug)]
pub(super) struct Pipe {
    commands: Sender<Vec<u8>>,
    messages: Receiver<Message>,
    last_id: u64,
}

/// A reply (it has an `id`) or an event (it has a `method`).
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) id: Option<u64>,
    #[serde(default)]
    pub(super) method: String,
    #[serde(default, rename = "sessionId")]
    pub(super) session: String,
    #[serde(default)]
    pub(super) params: Value,
    #[serde(default)]
    pub(super) result: Value,
    pub(super) error: Option<Value>,
}

#[derive(Serialize)]
struct Command<'a, P> {
    id: u64,
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    method: &'a str,
    params: P,
}

impl Pipe {
    /// Starts the two threads on our ends of the browser's pipes.
    pub(super) fn new(to_browser: PipeWriter, from_browser: PipeReader) -> Self {
        let (commands, queue) = channel();
        let (inbox, messages) = sync_channel(READ_AHEAD);
        thread::spawn(move || write_commands(to_browser, &queue));
        thread::spawn(move || read_messages(from_browser, &inbox));
        Self { commands, messages, last_id: 0 }
    }

    /// Queues a command and returns the id that its reply will carry. A dead pipe shows in [`Pipe::next`].
    pub(super) fn send(&mut self, session: Option<&str>, method: &str, params: impl Serialize) -> u64 {
        self.last_id += 1;
        let command = Command { id: self.last_id, session, method, params };
        let mut bytes =
            serde_json::to_vec(&command).expect("parameters are plain maps of strings and numbers");
        bytes.push(0);
        // The writer is gone only when the browser is, which the caller learns when it waits for the answer.
        let _ = self.commands.send(bytes);
        self.last_id
    }

    /// Waits for the next reply or event.
    pub(super) fn next(&self, watch: &Watch<'_>, during: &'static str) -> Result<Message, ChromiumError> {
        loop {
            match self.messages.recv_timeout(watch.slice(during)?) {
                Ok(message) => return Ok(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(ChromiumError::Crashed { during, detail: "it closed the connection".into() });
                }
            }
        }
    }

    /// Throws away what arrived since the last command; says whether the browser is still there.
    pub(super) fn drain(&self) -> bool {
        loop {
            match self.messages.try_recv() {
                Ok(_) => {}
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }
}

fn write_commands(mut pipe: PipeWriter, queue: &Receiver<Vec<u8>>) {
    for command in queue {
        if pipe.write_all(&command).is_err() {
            return;
        }
    }
}

/// Ends, and so closes the channel, at end-of-file and at anything that is not the protocol.
fn read_messages(pipe: PipeReader, inbox: &SyncSender<Message>) {
    let mut reader = BufReader::new(pipe);
    loop {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(MAX_MESSAGE).read_until(0, &mut bytes);
        if read.is_err() || bytes.pop() != Some(0) {
            return;
        }
        let Ok(message) = serde_json::from_slice(&bytes) else { return };
        if inbox.send(message).is_err() {
            return;
        }
    }
}
