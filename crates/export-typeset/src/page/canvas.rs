//! The PDF under construction.

mod links;
mod told;

use std::collections::HashMap;

use chrono::{Datelike, Timelike};
use krilla::Document;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::tagging::{ArtifactType, Tag, TagGroup};

use self::links::{annotation, link};
use self::told::{Told, draw};
use super::Placed;
use super::draw::Pen;
use super::furniture::{PAGE, furniture};
use super::outline::{self, Entry};
use super::piece::Piece;
use super::tags::{Sketch, Tags};
use crate::error::Error;
use crate::settings::{MAX_LINKS, Profile, Settings};
use crate::text::Composer;

/// Where an anchor is: its page from 0, and its top.
pub(crate) type Anchors = HashMap<String, (u32, f32)>;

/// Draws pages, and keeps what is written at the end: structure, bookmarks.
pub(crate) struct Canvas {
    document: Document,
    tags: Tags,
    /// One for each piece of a page, reused.
    sketches: Vec<Sketch>,
    entries: Vec<Entry>,
    anchors: Anchors,
    pages: u32,
    page: u32,
    links: u64,
    pub(crate) links_dropped: u64,
}

impl Canvas {
    pub(crate) fn new(settings: &Settings<'_>, anchors: Anchors, pages: u32) -> Result<Self, Error> {
        let mut configuration = ConfigurationBuilder::new();
        if settings.profile == Profile::Archival {
            configuration = configuration
                .with_accessibility_validator(Accessibility::UA1)
                .with_archival_validator(Archival::A2_A);
        }
        let configuration = configuration
            .finish()
            .map_err(|_| Error::Standard("PDF/UA-1 and PDF/A-2a do not go together".to_owned()))?;
        let document = Document::new_with(krilla::SerializeSettings {
            configuration,
            enable_tagging: true,
            render_svg_glyph_fn: krilla_svg::render_svg_glyph,
            ..krilla::SerializeSettings::default()
        });
        Ok(Self {
            document,
            tags: Tags::default(),
            sketches: Vec::new(),
            entries: Vec::new(),
            anchors,
            pages,
            page: 0,
            links: 0,
            links_dropped: 0,
        })
    }

    /// Draws the next page.
    pub(crate) fn page(&mut self, composer: &mut Composer<'_>, settings: &Settings<'_>, placed: &[Placed]) {
        let strips = furniture(composer, settings, self.page + 1, self.pages);
        self.note_headings(placed);
        let size = PageSettings::from_wh(PAGE.0, PAGE.1).expect("A4 has a size");
        let mut page = self.document.start_page_with(size);
        let mut pen = Pen::new(page.surface(), &mut composer.faces, composer.palette);
        pen.furniture(&strips[0], ArtifactType::Header);
        let told = draw(&mut pen, &mut self.sketches, placed);
        pen.furniture(&strips[1], ArtifactType::Footer);
        let areas = std::mem::take(&mut pen.links);
        drop(pen);
        for area in areas.chunk_by(|a, b| (a.number, a.node) == (b.number, b.node)) {
            let Placed::Piece { piece, .. } = &placed[area[0].number] else { continue };
            let annotation = annotation(piece, area, &self.anchors);
            let too_many = self.links >= MAX_LINKS && settings.profile == Profile::Standard;
            match annotation.filter(|_| !too_many) {
                Some(annotation) => {
                    self.links += 1;
                    link(&mut page, annotation, &mut self.sketches, (piece, area), &told);
                }
                None => {
                    self.links_dropped += u64::from(too_many);
                    if let Told::Sketch(index) = told[area[0].number] {
                        self.sketches[index].unlink(area[0].node);
                    }
                }
            }
        }
        page.finish();
        self.tell(placed, &told);
        self.page += 1;
    }

    fn note_headings(&mut self, placed: &[Placed]) {
        for item in placed {
            if let Placed::Piece { piece: Piece { outline: Some(heading), .. }, y } = item {
                self.entries.push(Entry {
                    level: heading.level,
                    title: heading.title.clone(),
                    page: self.page as usize,
                    y: *y,
                });
            }
        }
    }

    fn tell(&mut self, placed: &[Placed], told: &[Told]) {
        for (item, told) in placed.iter().zip(told) {
            match (item, told) {
                (Placed::Open(container), _) => self.tags.open(*container),
                (Placed::Close, _) => self.tags.close(),
                (Placed::Piece { piece, .. }, Told::Sketch(index)) => {
                    self.sketches[*index].finish(piece, &mut self.tags);
                }
                (_, Told::Flat(content)) => {
                    self.tags.push(TagGroup::with_children(Tag::P, vec![(*content).into()]));
                }
                (_, Told::Silent) => {}
            }
        }
    }

    pub(crate) fn finish(mut self, settings: &Settings<'_>) -> Result<Vec<u8>, Error> {
        self.document.set_metadata(metadata(settings));
        self.document.set_outline(outline::outline(self.entries));
        self.document.set_tag_tree(self.tags.finish(&settings.language));
        self.document.finish().map_err(|error| {
            Error::Standard(match &error {
                KrillaError::Validation(errors) => errors
                    .iter()
                    .take(5)
                    .map(|(error, _)| format!("{error:?}"))
                    .collect::<Vec<_>>()
                    .join("; "),
                other => other.to_string(),
            })
        })
    }
}

fn metadata(settings: &Settings<'_>) -> Metadata {
    let at = settings.created;
    let year = u16::try_from(at.year()).unwrap_or(1970);
    let date = DateTime::new(year)
        .month(at.month() as u8)
        .day(at.day() as u8)
        .hour(at.hour() as u8)
        .minute(at.minute() as u8)
        .second(at.second() as u8)
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    let mut metadata =
        Metadata::new().title(settings.title.clone()).language(settings.language.clone()).creation_date(date);
    if !settings.author.is_empty() {
        metadata = metadata.authors(vec![settings.author.clone()]);
    }
    if !settings.producer.is_empty() {
        metadata = metadata.creator(settings.producer.clone()).producer(settings.producer.clone());
    }
    metadata
}
