//! A bundle that was unpacked.

use std::fs::{self, DirEntry, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::content::{Content, Seen};
use crate::limits::Budget;
use crate::pieces::{PIECE, Pieces};
use crate::refusal::Refusal;
use crate::source::read_at;
use crate::watch::Watch;
use crate::{Asked, Container, Observed, paths, work};

/// What the walk found.
struct Found {
    path: String,
    /// Its device, number and size; of a file.
    file: Option<(u64, u64, u64)>,
}

/// Reads all files below `root`.
pub(crate) fn observe(root: &Path, asked: &Asked<'_>) -> Result<Observed, Refusal> {
    let found = walk(root, asked)?;
    paths::check_all(found.iter().map(|it| (it.path.as_str(), it.file.is_none())))?;
    let files: Vec<_> = found.iter().filter_map(|it| it.file.map(|file| (&it.path, file))).collect();
    let seen = work::each(
        files.len(),
        || vec![0; PIECE],
        |scratch, index| match files.get(index) {
            Some((path, file)) => read(root, path, *file, asked, scratch).map_err(|it| it.at(path)),
            None => Err(Refusal::cut()),
        },
    )?;
    Ok(Observed::of(seen, Container::Absent))
}

/// All files and folders, sorted; without recursion, for the depth is the bundle's choice.
fn walk(root: &Path, asked: &Asked<'_>) -> Result<Vec<Found>, Refusal> {
    let mut budget = Budget::new(asked.limits, None);
    let (mut found, mut folders) = (Vec::new(), vec![String::new()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(below(root, &folder)).map_err(|error| Refusal::io(&error).at(&folder))? {
            asked.watch.check()?;
            let entry = entry.map_err(|error| Refusal::io(&error).at(&folder))?;
            let it = look(&folder, &entry)?;
            budget.entry(&it.path)?;
            match it.file {
                Some((_, _, size)) => budget.bytes(&it.path, size, asked.keeps(&it.path))?,
                None => folders.push(it.path.clone()),
            }
            found.push(it);
        }
    }
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn below(root: &Path, path: &str) -> PathBuf {
    if path.is_empty() { root.to_owned() } else { root.join(path) }
}

fn look(folder: &str, entry: &DirEntry) -> Result<Found, Refusal> {
    let name = paths::text(entry.file_name().into_encoded_bytes()).map_err(|it| it.at(folder))?;
    let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
    paths::check(&path)?;
    let about = entry.metadata().map_err(|error| Refusal::io(&error).at(&path))?;
    if about.is_dir() {
        return Ok(Found { path, file: None });
    }
    if !about.is_file() {
        return Err(Refusal::not_safe("it is a link or a device").at(&path));
    }
    Ok(Found { path, file: Some((about.dev(), about.ino(), about.len())) })
}

fn read(
    root: &Path,
    path: &str,
    (device, number, size): (u64, u64, u64),
    asked: &Asked<'_>,
    scratch: &mut [u8],
) -> Result<Seen, Refusal> {
    let file = File::open(root.join(path)).map_err(|error| Refusal::io(&error))?;
    let about = file.metadata().map_err(|error| Refusal::io(&error))?;
    if (about.dev(), about.ino(), about.len()) != (device, number, size) {
        return Err(Refusal::corrupt("the file changed while the folder was read"));
    }
    let mut content = Content::of(path, asked);
    content.take_all(size, &mut Plain { file: &file, watch: asked.watch, next: 0, size }, scratch)?;
    Ok(content.end(path.to_owned()))
}

/// A file as it is.
struct Plain<'a> {
    file: &'a File,
    watch: &'a Watch<'a>,
    next: u64,
    size: u64,
}

impl Pieces for Plain<'_> {
    fn next(&mut self, into: &mut [u8]) -> Result<usize, Refusal> {
        let left = usize::try_from(self.size - self.next).unwrap_or(usize::MAX).min(into.len());
        if left == 0 {
            return Ok(0);
        }
        let got = read_at(self.file, into.get_mut(..left).unwrap_or_default(), self.next)?;
        if got == 0 {
            return Err(Refusal::corrupt("the file changed while the folder was read"));
        }
        self.next += got as u64;
        self.watch.read(got as u64)?;
        Ok(got)
    }
}
