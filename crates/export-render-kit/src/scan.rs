//! Looks for the few bytes of a text that need care.
//!
//! Most texts of an export have none of them, and are copied as they are: to know that is most of the work of writing.

/// How many bytes are looked at together. Compilers make vector instructions of loops over so many.
const CHUNK: usize = 16;

/// Where the first byte is that `is_special`, which is asked about more bytes than it has to be.
///
/// ```
/// use export_render_kit::scan::find;
/// assert_eq!(find(b"a,b,c", |byte| byte == b','), Some(1));
/// assert_eq!(find(b"abc", |byte| byte == b','), None);
/// ```
#[inline]
pub fn find(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> Option<usize> {
    let (chunks, _rest) = bytes.as_chunks::<CHUNK>();
    let is_plain = |chunk: &&[u8; CHUNK]| !chunk.iter().fold(false, |any, byte| any | is_special(*byte));
    let plain = chunks.iter().take_while(is_plain).count() * CHUNK;
    bytes[plain..].iter().position(|byte| is_special(*byte)).map(|at| plain + at)
}

/// Copies `bytes`, each special one as what `replace` appends for it.
#[inline]
pub fn copy(
    bytes: &[u8],
    into: &mut Vec<u8>,
    is_special: impl Fn(u8) -> bool,
    replace: impl Fn(u8, &mut Vec<u8>),
) {
    let mut rest = bytes;
    while let Some(at) = find(rest, &is_special) {
        into.extend_from_slice(&rest[..at]);
        replace(rest[at], into);
        rest = &rest[at + 1..];
    }
    into.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_plain_loop_finds(bytes in proptest::collection::vec(0_u8..40, 0..80)) {
            let is_special = |byte| byte < 2;
            prop_assert_eq!(find(&bytes, is_special), bytes.iter().position(|byte| is_special(*byte)));
        }

        #[test]
        fn copies_all_else(bytes in proptest::collection::vec(0_u8..10, 0..80)) {
            let mut copied = Vec::new();
            copy(&bytes, &mut copied, |byte| byte == 1, |byte, into| into.extend([byte, b'!']));
            let expected: Vec<u8> = bytes.iter().flat_map(|byte| if *byte == 1 { vec![1, b'!'] } else { vec![*byte] }).collect();
            prop_assert_eq!(copied, expected);
        }
    }
}
