//! Deflate (RFC 1951), with an exact end.

use flate2::{Decompress, FlushDecompress, Status};

use crate::refusal::Refusal;
use crate::source::Source;

/// Fills `into` as far as the stream goes; says how far that is, and whether the stream has ended.
pub(crate) fn inflate(
    stream: &mut Decompress,
    source: &mut Source<'_>,
    into: &mut [u8],
) -> Result<(usize, bool), Refusal> {
    let mut filled = 0;
    while filled < into.len() {
        let (read, made) = (stream.total_in(), stream.total_out());
        let input = source.fill()?;
        let rest = into.get_mut(filled..).unwrap_or_default();
        let status = stream
            .decompress(input, rest, FlushDecompress::None)
            .map_err(|_| Refusal::corrupt("the compressed data are damaged"))?;
        let (read, made) = (stream.total_in() - read, stream.total_out() - made);
        // Neither is more than the slices that were given.
        source.used(read as usize);
        filled += made as usize;
        if status == Status::StreamEnd {
            return Ok((filled, true));
        }
        if read == 0 && made == 0 {
            return Err(Refusal::corrupt("the compressed data end too early"));
        }
    }
    Ok((filled, false))
}
