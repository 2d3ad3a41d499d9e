//! The built-in reports for those who hear them, see little, or see no colours (WCAG 2.2 in what a printed page can meet).

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod samples;

use std::collections::BTreeSet;

use export_render_kit::brand::contrast;
use export_render_kit::charts::{Mark, tokens};
use export_templates::{BUILT_IN, Templates};

/// WCAG 2.2, 1.4.3 for text, 1.4.11 for what pictures say.
const TEXT: f64 = 4.5;
const PICTURE: f64 = 3.0;

/// Elements without an end tag that our pages have.
const VOID: [&str; 5] = ["meta", "img", "col", "wbr", "br"];

/// One tag of a page, with its place.
struct Tag<'p> {
    name: &'p str,
    ends: bool,
    attributes: &'p str,
    /// What follows, up to the end of the page.
    rest: &'p str,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.split_once(&format!(" {name}=\""))?;
        Some(value.split('"').next().unwrap())
    }

    /// The text within, without tags.
    fn text(&self) -> String {
        let inside = self.rest.split(&format!("</{}>", self.name)).next().unwrap();
        inside.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
    }
}

/// The tags of a page, whose texts have no angle brackets: all are escaped.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut rest = page;
    let mut tags = Vec::new();
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_once('>').expect("a tag ends");
        rest = after;
        if inside.starts_with('!') {
            continue;
        }
        let (ends, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        let end = inside.find([' ', '/']).unwrap_or(inside.len());
        tags.push(Tag { name: &inside[..end], ends, attributes: &inside[end..], rest });
        if inside == "style" && !ends {
            rest = rest.split_once("</style>").expect("the style ends").1;
            tags.push(Tag { name: "style", ends: true, attributes: "", rest });
        }
    }
    tags
}

/// Checks every page of every sample.
fn on_each_page(check: impl Fn(&str, &str)) {
    for (sample, view) in samples::all().into_iter().chain([("long", samples::long())]) {
        for template in BUILT_IN {
            let mut page = Vec::new();
            Templates::built_in().render(template, &view, &mut page).unwrap();
            check(&format!("{sample} {template}"), std::str::from_utf8(&page).unwrap());
        }
    }
}

fn begins(page: &str) -> impl Iterator<Item = Tag<'_>> {
    tags(page).into_iter().filter(|tag| !tag.ends)
}

#[test]
fn a_page_says_its_language_and_its_title() {
    on_each_page(|name, page| {
        let of = |wanted: &str| begins(page).find(|tag| tag.name == wanted).unwrap();
        assert_eq!(of("html").attribute("lang"), Some("en"), "{name}");
        assert!(!of("title").text().trim().is_empty(), "{name}");
    });
}

#[test]
fn elements_are_nested_as_they_should() {
    on_each_page(|name, page| {
        let mut open = Vec::new();
        for tag in tags(page) {
            let closed_itself = tag.attributes.ends_with('/') || VOID.contains(&tag.name);
            match tag.ends {
                true => assert_eq!(open.pop(), Some(tag.name), "{name}: </{}>", tag.name),
                false if closed_itself => {}
                false => open.push(tag.name),
            }
        }
        assert_eq!(open, <[&str; 0]>::default(), "{name}");
    });
}

#[test]
fn heads_go_down_one_level_at_a_time_and_none_is_empty() {
    on_each_page(|name, page| {
        let heads: Vec<(u8, String)> = begins(page)
            .filter(|tag| matches!(tag.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
            .map(|tag| (tag.name.as_bytes()[1] - b'0', tag.text()))
            .collect();
        assert_eq!(heads[0].0, 1, "{name}");
        assert_eq!(heads.iter().filter(|(level, _)| *level == 1).count(), 1, "{name}");
        for pair in heads.windows(2) {
            assert!(pair[1].0 <= pair[0].0 + 1, "{name}: {:?} below {:?}", pair[1], pair[0]);
        }
        assert!(heads.iter().all(|(_, text)| !text.trim().is_empty()), "{name}: {heads:?}");
    });
}

#[test]
fn every_section_has_a_head() {
    on_each_page(|name, page| {
        for section in page.split("<section").skip(1) {
            let inside = section.split("</section>").next().unwrap();
            assert!(inside.contains("<h2"), "{name}: {}", &inside[..60.min(inside.len())]);
        }
    });
}

#[test]
fn tables_have_heads_for_columns_and_rows() {
    on_each_page(|name, page| {
        for table in page.split("<table").skip(1) {
            let table = table.split("</table>").next().unwrap();
            let head = table.split("</thead>").next().unwrap();
            assert!(head.contains("<thead>"), "{name}: a table without heads");
            let heads: Vec<Tag<'_>> = begins(head).filter(|tag| tag.name == "th").collect();
            assert!(!heads.is_empty() && heads.iter().all(|th| !th.text().trim().is_empty()), "{name}");
            assert!(heads.iter().all(|th| th.attribute("scope") == Some("col")), "{name}");
            let body = &table[head.len()..];
            let rows: Vec<Tag<'_>> = begins(body).filter(|tag| tag.name == "th").collect();
            let scopes = ["row", "rowgroup"];
            assert!(!rows.is_empty(), "{name}: no row says what it is about: {table}");
            assert!(
                rows.iter().all(|th| th.attribute("scope").is_some_and(|of| scopes.contains(&of))),
                "{name}"
            );
        }
    });
}

#[test]
fn pictures_are_told_in_words() {
    on_each_page(|name, page| {
        for tag in begins(page) {
            let words = match (tag.name, tag.attribute("role")) {
                ("img", _) => tag.attribute("alt"),
                ("svg", role) => {
                    assert_eq!(role, Some("img"), "{name}");
                    tag.attribute("aria-label")
                }
                (_, Some("img")) => tag.attribute("aria-label"),
                _ => continue,
            };
            assert!(
                words.is_some_and(|words| !words.trim().is_empty()),
                "{name}: <{}{}>",
                tag.name,
                tag.attributes
            );
        }
    });
}

#[test]
fn links_have_words_and_lead_somewhere() {
    on_each_page(|name, page| {
        let ids: Vec<String> =
            begins(page).filter_map(|tag| tag.attribute("id").map(str::to_owned)).collect();
        let set: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(ids.len(), set.len(), "{name}: an id stands twice");
        for link in begins(page).filter(|tag| tag.name == "a") {
            let to = link.attribute("href").unwrap();
            let inside = to.strip_prefix('#').is_some_and(|id| set.contains(id));
            assert!(inside || to.starts_with("https://") || to.starts_with("http://"), "{name}: {to}");
            assert!(!link.text().trim().is_empty(), "{name}: {to}");
        }
    });
}

/// The contrast of two tokens.
fn of(text: &str, ground: &str) -> f64 {
    contrast(text, ground).unwrap_or_else(|| panic!("{text} on {ground}"))
}

#[test]
fn text_can_be_read_on_its_ground() {
    let texts = [tokens::INK, tokens::QUIET, tokens::ACCENT, tokens::CRITICAL];
    for text in texts {
        assert!(of(text, tokens::PAPER) >= TEXT, "{text}");
    }
    assert!(of(tokens::INK, tokens::GROUND) >= TEXT && of(tokens::QUIET, tokens::GROUND) >= TEXT);
    assert!(of(tokens::INK, tokens::RULE) >= TEXT, "heads of a workbook's tables");
    assert!(of(tokens::PAPER, tokens::INK) >= TEXT, "failed verdicts");
    for mark in Mark::ALL {
        assert!(of(mark.on_fill(), mark.fill()) >= TEXT, "{mark:?}");
        let filled = mark.letter_colour() == mark.on_fill();
        let ground = if filled { mark.fill() } else { tokens::PAPER };
        assert!(of(mark.letter_colour(), ground) >= TEXT, "the letter of {mark:?}");
    }
}

#[test]
fn marks_are_seen_on_paper() {
    for mark in Mark::ALL {
        let seen = of(mark.fill(), tokens::PAPER) >= PICTURE;
        // The one light fill: its letter, and in a trend its upper edge, are in ink.
        let in_ink = mark.on_fill() == tokens::INK && of(tokens::INK, mark.fill()) >= TEXT;
        assert!(seen || in_ink, "{mark:?}");
    }
    assert!(
        of(tokens::QUIET, tokens::PAPER) >= PICTURE,
        "the zero line of a trend, the frame of what is waived"
    );
}

#[test]
fn the_style_sheet_takes_every_colour_from_the_tokens() {
    on_each_page(|name, page| {
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let own = style.split(":root { --accent:").nth(1).unwrap();
        let rules = own.split_once('}').unwrap().1;
        let literal = rules.split('#').skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_hexdigit()));
        assert_eq!(literal.map(|rest| &rest[..6]), None, "{name}");
    });
}
