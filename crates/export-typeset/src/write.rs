//! The two passes.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::flow::Flow;
use crate::fonts::{Faces, FontBook};
use crate::page::furniture;
use crate::palette::Palette;
use crate::settings::Settings;
use crate::text::{Composer, note_outlines};

/// A finished PDF, and what a reader should be told of it.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: u32,
    /// Characters that no installed font has; a sign stands in their places.
    pub missing: BTreeSet<char>,
    /// Links past [`crate::MAX_LINKS`], whose text is there without the link.
    pub links_dropped: u64,
}

/// Sets a document: calls `build` twice, with a flow that measures and with one that draws.
///
/// The same calls give the same bytes.
///
/// # Errors
/// Those of `build`; [`Error::NoTextFont`]; [`Error::Stopped`]; [`Error::Unsteady`] if `build` does not say
/// the same twice; [`Error::Standard`] if the PDF does not hold to its profile.
pub fn write<E: From<Error>>(
    book: &FontBook,
    settings: &Settings<'_>,
    mut build: impl FnMut(&mut Flow<'_>) -> Result<(), E>,
) -> Result<Written, E> {
    let composer = Composer::new(Faces::new(book)?, Palette::new(settings.accent));
    let mut flow = Flow::new(composer, settings);
    flow.ask()?;
    build(&mut flow)?;
    let (measured, mut composer, _) = flow.finish()?;

    let pages = measured.pages;
    for strip in furniture(&mut composer, settings, pages, pages) {
        note_outlines(&strip, &mut composer.faces);
    }
    composer.faces.load_outlines();
    let mut flow = Flow::drawing(composer, settings, measured)?;
    build(&mut flow)?;
    let (drawn, composer, canvas) = flow.finish()?;
    if drawn.pages != pages {
        return Err(Error::Unsteady { measured: pages, drawn: drawn.pages }.into());
    }
    let canvas = canvas.expect("the drawing pass has a canvas");
    let links_dropped = canvas.links_dropped;
    let bytes = canvas.finish(settings)?;
    Ok(Written { bytes, pages, missing: composer.faces.missing, links_dropped })
}
