//! Records as bytes: postcard (wire format 1.0), straight into a buffer and borrowed out of one.

use export_core::error::{ErrorKind, PortError};
use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};

/// Appends `value` to `buffer`.
///
/// Postcard writes the fields of a struct one behind the other with nothing between them, so a struct may be written in
/// parts; the join relies on that to copy a finding instead of taking it apart.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T, buffer: &mut Vec<u8>) -> Result<(), PortError> {
    postcard::serialize_with_flavor(value, Append(buffer)).map_err(|error| {
        PortError::new(ErrorKind::Internal, "snapshot: encode", error.to_string()).because(error)
    })
}

/// Reads a value that fills `bytes` and borrows from them.
pub(crate) fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, PortError> {
    let undecodable = |message: String| PortError::new(ErrorKind::Corrupt, "snapshot: decode", message);
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(undecodable(format!("{} bytes behind a record", rest.len()))),
        Err(error) => Err(undecodable(error.to_string()).because(error)),
    }
}

struct Append<'a>(&'a mut Vec<u8>);

impl Flavor for Append<'_> {
    type Output = ();

    fn try_extend(&mut self, data: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn try_push(&mut self, data: u8) -> postcard::Result<()> {
        self.0.push(data);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
