//! Writes JSON whose arrays are too long to be held.
//!
//! Either one document, in which each member and each item stands on a line of its own, compact within; or JSON lines,
//! in which each line is a document: an object with one member, which tells what the line is. Both can be searched,
//! compared and read line by line, and are the same every time.

use std::io::{self, Write};

use serde::Serialize;

use crate::block::BlockWriter;
use crate::json;

/// How the stream is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One object.
    Document,
    /// One object a line, for each member and for each item of an array.
    Lines,
}

/// An object that is being written, member by member.
pub struct JsonStream<W> {
    out: BlockWriter<W>,
    layout: Layout,
    empty: bool,
}

impl<W: Write> JsonStream<W> {
    /// Opens the object.
    #[must_use]
    pub fn begin(out: W, layout: Layout) -> Self {
        let mut out = BlockWriter::new(out);
        if layout == Layout::Document {
            out.block().push(b'{');
        }
        Self { out, layout, empty: true }
    }

    /// Writes a member. Names are the caller's to keep distinct.
    ///
    /// # Errors
    /// What the writer says.
    pub fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> io::Result<()> {
        match self.layout {
            Layout::Document => {
                self.name(name)?;
                json::write(value, self.out.block())?;
            }
            Layout::Lines => line(self.out.block(), name, value)?,
        }
        self.out.settle()
    }

    /// Opens a member that is an array. Where each item is a line, it is called `item`.
    ///
    /// # Errors
    /// What the writer says.
    pub fn array<'o>(&'o mut self, name: &str, item: &'o str) -> io::Result<JsonArray<'o, W>> {
        if self.layout == Layout::Document {
            self.name(name)?;
            self.out.block().push(b'[');
        }
        Ok(JsonArray { out: &mut self.out, layout: self.layout, name: item, empty: true })
    }

    /// Closes the object, and passes everything on.
    ///
    /// # Errors
    /// What the writer says.
    pub fn end(mut self) -> io::Result<()> {
        if self.layout == Layout::Document {
            self.out.block().extend_from_slice(b"\n}\n");
        }
        self.out.finish()
    }

    fn name(&mut self, name: &str) -> io::Result<()> {
        let block = self.out.block();
        separate(block, &mut self.empty);
        json::write_text(name, block);
        block.push(b':');
        Ok(())
    }
}

/// An array that is being written, item by item. It must be ended before its object goes on.
#[must_use = "an array that is not ended leaves the document broken"]
pub struct JsonArray<'o, W> {
    out: &'o mut BlockWriter<W>,
    layout: Layout,
    name: &'o str,
    empty: bool,
}

impl<W: Write> JsonArray<'_, W> {
    /// Writes an item.
    ///
    /// # Errors
    /// What the writer says.
    pub fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> io::Result<()> {
        let block = self.out.block();
        match self.layout {
            Layout::Document => {
                separate(block, &mut self.empty);
                json::write(item, block)?;
            }
            Layout::Lines => line(block, self.name, item)?,
        }
        self.out.settle()
    }

    /// Closes the array.
    pub fn end(self) {
        match self.layout {
            Layout::Document if self.empty => self.out.block().push(b']'),
            Layout::Document => self.out.block().extend_from_slice(b"\n]"),
            Layout::Lines => {}
        }
    }
}

fn separate(block: &mut Vec<u8>, empty: &mut bool) {
    let first = std::mem::replace(empty, false);
    block.extend_from_slice(if first { b"\n" } else { b",\n" });
}

fn line<T: Serialize + ?Sized>(block: &mut Vec<u8>, name: &str, value: &T) -> io::Result<()> {
    block.push(b'{');
    json::write_text(name, block);
    block.push(b':');
    json::write(value, block)?;
    block.extend_from_slice(b"}\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(layout: Layout) -> String {
        let mut out = Vec::new();
        let mut stream = JsonStream::begin(&mut out, layout);
        stream.member("a", &1).unwrap();
        stream.array("none", "one").unwrap().end();
        let mut array = stream.array("many \"quoted\"", "one").unwrap();
        array.item("x\u{1b}[0m\0").unwrap();
        array.item(&[1, 2]).unwrap();
        array.end();
        stream.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_document_is_exactly_this() {
        let text = write(Layout::Document);
        let expected =
            "{\n\"a\":1,\n\"none\":[],\n\"many \\\"quoted\\\"\":[\n\"x\\u001b[0m\\u0000\",\n[1,2]\n]\n}\n";
        assert_eq!(text, expected);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn lines_are_exactly_these() {
        let text = write(Layout::Lines);
        assert_eq!(text, "{\"a\":1}\n{\"one\":\"x\\u001b[0m\\u0000\"}\n{\"one\":[1,2]}\n");
    }
}
