//! The PDF under construction.

use std::collections::HashMap;

use chrono::{Datelike, Timelike};
use krilla::Document;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{Point, Quadrilateral};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::{Page, PageSettings};
use krilla::tagging::{ArtifactType, Identifier, Tag, TagGroup};

use super::Placed;
use super::draw::{LinkArea, Pen};
use super::furniture::{LEFT, PAGE, furniture};
use super::outline::{self, Entry};
use super::piece::{Detail, Kind, Piece};
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

/// How a placed piece is told to those who don't see it.
enum Told {
    Sketch(usize),
    Flat(Identifier),
    Silent,
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
            let Some(annotation) = annotation(piece, area, &self.anchors) else { continue };
            if self.links >= MAX_LINKS && settings.profile == Profile::Standard {
                self.links_dropped += 1;
                continue;
            }
            self.links += 1;
            link(&mut page, annotation, &mut self.sketches, (piece, area), &told);
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

/// Draws what is placed: the rows of large tables each as one, or a page of them as one; everything else
/// part by part.
fn draw(pen: &mut Pen<'_, '_, '_>, sketches: &mut Vec<Sketch>, placed: &[Placed]) -> Vec<Told> {
    let mut told = Vec::with_capacity(placed.len());
    let mut next = 0;
    while next < placed.len() {
        let flat = placed[next..].iter().take_while(|it| is_flat(it)).count();
        if flat > 0 {
            draw_flat(pen, placed, next..next + flat, &mut told);
            next += flat;
            continue;
        }
        match &placed[next] {
            Placed::Piece { piece, y } => {
                if sketches.len() <= next {
                    sketches.resize_with(next + 1, Sketch::default);
                }
                std::mem::swap(&mut pen.sketch, &mut sketches[next]);
                pen.piece(piece, next, (LEFT, *y));
                std::mem::swap(&mut pen.sketch, &mut sketches[next]);
                told.push(Told::Sketch(next));
            }
            Placed::Open(_) | Placed::Close => told.push(Told::Silent),
        }
        next += 1;
    }
    told
}

fn is_flat(placed: &Placed) -> bool {
    matches!(placed, Placed::Piece { piece, .. } if piece.detail != Detail::Cells)
}

fn draw_flat(
    pen: &mut Pen<'_, '_, '_>,
    placed: &[Placed],
    range: std::ops::Range<usize>,
    told: &mut Vec<Told>,
) {
    for item in &placed[range.clone()] {
        if let Placed::Piece { piece, y } = item {
            pen.grounds(piece, (LEFT, *y));
        }
    }
    let mut open = None;
    for (number, item) in range.clone().zip(&placed[range]) {
        let Placed::Piece { piece, y } = item else { continue };
        if piece.detail == Detail::Rows && open.is_some() {
            pen.close_flat();
            open = None;
        }
        // The paragraph is told where it begins.
        told.push(match open {
            Some(()) => Told::Silent,
            None => Told::Flat(pen.open_flat()),
        });
        open = Some(());
        pen.words(piece, number, (LEFT, *y));
    }
    if open.is_some() {
        pen.close_flat();
    }
}

fn annotation(piece: &Piece, areas: &[LinkArea], anchors: &Anchors) -> Option<Annotation> {
    let Kind::Link(number) = piece.nodes[usize::from(areas[0].node)].kind else { return None };
    let address = piece.links.get(usize::from(number))?;
    let (target, alt) = match address.strip_prefix('#') {
        Some(name) => {
            let (page, y) = anchors.get(name)?;
            let place = XyzDestination::new(*page as usize, Point::from_xy(0.0, *y));
            (Target::Destination(place.into()), format!("Go to {name}"))
        }
        None => (Target::Action(LinkAction::new(address.clone()).into()), address.clone()),
    };
    let link = match areas {
        [area] => LinkAnnotation::new(area.rect, target),
        areas => {
            let quads = areas.iter().map(|area| Quadrilateral::from(area.rect)).collect();
            LinkAnnotation::new_with_quad_points(quads, target)
        }
    };
    Some(Annotation::new_link(link, Some(alt)))
}

/// Puts a link on the page, and into the structure if its piece is told part by part.
fn link(
    page: &mut Page<'_>,
    annotation: Annotation,
    sketches: &mut [Sketch],
    of: (&Piece, &[LinkArea]),
    told: &[Told],
) {
    let (piece, areas) = of;
    match told[areas[0].number] {
        Told::Sketch(index) => {
            let content = page.add_tagged_annotation(annotation);
            sketches[index].content(piece, areas[0].node, content);
        }
        Told::Flat(_) | Told::Silent => page.add_annotation(annotation),
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
