//! The charts.

use export_templates::view::{Chart, Picture, ReportView};
use export_typeset::{Flow, Run};

use super::Done;

/// Millimetres that a chart has room in.
const WHOLE_WIDTH: (f32, f32) = (178.0, 200.0);

/// All charts under one heading, each kept in one piece.
pub(super) fn section(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.charts.is_empty() {
        return Ok(());
    }
    flow.heading(2, "Picture")?;
    view.charts.iter().try_for_each(|chart| one(flow, 3, chart))
}

/// A chart with its title and what is to be seen.
pub(super) fn one(flow: &mut Flow<'_>, level: u8, chart: &Chart) -> Done {
    flow.together(|flow| {
        flow.heading(level, &chart.title)?;
        if let Some(caption) = &chart.caption {
            flow.caption(&[Run::new(caption.as_str()).quiet()])?;
        }
        draw(flow, &chart.picture)
    })
}

/// A chart over the width of the page. What it says in words is in it.
pub(super) fn draw(flow: &mut Flow<'_>, picture: &Picture) -> Done {
    let svg = picture.as_svg();
    Ok(flow.image(svg.as_bytes(), &alternative(svg), WHOLE_WIDTH)?)
}

/// The `aria-label` that each of our charts begins with.
fn alternative(svg: &str) -> String {
    let label = svg.split_once("aria-label=\"").and_then(|(_, rest)| rest.split_once('"'));
    let text = label.map_or("", |(label, _)| label);
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::alternative;

    #[test]
    fn a_chart_says_in_words_what_it_shows() {
        assert_eq!(
            alternative(r#"<svg role="img" aria-label="3 &lt; 4 &amp;amp;"><title>x</title>"#),
            "3 < 4 &amp;"
        );
        assert_eq!(alternative("<svg>"), "");
    }
}
