//! The size of the drawing: its first element is not copied but made from these numbers.

use roxmltree::Node;

use super::super::BadLogo;
use super::SVG;

/// The longest side in units, and the most of one side to the other.
const LONGEST: f32 = 100_000.0;
const MOST_PROPORTION: f32 = 100.0;

/// What is seen of the plane, and how large that is.
pub(super) struct Place {
    seen: [f32; 4],
    size: (f32, f32),
}

impl Place {
    pub(super) fn of(root: Node<'_, '_>) -> Result<Self, BadLogo> {
        let seen = root.attribute("viewBox").and_then(four_numbers);
        let length = |name| root.attribute(name).and_then(pixels);
        let given = length("width").zip(length("height"));
        let Some(size) = given.or(seen.map(|[_, _, width, height]| (width, height))) else {
            return Err(BadLogo::Svg("it has neither a viewBox nor a width and a height".to_owned()));
        };
        let seen = seen.unwrap_or([0.0, 0.0, size.0, size.1]);
        let fits = |length: f32| length > 0.0 && length <= LONGEST;
        let [x, y, width, height] = seen;
        let sides = [size.0, size.1, width, height];
        let proportion = (size.0 / size.1).max(size.1 / size.0);
        if !sides.into_iter().all(fits) || x.abs().max(y.abs()) > LONGEST || proportion > MOST_PROPORTION {
            return Err(BadLogo::Svg("its size is zero, or far too large, or far too long".to_owned()));
        }
        Ok(Self { seen, size })
    }

    pub(super) const fn size(&self) -> (f32, f32) {
        self.size
    }

    /// The first element of the drawing.
    pub(super) fn opening(&self) -> String {
        let ([x, y, width, height], size) = (self.seen, self.size);
        format!(
            r#"<svg xmlns="{SVG}" viewBox="{x} {y} {width} {height}" width="{}" height="{}">"#,
            size.0, size.1
        )
    }
}

fn four_numbers(text: &str) -> Option<[f32; 4]> {
    let numbers = text.split([' ', ',', '\t', '\n', '\r']).filter(|number| !number.is_empty());
    let numbers: Vec<f32> = numbers.map(finite).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// A length in pixels; `None` for shares of something unknown.
fn pixels(text: &str) -> Option<f32> {
    let text = text.trim();
    let units = [
        ("px", 1.0),
        ("pt", 96.0 / 72.0),
        ("pc", 16.0),
        ("mm", 96.0 / 25.4),
        ("cm", 960.0 / 25.4),
        ("in", 96.0),
    ];
    let with_unit = units.into_iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)));
    let (number, factor) = with_unit.unwrap_or((text, 1.0));
    finite(number.trim()).map(|number| number * factor)
}

fn finite(text: &str) -> Option<f32> {
    text.parse().ok().filter(|number: &f32| number.is_finite())
}
