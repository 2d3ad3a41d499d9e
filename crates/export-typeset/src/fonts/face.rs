//! A face that is loaded: its glyphs for plain text, and its shaper.

use std::str::FromStr;
use std::sync::Arc;

use krilla::text::{Font, Tag};
use rustybuzz::ttf_parser;
use rustybuzz::{Direction, Feature, GlyphBuffer, UnicodeBuffer};

/// Plain text is below this: Latin, Greek, Cyrillic, punctuation, arrows, signs of mathematics.
const PLAIN_END: usize = 0x2300;

/// A glyph and its advance in units of the face; glyph 0 stands for none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    pub(crate) advance: u16,
}

/// The bytes of a font's file, shared with krilla.
pub(crate) type FontData = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A face in memory.
pub(crate) struct Face {
    data: FontData,
    index: u32,
    weight: Option<f32>,
    pub(crate) font: Font,
    /// Units in an em.
    pub(crate) em: f32,
    /// Above the base line, in ems.
    pub(crate) ascent: f32,
    /// Below the base line, in ems, positive.
    pub(crate) descent: f32,
    /// It has only the outlines that it was loaded with.
    pub(crate) sparse: bool,
    plain: Box<[Glyph]>,
    tabular: [Glyph; 10],
}

impl Face {
    /// A face of `data`, at `weight` on its axis if it is variable; `None` if the data is no such font.
    pub(crate) fn load(data: &FontData, index: u32, weight: Option<f32>) -> Option<Self> {
        let axes: Vec<(Tag, f32)> = weight.map(|weight| (Tag::new(b"wght"), weight)).into_iter().collect();
        let font = Font::new_variable(Arc::clone(data).into(), index, &axes)?;
        let mut face = Self {
            data: Arc::clone(data),
            index,
            weight,
            font,
            em: 1000.0,
            ascent: 0.8,
            descent: 0.2,
            sparse: false,
            plain: Box::default(),
            tabular: [Glyph::default(); 10],
        };
        face.measure()?;
        Some(face)
    }

    /// The glyph of a character of plain text, if the face has one and it needs no shaping.
    pub(crate) fn plain(&self, character: char, tabular: bool) -> Option<Glyph> {
        let code = character as usize;
        if tabular && character.is_ascii_digit() {
            return Some(self.tabular[code - '0' as usize]);
        }
        self.plain.get(code).copied().filter(|glyph| glyph.id != 0)
    }

    /// Whether the face has the character at all.
    pub(crate) fn has(&self, character: char) -> bool {
        let code = character as usize;
        if self.plain.get(code).is_some_and(|glyph| glyph.id != 0) {
            return true;
        }
        let face = ttf_parser::Face::parse((*self.data).as_ref(), self.index);
        face.is_ok_and(|face| face.glyph_index(character).is_some_and(|glyph| glyph.0 != 0))
    }

    /// Shapes one run of one direction; clusters are byte offsets into `text`.
    pub(crate) fn shape(&self, text: &str, direction: Direction, tabular: bool) -> Option<GlyphBuffer> {
        let shaper = self.shaper()?;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        // As in the designed report: no contextual alternates, which would turn `->` in an id into an arrow.
        let mut features = vec![feature("calt=0")];
        if tabular {
            features.push(feature("tnum"));
        }
        Some(rustybuzz::shape(&shaper, &features, buffer))
    }

    fn shaper(&self) -> Option<rustybuzz::Face<'_>> {
        let mut shaper = rustybuzz::Face::from_slice((*self.data).as_ref(), self.index)?;
        if let Some(value) = self.weight {
            let axis = ttf_parser::Tag::from_bytes(b"wght");
            shaper.set_variations(&[rustybuzz::Variation { tag: axis, value }]);
        }
        Some(shaper)
    }

    fn measure(&mut self) -> Option<()> {
        let shaper = self.shaper()?;
        let em = f32::from(shaper.units_per_em().clamp(16, 16_384) as u16);
        let (ascent, descent) = (f32::from(shaper.ascender()) / em, -f32::from(shaper.descender()) / em);
        let plain = (0..PLAIN_END as u32).map(|code| plain_glyph(&shaper, code)).collect();
        let mut tabular = [Glyph::default(); 10];
        let shaped = self.shape("0123456789", Direction::LeftToRight, true)?;
        for (slot, (info, position)) in
            tabular.iter_mut().zip(shaped.glyph_infos().iter().zip(shaped.glyph_positions()))
        {
            *slot = Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                advance: u16::try_from(position.x_advance).unwrap_or(0),
            };
        }
        (self.em, self.ascent, self.descent) = (em, ascent, descent);
        (self.plain, self.tabular) = (plain, tabular);
        Some(())
    }
}

fn feature(text: &'static str) -> Feature {
    Feature::from_str(text).expect("a feature of OpenType, written out")
}

fn plain_glyph(face: &ttf_parser::Face<'_>, code: u32) -> Glyph {
    let plain = matches!(code, 0x20..=0x7E | 0xA0..=0x2FF | 0x370..=0x482 | 0x48A..=0x52F
        | 0x1E00..=0x1FFF | 0x2010..=0x2027 | 0x2030..=0x205E | 0x2070..=0x20CF | 0x2100..=0x22FF)
        && code != 0xAD;
    let glyph = char::from_u32(code).filter(|_| plain).and_then(|it| face.glyph_index(it));
    glyph.map_or_else(Glyph::default, |id| Glyph {
        id: id.0,
        advance: face.glyph_hor_advance(id).unwrap_or(0),
    })
}
