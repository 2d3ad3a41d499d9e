//! How much a bundle may ask of the machine.

use crate::refusal::Refusal;

const MIB: u64 = 1 << 20;

/// What a bundle may have at most; more is unsafe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Files and folders.
    pub files: u64,
    /// Bytes of all paths together, which are held in memory.
    pub paths: u64,
    /// Bytes of all files together.
    pub unpacked: u64,
    /// How many times as large as the archive its files may be.
    pub ratio: u64,
    /// Bytes that may be unpacked whatever the ratio.
    pub free: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 250_000, paths: 64 * MIB, unpacked: 64 << 30, ratio: 200, free: 64 * MIB }
    }
}

impl Limits {
    /// What an archive of so many bytes may come to by its ratio.
    pub(crate) fn most(&self, archive: u64) -> u64 {
        self.free.max(self.ratio.saturating_mul(archive))
    }
}

/// What was asked so far, by what headers declare: known before a byte is unpacked.
pub(crate) struct Budget<'a> {
    limits: &'a Limits,
    most: u64,
    files: u64,
    paths: u64,
    unpacked: u64,
}

impl<'a> Budget<'a> {
    /// For an archive of so many bytes; a folder has no ratio.
    pub(crate) fn new(limits: &'a Limits, archive: Option<u64>) -> Self {
        let most = archive.map_or(u64::MAX, |bytes| limits.most(bytes));
        Self { limits, most, files: 0, paths: 0, unpacked: 0 }
    }

    /// Takes a file or folder.
    pub(crate) fn entry(&mut self, path: &str) -> Result<(), Refusal> {
        self.files += 1;
        self.paths = self.paths.saturating_add(path.len() as u64);
        if self.files > self.limits.files {
            return Err(Refusal::not_safe(format!("there are more than {} files", self.limits.files)));
        }
        if self.paths > self.limits.paths {
            let reason = format!("the paths come to more than {} bytes", self.limits.paths);
            return Err(Refusal::not_safe(reason));
        }
        Ok(())
    }

    /// Takes the bytes of a file.
    pub(crate) fn bytes(&mut self, path: &str, size: u64, kept: Option<u64>) -> Result<(), Refusal> {
        self.unpacked = self.unpacked.saturating_add(size);
        let (asked, limit, what) = if let Some(most) = kept.filter(|most| size > *most) {
            (size, most, "this file may have")
        } else if self.unpacked > self.limits.unpacked {
            (self.unpacked, self.limits.unpacked, "all files may have")
        } else if self.unpacked > self.most {
            (self.unpacked, self.most, "an archive of this size may unpack to")
        } else {
            return Ok(());
        };
        Err(Refusal::not_safe(format!("{asked} bytes are more than the {limit} that {what}")).at(path))
    }
}
