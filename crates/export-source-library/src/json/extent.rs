//! Where a JSON value ends.

use memchr::memchr2;

/// Finds the end of one JSON value that may come in pieces.
///
/// For valid JSON the end is exact. Anything else gives some end, and whoever parses the bytes up to there finds out.
#[derive(Debug, Default)]
pub(crate) struct Extent {
    state: State,
    depth: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Structure,
    Text,
    Escape,
    Scalar,
}

impl Extent {
    /// Looks at the next piece; the number of its bytes that belong to the value, if the value ends in it.
    pub(crate) fn end_in(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < piece.len() {
            match self.state {
                State::Start => self.start(piece[at]),
                State::Text => match memchr2(b'"', b'\\', &piece[at..]) {
                    None => return None,
                    Some(skipped) => {
                        at += skipped;
                        self.state = if piece[at] == b'\\' { State::Escape } else { State::Structure };
                    }
                },
                State::Escape => self.state = State::Text,
                State::Structure => match piece[at] {
                    b'"' => self.state = State::Text,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth -= 1,
                    _ => {}
                },
                State::Scalar => {}
            }
            if self.state == State::Scalar {
                if matches!(piece[at], b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n') {
                    return Some(at);
                }
            } else if self.state == State::Structure && self.depth == 0 {
                return Some(at + 1);
            }
            at += 1;
        }
        None
    }

    /// Whether the value may end where the file ends: only numbers and words have no end of their own.
    pub(crate) fn may_end_here(&self) -> bool {
        self.state == State::Scalar
    }

    fn start(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => {
                self.state = State::Structure;
                self.depth = 1;
            }
            b'"' => self.state = State::Text,
            _ => self.state = State::Scalar,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Extent;

    #[test]
    fn ends_where_the_value_ends_however_it_is_cut() {
        for (value, rest) in [
            (r#"{"a":"}\"]\\","b":[1,{"c":[]}]}"#, ",1"),
            (r#""te\"xt""#, "x"),
            ("-1.5e7", "}"),
            ("true", "\n"),
            ("[]", "]"),
            ("", "}"),
        ] {
            let text = format!("{value}{rest}");
            assert_eq!(Extent::default().end_in(text.as_bytes()), Some(value.len()), "{text}");
            let mut extent = Extent::default();
            let end = text.bytes().position(|byte| extent.end_in(&[byte]).is_some());
            let last_byte_ends_it = matches!(value.bytes().last(), Some(b'}' | b']' | b'"'));
            assert_eq!(end, Some(value.len() - usize::from(last_byte_ends_it)), "{text}");
        }
    }
}
