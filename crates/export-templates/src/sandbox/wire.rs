//! What parent and child say to each other: one request in JSON, then frames.
//!
//! A frame is a letter, the length of its body in four bytes, the highest first, and the body. Any number of `h`
//! with a piece of the page each, then one `d` (done) or one `e` with the mistake in JSON.
//!
//! The view crosses as JSON and is read back into the same types. What may be printed unescaped is therefore a matter
//! of the field that it stands in; no text can claim it.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::custom::CustomTemplate;
use crate::error::TemplateError;
use crate::view::ReportView;

/// Changes when the request or the frames do: parent and child are one program, but its file may be replaced.
const PROTOCOL: u32 = 1;

/// Bytes of a frame's body at most.
const BODY: usize = 64 << 10;

/// Bytes before the body.
const HEAD: usize = 5;

#[derive(Serialize)]
struct Asked<'a> {
    protocol: u32,
    name: &'a str,
    source: &'a str,
    view: Option<&'a ReportView>,
}

/// What the child is asked for.
#[derive(Deserialize)]
pub(super) struct Request {
    protocol: u32,
    pub(super) name: String,
    pub(super) source: String,
    /// Nothing is to be rendered without one: the template is checked.
    pub(super) view: Option<ReportView>,
}

/// A request's bytes.
pub(super) fn write_request(template: &CustomTemplate, view: Option<&ReportView>) -> io::Result<Vec<u8>> {
    let (name, source) = (template.name(), template.source());
    serde_json::to_vec(&Asked { protocol: PROTOCOL, name, source, view }).map_err(io::Error::from)
}

/// Reads to the end of the request, which is the end of `from`.
pub(super) fn read_request(from: impl Read) -> io::Result<Request> {
    let request: Request = serde_json::from_reader(from)?;
    if request.protocol != PROTOCOL {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "another version's request"));
    }
    Ok(request)
}

/// What the parent reads.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    Page(Vec<u8>),
    Failed(TemplateError),
    Done,
}

/// The child's side: a page cut into frames, and its end.
pub(super) struct Frames<W> {
    out: W,
    page: Vec<u8>,
}

impl<W: Write> Frames<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, page: Vec::with_capacity(BODY) }
    }

    /// The last word.
    pub(super) fn end(mut self, outcome: Result<(), TemplateError>) -> io::Result<()> {
        self.send_page()?;
        match outcome {
            Ok(()) => self.send(b'd', &[])?,
            Err(error) => self.send(b'e', &serde_json::to_vec(&error)?)?,
        }
        self.out.flush()
    }

    fn send_page(&mut self) -> io::Result<()> {
        if self.page.is_empty() {
            return Ok(());
        }
        let mut page = std::mem::take(&mut self.page);
        self.send(b'h', &page)?;
        page.clear();
        self.page = page;
        Ok(())
    }

    fn send(&mut self, letter: u8, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len()).map_err(io::Error::other)?;
        self.out.write_all(&[letter])?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(body)
    }
}

impl<W: Write> Write for Frames<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BODY - self.page.len());
        self.page.extend_from_slice(&bytes[..taken]);
        if self.page.len() == BODY {
            self.send_page()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send_page()?;
        self.out.flush()
    }
}

/// The parent's side: frames out of pieces of any size. It believes nothing, and holds one frame at most.
#[derive(Default)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
}

impl Decoder {
    /// Takes what was read. Ask for [`Self::next`] until there is none, before more is taken.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        let Some((head, rest)) = self.bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
        let [letter, length @ ..] = *head;
        let length = u32::from_be_bytes(length) as usize;
        if length > BODY {
            return Err(malformed());
        }
        let Some(body) = rest.get(..length) else { return Ok(None) };
        let frame = match letter {
            b'h' => Frame::Page(body.to_vec()),
            b'd' if body.is_empty() => Frame::Done,
            b'e' => Frame::Failed(serde_json::from_slice(body)?),
            _ => return Err(malformed()),
        };
        self.bytes.drain(..HEAD + length);
        Ok(Some(frame))
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is none of ours")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TemplateErrorKind;

    fn frames(bytes: &[u8], piece: usize) -> io::Result<Vec<Frame>> {
        let (mut decoder, mut found) = (Decoder::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            decoder.take(piece);
            while let Some(frame) = decoder.next()? {
                found.push(frame);
            }
        }
        Ok(found)
    }

    #[test]
    fn a_page_arrives_whole_in_pieces_of_any_size() {
        let page: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();
        let mut bytes = Vec::new();
        let mut out = Frames::new(&mut bytes);
        out.write_all(&page).unwrap();
        out.end(Ok(())).unwrap();
        for piece in [1, 4, 5, 6, 65_536, 1 << 20] {
            let mut frames = frames(&bytes, piece).unwrap();
            assert_eq!(frames.pop(), Some(Frame::Done));
            let got: Vec<u8> = frames
                .into_iter()
                .flat_map(|frame| match frame {
                    Frame::Page(bytes) => bytes,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(got, page, "{piece}");
        }
    }

    #[test]
    fn a_mistake_arrives_with_its_place() {
        let error = TemplateError {
            template: "custom-a".to_owned(),
            line: Some(3),
            column: None,
            kind: TemplateErrorKind::Undefined,
        };
        let mut bytes = Vec::new();
        Frames::new(&mut bytes).end(Err(error.clone())).unwrap();
        assert_eq!(frames(&bytes, 3).unwrap(), [Frame::Failed(error)]);
    }

    #[test]
    fn nonsense_is_refused_before_it_is_gathered() {
        for bytes in [&b"h\xff\xff\xff\xff"[..], b"x\0\0\0\0", b"d\0\0\0\x01a", b"e\0\0\0\x02{}"] {
            assert!(frames(bytes, 64).is_err(), "{bytes:?}");
        }
        assert_eq!(frames(b"h\0\0\0\x09short", 64).unwrap(), [], "a frame that was cut off is none");
    }
}
