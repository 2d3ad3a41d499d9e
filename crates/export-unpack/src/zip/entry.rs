//! An entry, as the directory has it.

/// What both headers of an entry say.
pub(super) struct Entry {
    /// With a slash at its end if it is a folder's.
    pub(super) name: String,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    /// Bytes in the archive.
    pub(super) packed: u64,
    /// Bytes of the file.
    pub(super) size: u64,
    /// Where its local header is.
    pub(super) start: u64,
    /// Where the next one is, or the directory.
    pub(super) end: u64,
}

/// The sizes follow the data (4.4.4).
pub(super) const SIZES_FOLLOW: u16 = 1 << 3;
/// The name is UTF-8.
pub(super) const UTF8: u16 = 1 << 11;
/// How hard it was compressed, and the above.
pub(super) const KNOWN_FLAGS: u16 = 0b110 | SIZES_FOLLOW | UTF8;

pub(super) const STORED: u16 = 0;
pub(super) const DEFLATED: u16 = 8;

impl Entry {
    pub(super) fn folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// The path, which has no slash at its end.
    pub(super) fn path(&self) -> &str {
        self.name.strip_suffix('/').unwrap_or(&self.name)
    }
}
