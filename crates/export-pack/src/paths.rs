//! Which paths an archive may hold.

use std::collections::HashSet;

use export_core::error::{ErrorKind, PortError};

use crate::archive::ENTRY;

/// Longer paths cannot be unpacked anywhere (`PATH_MAX` of Linux).
const LONGEST: usize = 4_096;

/// The paths of an archive so far.
#[derive(Default)]
pub(crate) struct Paths {
    files: HashSet<Box<str>>,
    /// Those that the files are in.
    folders: HashSet<Box<str>>,
}

impl Paths {
    /// Takes a path that is safe to unpack, and can be unpacked beside all others.
    ///
    /// # Errors
    /// `Invalid` for any other.
    pub(crate) fn take(&mut self, path: &str) -> Result<(), PortError> {
        if let Some(wrong) = problem(path).or_else(|| self.clash(path)) {
            return Err(invalid(path, wrong));
        }
        for folder in folders(path) {
            if !self.folders.insert(folder.into()) {
                break; // and with it all that it is in
            }
        }
        self.files.insert(path.into());
        Ok(())
    }

    fn clash(&self, path: &str) -> Option<&'static str> {
        if self.files.contains(path) || self.folders.contains(path) {
            return Some("is there already");
        }
        folders(path).any(|folder| self.files.contains(folder)).then_some("is in a folder that is a file")
    }
}

/// The folders that a file is in, the nearest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(slash, _)| &path[..slash])
}

/// What the archive's user did wrong with the entry at `path`.
pub(crate) fn invalid(path: &str, wrong: &str) -> PortError {
    PortError::new(ErrorKind::Invalid, ENTRY, format!("{path:?} {wrong}"))
}

fn problem(path: &str) -> Option<&'static str> {
    if path.len() > LONGEST {
        return Some("is too long");
    }
    if path.contains(['\\', '\0']) {
        return Some("has a backslash or a NUL");
    }
    // An absolute path begins with an empty part, and that of a folder ends with one.
    path.split('/')
        .any(|part| matches!(part, "" | "." | ".."))
        .then_some("has a part that is empty, `.` or `..`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_each_safe_path_once() {
        let mut paths = Paths::default();
        for path in [
            "a",
            "a.b/c",
            "..a/b..",
            ".hidden",
            "Überlauf/整数.csv",
            "with space",
            "-rf",
            &"x".repeat(LONGEST),
        ] {
            assert!(paths.take(path).is_ok(), "{path}");
            assert_eq!(paths.take(path).unwrap_err().kind, ErrorKind::Invalid, "{path} twice");
        }
    }

    #[test]
    fn no_file_is_a_folder() {
        let mut paths = Paths::default();
        assert!(paths.take("a/b/c").is_ok() && paths.take("a/b/d").is_ok() && paths.take("a/b.c").is_ok());
        for path in ["a", "a/b", "a/b/c/d", "a/b/c/d/e"] {
            assert_eq!(paths.take(path).unwrap_err().kind, ErrorKind::Invalid, "{path}");
        }
    }

    #[test]
    fn refuses_what_would_land_elsewhere() {
        let long = "x".repeat(LONGEST + 1);
        let parts = ["", ".", "..", "/", "/a", "a/", "a//b", "./a", "a/.", "../a", "a/../b", "a/.."];
        for path in parts.into_iter().chain([r"a\b", r"..\a", r"C:\a", "a\0", "\0", &long]) {
            assert_eq!(Paths::default().take(path).unwrap_err().kind, ErrorKind::Invalid, "{path}");
        }
    }
}
