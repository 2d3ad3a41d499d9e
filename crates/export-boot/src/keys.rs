//! Secrets of the installation: made on first use, kept in files that only their owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use crate::{BootError, SystemEntropy};

/// The 32 secret bytes in `path`; drawn and written there if the file does not exist.
///
/// Two programs that start at the same time agree: the file appears whole, under its name, once.
pub(crate) fn secret(path: &Path) -> Result<[u8; 32], BootError> {
    match read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            create(path).map_err(|error| unusable(path, &error))
        }
        Err(error) => Err(unusable(path, &error)),
        Ok(secret) => Ok(secret),
    }
}

/// Makes `folder` with mode 0700, if it does not exist.
pub(crate) fn private_folder(folder: &Path) -> Result<(), BootError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| BootError::new(format!("the folder {} cannot be made: {error}", folder.display())))
}

fn unusable(path: &Path, error: &std::io::Error) -> BootError {
    BootError::new(format!("the key file {} cannot be used: {error}", path.display()))
}

fn read(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        let message =
            format!("others may read it (mode {:03o}); run `chmod 600` on it, or replace it", mode & 0o777);
        return Err(std::io::Error::new(ErrorKind::PermissionDenied, message));
    }
    let mut secret = [0; 32];
    file.read_exact(&mut secret)?;
    Ok(secret)
}

fn create(path: &Path) -> std::io::Result<[u8; 32]> {
    let secret: [u8; 32] = SystemEntropy::bytes();
    let name = format!("{}.{}", path.display(), u64::from_be_bytes(SystemEntropy::bytes()));
    let staged = Path::new(&name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(staged)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    let linked = fs::hard_link(staged, path); // unlike a rename, a link never replaces
    fs::remove_file(staged)?;
    match linked {
        Ok(()) => Ok(secret),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("link.key");
        let secrets: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| secret(&path).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|it| *it == secrets[0]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(secret(&path).unwrap_err().to_string().contains("chmod 600"));
    }
}
