//! Lines out of chunks, each held whole, none longer than it may be.

/// A line that is longer than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Cuts chunks into lines. Holds no more than one line and one chunk.
#[derive(Debug)]
pub(crate) struct Lines {
    buffer: Vec<u8>,
    /// Bytes that were given on as lines.
    given: usize,
    /// Bytes behind them that hold no line break.
    searched: usize,
    longest: usize,
}

impl Lines {
    /// Lines of up to `longest` bytes.
    pub(crate) const fn new(longest: usize) -> Self {
        Self { buffer: Vec::new(), given: 0, searched: 0, longest }
    }

    /// Takes the next chunk.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.given);
        self.given = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// The next line, without its break; none if it is not there yet.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let open = &self.buffer[self.given..];
        let found = memchr::memchr(b'\n', &open[self.searched..]).map(|at| self.searched + at);
        if found.unwrap_or(open.len()) > self.longest {
            return Err(TooLong);
        }
        let Some(end) = found else {
            self.searched = open.len();
            return Ok(None);
        };
        let line = self.given..self.given + end;
        self.given += end + 1;
        self.searched = 0;
        Ok(Some(self.buffer[line].trim_ascii()))
    }

    /// What stands behind the last line break, once.
    pub(crate) fn take_rest(&mut self) -> Vec<u8> {
        let rest = self.buffer[self.given..].trim_ascii().to_vec();
        (self.given, self.searched) = (self.buffer.len(), 0);
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &[u8], chunk: usize, longest: usize) -> Result<(Vec<String>, String), TooLong> {
        let mut lines = Lines::new(longest);
        let mut seen = Vec::new();
        for chunk in text.chunks(chunk) {
            lines.push(chunk);
            while let Some(line) = lines.next()? {
                seen.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        Ok((seen, String::from_utf8(lines.take_rest()).unwrap()))
    }

    #[test]
    fn lines_do_not_depend_on_chunks() {
        let text = b"one\n\r\ntwo\r\nthree";
        for chunk in 1..=text.len() {
            let expected = (["one", "", "two"].map(str::to_owned).to_vec(), "three".to_owned());
            assert_eq!(split(text, chunk, 8), Ok(expected), "chunks of {chunk}");
        }
    }

    #[test]
    fn a_line_may_be_as_long_as_it_may_be_and_no_longer() {
        for chunk in [1, 3, 100] {
            assert!(split(b"12345\n", chunk, 5).is_ok());
            assert_eq!(split(b"123456\n", chunk, 5), Err(TooLong));
            assert_eq!(split(b"1\n1234567890", chunk, 5), Err(TooLong));
        }
    }
}
