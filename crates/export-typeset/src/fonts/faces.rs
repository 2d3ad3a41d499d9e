//! The faces of one document.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::book::{FontBook, Role};
use super::cluster;
use super::face::Face;
use super::rank::Want;
use crate::error::Error;

/// A face of [`Faces`]; the roles come first, in their order.
pub(crate) type FaceId = u16;

/// What is drawn for a character that no font has.
const REPLACEMENTS: [char; 3] = ['\u{FFFD}', '\u{25A1}', '?'];

/// The faces that a document uses, and the characters that it wanted in vain.
pub(crate) struct Faces<'a> {
    pub(crate) book: &'a FontBook,
    loaded: Vec<Arc<Face>>,
    /// The glyphs that are drawn of large faces, told in the measuring pass.
    drawn: BTreeMap<FaceId, BTreeSet<u16>>,
    by_index: HashMap<usize, FaceId>,
    found: HashMap<(char, Want), Option<FaceId>>,
    /// Replaced by a sign, each told once.
    pub(crate) missing: BTreeSet<char>,
    replacement: Option<char>,
}

impl<'a> Faces<'a> {
    /// # Errors
    /// [`Error::NoTextFont`].
    pub(crate) fn new(book: &'a FontBook) -> Result<Self, Error> {
        let mut faces = Self {
            book,
            loaded: Vec::new(),
            drawn: BTreeMap::new(),
            by_index: HashMap::new(),
            found: HashMap::new(),
            missing: BTreeSet::new(),
            replacement: None,
        };
        for role in Role::ALL {
            let index = book.role(role)?;
            let face = book.load(index, role).ok_or_else(|| Error::NoTextFont {
                searched: book.path(index).map(|it| it.display().to_string()).unwrap_or_default(),
            })?;
            if role == Role::Regular || role == Role::Mono {
                faces.by_index.insert(index, faces.loaded.len() as FaceId);
            }
            faces.loaded.push(face);
        }
        Ok(faces)
    }

    pub(crate) fn get(&self, id: FaceId) -> &Face {
        &self.loaded[usize::from(id)]
    }

    /// The face to draw `character` with, where `style` is what the text asks for and `near` the face of
    /// the character before; `None` if no font has it.
    pub(crate) fn choose(&mut self, character: char, wish: (FaceId, FaceId), want: Want) -> Option<FaceId> {
        let (style, near) = wish;
        if want == Want::Emoji {
            return self.find(character, want).or_else(|| self.find(character, Want::Any));
        }
        if self.get(style).has(character) {
            return Some(style);
        }
        let key = (character, want);
        if near != style && !self.found.contains_key(&key) && self.get(near).has(character) {
            return Some(near);
        }
        self.find(character, want)
    }

    /// The character as it can be shown: itself, or the replacement sign if no font has it.
    pub(crate) fn shown(&mut self, character: char) -> char {
        let known = self.loaded[0].plain(character, false).is_some()
            || cluster::is_invisible(character)
            || self.loaded.iter().any(|face| face.plain(character, false).is_some())
            || self.find(character, Want::Any).is_some();
        if known {
            return character;
        }
        self.missing.insert(character);
        self.replacement()
    }

    /// The sign for what can't be shown.
    pub(crate) fn replacement(&mut self) -> char {
        if let Some(known) = self.replacement {
            return known;
        }
        let can = |it: &char| self.loaded[0].has(*it) || self.book.find(*it, Want::Any).is_some();
        let found = REPLACEMENTS.iter().copied().find(can).unwrap_or('?');
        *self.replacement.insert(found)
    }

    /// Tells that the glyphs of a large face will be drawn.
    pub(crate) fn will_draw(&mut self, face: FaceId, glyphs: impl Iterator<Item = u16>) {
        // Glyph 0 is in every subset.
        self.drawn.entry(face).or_insert_with(|| BTreeSet::from([0])).extend(glyphs);
    }

    /// Loads the outlines of what will be drawn.
    pub(crate) fn load_outlines(&mut self) {
        for (index, id) in &self.by_index {
            let Some(glyphs) = self.drawn.get(id) else { continue };
            if let Some(face) = self.book.sparse(*index, Role::Regular, glyphs) {
                self.loaded[usize::from(*id)] = Arc::new(face);
            }
        }
    }

    fn find(&mut self, character: char, want: Want) -> Option<FaceId> {
        if let Some(known) = self.found.get(&(character, want)) {
            return *known;
        }
        let found = self.book.find(character, want).and_then(|index| self.load(index));
        self.found.insert((character, want), found);
        found
    }

    fn load(&mut self, index: usize) -> Option<FaceId> {
        if let Some(id) = self.by_index.get(&index) {
            return Some(*id);
        }
        let id = FaceId::try_from(self.loaded.len()).ok()?;
        self.loaded.push(self.book.load(index, Role::Regular)?);
        self.by_index.insert(index, id);
        Some(id)
    }
}
