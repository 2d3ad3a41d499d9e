//! What unlocks a token.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

/// Longer than any PIN.
const MOST_BYTES: u64 = 1_024;

/// Where the PIN comes from. It is shown nowhere.
#[derive(Clone)]
pub enum Pin {
    /// It was given, in the environment.
    Given(Zeroizing<String>),
    /// The first line of a file that only its owner can read, read for each session.
    File(PathBuf),
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("***"),
            Self::File(file) => fmt::Debug::fmt(file, f),
        }
    }
}

impl Pin {
    /// Checks that it can be read.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn check(&self) -> Result<(), String> {
        self.read().map(drop)
    }

    pub(super) fn read(&self) -> Result<AuthPin, String> {
        match self {
            Self::Given(pin) => Ok(AuthPin::new(pin.as_str().into())),
            Self::File(file) => read(file).map(|pin| AuthPin::new(pin.trim_end_matches(['\r', '\n']).into())),
        }
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        let mode = mode & 0o777;
        return Err(format!(
            "{}: others may read it (mode {mode:03o}); run `chmod 600` on it",
            path.display()
        ));
    }
    let mut text = Zeroizing::new(String::with_capacity(MOST_BYTES as usize + 1));
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}
