//! What the style sheet takes from the design tokens.

use export_render_kit::charts::{Mark, mark_shape, tokens};

/// The tokens as CSS: variables, and a class `mark-<severity>` for each mark. The accent is the report's and
/// follows in the page.
pub(crate) fn tokens_css() -> String {
    let mut css = variables();
    for mark in Mark::ALL {
        let shape = mark_shape(mark).as_str().replace('"', "'").replace('#', "%23");
        let (name, colour) = (mark.word().to_lowercase(), mark.letter_colour());
        css.push_str(&format!(
            ".mark-{name}{{color:{colour};background-image:url(\"data:image/svg+xml,{}\")}}",
            shape.replace('<', "%3C").replace('>', "%3E")
        ));
    }
    css
}

fn variables() -> String {
    let mut css = String::from(":root{");
    let colours =
        [("ink", tokens::INK), ("quiet", tokens::QUIET), ("rule", tokens::RULE), ("paper", tokens::PAPER)];
    for (name, colour) in colours {
        css.push_str(&format!("--{name}:{colour};"));
    }
    for mark in Mark::ALL {
        css.push_str(&format!("--{}:{};", mark.word().to_lowercase(), mark.fill()));
    }
    let [first, second, third] = tokens::HEAD_PT;
    let sizes = [
        ("body", tokens::BODY_PT),
        ("table", tokens::TABLE_PT),
        ("small", tokens::SMALL_PT),
        ("h1", first),
        ("h2", second),
        ("h3", third),
    ];
    for (name, points) in sizes {
        css.push_str(&format!("--{name}-size:{points}pt;"));
    }
    css.push_str(&format!("--text:{};--mono:{};}}", tokens::TEXT_FACES, tokens::MONO_FACES));
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_gets_the_tokens() {
        let css = tokens_css();
        for part in [
            "--critical:#7A0C1E;",
            ".mark-medium{color:#1F2937;background-image:url(",
            "--body-size:9.5pt;",
            "--h1-size:20pt;",
        ] {
            assert!(css.contains(part), "{part} in {css}");
        }
    }
}
