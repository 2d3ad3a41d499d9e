//! The installed fonts: which face serves which role, and which face has a character.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use super::face::{Face, FontData};
use super::rank::{Want, rank};
use super::sfnt::{self, Entry};
use super::sparse;
use crate::error::Error;

/// Where the distributions install fonts.
const FOLDERS: [&str; 6] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texmf/fonts",
    "/run/current-system/sw/share/X11/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
];

/// Deeper than any distribution nests its fonts; a link that goes round in circles ends here.
const MAX_DEPTH: usize = 6;
/// More faces than any machine has; a folder of rubbish ends here.
const MAX_FILES: usize = 20_000;

const TEXT: [&str; 5] = ["Inter", "Inter Variable", "Noto Sans", "DejaVu Sans", "Liberation Sans"];
const MONO: [&str; 4] = ["Noto Sans Mono", "DejaVu Sans Mono", "Liberation Mono", "JetBrains Mono"];

/// The fonts of this machine. Made once and shared: files are opened when a text needs them, and the large
/// faces of a script are let go with the last document that uses them.
pub struct FontBook {
    folders: Vec<PathBuf>,
    faces: OnceLock<Vec<Known>>,
    orders: [OnceLock<Vec<usize>>; 4],
    loaded: Mutex<Loaded>,
}

/// A face that is installed, with the characters it has as soon as somebody asks.
struct Known {
    entry: Entry,
    coverage: OnceLock<Vec<(u32, u32)>>,
}

#[derive(Default)]
struct Loaded {
    faces: HashMap<(usize, u16), Weak<Face>>,
    files: HashMap<PathBuf, Weak<Vec<u8>>>,
}

/// What a face is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Regular,
    Medium,
    Semibold,
    Mono,
}

impl Role {
    pub(crate) const ALL: [Self; 4] = [Self::Regular, Self::Medium, Self::Semibold, Self::Mono];

    const fn weight(self) -> u16 {
        match self {
            Self::Regular | Self::Mono => 400,
            Self::Medium => 500,
            Self::Semibold => 600,
        }
    }

    /// The role's place on a variable face's axis.
    fn on_axis(self, entry: &Entry) -> Option<f32> {
        entry.variable.then(|| f32::from(self.weight()))
    }
}

impl FontBook {
    /// The fonts in the usual folders of Linux distributions.
    #[must_use]
    pub fn system() -> Self {
        Self::in_folders(FOLDERS.iter().map(PathBuf::from).collect())
    }

    /// The fonts in these folders and below, for machines that keep them elsewhere.
    #[must_use]
    pub fn in_folders(folders: Vec<PathBuf>) -> Self {
        Self { folders, faces: OnceLock::new(), orders: Default::default(), loaded: Mutex::default() }
    }

    /// The characters of `text` that no installed font can show. Control characters, marks of direction
    /// and the like are not asked for.
    #[must_use]
    pub fn missing(&self, text: &str) -> BTreeSet<char> {
        let shown = |it: &char| !it.is_ascii() && !super::cluster::is_invisible(*it) && !it.is_control();
        let asked: BTreeSet<char> = text.chars().filter(shown).collect();
        asked.into_iter().filter(|it| self.find(*it, Want::Any).is_none()).collect()
    }

    /// # Errors
    /// [`Error::NoTextFont`], with what to install.
    pub(crate) fn role(&self, role: Role) -> Result<usize, Error> {
        let families: &[&str] = if role == Role::Mono { &MONO } else { &TEXT };
        let of = |family: &&str| self.nearest(family, role.weight());
        families.iter().find_map(of).or_else(|| TEXT.iter().find_map(of)).ok_or_else(|| Error::NoTextFont {
            searched: self.folders.iter().map(|it| it.display().to_string()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The face of `family` whose weight is nearest; a variable one can have any.
    fn nearest(&self, family: &str, weight: u16) -> Option<usize> {
        let upright = |(_, known): &(usize, &Known)| known.entry.family == family && !known.entry.italic;
        let distance = |known: &Known| match known.entry.variable {
            true => 0,
            false => known.entry.weight.abs_diff(weight),
        };
        let faces = self.faces().iter().enumerate().filter(upright);
        faces.min_by_key(|(index, known)| (distance(known), *index)).map(|(index, _)| index)
    }

    /// The first face, in the order of [`rank`], that has the character.
    pub(crate) fn find(&self, character: char, want: Want) -> Option<usize> {
        let faces = self.faces();
        let order = self.orders[want as usize].get_or_init(|| {
            let ranked = |(index, known): (usize, &Known)| Some((rank(&known.entry, want)?, index));
            let mut order: Vec<(u8, usize)> = faces.iter().enumerate().filter_map(ranked).collect();
            order.sort_unstable();
            order.into_iter().map(|(_, index)| index).collect()
        });
        order.iter().copied().find(|index| faces[*index].has(character))
    }

    /// The face with its data, loaded now if nobody holds it.
    pub(crate) fn load(&self, index: usize, role: Role) -> Option<Arc<Face>> {
        let known = self.faces().get(index)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (index, if known.entry.variable { role.weight() } else { 0 });
        if let Some(face) = loaded.faces.get(&key).and_then(Weak::upgrade) {
            return Some(face);
        }
        let face = Arc::new(match sparse::is_large(&known.entry.path) {
            true => self.sparse(index, role, &BTreeSet::new())?,
            false => Self::whole(known, role, &mut loaded.files)?,
        });
        loaded.faces.insert(key, Arc::downgrade(&face));
        Some(face)
    }

    fn whole(known: &Known, role: Role, files: &mut HashMap<PathBuf, Weak<Vec<u8>>>) -> Option<Face> {
        let path = known.entry.path.to_path_buf();
        let data = match files.get(&path).and_then(Weak::upgrade) {
            Some(data) => data,
            None => Arc::new(fs::read(&path).ok()?),
        };
        files.insert(path, Arc::downgrade(&data));
        let data: FontData = data;
        Face::load(&data, known.entry.index, role.on_axis(&known.entry))
    }

    /// The face with the outlines of `glyphs` only.
    pub(crate) fn sparse(&self, index: usize, role: Role, glyphs: &BTreeSet<u16>) -> Option<Face> {
        let entry = &self.faces().get(index)?.entry;
        let data: FontData = Arc::new(sparse::read(&entry.path, entry.index, glyphs).ok()?);
        let mut face = Face::load(&data, entry.index, role.on_axis(entry))?;
        face.sparse = true;
        Some(face)
    }

    /// The file of a face, for the pictures' own font database.
    pub(crate) fn path(&self, index: usize) -> Option<&Path> {
        self.faces().get(index).map(|known| &*known.entry.path)
    }

    /// The files of the text family at regular, semibold and bold, for pictures.
    pub(crate) fn picture_faces(&self) -> Vec<&Path> {
        let bold = TEXT.iter().find_map(|family| self.nearest(family, 700));
        let roles = [Role::Regular, Role::Semibold, Role::Mono].map(|role| self.role(role).ok());
        let mut files: Vec<&Path> = Vec::new();
        for path in roles.into_iter().chain([bold]).flatten().filter_map(|index| self.path(index)) {
            if !files.contains(&path) {
                files.push(path);
            }
        }
        files
    }

    fn faces(&self) -> &[Known] {
        self.faces.get_or_init(|| {
            let mut files = Vec::new();
            for folder in &self.folders {
                walk(folder, MAX_DEPTH, &mut files);
            }
            // By path, so that the same machine always chooses the same faces.
            files.sort_unstable();
            files.dedup();
            let entries = files.iter().flat_map(|path| sfnt::entries(path));
            entries.map(|entry| Known { entry, coverage: OnceLock::new() }).collect()
        })
    }
}

impl Known {
    fn has(&self, character: char) -> bool {
        let coverage = self.coverage.get_or_init(|| sfnt::coverage(&self.entry));
        let code = character as u32;
        let after = coverage.partition_point(|(first, _)| *first <= code);
        after > 0 && coverage[after - 1].1 >= code
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let ending = path.extension().and_then(|it| it.to_str()).unwrap_or("").to_ascii_lowercase();
        if matches!(ending.as_str(), "ttf" | "otf" | "ttc" | "otc") && files.len() < MAX_FILES {
            files.push(path);
        } else if depth > 0 && path.is_dir() {
            walk(&path, depth - 1, files);
        }
    }
}
